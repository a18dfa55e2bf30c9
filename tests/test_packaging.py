import hashlib
import hmac
import json
import os
import shutil
import zipfile
from fractions import Fraction

import pytest

from grader import packaging, records
from grader.errors import UsageError
from grader.model import SandboxMode, Status, SubmissionResult
from grader.packaging import Signature

FILES = [
    "feedback/ada.html",
    "feedback/ada.md",
    "feedback/bob.html",
    "feedback/bob.md",
    "gradebook.csv",
    "index.html",
    "records/ada.json",
    "records/bob.json",
]


def make_result(student):
    return SubmissionResult(
        assignment="activations",
        student=student,
        status=Status.GRADED,
        exercises=(),
        max_score=Fraction(10),
        file_name="activations.py",
        sha256="ab12",
        submitted_at=None,
        suite_sha256="",
        seed="5eed",
        sandbox=SandboxMode.FULL,
        environment={},
        error="for the instructor",
    )


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "results"
    (folder / "records").mkdir(parents=True)
    (folder / "feedback").mkdir()
    for student in ("bob", "ada"):
        records.write(folder, make_result(student))
        for suffix in (".html", ".md"):
            (folder / "feedback" / f"{student}{suffix}").write_text(f"{student}{suffix}")
    (folder / "gradebook.csv").write_text("student\nada\nbob\n")
    (folder / "index.html").write_text("<html>")
    (folder / ".grader-lock").write_text("")
    (folder / "notes.txt").write_text("mine")
    return folder


@pytest.fixture
def package(out):
    return packaging.package(out, key="secret")[0]


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def rewrite(path, change):
    """Make the zip anew with the files that `change` leaves of the old ones."""
    files = contents(path)
    change(files)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)


def manifest_for(files):
    entries = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]
    return json.dumps({"schema": 1, "grader": "0", "files": entries}).encode()


def test_a_package_holds_the_results_and_nothing_else(out):
    paths = packaging.package(out)

    assert paths == [out.parent / "results.zip"]
    assert list(contents(paths[0])) == [*FILES, "manifest.json"]
    assert all(contents(paths[0])[name] == (out / name).read_bytes() for name in FILES)


def test_the_manifest_lists_sums_and_sizes_and_is_signed(package):
    files = contents(package)
    manifest = json.loads(files["manifest.json"])

    assert [entry["name"] for entry in manifest["files"]] == FILES
    assert manifest["files"][4] == {
        "name": "gradebook.csv",
        "bytes": 16,
        "sha256": hashlib.sha256(b"student\nada\nbob\n").hexdigest(),
    }
    expected = hmac.new(b"secret", files["manifest.json"], "sha256").hexdigest()
    assert files["manifest.hmac"].decode().strip() == expected


def test_equal_results_give_equal_bytes(out, tmp_path):
    first = packaging.package(out, tmp_path / "first.zip", key="k")[0].read_bytes()
    copy = tmp_path / "elsewhere" / "results"
    shutil.copytree(out, copy)
    os.utime(copy / "gradebook.csv", (1, 1))
    (copy / "gradebook.csv").chmod(0o600)

    second = packaging.package(copy, tmp_path / "second.zip", key="k")[0].read_bytes()

    assert first == second


def test_a_package_is_intact_with_and_without_its_key(package):
    assert packaging.verify(package, key="secret").signature is Signature.VALID
    assert packaging.verify(package, key="secret").is_intact
    assert packaging.verify(package).signature is Signature.NOT_CHECKED
    assert packaging.verify(package).is_intact
    assert packaging.verify(package).files == len(FILES)
    assert "is intact: 8 files as grader" in packaging.verify(package, key="secret").describe()


def test_another_key_is_noticed(package):
    verification = packaging.verify(package, key="guess")

    assert not verification.is_intact
    assert verification.signature is Signature.INVALID
    assert "the signature is not valid" in verification.describe()


def test_an_unsigned_package_proves_nothing_to_who_has_a_key(out):
    path = packaging.package(out)[0]

    assert packaging.verify(path).is_intact
    assert packaging.verify(path).signature is Signature.ABSENT
    assert not packaging.verify(path, key="secret").is_intact


