"""What is exported is read back through nbgrader's own API, from SQLite. PostgreSQL: test_nbgrader_round_trip.py."""

import hashlib
import json
import sqlite3
import sys
from datetime import datetime
from fractions import Fraction

import msgspec
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader import cli, nbgrader_cells, records
from grader.errors import UsageError
from grader.gradebooks import nbgrader_connection, nbgrader_folders
from grader.gradebooks.nbgrader_database import EXPORTER
from grader.model import Feedback, Outcome, Period, Status
from grader.records import Late

ID = "deep_network"
SECRET = "5ec4e7" * 20


def export(out, url=None, course_dir=None):
    return EXPORTER.write(out, {"db": url, "course_dir": course_dir})


def change(out, student, **changes):
    """Give the record of `student` other values."""
    path = records.record_path(out, student)
    path.write_bytes(records.to_json(msgspec.structs.replace(records.read(path), **changes)))


def rescore(out, student, score):
    """Give the record of `student` another score; None: we failed to give one."""
    record = records.read(records.record_path(out, student))
    half = None if score is None else score / 2
    status = Status.GRADER_ERROR if score is None else Status.GRADED
    exercises = tuple(msgspec.structs.replace(e, score=half) for e in record.exercises)
    change(out, student, score=score, status=status, exercises=exercises)


def dump(path):
    with sqlite3.connect(path) as connection:
        return list(connection.iterdump())


@pytest.fixture
def database(tmp_path):
    """The file, and the URL under which nbgrader knows it."""
    path = tmp_path / "gradebook.db"
    return path, f"sqlite:///{path}"


@pytest.fixture
def gradebook(database):
    """Opens nbgrader's own view of the database."""
    from nbgrader.api import Gradebook

    opened = []

    def read():
        opened.append(Gradebook(database[1]))
        return opened[-1]

    yield read
    for one in opened:
        one.close()


def grades(gradebook, student):
    notebook = gradebook.find_submission_notebook(ID, ID, student)
    return {grade.name: (grade.auto_score, grade.score, grade.needs_manual_grade) for grade in notebook.grades}


def test_an_empty_database_gets_assignment_cells_students_and_scores(graded, database, gradebook):
    out = graded({"ada": 50, "bob": Fraction(35, 3)})
    change(
        out,
        "ada",
        submission=msgspec.structs.replace(
            records.read(records.record_path(out, "ada")).submission, submitted_at="2026-02-02T16:58:23.948203+01:00"
        ),
    )

    lines = export(out, database[1])

    read = gradebook()
    assert lines == ["2 students have a score in the gradebook"]
    assert read.find_assignment(ID).max_score == 50
    assert [cell.name for cell in read.find_notebook(ID, ID).solution_cells] == ["cost", "fit"]
    assert read.find_submission(ID, "ada").timestamp == datetime(2026, 2, 2, 15, 58, 23, 948203)
    assert read.find_submission(ID, "bob").timestamp is None
    assert grades(read, "ada") == {"cost-tests": (25, 25, False), "fit-tests": (25, 25, False)}
    assert read.find_submission(ID, "bob").score == pytest.approx(35 / 3, abs=1e-12)
    assert read.average_assignment_score(ID) == pytest.approx((50 + 35 / 3) / 2)
    assert {s["student"]: s["needs_manual_grade"] for s in read.submission_dicts(ID)} == {"ada": False, "bob": False}


def test_nbgrader_takes_the_database_for_one_of_its_own(graded, database, gradebook):
    export(graded({"ada": 50}), database[1])
    ours = dump(database[0])

    gradebook()

    assert dump(database[0]) == ours


def test_exporting_again_changes_nothing(graded, database):
    out = graded({"ada": 50, "bob": 30})
    export(out, database[1])
    first = dump(database[0])

    export(out, database[1])

    assert dump(database[0]) == first


