"""Kinds of bad input about node pools and reservations: each says where, what, and what was expected."""

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from stacks.stack_file import AT

TODAY = datetime.date(2026, 11, 22)

Values = Mapping[str, Mapping[str, Any]]

SERVING: Mapping[str, Any] = {
    "purpose": "serving",
    "instance_types": ["g6.xlarge", "g6.2xlarge"],
    "capacity": ["spot", "on-demand"],
    "max_gpus": 4,
    "max_cpus": 32,
    "max_memory_gib": 128,
}
GENERAL: Mapping[str, Any] = {
    **SERVING,
    "purpose": "general",
    "instance_types": ["m7i.xlarge", "m7i.2xlarge"],
    "max_gpus": 0,
}
TRAINING: Mapping[str, Any] = {
    "purpose": "training",
    "instance_types": ["p5.48xlarge"],
    "capacity": ["reserved"],
    "max_gpus": 16,
    "max_cpus": 384,
    "max_memory_gib": 4096,
    "reservations": ["december"],
}
BLOCK: Mapping[str, Any] = {
    "kind": "block",
    "id": "cr-0123456789abcdef0",
    "instance_type": "p5.48xlarge",
    "count": 2,
    "zone": "a",
    "start": "2026-12-01",
    "end": "2026-12-08",
    "owner": "ml@example.com",
}
HELD: Mapping[str, Any] = {**BLOCK, "kind": "on-demand", "id": None, "start": "2026-11-20"}


class Case(NamedTuple):
    """A bad file and the one problem in it."""

    pools: Values
    reservations: Values
    path: str
    value: str
    expected: str
    region: str = "us-east-1"
    level: int = 4


def pool(path: str, value: str, expected: str, *, level: int = 4, region: str = "us-east-1", **change: Any) -> Case:
    """A pool for serving with one thing changed."""
    return Case(
        {"inference": {**SERVING, **change}}, {}, f"{AT}.pools.inference.{path}", value, expected, region, level
    )


def trained(path: str, value: str, expected: str, held: Mapping[str, Any] = BLOCK, **change: Any) -> Case:
    """A pool for training on a reservation, with one thing of the pool changed."""
    pools = {"training": {**TRAINING, **change}}
    return Case(pools, {"december": held}, f"{AT}.pools.training.{path}", value, expected)


def reserved(
    path: str, value: str, expected: str, *, usual: Mapping[str, Any] = BLOCK, level: int = 4, **change: Any
) -> Case:
    """The reservation of that pool with one thing changed."""
    at = f"{AT}.reservations.december" + (f".{path}" if path else "")
    return Case({"training": TRAINING}, {"december": {**usual, **change}}, at, value, expected, "us-east-1", level)


P, R = f"{AT}.pools", f"{AT}.reservations"
TWO = {**TRAINING, "max_gpus": 32, "reservations": ["december", "again"]}
SMALL = {"instance_types": ["g6.xlarge"], "max_gpus": 8, "max_cpus": 64, "max_memory_gib": 512}

