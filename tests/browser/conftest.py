"""Pages in Chromium: graded once for all of these tests, and opened so that nothing gets out of the page."""

import os
import shutil
import tempfile
from pathlib import Path

import msgspec
import pytest

from grader import batch, classroom, manifest, records, submissions
from grader.model import SandboxMode
from grader.out_folder import prepare_out
from grader.reporters import class_page, dashboard

ROOT = Path(__file__).resolve().parents[2]
STUDENTS = ("ada", "blaise", "emmy", "mallory", "niels", "untouched")
TITLE = "A deep network, layer by layer"


@pytest.fixture(scope="session")
def out(tmp_path_factory):
    """OUT of a part of the demo class."""
    folder = tmp_path_factory.mktemp("browser")
    for student in STUDENTS:
        shutil.copytree(ROOT / "examples" / "class" / student, folder / "class" / student)
    plan = batch.Plan(manifest.load(ROOT, "deep_network"), b"browser", SandboxMode.FULL)
    with prepare_out(folder / "out"):
        batch.grade_class(plan, submissions.find(folder / "class", "deep_network"), folder / "out")
        classroom.write_overview(plan.assignment, folder / "out")
    return folder / "out"


@pytest.fixture(scope="session")
def make_class(out, tmp_path_factory):
    """Makes the page of a class of that many students, who handed in what the demo class did; gives its path."""
    graded = list(records.iterate(out))

    def make(count, *, is_interactive=False, name=lambda i: f"student-{i:05d}"):
        def one(i):
            record = graded[i % len(graded)]
            facts = msgspec.structs.replace(record.submission, sha256=f"{i:064x}", normalized_sha256="")
            return msgspec.structs.replace(record, student=name(i), submission=facts)

        exercises = [exercise.exercise for exercise in graded[0].exercises]
        charts = dashboard.charts(exercises) if is_interactive else None
        path = tmp_path_factory.mktemp("class") / "index.html"
        path.write_text(class_page.render(map(one, range(count)), title=TITLE, charts=charts), encoding="utf-8")
        return path

    return make


@pytest.fixture(scope="module")
def chromium():
    """The browser. One for each module: where Playwright runs, other tests of this process cannot use asyncio."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install '.[test]'")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    # Its own sandbox does not work for root, and the pages are ours.
    options = ["--no-sandbox"] if not hasattr(os, "geteuid") or os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Opens a file in a page of its own. In the end, nothing may have been asked for or complained about."""
    contexts, troubles = [], []

    def open_file(path, *, width=1280, **options):
        options = {"viewport": {"width": width, "height": 900}, "accept_downloads": True, **options}
        context = chromium.new_context(**options)
        contexts.append(context)

        def judge(route):
            url = route.request.url
            if url == path.as_uri():
                route.continue_()
            else:
                troubles.append(f"asked for {url}")
                route.abort()

        context.route("**/*", judge)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"raised {error}"))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.goto(path.as_uri())
        return page

    yield open_file

    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def violations(chromium):
    """What axe-core objects to in a page, as lines."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def find(page):
        found = axe.run(page).response["violations"]
        return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]

    return find


@pytest.fixture
def has_sideways_scroll():
    """Whether a page is wider than its window."""
    return lambda page: page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.fixture
def download(tmp_path):
    """The text of what a click saves, and the name that it gets."""

    def save(page, locator):
        with page.expect_download() as waiting:
            locator.click()
        path = Path(tempfile.mkdtemp(dir=tmp_path)) / "saved"
        waiting.value.save_as(path)
        return waiting.value.suggested_filename, path.read_text(encoding="utf-8")

    return save