def test_what_a_person_entered_stays_and_counts(graded, database, gradebook):
    out = graded({"ada": 20, "bob": 30})
    export(out, database[1])
    read = gradebook()
    grade = read.find_grade("cost-tests", ID, ID, "ada")
    grade.manual_score, grade.extra_credit = 17, 2
    read.find_comment("cost", ID, ID, "ada").manual_comment = "see me"
    read.find_student("ada").first_name = "Augusta Ada"
    read.db.commit()
    rescore(out, "ada", 40)

    lines = export(out, database[1])

    read = gradebook()
    assert grades(read, "ada") == {"cost-tests": (20, 19, False), "fit-tests": (20, 20, False)}
    assert read.find_comment("cost", ID, ID, "ada").comment == "see me"
    assert read.find_student("ada").first_name == "Augusta Ada"
    assert read.find_submission(ID, "bob").score == 30
    assert lines[1:] == ["scored by hand in nbgrader, which counts there: ada"]


def test_the_roster_gives_names_and_addresses(graded, database, gradebook):
    out = graded({"ada": 50, "hopper_4711": 30, "nobody": 1})
    (out / "roster.csv").write_text(
        'id,name,email,accounts\nada,"Lovelace, Ada",ada@example.org,\ngrace,Grace Brewster Hopper,,hopper_4711\n'
    )

    export(out, database[1])

    students = {s.id: (s.first_name, s.last_name, s.email) for s in gradebook().students}
    assert students == {
        "ada": ("Ada", "Lovelace", "ada@example.org"),
        "grace": ("Grace Brewster", "Hopper", None),
        "nobody": (None, None, None),
    }


def test_two_records_of_one_student_are_refused(graded, database):
    out = graded({"grace": 50, "hopper_4711": 30})
    (out / "roster.csv").write_text("id,accounts\ngrace,hopper_4711\n")

    with pytest.raises(UsageError, match="grace and hopper_4711 are both grace in the gradebook; remove the record"):
        export(out, database[1])


def test_a_late_penalty_is_nbgraders_and_goes_with_an_extension(graded, database, gradebook):
    out = graded({"ada": 40})
    late = Late(
        due="2026-02-01T00:00:00+00:00", seconds=90, periods=1, per=Period.DAY, percent=20, penalty=10, cut_off=False
    )
    change(out, "ada", late=late, score=30)

    export(out, database[1])
    with_penalty = gradebook().find_submission(ID, "ada")
    assert (with_penalty.score, with_penalty.late_submission_penalty) == (40, 10)
    assert "10 points taken off" in gradebook().find_comment("cost", ID, ID, "ada").comment

    change(out, "ada", late=None, score=40)
    export(out, database[1])
    assert gradebook().find_submission_notebook(ID, ID, "ada").late_submission_penalty is None


def test_where_we_failed_the_score_that_stands_there_stays(graded, database, gradebook):
    out = graded({"ada": 40, "bob": None})
    export(out, database[1])
    rescore(out, "ada", None)

    lines = export(out, database[1])

    assert gradebook().find_submission(ID, "ada").score == 40
    assert grades(gradebook(), "bob") == {"cost-tests": (None, 0, True), "fit-tests": (None, 0, True)}
    assert lines == [
        "0 students have a score in the gradebook",
        "without a score, so the gradebook is as it was: ada, bob",
    ]


def test_who_handed_in_nothing_has_0_points_in_every_cell(graded, database, gradebook):
    out = graded({"ada": 40, "bob": 0})
    note = Feedback("submission_missing", "Nothing was handed in.", None)
    change(out, "bob", exercises=(), notes=(note,))

    export(out, database[1])

    assert grades(gradebook(), "bob") == {"cost-tests": (0, 0, False), "fit-tests": (0, 0, False)}
    assert "Nothing was handed in." in gradebook().find_comment("cost", ID, ID, "bob").comment


def with_feedback(out, student, exercise, *, outcome, advice=()):
    """Let `exercise` say something."""
    record = records.read(records.record_path(out, student))
    said = Feedback("missing_mean", "dW is 7 times too large: the mean is missing.", "Divide by m.")
    exercises = tuple(
        msgspec.structs.replace(
            e,
            advice=advice,
            tests=(msgspec.structs.replace(e.tests[0], outcome=outcome, feedback=(said,), score=0),),
        )
        if e.exercise == exercise
        else e
        for e in record.exercises
    )
    change(out, student, exercises=exercises)


