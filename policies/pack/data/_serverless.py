"""Policies of OpenSearch Serverless: JSON of their own kind, read strictly, and the collections that they are about.

Source: docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html, serverless-encryption.html
and serverless-data-access.html (2026-11).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from policies.pack._documents import matches
from policies.pack._places import alone, in_account, region_of
from policies.pack._relations import sources
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, violated
from policies.pack._values import UnreadableError, mappings, shown, text, texts

COLLECTION = "aws:opensearch/serverlessCollection:ServerlessCollection"
SECURITY_POLICY = "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy"
ACCESS_POLICY = "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy"

Kind = Literal["encryption", "network", "data"]
KEYS: Mapping[Kind, frozenset[str]] = {
    "encryption": frozenset({"Rules", "AWSOwnedKey", "KmsARN"}),
    "network": frozenset({"Description", "Rules", "AllowFromPublic", "SourceVPCEs", "SourceServices"}),
    "data": frozenset({"Description", "Rules", "Principal"}),
}
RULE_KEYS = frozenset({"ResourceType", "Resource", "Permission"})
RESOURCE_TYPES = ("collection", "dashboard", "index", "model")


def kind_of(policy: Resource) -> str:
    """What the policy is about; raises ``UnreadableError`` for a kind that AWS does not have."""
    kind = text(policy.inputs, "type")
    if kind is None or kind not in KEYS:
        raise UnreadableError(f"type of {policy.name} is {shown(kind)}, expected one of {', '.join(sorted(KEYS))}")
    return kind


def entries(policy: Resource, kind: Kind) -> tuple[Mapping[str, Any], ...]:
    """The entries of a policy, each with known keys and readable rules; raises ``UnreadableError``."""
    found = _load(policy)
    if kind == "encryption":
        found = [found]  # the only kind that is one object
    listed = mappings({"policy": found}, "policy")
    if not listed:
        raise UnreadableError(f"policy of {policy.name} is empty")
    for entry in listed:
        _known(entry, KEYS[kind], policy)
        rules(entry)
    return listed


def rules(entry: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The rules of an entry: each has a known type and names something; raises ``UnreadableError``."""
    listed = mappings(entry, "Rules")
    if not listed:
        raise UnreadableError("Rules is missing or empty")
    for rule in listed:
        if set(rule) - RULE_KEYS or rule.get("ResourceType") not in RESOURCE_TYPES or not texts(rule, "Resource"):
            raise UnreadableError(f"Rules holds {shown(dict(rule))}, which is no rule")
    return listed


def covered(collection: Resource, kind: Kind, context: Context) -> Result:
    """A policy of this kind is known for the collection, in this stack or another one of its account and region."""
    name, region = text(collection.inputs, "name"), region_of(collection, context)
    for policy, there in in_account(context, SECURITY_POLICY):
        near = region_of(policy, there) == region and kind_of(policy) == kind
        if near and _names(policy, kind, collection, name):
            return HOLDS
    if alone(context):
        return indeterminate(f"this stack has no {kind} policy for the collection; check it with the other stacks")
    return violated(f"no {kind} policy covers the collection {name or collection.name}")


def _names(policy: Resource, kind: Kind, collection: Resource, name: str | None) -> bool:
    if collection.urn in sources(policy, "policy"):
        return True
    about = (rule for entry in entries(policy, kind) for rule in rules(entry) if rule["ResourceType"] == "collection")
    named = [pattern for rule in about for pattern in texts(rule, "Resource")]
    return any(pattern == "collection/*" or (name and matches(pattern, f"collection/{name}")) for pattern in named)


def _load(policy: Resource) -> Any:
    raw = text(policy.inputs, "policy")
    if raw is None:
        raise UnreadableError(f"policy of {policy.name} is not set")
    try:
        return json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise UnreadableError(f"policy of {policy.name} is {shown(raw)}, not clear JSON") from None


def _known(entry: Mapping[str, Any], keys: frozenset[str], policy: Resource) -> None:
    unknown: Iterator[str] = (key for key in sorted(entry) if key not in keys)
    for key in unknown:
        raise UnreadableError(f"policy of {policy.name} has the unknown key {key!r}")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return made
