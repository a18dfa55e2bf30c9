"""`grader check --watch`: a verdict for every save, whatever was saved."""

import queue
import shutil
import threading
import time
from pathlib import Path

import pytest

from grader import manifest
from grader.errors import UsageError
from grader.release import starter
from grader.watching import watch

RIGHT = "def double(x):\n    return 2 * x\n\n\ndef add(x, y):\n    return x + y\n"


@pytest.fixture
def hand_out(course, tmp_path):
    """The starter folder of the small course, alone in a folder of its own."""
    starter.build(manifest.load(course, "small"))
    folder = tmp_path / "elsewhere" / "small"
    shutil.copytree(course / "assignments" / "small", folder)
    return folder


class Watched:
    """A watch that runs in a thread, and its verdicts."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "small.py"
        self.verdicts = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        for verdict in watch(self.file):
            self.verdicts.put(verdict)

    def next(self):
        return self.verdicts.get(timeout=30)

    def next_after(self, text):
        """The verdict on `text`; a save may show as two changes."""
        self.file.write_text(text)
        verdict = self.next()
        while True:
            try:
                verdict = self.verdicts.get(timeout=0.5)
            except queue.Empty:
                return verdict


def test_every_save_is_judged(hand_out):
    watched = Watched(hand_out)

    assert watched.next().score == 0
    time.sleep(0.3)  # until the operating system watches the folder
    assert watched.next_after(RIGHT).score == watched.next_after(RIGHT + "\n").score > 0
    assert watched.next_after(RIGHT.replace("2 *", "3 *")).score < watched.next_after(RIGHT).score


def test_syntax_errors_endless_loops_and_deleted_files_are_survived(hand_out):
    (hand_out / "assignment.toml").write_text(
        (hand_out / "assignment.toml").read_text().replace("call_wall_seconds = 1.0", "call_wall_seconds = 0.3")
    )
    watched = Watched(hand_out)
    watched.next()
    time.sleep(0.3)

    broken = watched.next_after(RIGHT.replace("return 2 * x", "return (2 * x"))
    assert 0 < broken.score < broken.max_score
    hanging = watched.next_after(RIGHT.replace("return 2 * x", "while True: pass"))
    assert "timed_out" in {test.outcome for exercise in hanging.exercises for test in exercise.tests}
    watched.file.unlink()
    assert isinstance(watched.next(), UsageError)
    assert watched.next_after(RIGHT).score > broken.score