def test_a_comment_is_the_feedback_on_its_exercise_in_markdown(graded, database, gradebook):
    out = graded({"ada": 25})
    advice = Feedback("argument_changed", "fit changes its argument X.", "Copy it.")
    with_feedback(out, "ada", "fit", outcome=Outcome.FAILED, advice=(advice,))

    export(out, database[1])

    comment = gradebook().find_comment("fit", ID, ID, "ada").comment
    assert comment.startswith("- dW is 7 times too large: the mean is missing.\n\n  **Try:** Divide by m.")
    assert "## Advice (costs no points)\n\n- fit changes its argument X." in comment
    assert gradebook().find_comment("cost", ID, ID, "ada").comment is None


def test_a_comment_ends_somewhere(graded, database, gradebook):
    out = graded({"ada": 25})
    with_feedback(out, "ada", "fit", outcome=Outcome.FAILED, advice=(Feedback("x", "long " * 10_000, None),))

    export(out, database[1])

    comment = gradebook().find_comment("fit", ID, ID, "ada").comment
    assert len(comment) < 21_000
    assert comment.endswith("… (all of it is on the feedback page)")


def broken(kind, path):
    """Make the database one that cannot be used."""
    if kind == "no database":
        path.write_text("This is no database, and long enough that nobody takes it for an empty one. " * 20)
        return
    with sqlite3.connect(path) as connection:
        connection.execute(
            {
                "foreign": "CREATE TABLE invoices (id INTEGER)",
                "newer": "UPDATE alembic_version SET version_num = 'f00'",
                "older": "UPDATE alembic_version SET version_num = '724cde206c17'",
                "oldest": "DROP TABLE alembic_version",
                "column": "ALTER TABLE student DROP COLUMN lms_user_id",
                "other notebook": "INSERT INTO source_cell SELECT 'x', 'y', 'code', 0, '', '', id FROM notebook",
            }[kind]
        )


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("no database", r"the gradebook sqlite:///.* cannot be used: file is not a database; no score was written"),
        (
            "foreign",
            r"sqlite:///.* is no gradebook: it has tables of something else \(invoices\); give another database",
        ),
        ("newer", r"the gradebook sqlite:///.* is of a newer nbgrader; upgrade nbgrader here"),
        (
            "older",
            r"the gradebook sqlite:///.* is of an older nbgrader; make a copy of it, and run nbgrader db upgrade",
        ),
        ("oldest", r"is of an older nbgrader; make a copy of it"),
        ("column", r"is of an older nbgrader \(it lacks student\.lms_user_id\); make a copy of it"),
        (
            "other notebook",
            r"notebook deep_network has no cell predict-tests for the points of predict; make the notebook",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence_and_left_alone(graded, database, kind, sentence):
    path, url = database
    out = graded({"ada": 40})
    if kind not in ("no database", "foreign"):
        export(out, url)
    broken(kind, path)
    before = path.read_bytes()
    record = records.read(records.record_path(out, "ada"))
    another = msgspec.structs.replace(record.exercises[0], exercise="predict")
    change(out, "ada", exercises=(*record.exercises, another))

    with pytest.raises(UsageError, match=sentence):
        export(out, url)

    assert path.read_bytes() == before


def test_a_locked_database_is_told_in_a_sentence(graded, database):
    path, url = database
    out = graded({"ada": 40})
    export(out, url)

    with sqlite3.connect(path) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UsageError, match="cannot be used: database is locked; no score was written"):
            export(out, f"{url}?timeout=0.1")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "gradebook.db",
            "--db is not the URL of a database that can be used; write it like sqlite:////course/gradebook",
        ),
        ("oracle7://host/x", "--db is not the URL of a database that can be used"),
        ("postgresql://u:pass@host:port/x", "--db is not the URL of a database that can be used"),
        (
            "mysql+mysqldb://u:pass@host/x",
            r"the driver MySQLdb for --db is not installed; pip install 'grader\[nbgrader\]'",
        ),
        ("sqlite:////no/such/folder/g.db", "cannot be used: unable to open database file"),
        (
            "postgresql+psycopg://u:pass@/x?host=/no/such/folder",
            r"the gradebook postgresql\+psycopg://u:\*\*\*@/x\?host=.* cannot be used: connection (is bad|failed)",
        ),
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_the_password(graded, url, sentence):
    with pytest.raises(UsageError, match=sentence) as caught:
        export(graded({"ada": 40}), url)

    assert "pass" not in str(caught.value).replace("psycopg", "")