def test_a_changed_a_missing_and_an_added_file_are_named(package):
    def change(files):
        files["gradebook.csv"] += b"eve,100\n"
        files["records/ada.json"] = files["records/ada.json"].replace(b'"score": 0', b'"score": 9')
        del files["feedback/bob.md"]
        files["feedback/eve.md"] = b"x"

    rewrite(package, change)

    for key in ("secret", None):
        verification = packaging.verify(package, key=key)
        assert not verification.is_intact
        assert verification.changed == ("gradebook.csv", "records/ada.json")
        assert verification.missing == ("feedback/bob.md",)
        assert verification.extra == ("feedback/eve.md",)
    lines = verification.describe().splitlines()
    assert "NOT as it was packed" in lines[0]
    assert [line.strip() for line in lines[2:]] == [
        "changed: gradebook.csv",
        "changed: records/ada.json",
        "missing: feedback/bob.md",
        "added: feedback/eve.md",
    ]


def test_a_change_with_a_manifest_to_match_is_noticed_with_the_key(package):
    def change(files):
        files["gradebook.csv"] += b"eve,100\n"
        files["manifest.json"] = manifest_for({name: files[name] for name in FILES})

    rewrite(package, change)

    assert packaging.verify(package).is_intact
    assert not packaging.verify(package, key="secret").is_intact


def test_a_signature_that_was_taken_away_is_noticed_with_the_key(package):
    rewrite(package, lambda files: files.pop("manifest.hmac"))

    assert not packaging.verify(package, key="secret").is_intact
    assert packaging.verify(package, key="secret").signature is Signature.ABSENT


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 1_000_000])
def test_a_signature_that_is_none_is_invalid(package, content):
    rewrite(package, lambda files: files.update({"manifest.hmac": content}))

    assert packaging.verify(package, key="secret").signature is Signature.INVALID


def test_every_bit_of_a_package_counts_or_is_no_content(package):
    data = package.read_bytes()
    before = contents(package)

    for position in range(0, len(data), 61):
        package.write_bytes(data[:position] + bytes([data[position] ^ 0x10]) + data[position + 1 :])
        if packaging.verify(package, key="secret").is_intact:
            assert before == contents(package)


def test_a_package_cut_short_is_broken(package):
    data = package.read_bytes()
    for length in range(0, len(data) - 1, 97):
        package.write_bytes(data[:length])

        verification = packaging.verify(package, key="secret")

        assert not verification.is_intact
        assert "no zip file, or a damaged one" in verification.problems[0]


@pytest.mark.parametrize(
    ("manifest", "problem"),
    [
        (None, "it holds no manifest.json"),
        (b"{", "its manifest.json cannot be understood"),
        (b"\xff", "its manifest.json cannot be understood"),
        (b'{"schema": 2, "grader": "9", "files": []}', "its manifest.json has schema 2"),
        (b'{"schema": 1, "grader": "9", "files": [], "x": 1}', "its manifest.json cannot be understood"),
        (
            b'{"schema": 1, "grader": "9", "files": ['
            + b",".join([b'{"name": "a", "bytes": 1, "sha256": ""}'] * 2)
            + b"]}",
            "its manifest.json lists a file twice",
        ),
    ],
)
def test_a_zip_without_a_proper_manifest_is_no_package(package, manifest, problem):
    def change(files):
        del files["manifest.json"]
        if manifest is not None:
            files["manifest.json"] = manifest

    rewrite(package, change)

    verification = packaging.verify(package)
    assert not verification.is_intact
    assert problem in verification.problems[0]
    assert problem in verification.describe()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_occurs_twice_is_refused(package):
    with zipfile.ZipFile(package, "a") as archive:
        info = zipfile.ZipInfo("gradebook.csv")
        info.external_attr = 0o100644 << 16
        archive.writestr(info, "student,score\n")

    assert packaging.verify(package, key="secret").problems == ("two files have the name gradebook.csv",)


@pytest.mark.parametrize("name", ["../evil.py", "/etc/cron.d/evil", "a//b", "a\\..\\..\\b"])
def test_a_name_that_leads_out_is_refused(package, name):
    rewrite(package, lambda files: files.update({name: b"x"}))

    assert "is not that of a file below the package" in packaging.verify(package).problems[0]


