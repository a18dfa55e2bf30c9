import os
import socket
import stat
import zipfile
from pathlib import Path

import msgspec
import pytest

from grader import snapshots
from grader.snapshots import Refused, UnreadableSubmission

is_root = hasattr(os, "geteuid") and os.geteuid() == 0
LIMIT = 1000


def read(root, *parts, max_bytes=LIMIT):
    return snapshots.read_file(root, parts, max_bytes=max_bytes)


def refusal(root, *parts):
    with pytest.raises(Refused) as caught:
        read(root, *parts)
    return caught.value.problem


@pytest.fixture
def ada(tmp_path):
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    return folder


def test_a_file_is_read_whole_up_to_the_limit(ada):
    (ada / "x.py").write_bytes(b"x" * LIMIT)

    assert read(ada.parent, "ada", "x.py") == b"x" * LIMIT


def test_one_byte_more_is_refused(ada):
    (ada / "x.py").write_bytes(b"x" * (LIMIT + 1))

    problem = refusal(ada.parent, "ada", "x.py")

    assert problem.key == "submission_too_large"
    assert problem.rationale == "x.py is too large: 1001 bytes, where 1000 bytes are allowed."


def test_a_file_of_terabytes_is_refused_without_reading_it(ada, monkeypatch):
    with (ada / "x.py").open("wb") as file:
        file.truncate(1 << 40)

    assert "1099511.6 MB" in refusal(ada.parent, "ada", "x.py").rationale


@pytest.mark.parametrize("target", ["ada/real.py", "../outside.py", "nowhere", "ada"])
def test_a_link_is_refused_wherever_it_leads(ada, target):
    (ada / "real.py").write_text("")
    (ada.parent.parent / "outside.py").write_text("secret")
    (ada / "x.py").symlink_to(ada.parent / target)

    assert refusal(ada.parent, "ada", "x.py").key == "submission_link"


def test_a_link_on_the_way_is_refused(ada, tmp_path):
    (ada / "x.py").write_text("")
    (tmp_path / "class" / "eve").symlink_to(ada)

    problem = refusal(ada.parent, "eve", "x.py")

    assert problem.key == "submission_folder_link"
    assert problem.rationale.startswith("eve is a link")


def test_the_root_itself_may_be_a_link(ada, tmp_path):
    (ada / "x.py").write_text("1")
    (tmp_path / "link").symlink_to(ada.parent)

    assert read(tmp_path / "link", "ada", "x.py") == b"1"


def test_a_file_that_becomes_a_link_between_look_and_open_is_refused(ada, monkeypatch):
    (ada / "x.py").write_text("")
    regular = os.stat(ada / "x.py")
    (ada / "x.py").unlink()
    (ada / "x.py").symlink_to("/etc/passwd")
    real_stat = os.stat
    monkeypatch.setattr(snapshots.os, "stat", lambda path, **how: regular if path == "x.py" else real_stat(path, **how))

    assert refusal(ada.parent, "ada", "x.py").key == "submission_link"


def test_a_file_that_becomes_a_pipe_between_look_and_open_is_refused_without_waiting(ada, monkeypatch):
    (ada / "x.py").write_text("")
    regular = os.stat(ada / "x.py")
    (ada / "x.py").unlink()
    os.mkfifo(ada / "x.py")
    real_stat = os.stat
    monkeypatch.setattr(snapshots.os, "stat", lambda path, **how: regular if path == "x.py" else real_stat(path, **how))

    assert refusal(ada.parent, "ada", "x.py").rationale == "x.py is a pipe, not a file."


def test_a_folder_is_refused(ada):
    (ada / "x.py").mkdir()

    assert refusal(ada.parent, "ada", "x.py").key == "submission_folder"


def test_a_pipe_is_refused_without_waiting_for_it(ada):
    os.mkfifo(ada / "x.py")

    assert refusal(ada.parent, "ada", "x.py").rationale == "x.py is a pipe, not a file."


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("x.py")

        assert refusal(tmp_path, "x.py").rationale == "x.py is a socket, not a file."


def test_a_device_is_refused_without_opening_it():
    with pytest.raises(Refused, match="null is a device, not a file"):
        read(Path("/dev"), "null")


def test_a_file_that_vanished_is_our_fault(ada):
    with pytest.raises(UnreadableSubmission, match=r"ada/x\.py vanished while it was graded"):
        read(ada.parent, "ada", "x.py")


def test_a_folder_that_became_a_file_is_our_fault(ada):
    (ada / "folder").write_text("")

    with pytest.raises(UnreadableSubmission, match=r"cannot read .*: Not a directory"):
        read(ada.parent, "ada", "folder", "x.py")


@pytest.mark.skipif(is_root, reason="root may read everything")
@pytest.mark.parametrize("closed", ["ada/x.py", "ada"])
def test_a_file_that_we_may_not_read_is_our_fault(ada, closed):
    (ada / "x.py").write_text("")
    path = ada.parent / closed
    mode = stat.S_IMODE(path.stat().st_mode)
    path.chmod(0)
    try:
        with pytest.raises(UnreadableSubmission, match=r"cannot read .*ada/x\.py: Permission denied"):
            read(ada.parent, "ada", "x.py")
    finally:
        path.chmod(mode)


def test_a_file_that_changes_during_every_reading_is_our_fault(ada, monkeypatch):
    (ada / "x.py").write_bytes(b"1")
    real_fstat = os.fstat

    def growing(descriptor):
        with (ada / "x.py").open("ab") as file:
            file.write(b"1")
        return real_fstat(descriptor)

    monkeypatch.setattr(snapshots.os, "fstat", growing)

    with pytest.raises(UnreadableSubmission, match="changes while it is read"):
        read(ada.parent, "ada", "x.py")


