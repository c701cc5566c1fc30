"""What reservations of machines must be: in time, used by one pool, and each thing reserved once."""

import datetime
from collections.abc import Iterator, Mapping
from itertools import combinations

from stacks.pool_setting import PoolSetting
from stacks.problems import Problem
from stacks.settings.pools import Pool, Reservation
from stacks.stack_file import AT
from stacks.validate import closest


def reservation_problems(
    pools: Mapping[str, Pool], reservations: Mapping[str, Reservation], setting: PoolSetting, today: datetime.date
) -> list[Problem]:
    """Every reservation by itself, against the pools, and against the others."""
    return [
        *(p for name, held in reservations.items() for p in _alone(f"{AT}.reservations.{name}", held, setting, today)),
        *(p for name, pool in pools.items() for p in _named(f"{AT}.pools.{name}", pool, reservations, setting)),
        *_used(pools, reservations, setting),
        *_twice(reservations, setting),
    ]


def _alone(at: str, held: Reservation, setting: PoolSetting, today: datetime.date) -> Iterator[Problem]:
    def wrong(key: str, value: str, expected: str, fix: str) -> Problem:
        return Problem(file=setting.file, path=f"{at}.{key}", value=value, expected=expected, fix=fix)

    row = setting.accelerators.get(held.instance_type)
    if row is None:
        names = sorted(setting.accelerators)
        yield wrong(
            "instance_type",
            held.instance_type,
            f"a type of the accelerator catalogue: {', '.join(names)}{closest(held.instance_type, names)}",
            "correct the type, or add a row in overlay/accelerators.yaml",
        )
    elif setting.region not in row.usd_per_hour:
        yield wrong(
            "instance_type",
            held.instance_type,
            f"a type that AWS offers in {setting.region}; this one is offered in {', '.join(sorted(row.usd_per_hour))}",
            "choose another type, or reserve in a runtime of that region",
        )
    elif held.kind == "block" and "capacity-block" not in row.purchase:
        yield wrong("kind", held.kind, f"on-demand: AWS sells no blocks of {held.instance_type}", "write on-demand")
    if held.kind == "block" and held.id is None:
        yield wrong(
            "id",
            "",
            "the id of a block that was bought: buying one is paid at once and cannot be taken back, so no deployment does it",
            "buy it (aws ec2 purchase-capacity-block), and write its id here",
        )
    if held.kind == "block" and not setting.limits.blocks:
        yield wrong(
            "kind", held.kind, f"on-demand: {setting.limits.why} has no capacity blocks", "move to a tier that has them"
        )
    if held.zone not in setting.zones:
        yield wrong(
            "zone",
            held.zone,
            f"a zone of the network in {setting.region}: {', '.join(sorted(setting.zones))}",
            "correct the zone",
        )
    if held.end <= held.start:
        yield wrong("end", held.end.isoformat(), f"a day after its start, {held.start}", "correct one of the two days")
    elif held.end <= today:
        yield wrong(
            "end",
            held.end.isoformat(),
            f"a day after today, {today}: it has ended, and pools that wait for it never start a node",
            "remove it from here and from the pools, or write the new one",
        )
    elif held.kind == "on-demand" and held.id is None and held.start > today:
        yield wrong(
            "start",
            held.start.isoformat(),
            f"today, {today}, or earlier: it is billed from the moment it is deployed, not from its start",
            "deploy it on its first day, or write the id of a future-dated reservation",
        )


def _used(
    pools: Mapping[str, Pool], reservations: Mapping[str, Reservation], setting: PoolSetting
) -> Iterator[Problem]:
    for name in reservations:
        users = [pool for pool, wish in pools.items() if name in wish.reservations]
        if len(users) != 1:
            yield Problem(
                file=setting.file,
                path=f"{AT}.reservations.{name}",
                value=", ".join(users),
                expected="one pool that uses it: "
                + ("two would count on the same machines" if users else "it is paid, and nothing would run there"),
                fix="take it out of all pools but one" if users else "name it in reservations of a pool, or remove it",
            )


def _named(at: str, pool: Pool, reservations: Mapping[str, Reservation], setting: PoolSetting) -> Iterator[Problem]:
    for index, name in enumerate(pool.reservations):
        held, path = reservations.get(name), f"{at}.reservations[{index}]"
        if held is None:
            names = sorted(reservations)
            expected = f"a reservation of this runtime: {', '.join(names) or 'there is none'}{closest(name, names)}"
            fix = "correct the name, or add it to reservations"
        elif held.instance_type not in pool.instance_types:
            expected = f"a reservation of {', '.join(pool.instance_types)}: this one is of {held.instance_type}"
            fix = f"add {held.instance_type} to instance_types, or use another reservation"
        elif pool.zones and held.zone not in pool.zones:
            expected = f"a reservation in a zone of the pool, {', '.join(pool.zones)}: this one is in {held.zone}"
            fix = "add the zone to the pool, or use another reservation"
        else:
            continue
        yield Problem(file=setting.file, path=path, value=name, expected=expected, fix=fix)
    held_gpus = sum(
        reservations[name].count * setting.accelerators[reservations[name].instance_type].gpus
        for name in pool.reservations
        if name in reservations and reservations[name].instance_type in setting.accelerators
    )
    if held_gpus > pool.max_gpus:
        yield Problem(
            file=setting.file,
            path=f"{at}.max_gpus",
            value=str(pool.max_gpus),
            expected=f"{held_gpus} or more, the GPUs that its reservations hold: the rest would be paid and never used",
            fix="raise the limit, or reserve less",
        )


def _twice(reservations: Mapping[str, Reservation], setting: PoolSetting) -> Iterator[Problem]:
    for (first, one), (second, other) in combinations(reservations.items(), 2):
        same_id = one.id is not None and one.id == other.id
        same_thing = (one.instance_type, one.zone, one.owner) == (other.instance_type, other.zone, other.owner)
        together = one.start < other.end and other.start < one.end
        if same_id or (one.kind == other.kind == "block" and same_thing and together):
            yield Problem(
                file=setting.file,
                path=f"{AT}.reservations.{second}",
                value=other.id or f"{other.start} to {other.end}",
                expected=f"days that do not overlap with {first}, {one.start} to {one.end}:"
                + (" it is the same reservation" if same_id else " the same owner paid for the same thing twice"),
                fix="remove one of the two" if same_id else f"correct the days, or raise the count of {first}",
            )
