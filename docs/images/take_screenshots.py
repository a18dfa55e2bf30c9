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
EXERCISE = "affine_backward"  # what the learner lost points in: the top of the page has no pictures


def take(browser: Browser, address: str, target: Path) -> None:
    """Save what a window shows at `address` as `target`."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    tab = context.new_page()
    tab.goto(address)
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
        learner = (out / "feedback" / f"{options.student}.html").as_uri()
        take(browser, f"{learner}#{EXERCISE}", IMAGES / "learner-page.png")
        take(browser, (out / "index.html").as_uri(), IMAGES / "class-page.png")
        browser.close()


if __name__ == "__main__":
    main()
