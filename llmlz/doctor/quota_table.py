"""The quotas that a landing zone meets, as data, and how much of each a graph needs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as with_default
from functools import cache
from importlib import resources
from typing import Any, Literal

from ruamel.yaml import YAML

from llmlz.doctor.quota_measures import MEASURES
from llmlz.graph.model import Graph, Resource

FILE = "data/quotas.yaml"
UNKNOWN = "(unknown)"
"""Where the part of the region that a resource is in cannot be read from the graph: all of them count together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One question to AWS, and where its answer says how many there are."""

    service: str
    """Name of the client."""

    operation: str
    """Method of the client."""

    field: str
    """Path in the answer; a list is counted over all pages, a number is taken, and of numbers in lists the products are added."""

    arguments: Mapping[str, Any] = with_default(default_factory=dict)
    """What is asked with; nothing if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """One row of the table; the file says what the columns are."""

    id: str
    """Name of the finding."""

    what: str
    """What is limited, for a person."""

    type: str
    """Pulumi type of what is counted."""

    service: str
    """Service code of Service Quotas."""

    code: str
    """Quota code of Service Quotas."""

    words: tuple[str, ...]
    """Each must be in the name of the quota, in small letters."""

    source: str
    """Where it is published."""

    used: Call
    """How to count what is there."""

    only: Mapping[str, Any] = with_default(default_factory=dict)
    """Inputs that a resource must have to count; all count if left out."""

    per: Literal["zone", "vpc"] | None = None
    """The part of a region that it is for; the whole region or account if left out."""

    loose: bool = False
    """Whether the call counts more than the quota does; it counts the same if left out."""

    limit: str | None = None
    """Where the same answer says the quota; Service Quotas is asked if left out."""

    limit_from: Call | None = None
    """The call that says the quota, as a number, where Service Quotas does not; Service Quotas is asked if left out."""

    measure: str | None = None
    """Name of the rule that says how much a graph may ask for; resources are counted if left out."""

    families: tuple[str, ...] = ()
    """Families of machines that it is for, for the measure in processors."""

    market: str = ""
    """``on-demand`` or ``spot``, for the measure in processors."""

    apart: bool = False
    """Whether the call counts things that take an unknown part of the quota: only where there are none it is decided."""


@cache
def quotas() -> tuple[Quota, ...]:
    """Every row; a column that nobody knows is a ``ValueError``."""
    text = resources.files("llmlz.doctor").joinpath(FILE).read_text(encoding="utf-8")
    return tuple(_quota(row) for row in YAML(typ="safe").load(text))


def _quota(row: Mapping[str, Any]) -> Quota:
    if unknown := row.keys() - {column.name for column in fields(Quota)}:
        raise ValueError(f"{FILE}: {row.get('id')}: no column {', '.join(sorted(unknown))}")
    if (measure := row.get("measure")) not in (None, *MEASURES):
        raise ValueError(f"{FILE}: {row['id']}: no measure {measure!r}, there are {', '.join(sorted(MEASURES))}")
    limit_from = Call(**row["limit_from"]) if "limit_from" in row else None
    lists = {"words": tuple(row["words"]), "families": tuple(row.get("families", ()))}
    return Quota(**{**row, **lists, "used": Call(**row["used"]), "limit_from": limit_from})


def need(quota: Quota, graph: Graph) -> int:
    """How many a graph has, or how much it may ask for; where the quota is for a part of the region, in the part with most.

    Raises ``UnknownNeedError`` where the graph does not say.
    """
    if quota.measure is not None:
        return MEASURES[quota.measure](graph, quota.families, quota.market)
    counted = _counted(quota, graph)
    if quota.per is None:
        return len(counted)
    return max(Counter(_part(quota.per, r, graph) for r in counted).values(), default=0)


def everywhere(quota: Quota, graph: Graph) -> int:
    """How many a graph has in all parts of the region; none of what pools buy, since no state says how much that is."""
    if quota.measure is not None:
        return 0
    return len(_counted(quota, graph))


def _counted(quota: Quota, graph: Graph) -> list[Resource]:
    return [r for r in graph.of_type(quota.type) if all(r.inputs.get(k) == v for k, v in quota.only.items())]


def _part(per: Literal["zone", "vpc"], resource: Resource, graph: Graph) -> str:
    if per == "vpc":
        return _target(resource, "vpcId") or str(resource.inputs.get("vpcId", UNKNOWN))
    subnet = graph.by_urn.get(_target(resource, "subnetId") or "")
    return str(subnet.inputs.get("availabilityZone", UNKNOWN)) if subnet else UNKNOWN


def _target(resource: Resource, at: str) -> str | None:
    return next((reference.to for reference in resource.references if reference.at == at), None)
