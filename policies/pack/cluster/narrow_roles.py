"""Whoever breaks into a pod finds no token there, and a token opens no more than its role names."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._documents import matches
from policies.pack._kubernetes import pod_of
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import flag, mapping, mappings, texts

ROLES = ("ClusterRole", "ClusterRolePatch", "Role", "RolePatch")
FIELDS = ("apiGroups", "resources", "verbs")


def decide(resource: Resource, context: Context) -> Result:
    """A pod mounts no token by itself; no rule of a role has a wildcard or a verb of ``needs.verbs``."""
    kind = resource.type.rpartition(":")[2]
    if kind not in ROLES:
        return _token(resource, patch=kind.endswith("Patch"))
    rules = mappings(resource.inputs, "rules")
    each = (r for i, rule in enumerate(rules) for r in _rule(f"rules[{i}]", rule, context.needs["verbs"]))
    return together([*each, _others(resource)])


def _token(resource: Resource, *, patch: bool) -> Result:
    """Left out, the account decides, and whoever edits that; a patch that leaves it out changes nothing."""
    mounts = flag(pod_of(resource), "automountServiceAccountToken")
    if mounts is False or (patch and mounts is None):
        return HOLDS
    found = "is true" if mounts else "is left out"
    return violated(f"automountServiceAccountToken {found} in the spec of the pod")


def _rule(at: str, rule: Mapping[str, Any], refused: list[str]) -> Iterator[Result]:
    for field in FIELDS:
        # "*/scale" is that part of every resource
        wild = [value for value in texts(rule, field) if "*" in value]
        yield require(not wild, f"{at}.{field} has the wildcard {', '.join(wild)}")
    # "/metrics/*" is a branch, "/*" the whole tree
    everywhere = [url for url in texts(rule, "nonResourceURLs") if "*" in url and not url.strip("/*")]
    yield require(not everywhere, f"{at}.nonResourceURLs has the wildcard {', '.join(everywhere)}")
    # asked whatever the resources are: these verbs mean nothing where they hand out nothing
    # (https://kubernetes.io/docs/concepts/security/rbac-good-practices/, 2026-11)
    given = [verb for verb in texts(rule, "verbs") if any(matches(pattern, verb) for pattern in refused)]
    yield require(not given, f"{at}.verbs has {', '.join(given)}, which gives the rights of others")


def _others(role: Resource) -> Result:
    """A role that gathers others: https://kubernetes.io/docs/reference/access-authn-authz/rbac/ (2026-11)."""
    gathered = mapping(role.inputs, "aggregationRule")
    if gathered is None:
        return HOLDS
    selectors = mappings(gathered, "clusterRoleSelectors")
    if any(not mapping(s, "matchLabels") and not mappings(s, "matchExpressions") for s in selectors):
        return violated("aggregationRule takes in every role of the cluster")
    return indeterminate("aggregationRule takes in roles by label, and those of the cluster are not all seen here")
