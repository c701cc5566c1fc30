"""Python hears Ctrl-C again after every question; ``tests/fleet`` shows in a whole run that a wait is interrupted."""

import signal

import pytest

from llmlz.access.proof import interrupts, prover
from tests.access.proof.test_encoder import compare


def test_the_handler_is_installed_anew_after_every_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the solver answers."""
    done: list[int] = []
    monkeypatch.setattr(prover, "heard_again", lambda: done.append(1))
    compare(range(2))
    assert done


def test_it_is_the_handler_that_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own handler is lost."""
    installed: list[object] = []
    monkeypatch.setattr(signal, "signal", lambda number, handler: installed.append((number, handler)))
    interrupts.heard_again()
    assert installed == [(signal.SIGINT, signal.getsignal(signal.SIGINT))]
