"""What a benchmark hands over: rows for people, and the same figures for tools."""

import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from bench.figures import Comparison, Verdict

PACKAGES = ("pulumi", "pulumi-aws", "pydantic", "typer", "rich", "z3-solver")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One figure, with what it is compared with and what it should be."""

    what: str
    """The comparison, in words."""

    unit: str
    """Unit of the two sides."""

    verdict: Verdict
    """Against the goal."""

    compared: Comparison | None = field(default=None)
    """Both sides; nothing where a row holds a single figure or was left out."""

    value: float | None = field(default=None)
    """The figure that the goal is about."""

    goal: float | None = field(default=None)
    """The most that ``value`` may be."""

    note: str = field(default="")
    """What a reader must know beside it: why it was left out, what the gate found."""

    facts: dict[str, Any] = field(default_factory=dict)
    """Further figures, for tools."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One benchmark, run."""

    name: str
    """As it is typed."""

    rows: tuple[Row, ...]
    """Figures, in the order they are shown."""

    broken: tuple[str, ...] = field(default=())
    """What the correctness gates found; anything here makes the whole run fail."""


def machine() -> dict[str, Any]:
    """Facts without which a figure means nothing."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_at_start": [round(load, 2) for load in os.getloadavg()],
        "packages": {name: version(name) for name in PACKAGES},
    }
