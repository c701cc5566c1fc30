"""What Services, namespaces and pools of nodes must be like, everywhere in the cluster.

Pure functions: each gives the spec of one ValidatingAdmissionPolicy.
"""

from collections.abc import Sequence
from typing import Any

from components._kubernetes import GPU, POOL, PRIVATE_PREFIXES
from components.cluster_guards._cel import texts, validation, variable

SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"
"""https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html (2026-11)"""

SUPERUSERS = "system:masters"
"""The API server itself, which makes the first namespaces. No access entry of EKS can name a group that starts with
``system:`` (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html, 2026-11)."""

NAMESPACE_CONTROLLER = "system:serviceaccount:kube-system:namespace-controller"
"""Takes the last finalizer off a namespace that goes."""

BUILT_IN_POOLS = ("general-purpose", "system")
"""Pools that EKS Auto Mode brings: no accelerated types, and nobody can change them
(https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html, 2026-11)."""


def internal_services() -> dict[str, Any]:
    """Nothing in the cluster opens a door to the internet."""
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [_rule("", "v1", "services", "CREATE", "UPDATE")]},
        "validations": [
            validation(
                "object.spec.?type.orValue('ClusterIP') != 'LoadBalancer'"
                f" || object.metadata.?annotations.orValue({{}})[?'{SCHEME}'].orValue('') == 'internal'",
                f"'Service ' + object.metadata.name + ' asks for a load balancer that is not said to be internal: set the"
                f" annotation {SCHEME}: internal'",
            ),
            validation(
                "object.spec.?externalIPs.orValue([]).size() == 0",
                "'Service ' + object.metadata.name + ' takes over addresses by externalIPs: remove externalIPs'",
            ),
        ],
    }


def namespaces(groups: Sequence[str], users: Sequence[str]) -> dict[str, Any]:
    """Whoever may label a namespace decides what runs there."""
    guarded = " || ".join(f"k.startsWith('{prefix}')" for prefix in PRIVATE_PREFIXES)
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [_rule("", "v1", "namespaces", "CREATE", "UPDATE", "DELETE")]},
        "variables": [
            variable("before", "oldObject == null ? {} : oldObject.metadata.?labels.orValue({})"),
            variable("after", "object == null ? {} : object.metadata.?labels.orValue({})"),
            variable(
                "changed",
                "variables.after.filter(k, !(k in variables.before) || variables.before[k] != variables.after[k])"
                " + variables.before.filter(k, !(k in variables.after))",
            ),
            variable(
                "platform",
                f"request.userInfo.username in {texts([NAMESPACE_CONTROLLER, *sorted(users)])}"
                f" || request.userInfo.?groups.orValue([]).exists(g, g in {texts([SUPERUSERS, *sorted(groups)])})",
            ),
        ],
        "validations": [
            validation(
                "variables.platform || request.operation == 'UPDATE'",
                "'namespaces are made and removed by the platform alone: add or remove the team in its team file, not"
                " with kubectl'",
            ),
            validation(
                f"variables.platform || request.operation != 'UPDATE' || !variables.changed.exists(k, {guarded})",
                f"'label ' + variables.changed.filter(k, {guarded}).join(', ') + ' decides what may run in this namespace"
                " and is set by the platform alone: change the team file'",
            ),
        ],
    }


def node_pools(exempt: Sequence[str] = BUILT_IN_POOLS) -> dict[str, Any]:
    """A pool that may have GPUs cannot grow without end, and takes only pods that name it."""
    taints = "object.spec.template.spec.?taints.orValue([])"
    limit = f"object.spec.?limits.orValue({{}})[?'{GPU}']"
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [_rule("karpenter.sh", "v1", "nodepools", "CREATE", "UPDATE")]},
        "matchConditions": [
            {"name": "not-built-in", "expression": f"!(object.metadata.name in {texts(sorted(exempt))})"},
            {
                "name": "the-pool-changed",
                "expression": "oldObject == null || object.spec != oldObject.spec",
            },
        ],
        "validations": [
            validation(
                f"{limit}.hasValue()",
                f"'NodePool ' + object.metadata.name + ' has no limit for GPUs, so it may buy without end: set"
                f" spec.limits {GPU}: <number>, 0 for a pool without GPUs'",
            ),
            validation(
                f"{limit}.hasValue() && quantity(string({limit}.value())).compareTo(quantity('0')) == 0"
                f" || ['{GPU}', '{POOL}'].all(k, {taints}.exists(t, t.key == k && t.effect == 'NoSchedule'))",
                f"'NodePool ' + object.metadata.name + ' takes pods that do not name it: set taints {GPU}: NoSchedule and"
                f" {POOL}=' + object.metadata.name + ':NoSchedule in spec.template.spec.taints'",
            ),
        ],
    }


def _rule(group: str, version: str, resource: str, *operations: str) -> dict[str, Any]:
    return {
        "apiGroups": [group],
        "apiVersions": [version],
        "operations": list(operations),
        "resources": [resource],
    }
