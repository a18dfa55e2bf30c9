import os
import zipfile

import pytest

from grader import submission_trees
from grader.errors import UsageError
from grader.submission_trees import FolderTree, Kind, ZipTree


def make_zip(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def refused(path):
    with pytest.raises(UsageError) as caught:
        ZipTree(path)
    return str(caught.value)


def test_a_folder_lists_its_entries_sorted_with_their_kinds(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "to_file").symlink_to("file")
    (tmp_path / "to_folder").symlink_to("folder")
    (tmp_path / "to_nothing").symlink_to("nothing")
    (tmp_path / "to_itself").symlink_to("to_itself")
    os.mkfifo(tmp_path / "pipe")

    assert list(FolderTree(tmp_path).entries(()).items()) == [
        ("file", Kind.FILE),
        ("folder", Kind.FOLDER),
        ("pipe", Kind.OTHER),
        ("to_file", Kind.FILE_LINK),
        ("to_folder", Kind.FOLDER_LINK),
        ("to_itself", Kind.FOLDER_LINK),
        ("to_nothing", Kind.FOLDER_LINK),
    ]


def test_a_zip_lists_folders_that_have_no_entry_of_their_own(tmp_path):
    tree = ZipTree(make_zip(tmp_path / "x.zip", "b/c/x.py", "a/", "b/y.py", "z"))

    assert tree.entries(()) == {"a": Kind.FOLDER, "b": Kind.FOLDER, "z": Kind.FILE}
    assert tree.entries(("b",)) == {"c": Kind.FOLDER, "y.py": Kind.FILE}
    assert tree.entries(("a",)) == {}
    assert tree.place(("b", "c", "x.py")).read(max_bytes=5) == b"x"
    with pytest.raises(FileNotFoundError):
        tree.entries(("nowhere",))


@pytest.mark.parametrize("name", ["../x.py", "ada/../../x.py", "/etc/passwd", "ada//x.py", "./x.py", "C:/x.py"])
def test_an_entry_that_leads_out_of_the_zip_is_refused(tmp_path, name):
    message = refused(make_zip(tmp_path / "x.zip", "ada/x.py", name))

    assert f"the entry {name} leads out of the folder; nothing was read" in message


def test_an_entry_that_leads_out_by_backslashes_is_refused(tmp_path):
    info = zipfile.ZipInfo("ada\\..\\..\\x.py")
    info.create_system = 0
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(info, b"x")

    assert "leads out of the folder" in refused(tmp_path / "x.zip")


def test_backslashes_of_windows_separate_folders(tmp_path):
    info = zipfile.ZipInfo("ada\\x.py")
    info.create_system = 0
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(info, b"x")

    assert ZipTree(tmp_path / "x.zip").entries(("ada",)) == {"x.py": Kind.FILE}


@pytest.mark.parametrize("names", [("a/x.py", "a/x.py"), ("a", "a/x.py"), ("a/x.py", "a")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(tmp_path, names):
    assert "two entries have the name" in refused(make_zip(tmp_path / "x.zip", *names))


def test_a_password_is_named(tmp_path):
    data = bytearray(make_zip(tmp_path / "x.zip", "a/x.py").read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(data)

    assert "protected by a password; unpack it and give the folder" in refused(tmp_path / "x.zip")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"PK\x05\x06" + b"\xff" * 18, b"x" * 1000])
def test_what_is_no_zip_is_named(tmp_path, data):
    (tmp_path / "x.zip").write_bytes(data)

    assert "x.zip is no zip file, or a damaged one" in refused(tmp_path / "x.zip")


def test_a_zip_cut_short_is_named(tmp_path):
    data = make_zip(tmp_path / "x.zip", "a/x.py", "b/x.py").read_bytes()
    for length in range(0, len(data), 7):
        (tmp_path / "x.zip").write_bytes(data[:length])

        assert "is no zip file, or a damaged one" in refused(tmp_path / "x.zip")


def test_a_zip_that_cannot_be_opened_is_named(tmp_path):
    (tmp_path / "x.zip").mkdir()

    assert "cannot read" in refused(tmp_path / "x.zip")


def test_a_zip_with_too_many_entries_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(submission_trees, "_MOST_MEMBERS", 1)

    assert "has 2 entries, and at most 1 are read" in refused(make_zip(tmp_path / "x.zip", "a", "b"))


def test_names_that_macos_wrote_without_saying_utf8_are_read_as_utf8(tmp_path):
    data = make_zip(tmp_path / "x.zip", "Jos__/x.py").read_bytes()
    (tmp_path / "x.zip").write_bytes(data.replace(b"Jos__", "José".encode()))

    assert list(ZipTree(tmp_path / "x.zip").entries(())) == ["José"]


def test_names_in_code_page_437_stay_what_they_are(tmp_path):
    data = make_zip(tmp_path / "x.zip", "Jos_/x.py").read_bytes()
    (tmp_path / "x.zip").write_bytes(data.replace(b"Jos_", "José".encode("cp437")))

    assert list(ZipTree(tmp_path / "x.zip").entries(())) == ["José"]
