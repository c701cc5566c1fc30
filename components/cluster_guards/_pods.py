"""What a pod must be like outside the system namespaces, whoever makes it, alone or through a workload.

Pure functions: each gives the spec of one ValidatingAdmissionPolicy.
"""

from collections.abc import Sequence
from typing import Any

from components._kubernetes import ALLOWED, ALLOWED_POOL, GPU, POOL, TEAM
from components.cluster_guards._cel import pod_variables, texts, validation

NAME = "kubernetes.io/metadata.name"
"""The API server puts it on every namespace, and nobody can change it."""

ROLL_OUT = (
    {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods", "pods/ephemeralcontainers"]},
    {
        "apiGroups": ["apps"],
        "apiVersions": ["v1"],
        "resources": ["daemonsets", "deployments", "replicasets", "statefulsets"],
    },
    {"apiGroups": ["batch"], "apiVersions": ["v1"], "resources": ["cronjobs", "jobs"]},
    {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["replicationcontrollers"]},
)
"""Pods, and whatever makes pods: whoever applies a Deployment reads the sentence at once, not in an event later."""

CHANGED = {
    "name": "the-pod-changed",
    "expression": "oldObject == null || dyn(object).spec != dyn(oldObject).spec"
    " || dyn(object).metadata.?labels != dyn(oldObject).metadata.?labels",
}
"""A pod that is merely being finished or cleaned up is never held back by a rule that came after it."""


def pod_policy(system_namespaces: Sequence[str], validations: list[dict[str, Any]]) -> dict[str, Any]:
    """A policy over all pods outside ``system_namespaces``."""
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "namespaceSelector": {
                "matchExpressions": [{"key": NAME, "operator": "NotIn", "values": list(system_namespaces)}]
            },
            "resourceRules": [{**rule, "operations": ["CREATE", "UPDATE"]} for rule in ROLL_OUT],
        },
        "matchConditions": [CHANGED],
        "variables": pod_variables(),
        "validations": validations,
    }


def team_label(system_namespaces: Sequence[str]) -> dict[str, Any]:
    """A pod says whose it is, and it is the team of its namespace."""
    return pod_policy(
        system_namespaces,
        [
            validation(
                "variables.team != ''",
                "'namespace ' + request.namespace + ' belongs to no team, so nothing runs in it: use the namespace of"
                " your team (team-<team>), or ask the platform for one'",
            ),
            validation(
                f"variables.team == '' || ('{TEAM}' in variables.labels && variables.labels['{TEAM}'] == variables.team)",
                f"'the pod lacks the label of its team: set metadata.labels of the pod (of the template in a workload) to"
                f" {TEAM}: ' + variables.team",
            ),
        ],
    )


def pools(system_namespaces: Sequence[str]) -> dict[str, Any]:
    """A pod on GPUs names one pool, and every pool that it names is one its namespace may use."""
    allowed = f"variables.space[?'{ALLOWED_POOL}' + p].orValue('') == '{ALLOWED}'"
    return pod_policy(
        system_namespaces,
        [
            validation(
                "!variables.gpus || variables.selected != '' && variables.selected in variables.tolerated",
                f"'the pod asks for GPUs and names no pool: set nodeSelector {POOL}: <pool> and a toleration with key"
                f" {POOL}, operator Equal, value <pool>, effect NoSchedule; the namespace may use: ' + {_allowed()}",
            ),
            validation(
                "variables.poolTolerations.all(t, t.?operator.orValue('Equal') == 'Equal')"
                " && !('' in variables.tolerated) && variables.tolerations.all(t, t.?key.orValue('') != '')",
                f"'a toleration without a key, or with operator Exists for {POOL}, opens every pool: tolerate one pool by"
                f" key {POOL}, operator Equal, value <pool>; the namespace may use: ' + {_allowed()}",
            ),
            validation(
                f"variables.pools.all(p, {allowed})",
                f"'the pod names pool ' + variables.pools.filter(p, !({allowed})).join(', ') + ', which this namespace may"
                f" not use: take one of: ' + {_allowed()} + '; or ask the platform to add the pool to the team'",
            ),
            validation(
                "variables.otherTolerations.size() == 0",
                f"'the pod tolerates ' + variables.otherTolerations.map(t, t.?key.orValue('everything')).join(', ')"
                f" + ': remove that toleration; only {POOL} and {GPU} may be tolerated'",
            ),
            validation(
                "variables.spec.?resourceClaims.orValue([]).size() == 0",
                f"'the pod claims devices by resourceClaims, which no quota counts: ask for {GPU} in resources.limits'",
            ),
        ],
    )


def _allowed() -> str:
    """The pools of the namespace as a text, in order."""
    found = f"variables.space.filter(k, k.startsWith('{ALLOWED_POOL}')).map(k, k.substring({len(ALLOWED_POOL)}))"
    return f"({found}.size() == 0 ? 'no pool' : {found}.sort().join(', '))"


def placement(system_namespaces: Sequence[str], priority_classes: Sequence[str]) -> dict[str, Any]:
    """The scheduler decides where a pod runs, and what it pushes aside."""
    listed = texts(sorted(priority_classes))
    return pod_policy(
        system_namespaces,
        [
            validation(
                "(variables.kind == 'Pod' && request.operation == 'UPDATE')"
                " || variables.spec.?nodeName.orValue('') == ''",
                f"'the pod sets nodeName, which passes by the scheduler: remove nodeName, and use nodeSelector {POOL}'",
            ),
            validation(
                "variables.spec.?schedulerName.orValue('default-scheduler') == 'default-scheduler'",
                "'the pod names a scheduler of its own: remove schedulerName'",
            ),
            validation(
                f"variables.spec.?priorityClassName.orValue('') in [''] + {listed}",
                f"'priority class ' + variables.spec.?priorityClassName.orValue('') + ' is not for teams: '"
                f" + ({listed}.size() == 0 ? 'remove priorityClassName' : 'use one of: ' + {listed}.join(', '))",
            ),
        ],
    )


def images(system_namespaces: Sequence[str], registries: Sequence[str]) -> dict[str, Any]:
    """An image is what was reviewed: named by digest, from a registry of the company."""
    listed = texts(sorted(f"{registry.rstrip('/')}/" for registry in registries))
    foreign = f"!{listed}.exists(r, i.startsWith(r))"
    tagged = "!i.matches('@sha256:[0-9a-f]{64}$')"
    return pod_policy(
        system_namespaces,
        [
            validation(
                f"!variables.images.exists(i, {tagged})",
                f"'image ' + variables.images.filter(i, {tagged}).join(', ') + ' is not named by digest: write"
                " <registry>/<repository>@sha256:<digest>; a tag can be moved'",
            ),
            validation(
                f"!variables.images.exists(i, {foreign})",
                f"'image ' + variables.images.filter(i, {foreign}).join(', ') + ' is from a registry that is not listed:"
                f" push it to one of: ' + {listed}.join(', ')",
            ),
        ],
    )
