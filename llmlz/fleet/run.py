"""Does the same work for many names, a few at a time, and leaves nothing running.

Owns: how many are worked on at once, what is told of each, and the end after Ctrl-C.
Does not own: the work. It knows neither stacks nor the engine.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome(Generic[T]):
    """The end of the work for one name."""

    name: str
    """The name that was worked on."""

    seconds: float
    """Wall time of its work, waiting for a worker not included."""

    result: T | None = field(default=None)
    """What the work gave; nothing where it failed."""

    error: Exception | None = field(default=None)
    """Why it failed; nothing where it did not."""


def run(
    names: Iterable[str], work: Callable[[str], T], *, workers: int, stop: Callable[[], None]
) -> Iterator[Outcome[T]]:
    """The outcome of every name, in the order in which they end; one that fails stops no other.

    Names are taken when a worker is free, and never more than ``workers`` outcomes wait for the caller: memory does not
    grow with their number. ``stop`` is called when the caller leaves early, also by Ctrl-C, and should make running
    work end soon; this returns when it has. A second Ctrl-C calls ``stop`` again. Raises ``ValueError`` without a
    worker.
    """
    if workers < 1:
        raise ValueError(f"{workers} workers: expected at least one")
    return _run(iter(names), work, workers, stop)


def _run(
    names: Iterator[str], work: Callable[[str], T], workers: int, stop: Callable[[], None]
) -> Iterator[Outcome[T]]:
    running: set[Future[Outcome[T]]] = set()
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="fleet") as pool:
        try:
            while True:
                running |= {pool.submit(_one, name, work) for name in islice(names, workers - len(running))}
                if not running:
                    return
                ended = next(iter(wait(running, return_when=FIRST_COMPLETED).done))
                running.remove(ended)
                running |= {
                    pool.submit(_one, name, work) for name in islice(names, 1)
                }  # no worker waits for the caller
                yield ended.result()
        except BaseException:  # also the caller's leaving; work may run that was not put down yet
            _end(running, stop)
            raise


def _one(name: str, work: Callable[[str], T]) -> Outcome[T]:
    started = time.monotonic()
    try:
        result = work(name)
    except Exception as error:  # told, not hidden: the other names go on
        return Outcome(name=name, seconds=time.monotonic() - started, error=error)
    return Outcome(name=name, seconds=time.monotonic() - started, result=result)


def _end(running: set[Future[Outcome[T]]], stop: Callable[[], None]) -> None:
    try:
        stop()
        wait(running)  # not for the threads: Python 3.11 takes one for ended when Ctrl-C interrupts joining it
    except KeyboardInterrupt:
        stop()
        wait(running)
        raise
