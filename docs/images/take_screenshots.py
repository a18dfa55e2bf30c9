"""Pictures of a learner's page and of the page of a class for README.md, taken with Chromium.

    python docs/images/take_screenshots.py [--out OUT] [--student blaise]

OUT holds results of deep_network; by default the demo class is graded. Writes docs/images/learner-page.png and
class-page.png.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1100, 1100


def take(browser: Browser, page: Path, target: Path) -> None:
    """Save what a window shows of `page` as `target`."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.screenshot(path=target)
    context.close()


def graded_demo(folder: Path) -> Path:
    """OUT of the demo class, in `folder`."""
    out = folder / "demo"
    command = [sys.executable, "-m", "grader", "demo", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--student", default="blaise")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("there is no Chromium: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        out = options.out.resolve() if options.out else graded_demo(Path(name))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        pages = {"learner-page": out / "feedback" / f"{options.student}.html", "class-page": out / "index.html"}
        for title, page in pages.items():
            take(browser, page, IMAGES / f"{title}.png")
        browser.close()


if __name__ == "__main__":
    main()
