"""Executors: where batches run. The seam is the standard library's `concurrent.futures.Executor`.

`hand_out` gives items to lanes in batches. A lane runs one batch at a time: a process of its own (`process_lanes`), or
a thread of some Dask worker (`dask_lanes`). Nothing is queued behind a batch that runs, so when a process dies it is
known which items it had, and a slow item keeps nobody waiting but those in its own batch; these come back when the
batch has spent its time.

    items ──batch──► lane ──► results of its first items
      ▲                ├────► the rest, when time is up: back to the front of the queue
      └────one by one──┴────► all of them, when the process died
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import Any, Protocol, TypeVar

from grader.errors import GraderError, UsageError

MOST_DEATHS = 3
DASK = "dask:"
_LARGEST_BATCH = 8  # small enough for a steady progress bar and for sharing slow items out
_BATCHES_LEFT = 4  # a lane: towards the end batches shrink, so that no lane is busy long after the others
_POLL_SECONDS = 1.0
_CONNECT_SECONDS = 10.0
_NO_WORKER_SECONDS = 60.0  # a batch system may need that long to replace a worker
_EXAMINATION_SECONDS = 120.0
_GOODBYE_SECONDS = 5.0

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Lanes(Protocol):
    """Where batches run side by side."""

    @property
    def count(self) -> int:
        """How many batches run at once; may change."""

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Run `function(*args)` in a free lane. Call it only while fewer than `count` are running."""

    def deaths(self, error: BaseException) -> int:
        """How many processes died under the task that ended with `error`; 0 when it ended by itself."""

    def check(self) -> None:
        """Raise GraderError when nothing that was submitted will ever end."""


