"""Joins what EC2 and clusters say into holdings and reservations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from llmlz.inventory.facts import ClusterFacts, Instance, Node, PlaceFacts, RawReservation
from llmlz.inventory.model import Holding, Reservation, Share
from llmlz.inventory.prices import Prices, cost


@dataclass(frozen=True, slots=True)
class Paid:
    """How instances are paid for."""

    prices: Prices
    """List prices."""

    blocks: Mapping[str, RawReservation]
    """Capacity blocks of all places, by id."""

    def expires(self, instance: Instance | None) -> datetime | None:
        """When AWS ends an instance; ``None`` for one outside of a capacity block."""
        block = None if instance is None else self.blocks.get(instance.reservation)
        return None if block is None else block.end


def holdings(place: PlaceFacts, paid: Paid) -> tuple[Holding, ...]:
    """Every node and every other instance of a place, each once."""
    instances = {one.id: one for one in place.instances or ()}
    found = []
    for cluster in place.clusters:
        for node in cluster.nodes:
            found.append(_of_node(place, cluster, node, instances.pop(node.instance, None), paid))
    found += [_of_instance(place, one, paid) for one in instances.values()]
    return tuple(sorted(found, key=lambda one: (one.cluster, one.pool, one.node, one.instance)))


def _of_node(
    place: PlaceFacts,
    cluster: ClusterFacts,
    node: Node,
    instance: Instance | None,
    paid: Paid,
) -> Holding:
    live = [pod for pod in cluster.pods if pod.node == node.name and pod.ended is None]
    teams = {one.name: one.team for one in cluster.namespaces}
    held: defaultdict[str, int] = defaultdict(int)
    for pod in live:
        held[pod.namespace] += pod.gpus
    kind = node.type or (instance.type if instance else "")
    capacity = instance.capacity if instance else node.capacity
    region = place.region or node.region
    facts = dict(place.types).get(kind)
    return Holding(
        account=place.account,
        region=region,
        cluster=cluster.name,
        pool=node.pool,
        node=node.name,
        instance=node.instance,
        instance_type=kind,
        accelerator=node.accelerator or (facts.accelerator if facts else ""),
        gpus=node.gpus,
        shares=tuple(
            Share(team=teams.get(namespace, ""), gpus=gpus, namespace=namespace)
            for namespace, gpus in sorted(held.items())
            if gpus
        ),
        known=not node.divided and not any(pod.parts for pod in live),
        capacity=capacity,
        reservation=instance.reservation if instance else "",
        cost=cost(paid.prices, kind, capacity, region),
        expires=paid.expires(instance),
        state=node.state,
    )


def _of_instance(place: PlaceFacts, one: Instance, paid: Paid) -> Holding:
    facts = dict(place.types)[one.type]
    return Holding(
        account=place.account,
        region=place.region,
        cluster=one.cluster,
        pool="",
        node="",
        instance=one.id,
        instance_type=one.type,
        accelerator=facts.accelerator,
        gpus=facts.gpus,
        shares=() if one.cluster else (Share(team=one.team, gpus=facts.gpus),),
        known=not one.cluster,  # whoever holds the node of a cluster that did not answer, its tags do not say
        capacity=one.capacity,
        reservation=one.reservation,
        cost=cost(paid.prices, one.type, one.capacity, place.region),
        expires=paid.expires(one),
        state="running",
    )


def reservations(places: Iterable[PlaceFacts], prices: Prices, accounts: frozenset[str]) -> tuple[Reservation, ...]:
    """Each once: as its owner sees it, or else as the first account that may use it does."""
    seen: dict[str, tuple[PlaceFacts, RawReservation]] = {}
    for place in places:
        for one in place.reservations or ():
            if one.id not in seen or place.account == one.owner:
                seen[one.id] = (place, one)
    return tuple(
        Reservation(
            id=one.id,
            kind="block" if one.block else "on-demand",
            account=place.account,
            region=place.region,
            instance_type=one.instance_type,
            gpus=dict(place.types)[one.instance_type].gpus * one.count,
            count=one.count,
            available=one.available,
            owner=one.owner,
            team=one.team,
            contact=one.contact,
            state=one.state,
            start=one.start,
            end=one.end,
            foreign=one.owner not in accounts,
            cost=cost(prices, one.instance_type, "block" if one.block else "reserved", place.region, one.count),
        )
        for place, one in (seen[id_] for id_ in sorted(seen))
    )