CASES: Mapping[str, Case] = {
    "a GPU type that nobody knows": pool(
        "instance_types[0]", "g6.xlarg", "closest: g6.xlarge", instance_types=["g6.xlarg"]
    ),
    "a GPU type that is not offered in the region": pool(
        "instance_types[0]",
        "g6.xlarge",
        "a type that AWS offers in eu-west-1: g4dn.xlarge, g5.12xlarge",
        region="eu-west-1",
        instance_types=["g6.xlarge"],
    ),
    "a GPU type that is known and not fit": pool(
        "instance_types[0]", "g4dn.xlarge", "no bfloat16", instance_types=["g4dn.xlarge"]
    ),
    "a size that the tier does not buy": pool(
        "instance_types[0]",
        "g6.12xlarge",
        "the tier of the test buys no other",
        level=1,
        instance_types=["g6.12xlarge"],
    ),
    "more GPUs than the tier allows": Case(
        {"inference": {**SERVING, "max_gpus": 1024}}, {}, P, "1024 GPUs", "512 GPUs in all pools together at most"
    ),
    "more GPUs than the tier allows, in two pools": Case(
        {"one": {**SERVING, "max_gpus": 256}, "two": {**SERVING, "purpose": "batch", "max_gpus": 300}},
        {},
        P,
        "556 GPUs",
        "the tier of the test allows no more",
    ),
    "more memory than the level allows": Case(
        {"inference": {**SERVING, "max_memory_gib": 600}},
        {},
        P,
        "600 GiB of memory",
        "512 GiB of memory in all pools together",
        "us-east-1",
        1,
    ),
    "a limit under which nothing starts": pool("max_gpus", "0", "with 0 no node ever starts", max_gpus=0),
    "a limit that is no multiple": pool(
        "max_gpus", "6", "a multiple of 4, the GPUs of its largest machine", max_gpus=6, instance_types=["g6.12xlarge"]
    ),
    "GPUs in a general pool": Case(
        {"general": {**GENERAL, "instance_types": ["g6.xlarge"]}},
        {},
        f"{P}.general.instance_types[0]",
        "g6.xlarge",
        "a type without GPUs in a general pool",
    ),
    "a limit of GPUs in a general pool": Case(
        {"general": {**GENERAL, "max_gpus": 4}}, {}, f"{P}.general.max_gpus", "4", "0 in a general pool"
    ),
    "processors of another kind": Case(
        {"general": {**GENERAL, "instance_types": ["m7g.xlarge"]}},
        {},
        f"{P}.general.instance_types[0]",
        "m7g.xlarge",
        "a type with amd64 processors",
    ),
    "two kinds of GPU": pool(
        "instance_types",
        "g6.xlarge, g5.xlarge",
        "these are NVIDIA A10G, NVIDIA L4",
        instance_types=["g6.xlarge", "g5.xlarge"],
    ),
    "an order that cannot be had": pool(
        "capacity", "on-demand, spot", "the order reserved, spot, on-demand", capacity=["on-demand", "spot"]
    ),
    "capacity that the tier does not have": trained(
        "capacity", "reserved", "only spot, on-demand at the tier of the test, not reserved", HELD
    )._replace(level=1),
    "reserved without a reservation": pool(
        "capacity", "reserved, on-demand", "reserved with a reservation", capacity=["reserved", "on-demand"]
    ),
    "a reservation without reserved": trained(
        "capacity",
        "on-demand",
        "reserved with a reservation that the pool uses, and only with one",
        capacity=["on-demand"],
    ),
    "spot beside a capacity block": trained(
        "capacity", "reserved, spot", "no spot beside the capacity block december", capacity=["reserved", "spot"]
    ),
    "a way in which AWS does not sell": pool(
        "capacity",
        "on-demand",
        "a way in which AWS sells p5e.48xlarge: spot, capacity-block",
        region="us-west-2",
        purpose="training",
        instance_types=["p5e.48xlarge"],
        capacity=["on-demand"],
        max_gpus=8,
    ),
    "a team that does not exist": pool(
        "team", "clams", "a team of the estate: claims, search; closest: claims", team="clams"
    ),
    "a zone that the network does not have": pool(
        "zones[1]", "x", "a zone of the network in us-east-1: a, b, c", zones=["a", "x"]
    ),
    "two pools for the same pods": Case(
        {"one": SERVING, "two": {**SERVING, "instance_types": ["g6.2xlarge"]}},
        {},
        f"{P}.two",
        "g6.2xlarge",
        "pods that do not fit one too: both are for serving of all teams",
    ),
    "two general pools": Case(
        {"one": GENERAL, "two": {**GENERAL, "instance_types": ["c7i.xlarge"]}},
        {},
        f"{P}.two",
        "c7i.xlarge",
        "pods that do not fit one too: both are for general of all teams",
    ),
    "a reservation that nobody made": trained(
        "reservations[1]",
        "decembre",
        "a reservation of this runtime: december; closest: december",
        reservations=["december", "decembre"],
    ),
    "a reservation of another type": trained(
        "reservations[0]",
        "december",
        "a reservation of p5en.48xlarge: this one is of p5.48xlarge",
        instance_types=["p5en.48xlarge"],
    ),
    "a reservation in another zone": trained(
        "reservations[0]", "december", "in a zone of the pool, b: this one is in a", zones=["b"]
    ),
    "reservations that the limit does not let run": trained(
        "max_gpus", "8", "16 or more, the GPUs that its reservations hold", max_gpus=8
    ),
    "a block in the past": reserved(
        "end", "2026-11-22", "a day after today, 2026-11-22: it has ended", start="2026-11-15", end="2026-11-22"
    ),
    "an end before the start": reserved("end", "2026-11-30", "a day after its start, 2026-12-01", end="2026-11-30"),
    "a block that was not bought": reserved("id", "", "the id of a block that was bought", id=None),
    "a block at a tier without any": reserved("kind", "block", "the tier of the test has no capacity blocks", level=3),
    "a block of a type that has none": Case(
        {"inference": {**SERVING, **SMALL, "capacity": ["reserved"], "reservations": ["december"]}},
        {"december": {**BLOCK, "instance_type": "g6.xlarge"}},
        f"{R}.december.kind",
        "block",
        "AWS sells no blocks of g6.xlarge",
    ),
    "a reservation of an unknown type": reserved(
        "instance_type", "p5.48xlarg", "closest: p5.48xlarge", instance_type="p5.48xlarg"
    ),
    "a reservation in a region without the type": reserved(
        "instance_type", "p5.48xlarge", "a type that AWS offers in eu-central-1"
    )._replace(region="eu-central-1"),
    "a reservation in no zone": reserved("zone", "x", "a zone of the network in us-east-1: a, b, c", zone="x"),
    "a reservation that is billed too early": reserved(
        "start", "2026-12-01", "it is billed from the moment it is deployed", usual=HELD, start="2026-12-01"
    ),
    "a reservation that nobody uses": Case(
        {"inference": SERVING}, {"december": BLOCK}, f"{R}.december", "", "it is paid, and nothing would run there"
    ),
    "a reservation in two pools": Case(
        {"training": TRAINING, "batch": {**TRAINING, "purpose": "batch"}},
        {"december": BLOCK},
        f"{R}.december",
        "training, batch",
        "two would count on the same machines",
    ),
    "one reservation under two names": Case(
        {"training": TWO},
        {"december": BLOCK, "again": {**BLOCK, "start": "2027-01-01", "end": "2027-01-08"}},
        f"{R}.again",
        "cr-0123456789abcdef0",
        "it is the same reservation",
    ),
    "blocks for the same thing that overlap": Case(
        {"training": TWO},
        {
            "december": BLOCK,
            "again": {**BLOCK, "id": "cr-0123456789abcdef1", "start": "2026-12-07", "end": "2026-12-20"},
        },
        f"{R}.again",
        "cr-0123456789abcdef1",
        "days that do not overlap with december, 2026-12-01 to 2026-12-08: the same owner paid for the same thing twice",
    ),
}

ALLOWED: Mapping[str, tuple[Values, Values]] = {
    "a pool for serving": ({"inference": SERVING}, {}),
    "all purposes beside each other": (
        {"inference": SERVING, "general": GENERAL, "training": TRAINING, "batch": {**SERVING, "purpose": "batch"}},
        {"december": BLOCK},
    ),
    "the same for two teams": (
        {"one": {**SERVING, "team": "claims"}, "two": {**SERVING, "team": "search"}, "all": SERVING},
        {},
    ),
    "one block after the other": (
        {"training": TWO},
        {
            "december": BLOCK,
            "again": {**BLOCK, "id": "cr-0123456789abcdef1", "start": "2026-12-08", "end": "2026-12-15"},
        },
    ),
    "a reservation that is made on its first day": (
        {"training": TRAINING},
        {"december": {**HELD, "start": "2026-11-22"}},
    ),
    "a block that began": ({"training": TRAINING}, {"december": {**BLOCK, "start": "2026-11-20"}}),
    "general pools with two kinds of processors": (
        {"one": GENERAL, "two": {**GENERAL, "architecture": "arm64", "instance_types": ["m7g.xlarge"]}},
        {},
    ),
}
