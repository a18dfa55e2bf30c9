import pickle
import zipfile

import pytest

from grader import submissions
from grader.errors import UsageError
from grader.model import Limits

ID = "deep_network"
SOURCE = b"def f():\n    return 1\n"
LIMITS = Limits(submission_bytes=10_000)
METADATA = """\
---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '067'
    :email: ada@uni.example
  - :name: Charles Babbage
    :sid:\x20
    :email: charles@uni.example
  :created_at: 2023-12-02 02:52:07.938335000 Z
  :results:
    output: ''
  :history:
  - :submitters: []
    :created_at: 2023-12-04 07:30:05.262325000 Z
submission_2:
  :submitters:
  - :name: Bob
    :sid: '068'
    :email: bob@uni.example
  :created_at: 2023-12-02 02:52:07.938335000 Z
  :history: []
"""


@pytest.fixture(params=["unpacked", "zip", "zip in a folder"])
def download(request, tmp_path):
    """Lays the files out as they are after unpacking, or as the zip that was downloaded."""

    def lay_out(files):
        if isinstance(files, list):
            files = dict.fromkeys(files, SOURCE)
        if request.param == "unpacked":
            for name, content in files.items():
                path = tmp_path / "submissions" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return tmp_path / "submissions"
        prefix = "assignment_8046601_export/" if request.param == "zip in a folder" else ""
        with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
            for name, content in files.items():
                archive.writestr(prefix + name, content)
        return tmp_path / "submissions.zip"

    return lay_out


def found(path, assignment_id=ID):
    refs = pickle.loads(pickle.dumps(submissions.find(path, assignment_id)))
    return {ref.student: submissions.read(ref, LIMITS) for ref in refs}


def note_keys(submission):
    return [note.key for note in submission.notes]


def refused(path):
    with pytest.raises(UsageError) as caught:
        submissions.find(path, ID)
    return str(caught.value)


# --- Canvas


def test_canvas_files_give_students_by_name_and_user_id(download):
    path = download(
        [
            "lovelaceada_4711_99123_deep_network.py",
            "babbage_charles_LATE_4712_99124_deep_network.py",
            "anon_a1B2c_99125_deep_network.py",
            "LATE_anon_x9Y8z_99126_deep_network.py",
        ]
    )

    students = found(path)

    assert {student: note_keys(submission) for student, submission in students.items()} == {
        "anon_a1B2c": [],
        "anon_x9Y8z": ["submission_late"],
        "babbage_charles_4712": ["submission_late"],
        "lovelaceada_4711": [],
    }
    assert all(submission.source == SOURCE for submission in students.values())
    assert students["lovelaceada_4711"].file_name == "deep_network.py"


@pytest.mark.parametrize(
    "name", ["deep_network-1.py", "deep_network-12.py", "deep_network-1.py.txt", "Deep_Network-3.py"]
)
def test_the_number_that_canvas_adds_to_a_name_is_not_the_students(download, name):
    submission = found(download([f"lovelaceada_4711_99123_{name}"]))["lovelaceada_4711"]

    assert submission.source == SOURCE
    assert ("submission_renamed" in note_keys(submission)) == (name != name.lower() or name.endswith(".txt"))


def test_a_number_that_belongs_to_the_name_stays(download):
    path = download(["lovelaceada_4711_99123_week-1.py"])

    assert found(path, "week-1")["lovelaceada_4711"].source == SOURCE


def test_of_several_canvas_attempts_the_last_attachment_counts_and_the_others_are_named(download):
    path = download(
        {
            "lovelaceada_LATE_4711_100001_deep_network-2.py": b"last = 1\n",
            "lovelaceada_4711_99999_deep_network-1.py": SOURCE,
            "lovelaceada_4711_99123_deep_network.py": SOURCE,
            "lovelaceada_4711_99124_data.csv": b"",
            "bob_4712_100001_deep_network.py": b"last = 2\n",
            "bob_4712_99999_deep_network-1.py": SOURCE,
        }
    )

    students = found(path)

    assert students["bob_4712"].source == b"last = 2\n"
    submission = students["lovelaceada_4711"]
    assert submission.source == b"last = 1\n"
    assert [note.rationale for note in submission.notes] == [
        "Canvas marks this submission as late.",
        "deep_network-2.py counts, as it was handed in last; not looked at: deep_network.py, deep_network-1.py.",
    ]


