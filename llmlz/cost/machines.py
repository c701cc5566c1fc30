"""What machines of EC2 cost an hour, from the accelerator catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from llmlz.cost.uncounted import UncountedError

FILE = Path(__file__).parents[2] / "stacks" / "catalogue" / "accelerators.yaml"
"""Read as data: what reads graphs knows no stacks. An estate's own rows come from whoever has read the estate."""

SOURCE = "https://aws.amazon.com/ec2/pricing/on-demand/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """One instance type."""

    gpus: int
    """How many it has."""

    vcpus: int
    """Virtual processors."""

    usd_per_hour: Mapping[str, Decimal | None]
    """Region to USD on demand; ``None`` where nobody knows the price, and no entry where it is not offered."""


Machines = Mapping[str, Machine]
"""Instance type to what is known of it."""


def machines(rows: Mapping[str, Mapping[str, Any]]) -> Machines:
    """Rows of the catalogue as machines; raises ``KeyError`` for a row that is none."""
    return {
        name: Machine(
            gpus=int(row["gpus"]),
            vcpus=int(row["vcpus"]),
            # by its text, since a float is not the number that somebody wrote
            usd_per_hour={
                region: None if usd is None else Decimal(str(usd)) for region, usd in row["usd_per_hour"].items()
            },
        )
        for name, row in rows.items()
    }


@cache
def ours() -> Machines:
    """The catalogue of this release."""
    return machines(YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8")))


def an_hour(known: Machines, types: Iterable[str], region: str) -> Decimal:
    """USD for an hour of the dearest of some instance types; raises ``UncountedError`` if one has no price."""
    found = [_price(known, one, region) for one in types]
    if not found:
        raise UncountedError("no instance type is named, so its price is not known")
    return max(found)


def _price(known: Machines, instance_type: str, region: str) -> Decimal:
    if instance_type not in known:
        raise UncountedError(f"the accelerator catalogue has no {instance_type}, so its price is not known")
    usd = known[instance_type].usd_per_hour.get(region)
    if usd is None:
        raise UncountedError(f"the accelerator catalogue has no price of {instance_type} in region {region!r}")
    return usd
