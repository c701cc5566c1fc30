"""A role is assumed by named principals, and by a service only on behalf of a known account."""

from policies.pack._documents import POSITIVE, Statement
from policies.pack._origin import bound
from policies.pack._roles import trust
from policies.pack._rule import Context, Resource, Result, require, together, violated

TOLD = {"pods.eks.amazonaws.com": ("aws:requesttag/eks-cluster-arn",)}
"""Services that say in tags of the session, which they alone set, whom they act for:
https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html (2026-11)."""


def decide(resource: Resource, context: Context) -> Result:
    """No Allow for everyone; services outside ``needs.without_origin`` carry their origin; federation is narrowed."""
    return together(r for s in trust(resource) for r in _checks(s, context.needs["without_origin"]))


def _checks(statement: Statement, exempt: dict[str, str]) -> list[Result]:
    if statement.everyone:
        return [violated("everyone may assume the role")]
    services = [s for s in statement.principals.get("Service", ()) if s not in exempt]
    narrowed = any(op in POSITIVE and key.endswith((":aud", ":sub")) for op, key in statement.conditions)
    return [
        *(require(bound(statement, *TOLD.get(s, ())), f"{s} may assume the role for any account") for s in services),
        require("Federated" not in statement.principals or narrowed, "a federated trust has no aud or sub condition"),
    ]
