"""Whether more is promised than there is: quotas of namespaces against pools, pools against the account."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from llmlz.inventory.facts import ClusterFacts, Namespace, PlaceFacts, Pool, TypeFacts
from llmlz.inventory.judge import problem, undecided
from llmlz.inventory.model import Finding, Reservation
from llmlz.inventory.read_aws import family_of, quota_names

PROMISED = ("active", "scheduled")
"""States of a reservation that a pool may count on."""

ONLY_RESERVED = frozenset({"reserved"})


def pools_of(place: PlaceFacts, cluster: ClusterFacts) -> tuple[Pool, ...]:
    """Pools by name: NodePools, managed node groups, and of nodes that neither made, what they offer.

    Several of them may make one pool, as a group for each way of buying does: their limits add up.
    """
    found: dict[str, Pool] = {}
    for one in (*cluster.pools, *(pool for name, pool in place.groups if name == cluster.name)):
        found[one.name] = _joined(found[one.name], one) if one.name in found else one
    fixed: defaultdict[str, int] = defaultdict(int)
    for node in cluster.nodes:
        if node.pool and node.pool not in found:
            fixed[node.pool] += node.gpus
    made = {name: Pool(name=name, limit=gpus, types=(), capacities=frozenset()) for name, gpus in fixed.items()}
    return tuple(pool for _, pool in sorted((found | made).items()))


def _joined(one: Pool, other: Pool) -> Pool:
    limitless = one.limit is None or other.limit is None
    return Pool(
        name=one.name,
        limit=None if limitless else (one.limit or 0) + (other.limit or 0),
        types=tuple(sorted({*one.types, *other.types})),
        capacities=one.capacities | other.capacities,
    )


def judge_pools(place: PlaceFacts, reserved: Iterable[Reservation]) -> Iterator[Finding]:
    """Everything about the pools of one place."""
    here = [one for one in reserved if one.account == place.account and one.region == place.region]
    for cluster in place.clusters:
        pools = pools_of(place, cluster)
        where = " ".join(part for part in (place.account, place.region, cluster.name) if part)
        for pool in pools:
            if pool.limit is None:
                what = f"pool {pool.name} has no limit on accelerators"
                yield problem("over-committed", what, where, "set limits of nvidia.com/gpu in its NodePool")
            elif pool.capacities == ONLY_RESERVED and place.reservations is None:
                what = f"pool {pool.name} grows by reservations alone, and these were not told"
                yield undecided("over-committed", what, where, "read the reservations first")
            elif pool.capacities == ONLY_RESERVED and place.account:
                yield from _reserved(pool, here, dict(place.types), where)
        yield from _promised(cluster, pools, where)
        if place.account and place.vcpu_quotas is not None:
            yield from _quotas(pools, dict(place.types), dict(place.vcpu_quotas), where)


def _promised(cluster: ClusterFacts, pools: Iterable[Pool], where: str) -> Iterator[Finding]:
    """Whether all namespaces could use their quotas at once.

    Looked at are the pools of each namespace alone, and all of them: what namespaces that may use nothing else were
    promised, against what these pools may grow to.
    """
    limits = {pool.name: pool.limit for pool in pools}
    if not limits or None in limits.values():
        return  # without pools nothing is promised here, and one without a limit is a finding of its own
    for namespace in cluster.namespaces:
        if namespace.pools and namespace.quota is None:
            what = f"namespace {namespace.name} may use {', '.join(sorted(namespace.pools))}, and no quota limits it"
            yield problem("over-committed", what, where, "give it a ResourceQuota of requests.nvidia.com/gpu")
    promised = [one for one in cluster.namespaces if one.quota]
    every = frozenset(limits)
    for some in sorted({_usable(one, every) for one in promised} | {every}, key=sorted):
        inside = [one for one in promised if _usable(one, every) <= some]
        total, most = sum(one.quota or 0 for one in inside), sum(limits[name] or 0 for name in some)
        if total > most:
            names = ", ".join(f"{one.name} {one.quota}" for one in inside)
            what = f"quotas promise {total} accelerators ({names}) of {_named(some)}, which may grow to {most}"
            yield problem("over-committed", what, where, "lower quotas, or raise the limit of the pool")


def _usable(namespace: Namespace, every: frozenset[str]) -> frozenset[str]:
    """Pools that a namespace may use; all of them where its labels name none, as in a cluster without these labels."""
    return (namespace.pools & every) if namespace.pools else every


def _named(pools: frozenset[str]) -> str:
    return f"pool {next(iter(pools))}" if len(pools) == 1 else f"pools {', '.join(sorted(pools)) or '(none)'}"


def _reserved(
    pool: Pool, reserved: Iterable[Reservation], types: Mapping[str, TypeFacts], where: str
) -> Iterator[Finding]:
    usable = [one for one in reserved if one.state in PROMISED and one.instance_type in pool.types]
    there = sum(types[one.instance_type].gpus * one.count for one in usable if one.instance_type in types)
    if (pool.limit or 0) > there:
        what = f"pool {pool.name} may grow to {pool.limit} accelerators by reservations alone, and {there} are reserved"
        yield problem("over-committed", what, where, "reserve more, lower its limit, or let it buy on demand too")


def _quotas(
    pools: Iterable[Pool], types: Mapping[str, TypeFacts], quotas: Mapping[str, float], where: str
) -> Iterator[Finding]:
    """Against quotas of EC2, in vCPUs: what pools need at the very least, by the types with the fewest for each device."""
    needs: defaultdict[frozenset[str], Fraction] = defaultdict(Fraction)
    by_quota: defaultdict[frozenset[str], list[Pool]] = defaultdict(list)
    for pool in pools:
        bought = pool.capacities & {"on-demand", "spot"}
        if not pool.limit or not bought:
            continue
        if not pool.types or any(one not in types for one in pool.types):
            what = f"pool {pool.name} lists no instance types with accelerators, so it cannot be compared with quotas of EC2"
            yield undecided(
                "over-committed", what, where, "list its instance types in node.kubernetes.io/instance-type"
            )
            continue
        names = frozenset(
            quota_names(family)[way == "spot"]
            for family in {family_of(one) for one in pool.types} - {None}
            for way in bought
            if family is not None
        )
        needs[names] += pool.limit * min(Fraction(types[one].vcpus, types[one].gpus) for one in pool.types)
        by_quota[names].append(pool)
    for names, need in needs.items():
        what = f"{_pools(by_quota[names])} need {float(need):g} vCPUs at least"
        missing = sorted(names - set(quotas))
        if missing or not names:
            told = f"{what}, and the account tells no quota {', '.join(missing) or 'for its instance types'}"
            yield undecided("over-committed", told, where, "compare them by hand in Service Quotas")
        elif need > sum(Fraction(quotas[name]) for name in names):
            there = " and ".join(f"{name} ({quotas[name]:g})" for name in sorted(names))
            yield problem("over-committed", f"{what}, of {there}", where, "ask AWS for more, or lower the limits")


def _pools(pools: list[Pool]) -> str:
    names, most = ", ".join(sorted(one.name for one in pools)), sum(one.limit or 0 for one in pools)
    return f"pool{'s' if len(pools) > 1 else ''} {names} of {most} accelerators"
