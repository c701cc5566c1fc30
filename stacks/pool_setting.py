"""Where the pools of a runtime stand: its region, its teams, and what its level allows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stacks.files import read_mapping
from stacks.settings.accelerators import Accelerator

FILE = Path(__file__).parent / "catalogue" / "pool_limits.yaml"


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolLimits:
    """The most that all pools of a runtime may be together."""

    why: str
    """Who says so, such as ``tier reliable``."""

    gpus: int
    """GPUs."""

    cpus: int
    """Virtual processors."""

    memory_gib: int
    """Memory in GiB."""

    families: Sequence[str]
    """Instance families with GPUs, such as ``g6``."""

    sizes: Sequence[str]
    """Their sizes, such as ``xlarge``."""

    capacity: Sequence[str]
    """Kinds of capacity that pools may have."""

    blocks: bool
    """Whether there may be capacity blocks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolSetting:
    """Everything about the estate that the rules of pools and reservations ask for."""

    file: str
    """File that the pools are written in."""

    accelerators: Mapping[str, Accelerator]
    """What is known of instances with GPUs."""

    region: str
    """AWS region."""

    zones: Collection[str]
    """Letters of the zones that nodes can be in."""

    teams: Collection[str]
    """Teams that there are."""

    limits: PoolLimits
    """What the tier allows."""

    def known(self, instance_types: Sequence[str]) -> list[tuple[str, Accelerator]]:
        """Those of the types that the catalogue has, with their rows."""
        return [(one, self.accelerators[one]) for one in instance_types if one in self.accelerators]


def pool_limits(level: int, most_gpus: int, why: str) -> PoolLimits:
    """The limits of an assurance level, 1 to 4, with the GPUs that the tier allows."""
    rows: dict[str, Any] = {}
    for number, row in _levels().items():
        if int(number) <= level:
            rows |= row
    return PoolLimits(why=why, gpus=most_gpus, **rows)


@cache
def _levels() -> Mapping[Any, Mapping[str, Any]]:
    return read_mapping(FILE)
