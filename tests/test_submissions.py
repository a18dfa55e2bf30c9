import hashlib
import json
import os
import pickle
import zipfile
from pathlib import Path

import pytest

from grader import submissions
from grader.errors import UsageError
from grader.model import Limits
from grader.submissions import UnreadableSubmission

ID = "deep_network"
SOURCE = b"def f():\n    return 1\n"
LIMITS = Limits(submission_bytes=10_000)

is_root = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "class"
    path.mkdir()
    return path


def put(path, content=SOURCE):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(path, assignment_id=ID):
    """The submissions by student, read."""
    return {ref.student: submissions.read(ref, LIMITS) for ref in submissions.find(path, assignment_id)}


def problem_of(path, student="ada"):
    submission = found(path)[student]
    assert submission.source == b""
    assert submission.problem is not None
    return submission.problem


def note_keys(submission):
    return [note.key for note in submission.notes]


def notebook(*cells):
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()


# --- layouts


def test_a_class_is_a_folder_for_each_student(folder):
    for student in ("bob", "ada", "Cleo"):
        put(folder / student / "deep_network.py")

    refs = submissions.find(folder, ID)

    assert [ref.student for ref in refs] == ["Cleo", "ada", "bob"]
    submission = submissions.read(refs[1], LIMITS)
    assert submission.student == "ada"
    assert submission.file_name == "deep_network.py"
    assert submission.source == SOURCE
    assert submission.sha256 == hashlib.sha256(SOURCE).hexdigest()
    assert submission.submitted_at is None
    assert submission.notes == ()
    assert submission.problem is None


def test_files_beside_and_hidden_folders_are_no_students(folder):
    put(folder / "ada" / "deep_network.py")
    put(folder / "ada" / "data.csv")
    put(folder / "README.md")
    put(folder / ".DS_Store")
    put(folder / ".git" / "config")
    put(folder / "__MACOSX" / "ada" / "deep_network.py")

    assert list(found(folder)) == ["ada"]
    assert found(folder)["ada"].notes == ()


def test_a_reference_can_be_sent_to_another_process(folder):
    put(folder / "ada" / "deep_network.py")
    ref = submissions.find(folder, ID)[0]

    assert submissions.read(pickle.loads(pickle.dumps(ref)), LIMITS).source == SOURCE


def test_a_relative_path_is_found_again_from_elsewhere(folder, tmp_path, monkeypatch):
    put(folder / "ada" / "deep_network.py")
    monkeypatch.chdir(folder)
    refs = submissions.find(Path(), ID)
    monkeypatch.chdir(tmp_path)

    assert submissions.read(refs[0], LIMITS).source == SOURCE


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("ada.py", "ada"),
        ("bob/deep_network.py", "bob"),
        ("bob/deep_network (1).py", "bob"),
        ("bob/ada.ipynb", "ada"),
    ],
)
def test_a_single_file_names_its_student_by_itself_or_by_its_folder(folder, path, student):
    put(folder / path, notebook("x = 1") if path.endswith("ipynb") else SOURCE)

    assert list(found(folder / path)) == [student]


def test_a_single_file_in_the_current_folder_takes_its_name(folder, monkeypatch):
    put(folder / "deep_network.py")
    monkeypatch.chdir(folder)

    assert submissions.single(Path("deep_network.py"), ID).student == "class"


def test_the_folder_of_one_student_is_one_submission(folder):
    put(folder / "deep_network.py")
    put(folder / "data" / "digits.csv")

    assert list(found(folder)) == ["class"]


def test_a_stray_file_beside_the_students_is_nobodys(folder):
    put(folder / "ada" / "deep_network.py")
    put(folder / "deep_network.py")

    assert list(found(folder)) == ["ada"]


def test_students_may_stand_one_folder_further_down(folder):
    put(folder / "week 3" / "submissions" / "ada" / "deep_network.py")
    put(folder / "README.md")

    assert list(found(folder)) == ["ada"]


def test_an_nbgrader_tree_is_read_with_its_times(folder):
    put(folder / "ada" / ID / "deep_network.ipynb", notebook("x = 1"))
    put(folder / "ada" / ID / "timestamp.txt", b"2026-02-02 15:58:23.948203 America/New_York\n")
    put(folder / "ada" / "activations" / "activations.ipynb", notebook("y = 1"))
    put(folder / "bob" / ID / "deep_network.py")

    students = found(folder)

    assert students["ada"].submitted_at == "2026-02-02T20:58:23.948203+00:00"
    assert students["ada"].source == b"# %% code cell 1\nx = 1\n"
    assert students["bob"].source == SOURCE
    assert students["bob"].submitted_at is None


