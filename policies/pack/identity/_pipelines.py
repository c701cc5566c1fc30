"""Who may come in as a pipeline: the subjects that a role's trust names, and whether the role only reads."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from policies.pack._documents import POSITIVE, Statement, matches
from policies.pack._roles import grants, trust
from policies.pack._rule import Context, Resource

PODS = "system:serviceaccount:"
"""How Kubernetes begins the subject of a pod's token."""

GITHUB = "token.actions.githubusercontent.com"
ENVIRONMENT = re.compile(r":environment:[^:*?]+\Z")
REPOSITORY = r"(repo:[\w.-]+(@\d+)?/[\w.-]+(@\d+)?|repository_id:\d+)"
SUBJECT = re.compile(REPOSITORY + r":(environment:[^:*?]+|ref:refs/(heads|tags)/[^:*?]+|pull_request)")
"""By name, by names with their immutable ids, or by the repository's id alone:
https://docs.github.com/actions/reference/openid-connect-reference (2026-11)"""


def pipelines(role: Resource) -> tuple[Statement, ...]:
    """Allow statements of the role's trust by which a pipeline comes in, which is every token issuer but a cluster's."""
    return tuple(s for s in trust(role) if any(":oidc-provider/" in p for p in _federated(s)) and not pods(s))


def pods(statement: Statement) -> bool:
    """Only pods come in by it: a cluster's issuer, or subjects that are all service accounts."""
    federated = _federated(statement)
    subjects = claims(statement, "sub")
    if any(GITHUB in name for name in federated):
        return False
    by_issuer = bool(federated) and all(":oidc-provider/oidc.eks." in name for name in federated)
    return by_issuer or (bool(subjects) and all(subject.startswith(PODS) for subject in subjects))


def claims(statement: Statement, claim: str) -> tuple[str, ...]:
    """Values of one claim that the statement insists on; empty where it insists on none.

    Several conditions on one claim hold together, so the narrowest that is spelled out counts.
    """
    found = [
        values
        for (op, key), values in statement.conditions.items()
        if op in POSITIVE and key.endswith(f":{claim}") and not key.startswith(("aws:", "sts:"))
    ]
    exact = [values for values in found if not any(c in v for v in values for c in "*?")]
    return next(iter(exact or found), ())


def github(statement: Statement) -> bool:
    """The tokens are those of GitHub, by the provider's name or by the claims; the name is a stand-in if made here."""
    return any(GITHUB in name for name in (*_federated(statement), *(key for _, key in statement.conditions)))


def protected(statement: Statement) -> bool:
    """Only jobs of named environments come in, which GitHub lets wait for an approval."""
    return in_environments(statement) == {True}


def in_environments(statement: Statement) -> set[bool]:
    """Whether who comes in does so from a named environment; both where some do and some do not."""
    environments = claims(statement, "environment")
    if environments and not any(c in e for e in environments for c in "*?"):
        return {True}
    return {ENVIRONMENT.search(subject) is not None for subject in claims(statement, "sub")} or {False}


def only_reads(role: Resource, context: Context, needs: Mapping[str, Any]) -> bool:
    """Every action is one of ``reads`` and none of ``secrets``, every policy of AWS one of ``reading_policies``."""
    granted = grants(role, context)
    return set(granted.aws) <= set(needs["reading_policies"]) and all(
        _reads(s, needs["reads"], needs["secrets"]) for s in granted.allows
    )


def _reads(statement: Statement, reads: Sequence[str], secrets: Sequence[str]) -> bool:
    listed = bool(statement.actions) and all(any(matches(r, a) for r in reads) for a in statement.actions)
    return listed and not any(statement.covers(secret) for secret in secrets)


def _federated(statement: Statement) -> tuple[str, ...]:
    return statement.principals.get("Federated", ())