def test_a_value_that_the_database_refuses_leaves_it_as_it_was(graded, database, monkeypatch):
    from nbgrader.api import Gradebook, InvalidEntry

    out = graded({"ada": 40, "zoe": 50})
    export(out, database[1])
    before = dump(database[0])
    rescore(out, "ada", 10)
    add = Gradebook.update_or_create_submission

    def refuse(self, assignment, student, **facts):
        if student == "zoe":
            raise InvalidEntry("value too long for type character varying(128)\nLINE 1: …")
        return add(self, assignment, student, **facts)

    monkeypatch.setattr(Gradebook, "update_or_create_submission", refuse)
    with pytest.raises(
        UsageError, match=r"refuses a value: value too long for type character varying\(128\); no score"
    ):
        export(out, database[1])

    assert dump(database[0]) == before


def test_the_command_needs_to_know_the_gradebook(graded, capsys):
    out = graded({"ada": 40})

    with pytest.raises(SystemExit) as ended:
        cli.main(["export", "nbgrader", str(out)])

    assert ended.value.code == 2
    assert "nothing says where the gradebook is; give --course-dir DIR, or --db URL" in capsys.readouterr().err


def test_records_of_two_assignments_are_refused(graded, database):
    out = graded({"ada": 40, "bob": 30})
    change(out, "bob", assignment="other")

    with pytest.raises(UsageError, match="belong to deep_network, other; export one by one"):
        export(out, database[1])


def test_without_nbgrader_the_extra_is_named(graded, database, monkeypatch):
    for name in ("connection", "folders", "scores"):
        monkeypatch.delitem(sys.modules, f"grader.gradebooks.nbgrader_{name}", raising=False)
        monkeypatch.delattr(f"grader.gradebooks.nbgrader_{name}", raising=False)
    monkeypatch.setitem(sys.modules, "nbgrader.api", None)

    with pytest.raises(UsageError, match=r"nbgrader.api is not installed; pip install 'grader\[nbgrader\]'"):
        export(graded({"ada": 40}), database[1])


def answer(exercise):
    source = f"def {exercise}(x):\n    raise NotImplementedError()"
    return new_code_cell(source, metadata=nbgrader_cells.answer_metadata(exercise, source))


def points(exercise):
    name, source = nbgrader_cells.tests_id(exercise), f'check("{exercise}")'
    return new_code_cell(source, metadata=nbgrader_cells.tests_metadata(name, source, 25))


def written(cell):
    return msgspec.json.decode(msgspec.json.encode(cell))


@pytest.fixture
def course(tmp_path, graded):
    """An nbgrader course with two exercises, its OUT, and a way to hand in."""
    folder = tmp_path / "course"
    source = folder / "source" / ID / f"{ID}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[answer("cost"), points("cost"), answer("fit"), points("fit")]), source)
    return folder


@pytest.fixture
def known(course):
    """The cells of the course in its gradebook, as generate_assignment has them."""
    with nbgrader_connection.opened(f"sqlite:///{course}/gradebook.db", "") as read:
        read.add_assignment(ID)
        read.add_notebook(ID, ID)
        for exercise in ("cost", "fit"):
            read.add_solution_cell(exercise, ID, ID)
            read.add_source_cell(exercise, ID, ID, cell_type="code", source="")
            read.add_grade_cell(f"{exercise}-tests", ID, ID, max_score=25, cell_type="code")
    return course