def test_one_student_of_an_nbgrader_tree_is_one_submission(folder):
    put(folder / "ada" / ID / "deep_network.py")

    assert list(found(folder / "ada")) == ["ada"]


def zipped(path, files, *, prefix=""):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(prefix + name, content)
    return path


@pytest.mark.parametrize("prefix", ["", "class/"])
def test_a_zip_of_a_class_is_read_without_unpacking_it(tmp_path, prefix):
    files = {
        "ada/deep_network.py": SOURCE,
        "José/deep_network.ipynb": notebook("x = 1"),
        "cleo/deep_network/deep_network.py": SOURCE,
        "cleo/deep_network/timestamp.txt": "2026-02-02 15:58:23 UTC",
        "dan/": "",
        "__MACOSX/ada/._deep_network.py": "x",
    }
    path = zipped(tmp_path / "class.zip", files, prefix=prefix)

    students = found(path)

    assert list(students) == ["José", "ada", "cleo", "dan"]
    assert students["ada"].source == SOURCE
    assert students["José"].source == b"# %% code cell 1\nx = 1\n"
    assert students["cleo"].submitted_at == "2026-02-02T15:58:23+00:00"
    assert students["dan"].problem.key == "submission_missing"
    assert [entry.name for entry in tmp_path.iterdir()] == ["class.zip"]


def test_the_zip_of_one_student_is_named_like_the_zip(tmp_path):
    assert list(found(zipped(tmp_path / "ada.zip", {"deep_network.py": SOURCE}))) == ["ada"]


def test_a_zip_says_what_it_lacks_like_a_folder(tmp_path):
    path = zipped(tmp_path / "class.zip", {"ada/activations.py": SOURCE})

    with pytest.raises(UsageError, match=r"found activations\.py in 1 folder; did you mean --assignment activations\?"):
        submissions.find(path, ID)


# --- which file counts


def test_the_python_file_counts_before_the_notebook_and_a_note_says_so(folder):
    put(folder / "ada" / "deep_network.py")
    put(folder / "ada" / "deep_network.ipynb", b"not looked at")

    submission = found(folder)["ada"]

    assert submission.source == SOURCE
    assert [note.rationale for note in submission.notes] == [
        "Both deep_network.py and deep_network.ipynb were handed in; deep_network.py counts."
    ]


def test_the_exact_name_counts_before_copies_and_a_note_says_so(folder):
    put(folder / "ada" / "deep_network.py")
    put(folder / "ada" / "deep_network (1).py", b"other")
    put(folder / "ada" / "deep_network - Copy.py", b"other")

    submission = found(folder)["ada"]

    assert submission.source == SOURCE
    assert note_keys(submission) == ["submission_copies"]
    assert "deep_network (1).py" in submission.notes[0].rationale
    assert "deep_network - Copy.py" in submission.notes[0].rationale


@pytest.mark.parametrize(
    "name",
    ["deep_network (1).py", "Deep_Network.py", "deep_network-2.PY", "deep_network copy 2.py", "deep_network.py.txt"],
)
def test_a_single_copy_is_taken_for_the_file_with_a_note(folder, name):
    put(folder / "ada" / name)

    submission = found(folder)["ada"]

    assert submission.source == SOURCE
    assert submission.file_name == name
    assert note_keys(submission) == ["submission_renamed"]


def test_a_renamed_notebook_is_a_notebook(folder):
    put(folder / "ada" / "deep_network.ipynb.txt", notebook("x = 1"))

    submission = found(folder)["ada"]

    assert submission.source == b"# %% code cell 1\nx = 1\n"
    assert "was taken for deep_network.ipynb" in submission.notes[0].rationale


@pytest.mark.parametrize("name", ["deep_network_2.py", "my_deep_network.py", "deep_network.pyc", "deep_networks.py"])
def test_another_name_is_another_file(folder, name):
    put(folder / "ada" / name)
    put(folder / "bob" / "deep_network.py")

    problem = problem_of(folder)

    assert problem.key == "submission_misnamed"
    assert name in problem.rationale


