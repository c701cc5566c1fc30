"""A search collection is reached through endpoints of a network, never from the internet."""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._values import flag, texts
from policies.pack.data._serverless import COLLECTION, covered, entries, kind_of


def decide(resource: Resource, context: Context) -> Result:
    """No entry of a network policy is public; each has endpoints, or services of ``needs.services``, as its sources.

    Of several policies for one collection the public one wins, so every policy must hold, and a collection needs one
    that is known: docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html (2026-11).
    A dashboard that no policy names is closed.
    """
    if resource.type == COLLECTION:
        return covered(resource, "network", context)
    if kind_of(resource) != "network":
        return HOLDS
    services = context.needs["services"]
    return together(_private(entry, n, services) for n, entry in enumerate(entries(resource, "network")))


def _private(entry: Mapping[str, Any], number: int, accepted: Sequence[str]) -> Result:
    public, endpoints = flag(entry, "AllowFromPublic"), texts(entry, "SourceVPCEs")
    services = texts(entry, "SourceServices")
    if public is not False:
        return violated(f"entry {number}: AllowFromPublic is {public}, not false")
    strangers = [s for s in services if s not in accepted] + [e for e in endpoints if not e or "*" in e]
    return together(
        [
            require(bool(endpoints or services), f"entry {number}: neither SourceVPCEs nor SourceServices is set"),
            require(not strangers, f"entry {number}: {', '.join(map(repr, strangers))} may come in"),
        ]
    )