def hand_in(course, out, student, data, *, secret=None, name=f"{ID}.ipynb", is_graded=True):
    folder = course / "submitted" / student / ID
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    (folder / "timestamp.txt").write_text("2026-02-02 15:58:23.948203 UTC")
    if secret is not None:
        (folder / "submission_secret.txt").write_text(secret)
    if is_graded:
        facts = records.read(records.record_path(out, student)).submission
        change(
            out,
            student,
            submission=msgspec.structs.replace(
                facts, sha256=hashlib.sha256(data).hexdigest(), submitted_at="2026-02-02T15:58:23.948203+00:00"
            ),
        )


def notebook_of(*cells):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def test_a_course_gets_pages_with_time_and_secret(known, graded):
    out = graded({"ada": 50, "bob": 30})
    hand_in(known, out, "ada", notebook_of(answer("cost")), secret=SECRET)

    lines = export(out, course_dir=known)

    place = known / "feedback" / "ada" / ID
    assert lines == [
        "2 students have a score in the gradebook",
        f"{known}: 2 pages in feedback, 1 notebooks in autograded",
    ]
    assert (place / f"{ID}.html").read_text() == "<p>ada</p>"
    assert (place / "timestamp.txt").read_text() == "2026-02-02 15:58:23.948203 UTC"
    assert (place / "submission_secret.txt").read_text() == SECRET
    assert (known / "autograded" / "ada" / ID / "submission_secret.txt").read_text() == SECRET
    assert sorted(p.name for p in (known / "feedback" / "bob" / ID).iterdir()) == [
        f"{ID}.html",
        "submission_secret.txt",
        "timestamp.txt",
    ]


def test_exporting_again_keeps_a_secret_that_was_drawn(known, graded):
    out = graded({"bob": 30})
    export(out, course_dir=known)
    secret = known / "feedback" / "bob" / ID / "submission_secret.txt"
    first = secret.read_text()

    export(out, course_dir=known)

    assert secret.read_text() == first
    assert len(first) == 128


def cells_shown(released, data, *, is_notebook=True):
    made = nbgrader_folders.autograded_notebook(data, released, is_notebook=is_notebook)
    notebook = nbformat.reads(made.decode(), as_version=4)
    nbformat.validate(notebook)
    return [(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source) for cell in notebook.cells]


@pytest.fixture
def released(course):
    return nbgrader_folders.Course(course, ID).released


def test_cells_that_were_changed_copied_or_invented_are_shown_as_they_count(released):
    cost, tests = written(answer("cost")), written(points("cost"))
    invented = {**cost, "metadata": {"nbgrader": {"grade_id": "mine", "points": 99}}}
    data = notebook_of(
        {**tests, "source": "pass"},
        {**cost, "source": "def cost(x):\n    return x"},
        {**cost, "source": "def cost(x):\n    return 2 * x"},
        {**invented, "source": ["y = 1\n", "z = 2"]},
        {"cell_type": "markdown", "source": "fit", "metadata": {"nbgrader": {"grade_id": "fit"}}},
        {"cell_type": "code", "source": 7, "metadata": "none"},
        {"cell_type": "heading", "source": "old"},
        "no cell",
    )

    assert cells_shown(released, data) == [
        ("cost-tests", 'check("cost")'),
        ("cost", "def cost(x):\n    return x"),
        (None, "def cost(x):\n    return 2 * x"),
        (None, "y = 1\nz = 2"),
        (None, "fit"),
        (None, ""),
        ("fit", "# This cell was missing from the submission."),
        ("fit-tests", 'check("fit")'),
    ]


MISSING = "# This cell was missing from the submission."


@pytest.mark.parametrize("data", [b"", b"no notebook", b"[]", b'{"cells": 3}', b"\xff\xfe"])
def test_what_is_no_notebook_is_shown_as_missing_cells(released, data):
    assert [text for _, text in cells_shown(released, data)] == [MISSING, 'check("cost")', MISSING, 'check("fit")']


def test_a_file_of_python_is_shown_as_one_cell(released):
    assert cells_shown(released, "x = 'ä'\ud800".encode("utf-8", "surrogatepass"), is_notebook=False)[0] == (
        None,
        "x = 'ä'\ufffd\ufffd\ufffd",
    )


