"""What `grader validate` says of an assignment, made from the trials of `proving`."""

from __future__ import annotations

import statistics
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import as_completed
from functools import lru_cache
from pathlib import Path

import msgspec

from grader import manifest
from grader.checks.misconceptions import load_misconceptions
from grader.errors import ManifestError
from grader.executors import process_pool
from grader.model import Assignment, Outcome
from grader.validation.proving import Lost, Piece, Prover, Trial, mutants_of, seed, variants_of

EQUIVALENTS = "equivalent_mutants.toml"
SEEDS = 200
PERTURBATIONS = 40
LEAST_NAMED, LEAST_KILLED = 0.95, 0.98
_MOST_MISCONCEPTION_SEEDS = 3  # a wrong idea that is caught by luck with three sets of inputs would be rare luck
_SEEDS_A_PIECE, _MUTANTS_A_PIECE, _PERTURBATIONS_A_PIECE = 25, 20, 50


class Survivor(msgspec.Struct, frozen=True):
    """A mutant that no test fails. reason: why it is no fault, from equivalent_mutants.toml; None where nobody says."""

    exercise: str
    line: int
    change: str
    reason: str | None


class FalseName(msgspec.Struct, frozen=True):
    """A misconception that was named for `count` perturbed answers of an exercise, which come from no misconception."""

    exercise: str
    key: str
    count: int


class TestFigures(msgspec.Struct, frozen=True):
    """One test over all trials.

    seconds: median for the reference. largest_right, smallest_wrong: margins of right answers, and of wrong ones that
    it caught by a tolerance; None where no check of it has one.
    """

    __test__ = False

    test: str
    exercise: str
    seconds: float
    largest_right: float | None
    smallest_wrong: float | None


