import errno
import os
import stat
from pathlib import Path

import pytest

from grader import out_folder
from grader.errors import UsageError
from grader.out_folder import OutNotWritable, open_atomically, prepare_out, write_atomically

is_root = hasattr(os, "geteuid") and os.geteuid() == 0
needs_permissions = pytest.mark.skipif(is_root, reason="root may read and write everything")


def test_prepare_out_makes_the_folders_and_leaves_nothing_else_in_them(tmp_path):
    out = tmp_path / "deep" / "results"

    prepare_out(out)

    assert sorted(path.name for path in out.iterdir()) == [".grader-lock", "feedback", "records"]
    assert not list((out / "records").iterdir())


def test_prepare_out_keeps_earlier_results(tmp_path):
    prepare_out(tmp_path)
    (tmp_path / "records" / "ada.json").write_text("{}")

    prepare_out(tmp_path)

    assert (tmp_path / "records" / "ada.json").read_text() == "{}"


def test_prepare_out_removes_what_a_killed_run_left_half_written(tmp_path):
    prepare_out(tmp_path)
    (tmp_path / "records" / ".grader-tmp-0123").write_text("{")

    prepare_out(tmp_path)

    assert not list((tmp_path / "records").iterdir())


def test_out_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("")

    with pytest.raises(UsageError, match="out is a file; give a folder"):
        prepare_out(tmp_path / "out")


def test_out_below_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("")

    with pytest.raises(OutNotWritable, match=r"cannot write .*/out/results: Not a directory"):
        prepare_out(tmp_path / "out" / "results")


def test_out_that_is_a_link_to_nowhere_is_refused(tmp_path):
    (tmp_path / "out").symlink_to(tmp_path / "nowhere")

    with pytest.raises(UsageError, match="leads nowhere"):
        prepare_out(tmp_path / "out")


@pytest.mark.parametrize("inside", [".", "results", "ada/results"])
def test_out_within_the_submissions_is_refused(tmp_path, inside):
    (tmp_path / "ada").mkdir()

    with pytest.raises(UsageError, match="lies in the folder of submissions"):
        prepare_out(tmp_path / inside, submissions=tmp_path)


def test_out_beside_the_submissions_or_a_zip_of_them_is_fine(tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class.zip").write_bytes(b"")

    prepare_out(tmp_path / "results", submissions=tmp_path / "class")
    prepare_out(tmp_path / "results", submissions=tmp_path / "class.zip")


@pytest.mark.parametrize("name", ["records", "feedback"])
def test_a_folder_of_out_that_is_a_link_is_refused(tmp_path, name):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UsageError, match=f"{name} is a link"):
        prepare_out(tmp_path / "out")


def test_a_file_in_place_of_a_folder_of_out_is_refused(tmp_path):
    (tmp_path / "records").write_text("")

    with pytest.raises(UsageError, match="records is a file where a folder is needed"):
        prepare_out(tmp_path)


def test_a_second_grader_is_kept_out_until_the_first_has_finished(tmp_path):
    with prepare_out(tmp_path), pytest.raises(UsageError, match="another grader is writing to"):
        prepare_out(tmp_path)

    prepare_out(tmp_path).release()


@needs_permissions
def test_a_folder_without_write_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutNotWritable, match="Permission denied"):
            prepare_out(tmp_path)
    finally:
        tmp_path.chmod(0o700)


@needs_permissions
def test_a_prepared_folder_that_lost_its_permission_is_refused(tmp_path):
    prepare_out(tmp_path)
    (tmp_path / "records").chmod(0o500)
    try:
        with pytest.raises(OutNotWritable, match=r"cannot write .*records: Permission denied"):
            prepare_out(tmp_path)
    finally:
        (tmp_path / "records").chmod(0o700)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_named_and_the_old_file_stays(tmp_path, monkeypatch):
    (tmp_path / "ada.json").write_text("old")
    real_open = os.open

    def open_on_a_full_disk(path, flags, mode):
        os.close(real_open(path, flags, mode))
        return real_open("/dev/full", os.O_WRONLY)

    monkeypatch.setattr(out_folder.os, "open", open_on_a_full_disk)

    with pytest.raises(OutNotWritable, match=r"cannot write .*ada\.json: the disk is full .*what was finished is kept"):
        write_atomically(tmp_path / "ada.json", b"new" * 10_000)

    assert (tmp_path / "ada.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["ada.json"]


def test_a_full_quota_counts_as_a_full_disk(tmp_path):
    error = OSError(errno.EDQUOT, "Disk quota exceeded")

    assert "the disk is full" in str(out_folder.not_writable(tmp_path, error))


def test_a_link_at_the_target_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "ada.json").symlink_to(tmp_path / "precious")

    write_atomically(tmp_path / "ada.json", b"record", sync=True)

    assert (tmp_path / "precious").read_text() == "precious"
    assert not (tmp_path / "ada.json").is_symlink()
    assert (tmp_path / "ada.json").read_bytes() == b"record"


def test_a_folder_at_the_target_is_an_error_and_leaves_nothing_behind(tmp_path):
    (tmp_path / "ada.json").mkdir()

    with pytest.raises(OutNotWritable, match=r"ada\.json: Is a directory"):
        write_atomically(tmp_path / "ada.json", b"record")

    assert [path.name for path in tmp_path.iterdir()] == ["ada.json"]


def test_an_interrupted_write_leaves_the_old_file(tmp_path):
    (tmp_path / "index.html").write_text("old")

    def write_half():
        with open_atomically(tmp_path / "index.html") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()

    assert (tmp_path / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_a_written_file_has_the_permissions_of_any_new_file(tmp_path):
    (tmp_path / "ordinary").write_text("")

    write_atomically(tmp_path / "ours", b"")

    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == stat.S_IMODE((tmp_path / "ordinary").stat().st_mode)