def test_what_was_handed_in_again_is_not_shown_beside_the_old_score(known, graded):
    out = graded({"ada": 50})
    hand_in(known, out, "ada", notebook_of(answer("cost")))
    hand_in(known, out, "ada", notebook_of(answer("fit")), is_graded=False)

    lines = export(out, course_dir=known)

    assert lines[2:] == ["handed in again since, so grade again: ada"]
    assert not (known / "autograded").exists()


def test_a_link_in_place_of_a_submission_is_not_followed(known, graded, tmp_path):
    out = graded({"ada": 50})
    (tmp_path / "secret.txt").write_text("mine alone")
    hand_in(known, out, "ada", b"")
    for name in (f"{ID}.ipynb", "submission_secret.txt"):
        link = known / "submitted" / "ada" / ID / name
        link.unlink(missing_ok=True)
        link.symlink_to(tmp_path / "secret.txt")

    export(out, course_dir=known)

    texts = [p.read_text() for folder in ("feedback", "autograded") for p in (known / folder).rglob("*") if p.is_file()]
    assert texts
    assert not any("mine alone" in text for text in texts)


def test_a_course_whose_cells_the_gradebook_does_not_know_is_left_alone(course, graded):
    with pytest.raises(UsageError, match=f"run nbgrader generate_assignment {ID} --force"):
        export(graded({"ada": 50}), course_dir=course)

    assert not (course / "feedback").exists()
    assert dump(course / "gradebook.db") == ["BEGIN TRANSACTION;", "COMMIT;"]


def test_a_page_that_is_missing_keeps_the_scores_back(known, graded):
    out = graded({"ada": 50})
    (out / "feedback" / "ada.html").unlink()
    before = dump(known / "gradebook.db")

    with pytest.raises(UsageError, match=r"feedback/ada\.html is missing; write it by grader report"):
        export(out, course_dir=known)

    assert dump(known / "gradebook.db") == before


def test_a_folder_that_cannot_be_written_keeps_the_scores_back(known, graded):
    (known / "feedback").write_text("")
    before = dump(known / "gradebook.db")

    with pytest.raises(UsageError, match=r"cannot write .*/feedback/ada"):
        export(graded({"ada": 50}), course_dir=known)

    assert dump(known / "gradebook.db") == before


def test_the_settings_of_the_course_are_nbgraders(course, graded, tmp_path):
    (course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///{tmp_path}/elsewhere.db'\n"
        "c.CourseDirectory.course_id = 'dl'\nc.CourseDirectory.feedback_directory = 'pages'\n"
    )
    (course / "source" / ID / f"{ID}.ipynb").unlink()

    export(graded({"ada": 50}), course_dir=course)

    assert (course / "pages" / "ada" / ID / f"{ID}.html").is_file()
    with sqlite3.connect(tmp_path / "elsewhere.db") as connection:
        assert connection.execute("SELECT name, course_id FROM assignment").fetchall() == [(ID, "dl")]


@pytest.mark.parametrize(
    ("settings", "notebook", "sentence"),
    [
        ("c = 1 / 0", "{}", r"nbgrader_config\.py cannot be read: ZeroDivisionError: division by zero"),
        ("c = get_config()", "no JSON", rf"cannot read .*/source/{ID}/{ID}\.ipynb: "),
    ],
)
def test_a_course_that_cannot_be_read_is_told_in_a_sentence(course, graded, settings, notebook, sentence):
    (course / "nbgrader_config.py").write_text(settings)
    (course / "source" / ID / f"{ID}.ipynb").write_text(notebook)

    with pytest.raises(UsageError, match=sentence):
        export(graded({"ada": 50}), course_dir=course)


def test_a_course_that_is_not_there_is_told_in_a_sentence(graded, tmp_path):
    with pytest.raises(UsageError, match=r"no such folder: .*/nowhere; --course-dir names an nbgrader course"):
        export(graded({"ada": 50}), course_dir=tmp_path / "nowhere")


def test_a_name_that_is_no_folder_is_listed(known, graded):
    out = graded({"ada": 50, "b/../..": 3})

    lines = export(out, course_dir=known)

    assert lines[-1] == "no folder can have this name, so the page is in OUT only: b/../.."
    assert [p.name for p in (known / "feedback").iterdir()] == ["ada"]
