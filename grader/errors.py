"""What can go wrong, sorted by whose fault it is.

GraderError                 ours or the caller's: never a score
├── UsageError              a wrong path, option or file of the course            exit 2
│   └── ManifestError       assignment.toml does not follow its schema            exit 2
├── SandboxUnavailable      this machine offers no safe sandbox                   exit 4
└── SandboxError            the sandbox itself broke; the submission is retried   exit 3

StudentError                the submission's: becomes an outcome with feedback
├── NotImplementedYet       the function is missing or still a stub               not_implemented
├── CallRaised              an exception came out of the student's function       raised
├── CallTimedOut            no answer before the deadline                         timed_out
├── OutOfMemory             the memory limit was reached                          out_of_memory
├── WorkerCrashed           the student's process ended or broke the protocol     crashed
├── BudgetSpent             the submission's total time is used up                not_run
├── BadReturn               the returned value is of a type that is not data      failed
└── CheckFailed             a check says that a returned value is wrong           failed
"""

from __future__ import annotations

from typing import Any, ClassVar

from grader.model import Feedback, Outcome, Picture


class GraderError(Exception):
    """Something of ours failed; the message says what was found, what was expected, where, and what to do."""

    exit_code: ClassVar[int] = 3


class UsageError(GraderError):
    """The caller can put this right: a path, an option, a file of the course."""

    exit_code: ClassVar[int] = 2


class ManifestError(UsageError):
    """An assignment.toml does not follow its schema; the message names file, key and allowed values."""


class SandboxUnavailable(GraderError):
    """No sandbox mode that was asked for works here; the message ends with the remedy."""

    exit_code: ClassVar[int] = 4


class SandboxError(GraderError):
    """The sandbox broke while it was in use (zygote died, spawn failed); retrying once is right."""


class StudentError(Exception):
    """What a submission did wrong; carries the feedback that its author will read."""

    outcome: ClassVar[Outcome] = Outcome.FAILED

    def __init__(self, *feedback: Feedback) -> None:
        super().__init__("; ".join(f.rationale for f in feedback))
        self.feedback = feedback

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickling: an exception is made again from its text otherwise."""
        return type(self), self.feedback, vars(self)


class NotImplementedYet(StudentError):
    """The function does not exist, or still raises NotImplementedError."""

    outcome = Outcome.NOT_IMPLEMENTED


class CallRaised(StudentError):
    """An exception left the student's function."""

    outcome = Outcome.RAISED

    def __init__(self, *feedback: Feedback, exception: str = "", line: int | None = None) -> None:
        super().__init__(*feedback)
        self.exception = exception  # the class name, e.g. "ValueError": tests of required exceptions look at it
        self.line = line


class CallTimedOut(StudentError):
    """The function did not answer before its deadline."""

    outcome = Outcome.TIMED_OUT


class OutOfMemory(StudentError):
    """The submission reached its memory limit."""

    outcome = Outcome.OUT_OF_MEMORY


class WorkerCrashed(StudentError):
    """The student's process ended in the middle of a call, or sent what is no answer."""

    outcome = Outcome.CRASHED


class BudgetSpent(StudentError):
    """All the time of this submission is used up, so the test did not run."""

    outcome = Outcome.NOT_RUN


class BadReturn(StudentError):
    """The function returned something that cannot cross the wall (a function, a module, an object array …)."""


class CheckFailed(StudentError, AssertionError):
    """A check found a wrong value. Also an AssertionError, so that pytest reports it as a failure.

    pictures: what it looks like; made in visible tests only.
    """

    def __init__(self, *feedback: Feedback, pictures: tuple[Picture, ...] = ()) -> None:
        super().__init__(*feedback)
        self.pictures = pictures