def hand_out(
    lanes: Lanes,
    items: Sequence[_Item],
    function: Callable[..., list[_Result]],
    arguments: Callable[[list[_Item]], Any],
) -> Iterator[tuple[_Item, _Result | None]]:
    """Every item with its result, as they come; None for one under which its process died three times.

    function(*arguments(batch)) gives the results of the first items of the batch, at least one; the rest is handed out
    again. arguments: called in this process, when the batch is about to start.
    """
    waiting = deque(range(len(items)))
    # A process died under a batch with them. Each runs with nothing beside it: on a cluster, whatever waits at the
    # worker of another one dies with it.
    suspects: deque[int] = deque()
    alone: Future[list[_Result]] | None = None
    deaths: Counter[int] = Counter()
    running: dict[Future[list[_Result]], list[int]] = {}
    while waiting or suspects or running:
        if suspects and not running:
            suspect = suspects.popleft()
            alone = lanes.submit(function, *arguments([items[suspect]]))
            running[alone] = [suspect]
        while waiting and not suspects and alone not in running and len(running) < lanes.count:
            batch = _next_batch(waiting, lanes.count)
            running[lanes.submit(function, *arguments([items[i] for i in batch]))] = batch
        done, _ = wait(running, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
        if not done:
            lanes.check()
        for future in done:
            batch = running.pop(future)
            try:
                results = future.result()
            except (Exception, CancelledError) as error:
                died = lanes.deaths(error)
                if not died:
                    raise
                for i in batch:
                    # Where it was not alone it may have been another one's doing, however often it was tried.
                    deaths[i] += died if future is alone else 1
                    if deaths[i] < MOST_DEATHS:
                        suspects.append(i)
                    else:
                        yield items[i], None
                continue
            waiting.extendleft(reversed(batch[len(results) :]))
            for i, result in zip(batch, results, strict=False):
                yield items[i], result


def _next_batch(waiting: deque[int], lanes: int) -> list[int]:
    size = max(1, min(_LARGEST_BATCH, len(waiting) // (_BATCHES_LEFT * lanes)))
    return [waiting.popleft() for _ in range(size)]


class ProcessLanes:
    """Lanes that are processes; one that dies is replaced. See `process_lanes`."""

    def __init__(self, jobs: int) -> None:
        self._pools: list[tuple[Executor, ExitStack] | None] = [None] * jobs
        self._latest: list[Future[Any] | None] = [None] * jobs

    @property
    def count(self) -> int:
        """The number of jobs."""
        return len(self._pools)

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Run `function(*args)` in a process that is free, or a fresh one."""
        lane = next(i for i, latest in enumerate(self._latest) if latest is None or latest.done())
        try:
            future = self._executor(lane).submit(function, *args)
        except BrokenProcessPool:  # it died with or after its last batch
            self._close(lane)
            future = self._executor(lane).submit(function, *args)
        self._latest[lane] = future
        return future

    def deaths(self, error: BaseException) -> int:
        """1 when the process was killed or crashed."""
        return int(isinstance(error, BrokenProcessPool))

    def check(self) -> None:
        """Nothing to see: a process that ends is told by its future."""

    def close(self, *, kill: bool) -> None:
        """End all processes, those that work at something, too, with `kill`."""
        for lane in range(len(self._pools)):
            self._close(lane, KeyboardInterrupt() if kill else None)

    def _executor(self, lane: int) -> Executor:
        pool = self._pools[lane]
        if pool is None:
            stack = ExitStack()
            pool = self._pools[lane] = (stack.enter_context(process_pool(1)), stack)
        return pool[0]

    def _close(self, lane: int, error: BaseException | None = None) -> None:
        pool, self._pools[lane] = self._pools[lane], None
        if pool is not None:
            with suppress(KeyboardInterrupt):
                pool[1].__exit__(None if error is None else type(error), error, None)


@contextmanager
def process_lanes(jobs: int) -> Iterator[ProcessLanes]:
    """`jobs` lanes, each a process that starts with its first batch; gone when the block is left."""
    lanes = ProcessLanes(jobs)
    try:
        yield lanes
    except BaseException:
        lanes.close(kill=True)
        raise
    else:
        lanes.close(kill=False)


class DaskLanes:
    """Lanes that are threads of the workers of a Dask cluster. See `dask_lanes`."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self.executor = client.get_executor(pure=False)
        self._threads: Mapping[str, int] = {}
        self._asked = float("-inf")
        self._had_workers = time.monotonic()

    @property
    def count(self) -> int:
        """As many as there are threads just now, at least one: what waits starts when a worker comes."""
        if time.monotonic() - self._asked > _POLL_SECONDS:
            self._ask()
        return max(1, sum(self._threads.values()))

    @property
    def workers(self) -> list[str]:
        """Addresses of the workers."""
        self._ask()
        return sorted(self._threads)

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Run `function(*args)` on some worker; what `shared` gave is an argument like others."""
        future: Future[Any] = self.executor.submit(function, *args)
        return future

    def shared(self, data: bytes) -> Any:
        """`data` as an argument of many calls: each worker gets it once, also one that comes later.

        It is the result of a task, and not data laid down on some worker: Dask makes it again when that one dies.
        """
        return self._client.submit(bytes, data, pure=True)

    def deaths(self, error: BaseException) -> int:
        """How often the scheduler tried: a worker died each time. Raises GraderError when the scheduler is gone."""
        from distributed.scheduler import KilledWorker

        if isinstance(error, CancelledError):
            raise self._gone() from None
        return error.allowed_failures + 1 if isinstance(error, KilledWorker) else 0

    def check(self) -> None:
        """Raise GraderError when there has been no worker for a minute, or the scheduler does not answer."""
        self._ask()
        if time.monotonic() - self._had_workers > _NO_WORKER_SECONDS:
            raise GraderError(
                f"the Dask cluster at {self._address} has had no worker for {_NO_WORKER_SECONDS:.0f} s; finished "
                "records are kept, so start workers and run the same command again"
            )

    def on_every_worker(
        self, function: Callable[..., Any], *args: Any, seconds: float = _EXAMINATION_SECONDS
    ) -> dict[str, Any]:
        """What `function(*args)` gives on each worker, by address; an exception is given, not raised."""
        futures = {
            address: self.executor.submit(function, *args, workers=[address], allow_other_workers=False)
            for address in self.workers
        }
        wait(futures.values(), timeout=seconds)
        found: dict[str, Any] = {}
        for address, future in futures.items():
            if not future.done():
                future.cancel()
                found[address] = TimeoutError(f"no answer within {seconds:.0f} s")
            elif future.cancelled():
                found[address] = CancelledError("the connection was lost")
            else:
                found[address] = future.exception() or future.result()
        return found

    def _ask(self) -> None:
        try:
            self._threads = self._client.nthreads()
        except Exception as error:  # what Dask raises here depends on how the connection ended
            raise self._gone() from error
        self._asked = time.monotonic()
        if self._threads:
            self._had_workers = self._asked

    def _gone(self) -> GraderError:
        return GraderError(
            f"the Dask scheduler at {self._address} does not answer any more; finished records are kept, so start it "
            "and run the same command again"
        )


@contextmanager
def dask_lanes(address: str) -> Iterator[DaskLanes]:
    """The lanes of the Dask cluster whose scheduler is at `address`, tcp://HOST:PORT.

    What still runs there is cancelled when the block is left by an exception. Raises UsageError when `distributed` is
    not installed, or nobody answers, or there is no worker.
    """
    try:
        import distributed
    except ImportError as error:
        raise UsageError(f"--executor {DASK}… needs distributed: pip install 'grader[dask]' ({error})") from error
    connect: Any = distributed.Client  # which has no types
    try:
        client = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}; give --executor {DASK}tcp://HOST:PORT") from error
    try:
        lanes = DaskLanes(client, address)
        if not lanes.workers:
            raise UsageError(f"the Dask cluster at {address} has no workers; start some: dask worker {address}")
        yield lanes
    finally:
        with suppress(OSError, TimeoutError, RuntimeError):  # a scheduler that is gone cannot be told
            lanes.executor.shutdown(wait=False)
        client.close(timeout=_GOODBYE_SECONDS)


@contextmanager
def process_pool(jobs: int) -> Iterator[Executor]:
    """An executor with `jobs` processes, which is gone when the block is left, whatever leaves it.

    Processes are spawned, not forked: a fork would copy threads' locks and the parent's open files.
    Ctrl-C reaches the whole process group, and batch systems signal every process; the pool's processes leave it to
    this one to end them, and end themselves when it is killed.
    """
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_follow_the_parent
    )
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        ours = set(multiprocessing.active_children()) - others
        for process in ours:
            process.kill()
        for process in ours:
            process.join()
        raise
    else:
        executor.shutdown()


def _follow_the_parent() -> None:
    """Outlive no parent: without this a pool process waits for work for ever when the parent was killed."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            # A function and not SIG_IGN, which the sandbox would inherit: a submission would then be judged otherwise
            # than by a process alone.
            signal.signal(getattr(signal, name), _leave_it_to_the_parent)
    for library in ("OPENBLAS", "OMP", "MKL"):  # NumPy is not imported yet; a job is one core
        os.environ[f"{library}_NUM_THREADS"] = "1"
    threading.Thread(target=_end_with_parent, name="grader-parent", daemon=True).start()


def _leave_it_to_the_parent(number: int, frame: FrameType | None) -> None:
    """Do nothing."""


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # true in every process that was spawned
    parent.join()
    os._exit(1)  # no cleaning up: files are written whole or not at all, and the sandbox ends with this process
