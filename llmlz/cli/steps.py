"""The steps of a long command: what runs, how it ended, how long it took, and what was left out and why."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from rich.console import Console

from llmlz.errors import LlmlzError

Outcome = Literal["done", "failed", "left out"]
SIGNS = {"done": "ok", "failed": "FAILED", "left out": "left out"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step that has ended."""

    name: str
    outcome: Outcome
    seconds: float
    said: str
    """The result, the failure or the reason."""

    exit_code: int = 0
    """Of a failed step."""


@dataclass
class Steps:
    """Runs steps one after another and shows them as they end; a failure stops the step, not the command."""

    console: Console
    ended: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Run a block as a step; what it is given says how far it is, and the last thing said is its result."""
        started = time.monotonic()
        said: list[str] = [""]
        with self.console.status(name) as status:

            def say(text: str) -> None:
                if said[0] and not self.console.is_terminal:  # a log has no status line: show what is over
                    self.console.print(f"{'':<19}{name:<10} {said[0]}", highlight=False)
                said[0] = text
                status.update(f"{name}: {text}")

            try:
                yield say
            except LlmlzError as error:
                self._end(name, "failed", started, str(error), error.exit_code)
                return
            except BaseException as error:
                why = "interrupted" if isinstance(error, KeyboardInterrupt) else f"{type(error).__name__}: {error}"
                self._end(name, "failed", started, why)
                raise
        self._end(name, "done", started, said[0])

    def leave_out(self, name: str, why: str) -> None:
        """Say that a step is not run."""
        self._end(name, "left out", time.monotonic(), why)

    @property
    def failed(self) -> list[Step]:
        """Steps that failed."""
        return [step for step in self.ended if step.outcome == "failed"]

    def _end(self, name: str, outcome: Outcome, started: float, said: str, code: int = 0) -> None:
        step = Step(name=name, outcome=outcome, seconds=time.monotonic() - started, said=said, exit_code=code)
        self.ended.append(step)
        took = f"{step.seconds:6.1f} s" if outcome != "left out" else "        "
        first, *rest = said.splitlines() or [""]
        self.console.print(f"{SIGNS[outcome]:<8} {took}  {name:<10} {first}", highlight=False)
        for line in rest:
            self.console.print(f"{'':<29}{line}", highlight=False)
