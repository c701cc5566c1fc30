"""The programs that a deployment needs on this machine."""

import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from llmlz.doctor.finding import Finding, ok, problem, undecided
from llmlz.engine.find import VERSION, find_engine, version_of
from llmlz.errors import ToolMissingError

OLDEST_PYTHON, NEXT_PYTHON = (3, 11), (3, 14)
"""``requires-python`` of the project; a test compares them."""


def examine_tools() -> tuple[Finding, ...]:
    """The engine and Python, each with its version."""
    return examine_python(sys.version_info[:2], sys.executable), examine_engine()


def examine_python(found: tuple[int, ...], where: str) -> Finding:
    """Whether this Python is one that the project supports."""
    name = ".".join(map(str, found))
    if not OLDEST_PYTHON <= found < NEXT_PYTHON:
        oldest, end = (".".join(map(str, pair)) for pair in (OLDEST_PYTHON, NEXT_PYTHON))
        return problem("python", f"Python {name}", where, f"use Python {oldest} or newer, older than {end} (uv python)")
    return ok("python", f"Python {name}, pulumi SDK {version('pulumi')}, pulumi-aws {version('pulumi-aws')}", where)


def examine_engine() -> Finding:
    """Whether there is an engine, and which."""
    try:
        engine = find_engine()
    except ToolMissingError as error:
        return problem("engine", str(error), "PATH", f"install pulumi {VERSION} or newer, or `make engine`")
    return _judged(engine, version_of(engine))


def _judged(engine: Path, found: tuple[int, ...]) -> Finding:
    if not found:
        return undecided("engine", "the program does not say its version", str(engine), f"install pulumi {VERSION}")
    name = f"pulumi {'.'.join(map(str, found))}"
    if shutil.which("pulumi") is None:
        told = f"{name}, which was built for tests and is not on PATH: it cannot run pulumi up typed by hand"
        return problem("engine", told, str(engine), "install the official one: https://www.pulumi.com/docs/install/")
    return ok("engine", name, str(engine))