def test_the_copy_of_the_python_file_counts_before_the_copy_of_the_notebook(folder):
    put(folder / "ada" / "deep_network (1).ipynb", b"not looked at")
    put(folder / "ada" / "deep_network (1).py")

    submission = found(folder)["ada"]

    assert submission.source == SOURCE
    assert note_keys(submission) == ["submission_copies", "submission_renamed"]


def test_several_copies_without_the_exact_name_are_ambiguous(folder):
    put(folder / "ada" / "deep_network (1).py")
    put(folder / "ada" / "deep_network (2).py")
    put(folder / "bob" / "deep_network.py")

    problem = problem_of(folder)

    assert problem.key == "submission_ambiguous"
    assert "deep_network (1).py, deep_network (2).py" in problem.rationale


# --- what is no submission


def test_a_student_who_handed_in_nothing_is_not_lost(folder):
    put(folder / "bob" / "deep_network.py")
    (folder / "ada").mkdir()
    put(folder / "ada" / ".DS_Store")

    submission = found(folder)["ada"]

    assert submission.problem.rationale == "Nothing was submitted: there is no deep_network.py."
    assert submission.file_name == "deep_network.py"
    assert submission.sha256 == ""


def test_a_student_who_handed_in_something_else_is_told_what(folder):
    put(folder / "bob" / "deep_network.py")
    for name in ("report.pdf", "b", "c", "d", "e", "f"):
        put(folder / "ada" / name)

    assert problem_of(folder).rationale.endswith("found were: b, c, d, e, f ….")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "submission_empty"),
        (b" \n\t\r\n", "submission_empty"),
        (b"\xef\xbb\xbf\n", "submission_empty"),
        (b"%PDF-1.7 ...", "submission_binary"),
        (b"PK\x03\x04....", "submission_binary"),
        (bytes(range(256)) * 10, "submission_binary"),
        (b"\x89PNG....", "submission_binary"),
        (b"#" * 10_001, "submission_too_large"),
    ],
)
def test_a_file_that_is_no_source_is_a_problem(folder, content, key):
    put(folder / "ada" / "deep_network.py", content)

    assert problem_of(folder).key == key


def test_the_digest_of_a_file_that_was_read_is_kept_beside_its_problem(folder):
    put(folder / "ada" / "deep_network.py", b"%PDF-1.7")

    assert found(folder)["ada"].sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        SOURCE.decode().encode("utf-16"),
        SOURCE.decode().encode("utf-16-le"),
        SOURCE.decode().encode("utf-16-be"),
        SOURCE.decode().encode("utf-32"),
        b"\xef\xbb\xbf" + SOURCE,
        SOURCE * 30 + b"\0",
        SOURCE + "é".encode("latin-1"),
        SOURCE.replace(b"\n", b"\r\n"),
        b"x = 1\x1a" + SOURCE,
    ],
)
def test_unusual_text_is_passed_on_as_it_is(folder, content):
    put(folder / "ada" / "deep_network.py", content)

    assert found(folder)["ada"].source == content


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"x = 1", "submission_broken_notebook"),
        (b"", "submission_empty"),
        (notebook(), "submission_without_code"),
        (b"PK\x03\x04", "submission_binary"),
        (b'{"a": 1}', "submission_broken_notebook"),
    ],
)
def test_a_notebook_that_is_none_is_a_problem(folder, content, key):
    put(folder / "ada" / "deep_network.ipynb", content)

    assert problem_of(folder).key == key


@pytest.mark.parametrize("name", ["deep_network.py", "deep_network (1).py"])
def test_a_folder_named_like_the_file_is_a_problem(folder, name):
    (folder / "ada" / name).mkdir(parents=True)

    assert problem_of(folder).key == "submission_folder"


@pytest.mark.parametrize("target", ["real.py", "../../outside.py", "nowhere.py", "."])
def test_a_link_is_a_problem_wherever_it_leads(folder, target):
    put(folder / "ada" / "real.py")
    put(folder.parent / "outside.py", b"secret")
    (folder / "ada" / "deep_network.py").symlink_to(target)

    assert problem_of(folder).key == "submission_link"