def test_the_name_of_a_file_cannot_make_it_somebody_elses(download):
    path = download(["mallory_4713_99_lovelaceada_4711_100_deep_network.py", "lovelaceada_4711_98_deep_network.py"])

    students = found(path)

    assert students["lovelaceada_4711"].source == SOURCE
    assert students["mallory_4713"].problem.key == "submission_misnamed"


def test_a_canvas_student_without_the_file_is_told_what_was_found(download):
    path = download(["lovelaceada_4711_99123_deep_network.py", "bob_4712_text.html", "cleo_4713_99_report.pdf"])

    students = found(path)

    assert students["bob_4712"].problem.key == "submission_misnamed"
    assert "text.html" in students["bob_4712"].problem.rationale
    assert "report.pdf" in students["cleo_4713"].problem.rationale


def test_two_names_with_one_canvas_id_are_refused(download):
    message = refused(download(["ada_4711_1_deep_network.py", "lovelaceada_4711_2_deep_network.py"]))

    assert "ada_4711 and lovelaceada_4711 are both Canvas user 4711; remove the files of one of them" in message


def test_a_canvas_download_of_another_assignment_leads_to_its_name(download):
    message = refused(download(["ada_4711_1_activations.py", "bob_4712_2_activations-1.py"]))

    assert "found activations.py in 2 folders; did you mean --assignment activations?" in message


def test_a_students_own_files_are_no_canvas_download(tmp_path):
    for name in ("deep_network.py", "run_1_2_loss.csv"):
        (tmp_path / name).write_bytes(SOURCE)

    assert list(found(tmp_path)) == [tmp_path.name]


# --- Moodle


@pytest.mark.parametrize("end", ["", "_"])
def test_moodle_folders_of_old_and_new_versions_give_students_by_participant(download, end):
    path = download(
        [
            f"Ada Lovelace_123_assignsubmission_file{end}/deep_network.py",
            f"Ada Lovelace_123_assignsubmission_onlinetext{end}/onlinetext.html",
            f"José O'Neill_124_assignsubmission_file{end}/{ID}/deep_network.py",
            f"Bob_125_assignsubmission_onlinetext{end}/onlinetext.html",
            f"Default group_assignsubmission_file{end}/deep_network.py",
        ]
    )

    students = found(path)

    assert list(students) == ["Ada Lovelace_123", "Bob_125", "Default group", "José O'Neill_124"]
    assert {s for s, submission in students.items() if submission.source == SOURCE} == students.keys() - {"Bob_125"}
    assert "onlinetext.html" in students["Bob_125"].problem.rationale


def test_a_moodle_download_without_folders_gives_the_same_students(download):
    path = download(
        [
            "Ada Lovelace_123_assignsubmission_file_deep_network.py",
            "Participant_124_assignsubmission_file_deep_network.py",
            "Participant_124_assignsubmission_onlinetext_onlinetext.html",
        ]
    )

    students = found(path)

    assert list(students) == ["Ada Lovelace_123", "Participant_124"]
    assert all(submission.source == SOURCE for submission in students.values())


def test_two_names_with_one_moodle_id_are_refused(download):
    message = refused(
        download([f"{name}_123_assignsubmission_file_/deep_network.py" for name in ("Ada Lovelace", "Ada King")])
    )

    assert "Ada King_123 and Ada Lovelace_123 are both Moodle participant 123" in message


