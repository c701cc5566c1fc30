"""Work on many names: bounded, told one by one, and ended when the caller leaves."""

import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from llmlz.fleet.run import run

NAMES = [f"n{number}" for number in range(20)]


class Work:
    """Work that counts how many do it at once, and can be held up until it is stopped."""

    def __init__(self, *, held: bool = False) -> None:
        self.lock, self.stopped = threading.Lock(), threading.Event()
        self.held, self.now, self.most, self.stops = held, 0, 0, 0
        self.begun: list[str] = []

    def __call__(self, name: str) -> str:
        with self.lock:
            self.begun.append(name)
            self.now += 1
            self.most = max(self.most, self.now)
        self.stopped.wait(30 if self.held else 0.005)
        with self.lock:
            self.now -= 1
        if name == "n3":
            raise RuntimeError("n3 is broken")
        return name.upper()

    def stop(self) -> None:
        """Let everybody go."""
        self.stops += 1
        self.stopped.set()


@pytest.fixture
def ctrl_c_soon() -> Iterator[Callable[[Callable[[], bool], Callable[[], bool]], None]]:
    """Sends Ctrl-C to the main thread once it is ``ready``, until it is ``heard``, and never after the test.

    To the thread: a signal to the process may go to a thread that works, and then nobody who waits is woken. Python
    swallows one that falls into a clean-up of its own, so a person would press the keys again, and so does this.
    """
    main, senders, ended = threading.main_thread().ident, list[threading.Thread](), threading.Event()
    assert main is not None

    def send(ready: Callable[[], bool], heard: Callable[[], bool]) -> None:
        while not ready():
            if ended.wait(0.05):
                return
        ended.wait(0.3)
        while not heard() and not ended.is_set():
            signal.pthread_kill(main, signal.SIGINT)
            ended.wait(2)

    def soon(ready: Callable[[], bool], heard: Callable[[], bool]) -> None:
        senders.append(threading.Thread(target=send, args=(ready, heard)))
        senders[-1].start()

    yield soon
    ended.set()
    for sender in senders:
        sender.join()


def nothing_left() -> bool:
    """No worker thread lives."""
    return not [thread for thread in threading.enumerate() if thread.name.startswith("fleet")]


def test_every_name_has_one_outcome_and_a_failure_stops_no_other() -> None:
    """Results and the one error are told; nothing is stopped when everything ended by itself."""
    work = Work()
    outcomes = {outcome.name: outcome for outcome in run(NAMES, work, workers=3, stop=work.stop)}
    assert sorted(outcomes) == sorted(NAMES)
    assert str(outcomes.pop("n3").error) == "n3 is broken"
    assert {name: outcome.result for name, outcome in outcomes.items()} == {name: name.upper() for name in outcomes}
    assert all(outcome.seconds > 0 for outcome in outcomes.values())
    assert (work.stops, nothing_left()) == (0, True)


@pytest.mark.parametrize("workers", [1, 3])
def test_never_more_at_once_than_there_are_workers(workers: int) -> None:
    """And all of them are used."""
    work = Work()
    assert len(list(run(NAMES, work, workers=workers, stop=work.stop))) == len(NAMES)
    assert work.most == workers


def test_a_caller_who_takes_nothing_keeps_nothing_going() -> None:
    """Names without end are no trouble: they are taken as outcomes are."""

    def endless() -> Iterator[str]:
        number = 0
        while True:
            yield f"e{number}"
            number += 1

    work = Work()
    outcomes = run(endless(), work, workers=2, stop=work.stop)
    assert [next(outcomes).result is not None for _ in range(5)] == [True] * 5
    time.sleep(0.1)
    assert len(work.begun) <= 5 + 2
    outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert nothing_left()


def test_a_caller_who_leaves_early_ends_what_runs() -> None:
    """What was begun is stopped and awaited, and nothing else is begun."""
    work = Work(held=True)
    threading.Timer(0.1, work.stopped.set).start()
    outcomes = run(NAMES, work, workers=2, stop=work.stop)
    assert next(outcomes).result is not None
    work.stopped.clear()
    outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert work.stops == 1
    assert len(work.begun) <= 4
    assert (work.now, nothing_left()) == (0, True)


def test_ctrl_c_ends_everything(ctrl_c_soon: Callable[..., None]) -> None:
    """Running work is told to stop, and the interrupt reaches the caller after it has."""
    work = Work(held=True)
    ctrl_c_soon(lambda: work.now == 2, lambda: work.stops > 0)
    with pytest.raises(KeyboardInterrupt):
        list(run(NAMES, work, workers=2, stop=work.stop))
    assert (work.stops, work.begun, work.now, nothing_left()) == (1, ["n0", "n1"], 0, True)


def test_a_second_ctrl_c_asks_again(ctrl_c_soon: Callable[..., None]) -> None:
    """Work that takes its time after the first is told once more, and still awaited."""
    work = Work(held=True)
    asked: list[int] = []

    def stop() -> None:
        asked.append(1)
        if len(asked) > 1:
            work.stop()

    ctrl_c_soon(lambda: work.now == 2, lambda: len(asked) > 0)
    ctrl_c_soon(lambda: len(asked) == 1, lambda: len(asked) > 1)
    with pytest.raises(KeyboardInterrupt):
        list(run(NAMES, work, workers=2, stop=stop))
    assert (len(asked), work.now, nothing_left()) == (2, 0, True)


def test_no_worker_is_an_error() -> None:
    """At once, not when the first outcome is taken."""
    with pytest.raises(ValueError, match="0 workers"):
        run(NAMES, str.upper, workers=0, stop=lambda: None)
