"""How much of a quota a graph may ask for, where that is not a number of resources."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from llmlz.cost.machines import Machines, ours
from llmlz.graph.model import Graph, Resource
from llmlz.graph.pools import Pool, pools

RESERVATION = "aws:ec2/capacityReservation:CapacityReservation"
COLLECTION = "aws:opensearch/serverlessCollection:ServerlessCollection"
FAMILY = re.compile(r"([a-z]+)\d+")


class UnknownNeedError(Exception):
    """The graph does not say how much it may ask for; the message says why."""


def vcpus(graph: Graph, families: Sequence[str], market: str) -> int:
    """Virtual processors of all pools that may buy such machines, when they are full, and of reservations.

    Reservations count like running machines:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservation-concepts.html (2026-11).
    """
    known = ours()
    asked = sum(_of_pool(pool, families, known) for pool in pools(graph) if _buys(pool, market))
    if market == "on-demand":
        asked += sum(_of_reservation(one, families, known) for one in graph.of_type(RESERVATION))
    return asked


def indexing_units(graph: Graph, _families: Sequence[str], _market: str) -> int:
    """Compute units for indexing that collections start with: one, and another with standby replicas.

    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-scaling.html (2026-11)
    """
    return sum(
        1 if one.inputs.get("standbyReplicas") == "DISABLED" else 2  # the provider's default is ENABLED
        for one in graph.of_type(COLLECTION)
    )


MEASURES: Mapping[str, Callable[[Graph, Sequence[str], str], int]] = {
    "vcpus": vcpus,
    "indexing-units": indexing_units,
}
"""Measure by the name that the table uses."""


def _buys(pool: Pool, market: str) -> bool:
    return not pool.capacities or market in pool.capacities


def _in(instance_type: str, families: Sequence[str]) -> bool:
    """Whether a type is of one of the families, such as ``g``, or of one generation, such as ``p5``."""
    found = FAMILY.match(instance_type)
    return found is not None and (found[1] in families or found[0] in families)


def _of_pool(pool: Pool, families: Sequence[str], known: Machines) -> int:
    """The most that all limits of the pool allow together; no more than the limit in processors, which needs no catalogue."""
    if pool.types and not any(_in(one, families) for one in pool.types):
        return 0
    limits = [] if pool.cpus is None else [pool.cpus]
    machines = [known[one] for one in pool.types if _in(one, families) and one in known]
    if machines and all(one in known for one in pool.types if _in(one, families)):
        if pool.gpus is not None:
            limits.append(int(pool.gpus * max(Fraction(one.vcpus, one.gpus) for one in machines)))
        if pool.nodes is not None:
            limits.append(pool.nodes * max(one.vcpus for one in machines))
    if pool.nodes == 0:
        return 0
    if not limits:
        raise UnknownNeedError(f"pool {pool.name} has no limit from which its processors are known")
    return min(limits)


def _of_reservation(reservation: Resource, families: Sequence[str], known: Machines) -> int:
    instance_type = str(reservation.inputs.get("instanceType"))
    if not _in(instance_type, families):
        return 0
    count = reservation.inputs.get("instanceCount")
    if instance_type not in known or isinstance(count, bool) or not isinstance(count, int | float):
        raise UnknownNeedError(f"{count} reserved machines {instance_type} have an unknown number of processors")
    return int(count) * known[instance_type].vcpus