@pytest.mark.parametrize("content", [b"22", b"2"])
def test_a_file_that_changed_once_is_read_again(ada, monkeypatch, content):
    (ada / "x.py").write_bytes(b"1")
    os.utime(ada / "x.py", (1, 1))
    real_fstat = os.fstat
    calls = []

    def growing_once(descriptor):
        calls.append(descriptor)
        if len(calls) == 2:
            (ada / "x.py").write_bytes(content)
        return real_fstat(descriptor)

    monkeypatch.setattr(snapshots.os, "fstat", growing_once)

    assert read(ada.parent, "ada", "x.py") == content


def test_a_file_that_outgrows_the_limit_while_it_is_read_is_refused(ada, monkeypatch):
    (ada / "x.py").write_bytes(b"1" * (LIMIT + 1))
    (ada / "empty").write_bytes(b"")
    small = os.stat(ada / "empty")
    monkeypatch.setattr(snapshots.os, "fstat", lambda descriptor: small)

    assert refusal(ada.parent, "ada", "x.py").key == "submission_too_large"


def test_without_folder_descriptors_links_are_refused_as_well(ada, tmp_path, monkeypatch):
    monkeypatch.setattr(snapshots, "_HAS_DIR_FD", False)
    (ada / "x.py").write_text("1")
    (ada / "link.py").symlink_to(ada / "x.py")
    (ada.parent / "eve").symlink_to(ada)

    assert read(ada.parent, "ada", "x.py") == b"1"
    assert refusal(ada.parent, "ada", "link.py").key == "submission_link"
    assert refusal(ada.parent, "eve", "x.py").key == "submission_folder_link"


def test_no_descriptor_stays_open(ada):
    (ada / "x.py").write_text("1")
    (ada / "link.py").symlink_to(ada / "x.py")
    before = len(os.listdir("/proc/self/fd"))

    read(ada.parent, "ada", "x.py")
    for name in ("link.py", "nothing.py"):
        with pytest.raises((Refused, UnreadableSubmission)):
            read(ada.parent, "ada", name)

    assert before == len(os.listdir("/proc/self/fd"))


def make_zip(path, content, *, method=zipfile.ZIP_DEFLATED, mode=0o100644):
    info = zipfile.ZipInfo("ada/x.py")
    info.external_attr = mode << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other", "before it")
        archive.writestr(info, content, method)
        return snapshots.member(archive.getinfo("ada/x.py"), "ada/x.py")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_member_of_a_zip_is_read_whole_up_to_the_limit(tmp_path, method):
    place = make_zip(tmp_path / "x.zip", b"x" * LIMIT, method=method)

    assert snapshots.read_member(tmp_path / "x.zip", place, max_bytes=LIMIT) == b"x" * LIMIT


def test_an_empty_member_is_read(tmp_path):
    place = make_zip(tmp_path / "x.zip", b"")

    assert snapshots.read_member(tmp_path / "x.zip", place, max_bytes=LIMIT) == b""


@pytest.mark.parametrize("claimed", [None, 10])
def test_a_bomb_in_a_zip_is_refused_whatever_size_it_claims(tmp_path, claimed):
    place = make_zip(tmp_path / "x.zip", b"\0" * 10_000_000)
    if claimed is not None:
        place = msgspec.structs.replace(place, size_bytes=claimed)

    with pytest.raises(Refused) as caught:
        snapshots.read_member(tmp_path / "x.zip", place, max_bytes=LIMIT)

    assert caught.value.problem.key == "submission_too_large"


def test_a_link_in_a_zip_is_refused(tmp_path):
    place = make_zip(tmp_path / "x.zip", b"/etc/passwd", mode=0o120777)

    with pytest.raises(Refused, match=r"x\.py is a link"):
        snapshots.read_member(tmp_path / "x.zip", place, max_bytes=LIMIT)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"crc": 1}, "its checksum does not fit"),
        ({"offset": 3}, "damaged, or packed in a way"),
        ({"offset": 10_000}, "is damaged: unpack requires"),
        ({"method": zipfile.ZIP_LZMA}, "packed in a way that is not supported"),
        ({"packed_bytes": 3}, "its checksum does not fit"),
    ],
)
def test_a_damaged_member_is_our_fault(tmp_path, change, message):
    place = msgspec.structs.replace(make_zip(tmp_path / "x.zip", b"x = 1\n" * 100), **change)

    with pytest.raises(UnreadableSubmission, match=rf"ada/x\.py in .*x\.zip.*{message}"):
        snapshots.read_member(tmp_path / "x.zip", place, max_bytes=LIMIT)


def test_a_member_with_broken_bytes_is_our_fault(tmp_path):
    place = make_zip(tmp_path / "x.zip", b"x = 1\n" * 100)
    data = bytearray((tmp_path / "x.zip").read_bytes())
    data[place.offset + 30 + len("ada/x.py")] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(data)

    with pytest.raises(UnreadableSubmission, match="is damaged"):
        snapshots.read_member(tmp_path / "x.zip", place, max_bytes=LIMIT)


def test_a_zip_that_vanished_is_our_fault(tmp_path):
    place = make_zip(tmp_path / "x.zip", b"")
    (tmp_path / "x.zip").unlink()

    with pytest.raises(UnreadableSubmission, match=r"x\.zip vanished"):
        snapshots.read_member(tmp_path / "x.zip", place, max_bytes=LIMIT)


def test_a_zip_that_became_a_folder_is_our_fault(tmp_path):
    place = make_zip(tmp_path / "x.zip", b"")
    (tmp_path / "x.zip").unlink()
    (tmp_path / "x.zip").mkdir()

    with pytest.raises(UnreadableSubmission, match=r"cannot read .*Is a directory"):
        snapshots.read_member(tmp_path / "x.zip", place, max_bytes=LIMIT)