def test_a_link_in_a_package_is_refused(package):
    with zipfile.ZipFile(package, "a") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")

    assert packaging.verify(package).problems == ("link is not an ordinary file",)


def test_a_comment_is_refused(package):
    with zipfile.ZipFile(package, "a") as archive:
        archive.comment = b"hello"

    assert packaging.verify(package).problems == ("the zip has a comment",)


def test_a_bomb_is_refused_before_it_is_unpacked(package, monkeypatch):
    monkeypatch.setattr(packaging, "_MOST_BYTES", 1_000_000)
    rewrite(package, lambda files: files.update({"index.html": b"\0" * 1_000_000}))

    assert packaging.verify(package).problems == ("it would unpack to far more than any package",)


def test_a_large_manifest_is_refused(package, monkeypatch):
    monkeypatch.setattr(packaging, "_LARGEST_MANIFEST_BYTES", 100)

    assert "manifest.json is too large" in packaging.verify(package).problems[0]


def test_a_password_is_refused(package):
    data = bytearray(package.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    package.write_bytes(data)

    assert packaging.verify(package).problems == ("feedback/ada.html is protected by a password",)


def test_a_hostile_name_stays_on_its_line(package):
    rewrite(package, lambda files: files.update({"a\nx.zip is intact": b""}))

    assert packaging.verify(package).extra == ("a\\x0Ax.zip is intact",)


def test_each_student_gets_a_package_of_their_own(out):
    paths = packaging.package(out, per_student=True, key="secret")

    assert paths == [out.parent / "results-students" / "ada.zip", out.parent / "results-students" / "bob.zip"]
    files = contents(paths[0])
    assert list(files) == ["feedback.html", "feedback.md", "record.json", "manifest.json", "manifest.hmac"]
    assert files["feedback.html"] == b"ada.html"
    assert packaging.verify(paths[0], key="secret").is_intact


def test_a_student_does_not_get_what_is_for_the_instructor(out):
    for path in packaging.package(out, out.parent / "hand back", per_student=True):
        text = contents(path)["record.json"]
        assert b"5eed" not in text
        assert b"for the instructor" not in text
        assert path.stem.encode() in text


@pytest.mark.parametrize("name", ["gradebook.csv", "feedback/ada.html", "records"])
def test_incomplete_results_are_not_packed(out, name):
    path = out / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()

    with pytest.raises(UsageError, match=r"is missing; finish grading|holds no records"):
        packaging.package(out, per_student=name.startswith("feedback"))

    assert not (out.parent / "results.zip").exists()


def test_results_without_a_feedback_folder_are_not_packed(out):
    shutil.rmtree(out / "feedback")

    with pytest.raises(UsageError, match=r"cannot read .*feedback"):
        packaging.package(out)


def test_a_link_among_the_results_is_not_packed(out):
    (out / "index.html").unlink()
    (out / "index.html").symlink_to("/etc/passwd")

    with pytest.raises(UsageError, match=r"cannot pack .*index.html is a link"):
        packaging.package(out)


def test_results_without_an_index_are_packed(out):
    (out / "index.html").unlink()

    assert "index.html" not in contents(packaging.package(out)[0])


def test_a_broken_record_is_not_handed_back(out):
    (out / "records" / "ada.json").write_text("{")

    with pytest.raises(UsageError, match=r"ada\.json is no record"):
        packaging.package(out, per_student=True)


def test_a_package_that_cannot_be_written_is_an_error(out):
    with pytest.raises(UsageError, match=r"cannot write .*No such file or directory"):
        packaging.package(out, out.parent / "nowhere" / "x.zip")
    with pytest.raises(UsageError, match=r"cannot write .*File exists"):
        packaging.package(out, out / "notes.txt", per_student=True)


@pytest.mark.parametrize("key", ["", " \n"])
def test_an_empty_key_is_refused(out, key):
    with pytest.raises(UsageError, match="the key is empty"):
        packaging.package(out, key=key)
    with pytest.raises(UsageError, match="the key is empty"):
        packaging.verify(out.parent / "results.zip", key=key)


def test_no_such_package_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read .*x\.zip: No such file"):
        packaging.verify(tmp_path / "x.zip")
