"""Data access policies of OpenSearch Serverless, as gates on its collections.

They have a grammar of their own, name collections and not ARNs, only allow, and add up. IAM must allow
``aoss:APIAccessAll`` as well, so naming a principal grants nothing:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html (2026-11).

IAM knows one action for all calls to the data of a collection. The gate on it says who may do anything there at all.
Which operation, and on which index, is decided by these policies alone. So that it can be asked, and proved, each index
has an ARN here, ``...:index/<collection>/<index>``, and the permissions are actions on it: no identity policy ever has
them, and the layer ``resource`` answers for them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmlz.access.conditions import PolicyError
from llmlz.access.documents import Document, Origin, Statement, unknown
from llmlz.access.layers import output_of
from llmlz.access.principals import Principals
from llmlz.access.world import Guard
from llmlz.graph.model import Graph, Resource

POLICY = "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy"
COLLECTION = "aws:opensearch/serverlessCollection:ServerlessCollection"
ACTION = "aoss:APIAccessAll"

PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "collection": tuple(f"aoss:{verb}CollectionItems" for verb in ("Create", "Delete", "Update", "Describe")),
    "index": tuple(
        f"aoss:{name}"
        for name in ("ReadDocument", "WriteDocument", "CreateIndex", "DeleteIndex", "UpdateIndex", "DescribeIndex")
    ),
}
"""Kind of resource to the permissions that there are, besides ``aoss:*``; page above."""

RESOURCES: Mapping[str, re.Pattern[str]] = {
    "collection": re.compile(r"collection/(?P<name>[a-z0-9-]+\*?|\*)"),
    "index": re.compile(r"index/(?P<name>[a-z0-9-]+\*?|\*)/[^*/?]*\*?"),
}
"""Kind of resource to how it is named: a name, or the start of one and a star; page above."""

ROLE_OR_USER = re.compile(r"arn:[\w-]+:iam::(?P<account>\d{12}):(role|user)/[^*?\s]+")
OTHERS = re.compile(r"(saml|iamidentitycenter)/\S+")
"""People who sign in to dashboards, whom no role or user is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One element of a policy."""

    collections: tuple[str, ...]
    """Names of collections, or starts of names with a star."""

    indexes: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Name of a collection, name of an index, both perhaps starts with a star, and what may be done there."""

    statement: Statement
    """The Allow, still without resources."""


def data_access(graphs: Sequence[Graph]) -> tuple[Guard, ...]:
    """Two gates for every collection of the graphs, one for its indexes, from all policies in its account and region.

    A collection that no policy names lets nobody in. One policy that is not understood leaves all collections of its
    account and region undecided.
    """
    policies: dict[tuple[str, str], list[Resource]] = {}
    for graph in graphs:
        policies.setdefault((graph.account, graph.region), []).extend(graph.of_type(POLICY))
    return tuple(
        gate
        for graph in graphs
        for collection in graph.of_type(COLLECTION)
        for gate in _gates(graph, collection, policies[graph.account, graph.region])
    )


def index_arn(graph: Graph, collection: str, index: str) -> str:
    """How an index of a collection is called here; AWS has no such ARN."""
    return f"arn:{graph.partition}:aoss:{graph.region}:{graph.account}:index/{collection}/{index}"


def _gates(graph: Graph, collection: Resource, policies: Sequence[Resource]) -> Iterator[Guard]:
    """Who calls the collection at all, and who does what with its indexes."""
    arn, name = output_of(graph, collection), collection.inputs.get("name") or collection.outputs.get("name")
    origin = Origin(layer="resource", name=collection.name, urn=collection.urn, source=collection.source)
    entries: list[_Entry] = []
    undecided = (
        "" if isinstance(name, str) else "the collection has no name of its own, and data access policies go by it"
    )
    for policy in policies if not undecided else ():
        try:
            entries += _entries(policy, graph.account)
        except PolicyError as error:
            undecided = f"data access policy {policy.name}: {error}"
            break
    calls = [_on(e.statement, (ACTION,), arn) for e in entries if any(_fits(c, str(name)) for c in e.collections)]
    operations = [
        _on(entry.statement, may, index_arn(graph, str(name), index))
        for entry in entries
        for where, index, may in entry.indexes
        if _fits(where, str(name))
    ]
    everywhere = index_arn(graph, str(name) if isinstance(name, str) else "*", "*")
    for actions, resource, found in ((ACTION,), arn, calls), (PERMISSIONS["index"], everywhere, operations):
        document = unknown(origin, undecided) if undecided else Document(origin=origin, statements=tuple(found))
        yield Guard(actions=actions, resources=(resource,), document=document, gate=True, grants=False)


