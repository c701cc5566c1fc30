"""What pools must agree on with the catalogue, the region, the tier and each other, before anything is bought."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from stacks.pool_setting import PoolSetting
from stacks.problems import Problem
from stacks.settings.pools import Pool, Reservation
from stacks.stack_file import AT
from stacks.validate import closest

ORDER = ("reserved", "spot", "on-demand")
PLAIN = re.compile(r"[cmrt]\d")
"""Starts of the families that general pools are made of: no GPU, no local speciality."""

ARM = re.compile(r"[cmrt]\d+g")
"""Starts of the families with AWS's own processors."""


def pool_problems(
    pools: Mapping[str, Pool], reservations: Mapping[str, Reservation], setting: PoolSetting
) -> list[Problem]:
    """Every pool by itself, and all together; ``reservation_problems`` looks at the reservations."""
    found = [
        problem
        for name, pool in pools.items()
        for rule in (_types, _one_model, _capacity, _size, _places)
        for problem in rule(f"{AT}.pools.{name}", pool, reservations, setting)
    ]
    return [*found, *_together(pools, setting), *_overlaps(pools, setting)]


def _types(at: str, pool: Pool, _: Mapping[str, Reservation], setting: PoolSetting) -> Iterator[Problem]:
    for index, one in enumerate(pool.instance_types):
        wrong = _wrong_plain(one, pool, setting) if pool.purpose == "general" else _wrong_gpu(one, setting)
        if wrong:
            expected, fix = wrong
            yield Problem(
                file=setting.file, path=f"{at}.instance_types[{index}]", value=one, expected=expected, fix=fix
            )


def _wrong_plain(one: str, pool: Pool, setting: PoolSetting) -> tuple[str, str] | None:
    if one in setting.accelerators or not PLAIN.match(one):
        return (
            "a type without GPUs in a general pool, such as m7i.xlarge",
            "give the pool another purpose, or this type up",
        )
    if (ARM.match(one) is not None) != (pool.architecture == "arm64"):
        return f"a type with {pool.architecture} processors", "correct the type, or the architecture of the pool"
    return None


def _wrong_gpu(one: str, setting: PoolSetting) -> tuple[str, str] | None:
    row, limits = setting.accelerators.get(one), setting.limits
    if row is None:
        names = sorted(setting.accelerators)
        return (
            f"a type of the accelerator catalogue: {', '.join(names)}{closest(one, names)}",
            "correct the type, or add a row in overlay/accelerators.yaml",
        )
    if row.unsuitable:
        return f"a type that pools can be made of: {row.unsuitable}", "choose another type"
    if setting.region not in row.usd_per_hour:
        here = sorted(name for name, other in setting.accelerators.items() if setting.region in other.usd_per_hour)
        there = ", ".join(sorted(row.usd_per_hour))
        return (
            f"a type that AWS offers in {setting.region}: {', '.join(here)}",
            f"choose another type; {one} is offered in {there}",
        )
    family, _, size = one.partition(".")
    if family not in limits.families or size not in limits.sizes:
        return (
            f"one of the families {', '.join(limits.families)} in one of the sizes {', '.join(limits.sizes)}:"
            f" {limits.why} buys no other",
            "choose a type of the list, or move to a tier that buys it",
        )
    return None


def _one_model(at: str, pool: Pool, _: Mapping[str, Reservation], setting: PoolSetting) -> Iterator[Problem]:
    models = sorted({row.gpu for _, row in setting.known(pool.instance_types)})
    if len(models) > 1:
        yield Problem(
            file=setting.file,
            path=f"{at}.instance_types",
            value=", ".join(pool.instance_types),
            expected=f"one kind of GPU in a pool, or a model fits some nodes only: these are {', '.join(models)}",
            fix="make a pool for each kind",
        )