@pytest.mark.parametrize("target", ["bob", "../elsewhere", "nowhere"])
def test_a_students_folder_that_is_a_link_is_a_problem(folder, target):
    put(folder / "bob" / "deep_network.py")
    put(folder.parent / "elsewhere" / "deep_network.py")
    (folder / "ada").symlink_to(target)

    assert problem_of(folder).key == "submission_folder_link"


def test_an_nbgrader_folder_that_is_a_link_is_a_problem(folder):
    put(folder.parent / "solutions" / "deep_network.py")
    (folder / "ada").mkdir()
    (folder / "ada" / ID).symlink_to(folder.parent / "solutions")

    assert problem_of(folder).key == "submission_folder_link"


def test_a_folder_that_becomes_a_link_after_it_was_found_is_a_problem(folder):
    put(folder.parent / "solutions" / "deep_network.py", b"secret")
    path = put(folder / "ada" / ID / "deep_network.py")
    ref = submissions.find(folder, ID)[0]
    path.unlink()
    path.parent.rmdir()
    path.parent.symlink_to(folder.parent / "solutions")

    assert submissions.read(ref, LIMITS).problem.key == "submission_folder_link"


def test_a_pipe_is_a_problem_and_nobody_waits_for_it(folder):
    (folder / "ada").mkdir()
    os.mkfifo(folder / "ada" / "deep_network.py")

    assert problem_of(folder).key == "submission_special"


def test_a_link_given_by_name_is_a_problem(folder):
    put(folder / "ada" / "real.py")
    (folder / "ada" / "deep_network.py").symlink_to("real.py")

    assert problem_of(folder / "ada" / "deep_network.py").key == "submission_link"


def test_a_link_in_a_zip_is_a_problem(tmp_path):
    link = zipfile.ZipInfo("ada/deep_network.py")
    link.external_attr = 0o120777 << 16
    folder_link = zipfile.ZipInfo("bob")
    folder_link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr(link, "../../etc/passwd")
        archive.writestr(folder_link, "ada")

    students = found(tmp_path / "class.zip")

    assert students["ada"].problem.key == "submission_link"
    assert students["bob"].problem.key == "submission_folder_link"


def test_a_bomb_in_a_zip_is_a_problem(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada/deep_network.py", b"\n" * 10_000_000)

    assert found(tmp_path / "class.zip")["ada"].problem.key == "submission_too_large"


def test_a_file_that_vanishes_after_it_was_found_is_our_fault(folder):
    path = put(folder / "ada" / "deep_network.py")
    ref = submissions.find(folder, ID)[0]
    path.unlink()

    with pytest.raises(UnreadableSubmission, match="vanished"):
        submissions.read(ref, LIMITS)


@pytest.mark.skipif(is_root, reason="root may read everything")
@pytest.mark.parametrize("closed", ["ada/deep_network.py", "ada"])
def test_a_file_that_we_may_not_read_is_our_fault_and_the_student_is_not_lost(folder, closed):
    put(folder / "ada" / "deep_network.py")
    put(folder / "bob" / "deep_network.py")
    (folder / closed).chmod(0)
    try:
        refs = submissions.find(folder, ID)
        assert [ref.student for ref in refs] == ["ada", "bob"]
        with pytest.raises(UnreadableSubmission, match="Permission denied"):
            submissions.read(refs[0], LIMITS)
    finally:
        (folder / closed).chmod(0o700)


@pytest.mark.skipif(is_root, reason="root may read everything")
def test_a_class_that_we_may_not_read_is_a_usage_error(folder):
    folder.chmod(0)
    try:
        with pytest.raises(UsageError, match=r"cannot read .*class: Permission denied"):
            submissions.find(folder, ID)
        with pytest.raises(UsageError, match=r"cannot read .*ada: Permission denied"):
            submissions.find(folder / "ada", ID)
    finally:
        folder.chmod(0o700)


# --- names


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (b"a\nb", "a\\x0Ab"),
        (b"a\xffb", "a\\xFFb"),
        (b"a\\b", "a\\\\b"),
        (b"a..b", "a..b"),
        (b"=cmd()", "=cmd()"),
        (b" Ada O'Neill ", " Ada O'Neill "),
        ("e\u0301".encode(), "é"),
    ],
)
def test_any_name_of_a_folder_becomes_a_printable_student(folder, name, student):
    path = os.fsencode(folder) + b"/" + name
    os.mkdir(path)
    with open(path + b"/deep_network.py", "wb") as file:
        file.write(SOURCE)

    assert found(folder)[student].source == SOURCE


