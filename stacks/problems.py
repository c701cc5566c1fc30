"""What is wrong with a file that people write, and how it is said: all problems of a file at once."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

EXIT_CODE = 2
"""Bad input: nothing was done."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, in one place."""

    file: str
    """Path of the file, as the person who wrote it would type it."""

    path: str
    """Where in the file, such as ``llmlz:settings.models[2]``."""

    value: str
    """What stands there, as text; empty where something is missing."""

    expected: str
    """What would be right, and why."""

    fix: str
    """What to do."""


class SettingsError(Exception):
    """One or more files cannot be used. ``str()`` of it is the message for people."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of file and path, each once."""
        self.problems: Sequence[Problem] = tuple(sorted(set(problems)))
        super().__init__(render(self.problems))

    def as_json(self) -> list[dict[str, Any]]:
        """The problems for ``--json``."""
        return [asdict(problem) for problem in self.problems]


def render(problems: Sequence[Problem]) -> str:
    """The message: files one after another, each problem with value, expectation and fix."""
    lines: list[str] = []
    for file in dict.fromkeys(problem.file for problem in problems):
        mine = [problem for problem in problems if problem.file == file]
        count = "1 problem" if len(mine) == 1 else f"{len(mine)} problems"
        lines += [f"{file}: {count}, nothing was done", ""]
        for problem in mine:
            lines.append(f"  {problem.path}" + (f" = {problem.value}" if problem.value else ""))
            lines += [f"    expected: {problem.expected}", f"    fix: {problem.fix}", ""]
    return "\n".join(lines).rstrip()
