"""One submission as Gradescope runs it: a process with unittest and the runner of gradescope-utils.

python with_gradescope.py FILE.py RESULTS.json
"""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

import peer_checks
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


def main() -> None:
    """Run all tests on one file."""
    namespace = peer_checks.load(Path(sys.argv[1]))

    def method(name):
        @weight(1)
        def test(self):
            """One hidden test."""
            peer_checks.run(name, namespace)

        return test

    methods = {f"test_{name}": method(name) for name in peer_checks.tests()}
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(type("Hidden", (unittest.TestCase,), methods))
    with open(sys.argv[2], "w", encoding="utf-8") as results:
        JSONTestRunner(visibility="visible", stream=results).run(suite)


if __name__ == "__main__":
    main()
