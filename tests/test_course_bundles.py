"""Course files travel whole, and nothing in a bundle is written outside of its folder."""

import io
import tarfile

import pytest

from grader import manifest
from grader.course_bundles import pack, unpack
from grader.errors import GraderError


def archive_of(name, *, kind=tarfile.REGTYPE):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.type = kind
        member.size = 3 if kind == tarfile.REGTYPE else 0
        member.linkname = "/etc/passwd"
        archive.addfile(member, io.BytesIO(b"abc"))
    return packed.getvalue()


def test_what_was_packed_is_there_again(course, tmp_path):
    assignment = manifest.load(course, "small")

    unpack(pack(assignment), tmp_path / "worker", assignment)

    there = {p.relative_to(tmp_path / "worker"): p.read_bytes() for p in (tmp_path / "worker").rglob("*.py")}
    here = {p.relative_to(course): p.read_bytes() for p in course.rglob("*.py") if "assignments" not in p.parts}
    assert there == here != {}


@pytest.mark.parametrize("name", ["../outside.py", "/outside.py", "a/../../outside.py"])
def test_a_place_that_leads_out_is_refused(course, tmp_path, name):
    with pytest.raises(GraderError, match="leads out of the course"):
        unpack(archive_of(name), tmp_path / "worker", manifest.load(course, "small"))

    assert not (tmp_path / "outside.py").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_link_or_a_device_is_refused(course, tmp_path, kind):
    with pytest.raises(GraderError, match="no ordinary file"):
        unpack(archive_of("solutions/x", kind=kind), tmp_path / "worker", manifest.load(course, "small"))


def test_other_files_than_those_that_were_asked_for_are_refused(course, tmp_path):
    with pytest.raises(GraderError, match="arrived with the digest"):
        unpack(archive_of("solutions/small/x.py"), tmp_path / "worker", manifest.load(course, "small"))
