"""Asks all places at once, a few at a time, and puts the answers together."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from llmlz.inventory.asking import Questions
from llmlz.inventory.connection import ClusterError, Lists
from llmlz.inventory.count import Paid, holdings, reservations
from llmlz.inventory.facts import ClusterFacts, PlaceFacts, Pool
from llmlz.inventory.judge import Bounds, judge_models, judge_place
from llmlz.inventory.judge_pools import judge_pools
from llmlz.inventory.judge_reservations import judge_reservations
from llmlz.inventory.merge import merged
from llmlz.inventory.model import Finding, Inventory
from llmlz.inventory.prices import Prices
from llmlz.inventory.read_aws import (
    has_accelerators,
    instance_of,
    read_instances,
    read_reservations,
    read_types,
    read_vcpu_quotas,
    reservation_of,
)
from llmlz.inventory.read_cluster import read_cluster
from llmlz.inventory.read_clusters import EksCluster, read_clusters, read_groups
from llmlz.inventory.read_models import read_models
from llmlz.organization.deployed import Clients

AT_ONCE = 8
"""Places that are asked at the same time: AWS throttles by account and region, so that more of them do no harm to any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One account in one region, to be asked."""

    account: str
    """Twelve digits."""

    region: str
    """AWS region."""

    partition: str = "aws"
    """The partition that the region is in."""

    clusters: tuple[str, ...] = ()
    """Names of clusters that existed before the estate, whatever they are called."""

    models: tuple[str, ...] = ()
    """Ids of the foundation models that are approved there."""


Enter = Callable[[Place], Clients]
"""Makes clients for the account of a place, in the thread that uses them; may raise an error of botocore."""

Reach = Callable[[EksCluster, Callable[[], Any]], Lists]
"""Makes a connection to a cluster out of its description and a maker of STS clients; may raise ``ClusterError``."""


def take_stock(
    places: Sequence[Place],
    *,
    enter: Enter,
    reach: Reach,
    prices: Prices,
    bounds: Bounds,
    brought: Sequence[tuple[str, Lists]] = (),
) -> Inventory:
    """The inventory of all places, and of the clusters that were brought along with a kubeconfig."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        asked = [pool.submit(read_place, place, enter, reach) for place in places]
        told = [pool.submit(_brought, name, lists) for name, lists in brought]
        facts = [one.result() for one in (*asked, *told)]
    return assemble(facts, prices, bounds)


def assemble(read: Sequence[PlaceFacts], prices: Prices, bounds: Bounds) -> Inventory:
    """Count and judge what was read."""
    facts = merged(read)
    paid = Paid(prices, {one.id: one for place in facts for one in place.reservations or () if one.block})
    by_place = [(place, holdings(place, paid)) for place in facts]
    held = tuple(one for _, found in by_place for one in found)
    reserved = reservations(facts, prices, bounds.accounts)
    models = tuple(one for place in facts for one in place.models)
    findings: list[Finding] = [one for place in facts for one in place.findings]
    findings += [one for place in facts for cluster in place.clusters for one in cluster.findings]
    for place, found in by_place:
        findings += judge_place(place, found, bounds)
        findings += judge_pools(place, reserved)
    findings += judge_reservations(reserved, facts, held, bounds)
    findings += judge_models(models, bounds)
    return Inventory(
        places=tuple(_names(facts)),
        holdings=held,
        reservations=reserved,
        models=models,
        findings=tuple(sorted(dict.fromkeys(findings), key=lambda one: (one.kind, one.where, one.what))),
    )


def _names(facts: Iterable[PlaceFacts]) -> Iterable[str]:
    for place in facts:
        if place.account:
            yield f"{place.account} {place.region}"
        yield from (f"{place.account} {place.region} {one.name}".strip() for one in place.clusters)


def read_place(place: Place, enter: Enter, reach: Reach) -> PlaceFacts:
    """Everything of one account and region; credentials of another account are a finding, and nothing else is asked."""
    try:
        ask = Questions(enter(place), place.account, place.region)
    except (BotoCoreError, ClientError) as error:
        where = f"{place.account} {place.region}"
        return _unread(place, f"the account could not be entered: {error}", where)
    identity = ask.one("sts", "get_caller_identity")
    if identity is None:
        return PlaceFacts(account=place.account, region=place.region, **_NOTHING, findings=tuple(ask.findings))
    if identity["Account"] != place.account:
        what = f"the credentials are of account {identity['Account']}, not of {place.account}"
        return _unread(place, what, ask.where)
    try:
        return _read(place, ask, reach)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return _unread(place, f"an answer of AWS has another shape: {type(error).__name__} {error}", ask.where)


_NOTHING: Any = {"instances": None, "reservations": None, "vcpu_quotas": None}


def _unread(place: Place, what: str, where: str) -> PlaceFacts:
    fix = "use credentials of the account, or name a role with --role that these may take in it"
    finding = Finding(kind="unreadable", outcome="indeterminate", what=what, where=where, fix=fix)
    return PlaceFacts(account=place.account, region=place.region, **_NOTHING, findings=(finding,))


def _read(place: Place, ask: Questions, reach: Reach) -> PlaceFacts:
    instances, reserved = read_instances(ask), read_reservations(ask)
    described = read_clusters(ask, place.clusters)
    clusters = tuple(one for cluster in described if (one := _cluster(ask, cluster, reach)) is not None)
    named = {one["InstanceType"] for one in (*(instances or ()), *(reserved or ()))}
    named |= {one for cluster in clusters for pool in cluster.pools for one in pool.types}
    types = read_types(ask, named)
    known = types or {}
    if types is not None:
        for name in sorted(one for one in named if one not in known and has_accelerators(one)):
            what = f"{name} runs or is reserved here, and EC2 tells no accelerators of it"
            ask.unreadable(what, "count its instances by hand")
    groups: list[tuple[str, Pool]] = []
    for cluster in described:
        groups += ((cluster.name, pool) for pool in read_groups(ask, cluster.name, known))
    models = read_models(ask, place.models)
    return PlaceFacts(
        account=place.account,
        region=place.region,
        # without facts on types nobody knows which instances have accelerators
        instances=_chosen(instances, known, types is not None, instance_of),
        reservations=_chosen(reserved, known, types is not None, reservation_of),
        types=tuple(sorted(known.items())),
        vcpu_quotas=read_vcpu_quotas(ask),
        groups=tuple(groups),
        clusters=clusters,
        models=models,
        findings=tuple(ask.findings),
    )


def _chosen(told: list[Any] | None, types: Any, known: bool, make: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    if told is None or not known:
        return None
    return tuple(make(one) for one in told if one["InstanceType"] in types)


def _cluster(ask: Questions, cluster: EksCluster, reach: Reach) -> ClusterFacts | None:
    clients = ask.fresh("sts")
    try:
        return read_cluster(cluster.name, reach(cluster, clients))
    except (ClusterError, BotoCoreError, ClientError) as error:
        fix = "run it where the cluster can be reached, with a role that has an access entry which may list everything"
        ask.unreadable(str(error), fix, cluster.name)
        return None


def _brought(name: str, lists: Lists) -> PlaceFacts:
    try:
        return PlaceFacts(account="", region="", clusters=(read_cluster(name, lists),))
    except ClusterError as error:
        fix = "see that the address in the kubeconfig can be reached from here, and that its user may list everything"
        finding = Finding(kind="unreadable", outcome="indeterminate", what=str(error), where=name, fix=fix)
        return PlaceFacts(account="", region="", findings=(finding,))
