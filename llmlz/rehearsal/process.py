"""Run one command in a process group of its own that never outlives the call."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from llmlz.processes import end_session


@dataclass(frozen=True, slots=True)
class Ran:
    """How one command ended."""

    code: int
    lines: tuple[str, ...]
    """Standard output."""

    errors: str
    """Standard error."""


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], on_line: Callable[[str], None] | None = None
) -> Ran:
    """Run to the end; ``on_line`` gets each line of standard output as it comes.

    Whatever interrupts it, ``KeyboardInterrupt`` included, ends the command and all that it started.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        with _group(command, folder, environment, errors.fileno()) as process:
            lines = []
            for line in process.stdout or ():
                lines.append(line.rstrip("\n"))
                if on_line:
                    on_line(lines[-1])
            code = process.wait()
        errors.seek(0)
        return Ran(code, tuple(lines), errors.read())


@contextmanager
def _group(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], errors: int
) -> Iterator[subprocess.Popen[str]]:
    """A process and its children; none of them outlives the block."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end_session(process)
        if process.stdout:
            process.stdout.close()
