"""Processes that are measured: what they cost, what they said, and what happens when they fail."""

import sys

import pytest

from bench.process import BenchError, Run, interleaved, run


def test_a_process_is_measured_with_what_it_started() -> None:
    """Processor time of a child counts as that of the process; waiting does not count."""
    spin = "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    ran = run([sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}])"])
    assert ran.cpu >= 0.2
    asleep = run([sys.executable, "-c", "import time; time.sleep(0.3); print('woke')"])
    assert asleep.cpu < asleep.wall
    assert asleep.out == "woke\n"
    assert asleep.peak_mb > 1


def test_a_failure_says_what_the_process_said() -> None:
    """Command, exit code and standard error are in the message."""
    with pytest.raises(BenchError, match=r"ended with 3:\nbroken"):
        run([sys.executable, "-c", "import sys; sys.stderr.write('broken'); sys.exit(3)"])


def test_an_exit_code_can_be_an_answer() -> None:
    """Where it is allowed it is kept; variables of the caller are added to those that are there."""
    ran = run(
        [sys.executable, "-c", "import os, sys; sys.exit(int(os.environ['CODE']))"], more={"CODE": "1"}, allowed=(1,)
    )
    assert ran.code == 1
    with pytest.raises(BenchError, match="ended with 0"):
        run([sys.executable, "-c", ""], allowed=(1,))


def test_rounds_take_turns() -> None:
    """A B A B, and the one with fewer rounds leaves early."""
    order: list[str] = []

    def starter(name: str) -> Run:
        order.append(name)
        return Run(cpu=1, wall=1, peak_mb=1, out="")

    runs = interleaved({"a": lambda: starter("a"), "b": lambda: starter("b")}, {"a": 3, "b": 2}, lambda _: None)
    assert order == ["a", "b", "a", "b", "a"]
    assert {name: len(those) for name, those in runs.items()} == {"a": 3, "b": 2}