class Validation(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for one assignment. problems: what falls short, a sentence each; empty when all is proven.

    confusion: for a misconception the keys of others that were given for it. seeds: of reference and variants.
    perturbed: how many functions with perturbed answers were graded, all exercises together.
    seconds: what all of this took, or would have taken one process.
    """

    assignment: str
    problems: tuple[str, ...]
    seeds: int
    misconceptions: int
    caught: int
    named: int
    confusion: dict[str, dict[str, int]]
    perturbed: int
    falsely_named: tuple[FalseName, ...]
    variants: int
    false_failures: int
    mutants: int
    killed: int
    survivors: tuple[Survivor, ...]
    tests: tuple[TestFigures, ...]
    seconds: float = 0.0

    @property
    def is_proven(self) -> bool:
        return not self.problems


def validate(
    course: Path,
    ids: Sequence[str],
    *,
    seeds: int,
    jobs: int,
    on_done: Callable[[int, int], None],
    perturbations: int = PERTURBATIONS,
) -> list[Validation]:
    """The proofs of the assignments `ids`, in this order.

    seeds: how many for reference and variants. perturbations: how many an exercise. on_done: called with the pieces
    that are done, and all there are.
    Raises GraderError when grading itself fails, ManifestError when equivalent_mutants.toml is malformed.
    """
    assignments = [manifest.load(course, assignment_id) for assignment_id in ids]
    equivalents = {assignment.id: _equivalents(assignment) for assignment in assignments}
    pieces = [piece for assignment in assignments for piece in _pieces(course, assignment, seeds, perturbations)]
    trials: dict[str, list[Trial]] = {assignment.id: [] for assignment in assignments}
    seconds: dict[str, float] = {assignment.id: 0.0 for assignment in assignments}
    for number, (piece, (found, taken)) in enumerate(_proven(course, pieces, jobs), start=1):
        trials[piece.assignment] += found
        seconds[piece.assignment] += taken
        on_done(number, len(pieces))
    summaries = (_summary(a, trials[a.id], equivalents[a.id], seeds) for a in assignments)
    return [msgspec.structs.replace(one, seconds=round(seconds[one.assignment], 1)) for one in summaries]


def prove(course: Path, piece: Piece) -> tuple[list[Trial], float]:
    """The trials of one piece, in a prover that this process keeps, and the seconds that they took."""
    begin = time.monotonic()
    return _prover(course, piece.assignment).prove(piece), time.monotonic() - begin


@lru_cache(maxsize=16)
def _prover(course: Path, assignment_id: str) -> Prover:
    return Prover(course, assignment_id).__enter__()  # as long as the process; its sandbox ends with it


def _proven(course: Path, pieces: Sequence[Piece], jobs: int) -> Iterator[tuple[Piece, tuple[list[Trial], float]]]:
    if jobs == 1:
        for piece in pieces:
            yield piece, prove(course, piece)
        return
    with process_pool(jobs) as executor:
        futures = {executor.submit(prove, course, piece): piece for piece in pieces}
        for future in as_completed(futures):
            yield futures[future], future.result()


def _pieces(course: Path, assignment: Assignment, seeds: int, perturbations: int) -> Iterator[Piece]:
    all_seeds = [seed(number) for number in range(seeds)]
    few = tuple(all_seeds[:_MOST_MISCONCEPTION_SEEDS])
    yield Piece(assignment.id, "starter", seeds=few[:1])
    for name in ("", *(path.name for path in variants_of(course, assignment.id))):
        for begin in range(0, seeds, _SEEDS_A_PIECE):
            part = tuple(all_seeds[begin : begin + _SEEDS_A_PIECE])
            yield Piece(assignment.id, "variant" if name else "reference", name, part)
    for misconception in load_misconceptions(assignment.tests_folder / "misconceptions.py"):
        yield Piece(assignment.id, "misconception", misconception.key, few)
    count = len(mutants_of(assignment))
    for begin in range(0, count, _MUTANTS_A_PIECE):
        yield Piece(assignment.id, "mutants", numbers=tuple(range(begin, min(count, begin + _MUTANTS_A_PIECE))))
    for exercise in assignment.exercises:
        for begin in range(0, perturbations, _PERTURBATIONS_A_PIECE):
            numbers = tuple(range(begin, min(perturbations, begin + _PERTURBATIONS_A_PIECE)))
            yield Piece(assignment.id, "perturbations", exercise.name, numbers=numbers)


def _equivalents(assignment: Assignment) -> dict[tuple[str, str], str]:
    """Reasons by exercise and change. Raises ManifestError."""
    path = assignment.tests_folder / EQUIVALENTS
    if not path.is_file():
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]
        return {(entry["exercise"], entry["change"]): str(entry["reason"]) for entry in entries}
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ManifestError(
            f"{path}: should hold tables [[equivalent]] with exercise, change and reason "
            f"({type(error).__name__}: {error})"
        ) from None


def _summary(
    assignment: Assignment, trials: Sequence[Trial], equivalents: dict[tuple[str, str], str], seeds: int
) -> Validation:
    by_kind = {kind: [t for t in trials if t.kind == kind] for kind in _KINDS}
    misconceptions = _by_name(by_kind["misconception"])
    survivors = tuple(
        Survivor(t.exercise, t.line, t.name, equivalents.get((t.exercise, t.name)))
        for t in by_kind["mutant"]
        if not t.lost
    )
    right = [t for kind in ("reference", "variant") for t in by_kind[kind]]
    wrong = [t for kind in ("misconception", "mutant") for t in by_kind[kind]]
    killed = len(by_kind["mutant"]) - len(survivors)
    known = load_misconceptions(assignment.tests_folder / "misconceptions.py")
    falsely_named = tuple(_false_names(by_kind["perturbation"], {m.key for m in known}))
    named = [key for key, group in misconceptions.items() if all(_is_named(t) for t in group)]
    problems = [
        *_right_problems(right),
        *_starter_problems(by_kind["starter"]),
        *_misconception_problems(misconceptions, named),
        *_perturbation_problems(falsely_named),
        *_mutant_problems(len(by_kind["mutant"]), survivors, equivalents),
    ]
    return Validation(
        assignment=assignment.id,
        problems=tuple(problems),
        seeds=seeds,
        misconceptions=len(misconceptions),
        caught=sum(all(t.lost for t in group) for group in misconceptions.values()),
        named=len(named),
        confusion=_confusion(misconceptions),
        perturbed=len(by_kind["perturbation"]),
        falsely_named=falsely_named,
        variants=len(_by_name(by_kind["variant"])),
        false_failures=sum(bool(t.lost or t.helped) for t in right),
        mutants=len(by_kind["mutant"]),
        killed=killed,
        survivors=survivors,
        tests=tuple(_figures(right, wrong)),
    )


_KINDS = ("reference", "starter", "variant", "misconception", "perturbation", "mutant")


def _by_name(trials: Iterable[Trial]) -> dict[str, list[Trial]]:
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.name, []).append(trial)
    return groups


def _is_named(trial: Trial) -> bool:
    return any(trial.name in lost.keys for lost in trial.lost)


def _right_problems(right: Sequence[Trial]) -> Iterator[str]:
    failures = Counter((t.name, lost.test, lost.keys[:1]) for t in right for lost in t.lost)
    for (name, test, keys), count in failures.items():
        said = keys[0] if keys else "nothing"
        yield f"{name}, which is right, fails {test} with {count} of its seeds ({said})"
    for (name, test), count in Counter((t.name, test) for t in right for test in t.helped).items():
        yield f"{name}, which is right, passes {test} with {count} of its seeds only when other exercises are replaced"


def _starter_problems(trials: Sequence[Trial]) -> Iterator[str]:
    for trial in trials:
        if trial.score:
            yield f"the starter code gets {trial.score:g} points, and should get none"
        for lost in trial.lost:
            if lost.outcome is not Outcome.NOT_IMPLEMENTED or lost.keys != ("stub",):
                found = f"{lost.outcome} {', '.join(lost.keys)}"
                yield f"{lost.test} should find a stub in the starter code, and finds: {found}"


def _misconception_problems(groups: dict[str, list[Trial]], named: Sequence[str]) -> Iterator[str]:
    for key, trials in groups.items():
        exercise = trials[0].exercise
        if not all(t.lost for t in trials):
            yield f"the misconception {key} of {exercise} is not caught"
        if elsewhere := sorted({lost.exercise for t in trials for lost in t.lost} - {exercise}):
            yield f"the misconception {key} of {exercise} costs points in {', '.join(elsewhere)}, too"
    if groups and len(named) < LEAST_NAMED * len(groups):
        unnamed = sorted(set(groups) - set(named))
        yield f"{len(unnamed)} of {len(groups)} misconceptions are not named: {', '.join(unnamed)}"


def _false_names(trials: Sequence[Trial], keys: Set[str]) -> Iterator[FalseName]:
    """keys: of all misconceptions. One that is named by several tests of an answer is counted once for it."""
    given = Counter((t.exercise, key) for t in trials for key in {k for lost in t.lost for k in lost.keys} & keys)
    for (exercise, key), count in sorted(given.items()):
        yield FalseName(exercise, key, count)


def _perturbation_problems(falsely_named: Sequence[FalseName]) -> Iterator[str]:
    for found in falsely_named:
        yield f"the misconception {found.key} is named for {found.count} perturbed answers of {found.exercise}"


def _mutant_problems(
    count: int, survivors: Sequence[Survivor], equivalents: dict[tuple[str, str], str]
) -> Iterator[str]:
    unexplained = [s for s in survivors if s.reason is None]
    for survivor in unexplained:
        yield f"no test fails when line {survivor.line} ({survivor.exercise}) is changed: {survivor.change}"
    if count and len(unexplained) > (1 - LEAST_KILLED) * count:
        yield f"{len(unexplained)} of {count} mutants survive; at most {1 - LEAST_KILLED:.0%} may"
    survived = {(s.exercise, s.change) for s in survivors}
    for exercise, change in equivalents.keys() - survived:
        yield f"{EQUIVALENTS} explains {change} in {exercise}, which is no mutant that survives; remove the entry"


def _confusion(groups: dict[str, list[Trial]]) -> dict[str, dict[str, int]]:
    """For every misconception, how often the name of another one was given for it."""
    found = {}
    for key, trials in groups.items():
        others = Counter(k for t in trials for lost in t.lost for k in lost.keys if k in groups and k != key)
        if others:
            found[key] = dict(others)
    return found


def _figures(right: Sequence[Trial], wrong: Sequence[Trial]) -> Iterator[TestFigures]:
    exercises: dict[str, str] = {}
    caught: dict[str, list[Lost]] = {}
    for lost in (lost for trial in wrong for lost in trial.lost):
        exercises[lost.test] = lost.exercise
        caught.setdefault(lost.test, []).append(lost)
    for test in dict.fromkeys(test for trial in right for test in trial.seconds):
        margins = [trial.margins[test] for trial in right if test in trial.margins]
        failing = [lost.margin for lost in caught.get(test, []) if lost.margin is not None and lost.margin > 1]
        seconds = [trial.seconds[test] for trial in right if trial.kind == "reference"]
        yield TestFigures(
            test=test,
            exercise=exercises.get(test, ""),
            seconds=statistics.median(seconds) if seconds else 0.0,
            largest_right=max(margins, default=None),
            smallest_wrong=min(failing, default=None),
        )