def _capacity(at: str, pool: Pool, reservations: Mapping[str, Reservation], setting: PoolSetting) -> Iterator[Problem]:
    def wrong(expected: str, fix: str) -> Problem:
        return Problem(
            file=setting.file, path=f"{at}.capacity", value=", ".join(pool.capacity), expected=expected, fix=fix
        )

    if list(pool.capacity) != [kind for kind in ORDER if kind in pool.capacity]:
        yield wrong(f"the order {', '.join(ORDER)}, each once: no other can be had", "put them into this order")
    refused = [kind for kind in pool.capacity if kind not in setting.limits.capacity]
    if refused:
        yield wrong(
            f"only {', '.join(setting.limits.capacity)} at {setting.limits.why}, not {', '.join(refused)}",
            "take it out, or move to a tier that has it",
        )
    if ("reserved" in pool.capacity) != bool(pool.reservations):
        yield wrong(
            "reserved with a reservation that the pool uses, and only with one",
            "name one in reservations, or take reserved out"
            if "reserved" in pool.capacity
            else "add reserved, or take the reservations out",
        )
    blocks = [name for name in pool.reservations if name in reservations and reservations[name].kind == "block"]
    if blocks and "spot" in pool.capacity:
        yield wrong(
            f"no spot beside the capacity block {', '.join(blocks)}: runs that paid for a block would be interrupted",
            "take spot out, or make a pool of its own for it",
        )
    for one, row in setting.known(pool.instance_types):
        open_kinds = [kind for kind in pool.capacity if kind != "reserved" and kind not in row.purchase]
        if open_kinds:
            yield wrong(
                f"a way in which AWS sells {one}: {', '.join(row.purchase)}", f"take {', '.join(open_kinds)} out"
            )


def _size(at: str, pool: Pool, _: Mapping[str, Reservation], setting: PoolSetting) -> Iterator[Problem]:
    expected, most = "", max((row.gpus for _, row in setting.known(pool.instance_types)), default=1)
    if pool.purpose == "general" and pool.max_gpus:
        expected = "0 in a general pool, which has no GPUs"
    elif pool.purpose != "general" and (pool.max_gpus == 0 or pool.max_gpus % most):
        expected = f"a multiple of {most}, the GPUs of its largest machine; with 0 no node ever starts"
    if expected:
        yield Problem(
            file=setting.file,
            path=f"{at}.max_gpus",
            value=str(pool.max_gpus),
            expected=expected,
            fix="correct the number, or the purpose",
        )


def _places(at: str, pool: Pool, _: Mapping[str, Reservation], setting: PoolSetting) -> Iterator[Problem]:
    for index, zone in enumerate(pool.zones):
        if zone not in setting.zones:
            yield Problem(
                file=setting.file,
                path=f"{at}.zones[{index}]",
                value=zone,
                expected=f"a zone of the network in {setting.region}: {', '.join(sorted(setting.zones))}",
                fix="correct the zone",
            )
    if pool.team is not None and pool.team not in setting.teams:
        teams = sorted(setting.teams)
        yield Problem(
            file=setting.file,
            path=f"{at}.team",
            value=pool.team,
            expected=f"a team of the estate: {', '.join(teams) or 'there is none'}{closest(pool.team, teams)}",
            fix="correct the name, or add the team's file first",
        )


def _together(pools: Mapping[str, Pool], setting: PoolSetting) -> Iterator[Problem]:
    limits = setting.limits
    for unit, most, each in (
        ("GPUs", limits.gpus, [pool.max_gpus for pool in pools.values()]),
        ("processors", limits.cpus, [pool.max_cpus for pool in pools.values()]),
        ("GiB of memory", limits.memory_gib, [pool.max_memory_gib for pool in pools.values()]),
    ):
        if sum(each) > most:
            yield Problem(
                file=setting.file,
                path=f"{AT}.pools",
                value=f"{sum(each)} {unit}",
                expected=f"{most} {unit} in all pools together at most: {limits.why} allows no more",
                fix="lower the limit of a pool, or move to a tier that allows more",
            )


def _overlaps(pools: Mapping[str, Pool], setting: PoolSetting) -> Iterator[Problem]:
    for (first, one), (second, other) in combinations(pools.items(), 2):
        if one.purpose != other.purpose or one.team != other.team:
            continue
        shared = sorted(set(one.instance_types) & set(other.instance_types))
        # the nodes of shared general pools take any pod, so no two of them can be told apart
        if shared or (one.purpose == "general" and one.team is None and one.architecture == other.architecture):
            yield Problem(
                file=setting.file,
                path=f"{AT}.pools.{second}",
                value=", ".join(shared or other.instance_types),
                expected=f"pods that do not fit {first} too: both are for {one.purpose} of {one.team or 'all teams'}",
                fix=f"make one pool of the two, or give {second} another purpose, team or other instance types",
            )