def test_a_link_in_place_of_a_moodle_folder_is_a_problem(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "deep_network.py").write_bytes(b"secret")
    (tmp_path / "class" / "Bob_2_assignsubmission_file_").mkdir(parents=True)
    (tmp_path / "class" / "Bob_2_assignsubmission_file_" / "deep_network.py").write_bytes(SOURCE)
    (tmp_path / "class" / "Ada_1_assignsubmission_file_").symlink_to(tmp_path / "solutions")

    assert found(tmp_path / "class")["Ada_1"].problem.key == "submission_folder_link"


# --- Gradescope


def gradescope(*names, metadata=METADATA):
    return {"submission_metadata.yml": metadata.encode(), **dict.fromkeys(names, SOURCE)}


def test_a_gradescope_export_gives_every_submitter_the_work_and_the_time_of_the_group(download):
    students = found(download(gradescope("submission_1/deep_network.py", "submission_2/deep_network.py")))

    assert list(students) == ["Ada Lovelace_067", "Bob_068", "Charles Babbage_charles@uni.example"]
    assert {submission.source for submission in students.values()} == {SOURCE}
    assert {submission.submitted_at for submission in students.values()} == {"2023-12-02T02:52:07.938335+00:00"}
    assert note_keys(students["Bob_068"]) == []
    assert [note.rationale for note in students["Ada Lovelace_067"].notes] == [
        "Of 2 attempts the one that is active in Gradescope counts; "
        "it was handed in at 2023-12-02T02:52:07.938335+00:00."
    ]


def test_a_gradescope_submission_without_files_is_not_lost(download):
    students = found(download(gradescope("submission_1/deep_network.py")))

    assert students["Bob_068"].problem.key == "submission_missing"


def test_a_gradescope_folder_that_the_metadata_do_not_know_keeps_its_name(download):
    students = found(download(gradescope("submission_1/deep_network.py", "submission_3/deep_network.py")))

    assert students["submission_3"].source == SOURCE


def test_a_submitter_who_is_listed_twice_is_one_student(download):
    metadata = METADATA.replace("Charles Babbage", "Ada Lovelace").replace("charles@uni.example", "'067'")

    students = found(download(gradescope("submission_1/deep_network.py", metadata=metadata)))

    assert list(students) == ["Ada Lovelace_067", "Bob_068"]


def test_a_submitter_of_two_gradescope_submissions_is_named(download):
    metadata = METADATA.replace("Bob", "Ada Lovelace").replace("'068'", "'067'")

    message = refused(download(gradescope("submission_1/deep_network.py", metadata=metadata)))

    assert "Ada Lovelace_067 is a submitter of submission_1 and of submission_2; remove one of them" in message


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        (b"\xff\xfe", "submission_metadata.yml is not in UTF-8; download the submissions again"),
        (b"[]", "submission_metadata.yml, line 1: [] is not what Gradescope writes"),
    ],
)
def test_metadata_that_cannot_be_read_are_named(download, metadata, reason):
    message = refused(download({"submission_metadata.yml": metadata, "submission_1/deep_network.py": SOURCE}))

    assert reason in message


def test_metadata_that_unpack_to_more_than_is_read_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.downloads._METADATA_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("submission_metadata.yml", b"\n" * 10_000)

    assert "submission_metadata.yml is too large" in refused(tmp_path / "export.zip")


# --- zips that are not what they seem


def test_a_bomb_in_a_download_costs_its_student_only(tmp_path):
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada_1_1_deep_network.py", b"\n" * 10_000_000)
        archive.writestr("bob_2_2_deep_network.py", SOURCE)

    students = found(tmp_path / "submissions.zip")

    assert students["ada_1"].problem.key == "submission_too_large"
    assert students["bob_2"].source == SOURCE


def test_a_download_with_a_password_or_a_path_that_leads_out_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("ada_1_1_deep_network.py", SOURCE)
    data = bytearray((tmp_path / "submissions.zip").read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "submissions.zip", "a") as archive:
        archive.writestr("../bob_2_2_deep_network.py", SOURCE)

    assert "protected by a password" in refused(tmp_path / "locked.zip")
    assert "leads out of the folder; nothing was read" in refused(tmp_path / "submissions.zip")