def test_two_names_that_differ_only_in_normalization_stay_two(folder):
    for name in ("e\u0301", "é"):
        put(folder / name / "deep_network.py")

    assert {"e\u0301", "é"} == set(found(folder))


# --- times


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-02-02 15:58:23.948203 UTC", "2026-02-02T15:58:23.948203+00:00"),
        ("2026-02-02 15:58:23 Europe/Berlin", "2026-02-02T14:58:23+00:00"),
        ("2026-02-02T15:58:23+05:30\n", "2026-02-02T10:28:23+00:00"),
        ("2026-02-02 15:58:23", "2026-02-02T15:58:23+00:00"),
    ],
)
def test_times_of_nbgrader_are_understood(folder, text, time):
    put(folder / "ada" / "deep_network.py")
    put(folder / "ada" / "timestamp.txt", text.encode())

    assert found(folder)["ada"].submitted_at == time


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"yesterday",
        b"2026-02-02 15:58:23 Nowhere/Land",
        b"2026-02-02 15:58:23 ../../etc",
        b"2026-02-02 15:58:23 America",
        b"\xff",
        b"1" * 999,
        b"0001-01-01 00:00:00+14:00",
    ],
)
def test_a_time_that_cannot_be_understood_is_noted(folder, text):
    put(folder / "ada" / "deep_network.py")
    put(folder / "ada" / "timestamp.txt", text)

    submission = found(folder)["ada"]

    assert submission.submitted_at is None
    assert note_keys(submission) == ["submission_time_unknown"]
    assert submission.source == SOURCE


def test_the_time_of_the_file_itself_tells_nothing(folder):
    path = put(folder / "ada" / "deep_network.py")
    os.utime(path, (1, 1))

    assert found(folder)["ada"].submitted_at is None


# --- nothing to grade


def test_no_such_folder_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"no such file or folder: .*/nowhere"):
        submissions.find(tmp_path / "nowhere", ID)


def test_a_path_through_a_file_is_named(folder):
    put(folder / "file")

    with pytest.raises(UsageError, match=r"cannot read .*: Not a directory"):
        submissions.find(folder / "file" / "x", ID)


@pytest.mark.parametrize("beside", [None, ".DS_Store"])
def test_an_empty_folder_says_what_was_expected(folder, beside):
    if beside:
        put(folder / beside)

    with pytest.raises(UsageError, match=r"class is empty; expected .*/<student>/deep_network\.py or \.ipynb"):
        submissions.find(folder, ID)


@pytest.mark.parametrize(
    "layout", ["{student}/logistic_regression.py", "{student}/logistic_regression/logistic_regression.ipynb"]
)
def test_submissions_of_another_assignment_lead_to_its_name(folder, layout):
    for student in ("ada", "bob", "cleo"):
        put(folder / layout.format(student=student))
    put(folder / "dan" / "activations.py")

    with pytest.raises(UsageError) as caught:
        submissions.find(folder, ID)

    message = str(caught.value)
    assert message.startswith(f"no submission of deep_network in {folder}: found logistic_regression")
    assert message.endswith(" in 3 folders; did you mean --assignment logistic_regression?")


def test_submissions_under_nearly_the_right_name_lead_to_the_right_one(folder):
    put(folder / "ada" / "deepnetwork.py")

    with pytest.raises(
        UsageError, match=r"found deepnetwork\.py in 1 folder; a submission must be named deep_network\.py"
    ):
        submissions.find(folder, ID)


def test_folders_without_any_code_say_what_was_expected(folder):
    put(folder / "ada" / "report.pdf")

    with pytest.raises(UsageError, match=r"no submission of deep_network in .*; expected .*<student>/deep_network\.py"):
        submissions.find(folder, ID)


@pytest.mark.parametrize("name", ["class.tar.gz", "notes.txt"])
def test_a_file_of_another_kind_is_refused(folder, name):
    put(folder / name)

    with pytest.raises(UsageError, match=r"is neither a folder nor a .py, .ipynb or .zip file"):
        submissions.find(folder / name, ID)


def test_a_pipe_in_place_of_the_class_is_refused(folder):
    os.mkfifo(folder / "pipe")

    with pytest.raises(UsageError, match="is neither a folder"):
        submissions.find(folder / "pipe", ID)