def _on(statement: Statement, actions: tuple[str, ...], arn: str) -> Statement:
    return Statement(
        sid=statement.sid,
        effect="Allow",
        actions=actions,
        resources=(arn,),
        principals=statement.principals,
        origin=statement.origin,
    )


def _fits(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def _entries(policy: Resource, account: str) -> Iterator[_Entry]:
    if policy.inputs.get("type", "data") != "data":
        raise PolicyError(f"type {policy.inputs['type']!r} is not understood, expected data")
    try:
        raw = json.loads(policy.inputs.get("policy") or "")
    except json.JSONDecodeError as error:
        raise PolicyError(f"not JSON: {error}") from error
    origin = Origin(layer="resource", name=policy.name, urn=policy.urn, source=policy.source)
    for number, element in enumerate(_list(raw, "the policy"), start=1):
        where = f"element {number}"
        _only(element, ("Description", "Principal", "Rules"), where)
        principals = _principals(_list(element.get("Principal"), f"{where}: Principal"), account, where)
        rules = _list(element.get("Rules"), f"{where}: Rules")
        collections = tuple(name for rule in rules for name in _collections(rule, where))
        statement = Statement(
            sid=f"#{number}", effect="Allow", actions=(ACTION,), resources=(), principals=principals, origin=origin
        )
        indexes = tuple(found for rule in rules for found in _indexes(rule))
        yield _Entry(collections=collections, indexes=indexes, statement=statement)


def _principals(listed: Sequence[Any], account: str, where: str) -> Principals:
    arns, others = [], []
    for text in listed:
        found = ROLE_OR_USER.fullmatch(str(text))
        if found and found["account"] == account:
            arns.append(text)
        elif OTHERS.fullmatch(str(text)):
            others.append(text)
        else:
            raise PolicyError(f"{where}: Principal {text!r} is no role or user of account {account}")
    return Principals(arns=tuple(arns), others=tuple(others))


def _collections(rule: Any, where: str) -> Iterator[str]:
    """Names of the collections that a rule is about, for whatever permission."""
    _only(rule, ("Permission", "Resource", "ResourceType"), f"{where}: a rule")
    kind = rule.get("ResourceType")
    if kind not in RESOURCES:
        raise PolicyError(f"{where}: ResourceType is {kind!r}, expected {' or '.join(RESOURCES)}")
    for permission in _list(rule.get("Permission"), f"{where}: Permission"):
        if permission not in ("aoss:*", *PERMISSIONS[kind]):
            raise PolicyError(f"{where}: {kind} permission {permission!r} is not understood")
    for text in _list(rule.get("Resource"), f"{where}: Resource"):
        found = RESOURCES[kind].fullmatch(str(text))
        if not found:
            raise PolicyError(f"{where}: {kind} {text!r} is not understood")
        yield found["name"]


def _indexes(rule: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Collection, index and operations of a rule that has been understood."""
    if rule["ResourceType"] != "index":
        return
    named = rule["Permission"]
    may = PERMISSIONS["index"] if "aoss:*" in named else tuple(named)
    for text in rule["Resource"]:
        _, collection, index = str(text).split("/")
        yield collection, index, may


def _only(raw: Any, known: tuple[str, ...], where: str) -> None:
    if not isinstance(raw, Mapping):
        raise PolicyError(f"{where} is not an object")
    if extra := sorted(set(raw) - set(known)):
        raise PolicyError(f"{where}: element {extra[0]!r} is not understood")


def _list(raw: Any, where: str) -> Sequence[Any]:
    if not isinstance(raw, list) or not raw:
        raise PolicyError(f"{where} must be a list with at least one item")
    return raw
