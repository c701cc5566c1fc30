"""What no pod, Service, namespace or pool of a cluster may be, judged by the API server itself.

Owns: the admission policies and their bindings; their sentences say what to do.
Does not own: what one namespace may use (``team_namespace``), pod security, which its labels switch on.
There is no webhook: a policy is judged in the API server, and what cannot be judged is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.cluster_guards import _others, _pods

PREFIX = "llmlz-"
"""Names of the policies in the cluster start with it; a message of the API server names the policy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterGuardsArgs:
    """Whom the guards let through."""

    registries: Sequence[str]
    """Where images may come from, such as ``111122223333.dkr.ecr.eu-central-1.amazonaws.com``; a path below is fine."""

    system_namespaces: Sequence[str]
    """Namespaces of the platform, whose pods are not judged: such as ``kube-system``, ``llmlz-system``."""

    admin_groups: Sequence[str] = ()
    """Groups of access entries that may make, label and remove namespaces, beside the API server itself."""

    admin_users: Sequence[str] = ()
    """Users who may do the same, by the name that the cluster knows them by."""

    priority_classes: Sequence[str] = ()
    """Priority classes that pods of teams may name; none if left out."""


class ClusterGuards(pulumi.ComponentResource):
    """Admission policies for the whole cluster, each with a binding that refuses."""

    policies: list[str]
    """Names of the policies in the cluster, in order."""

    def __init__(self, name: str, args: ClusterGuardsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the guards under ``name``; the provider in ``opts`` is that of the cluster."""
        super().__init__("llmlz:index:ClusterGuards", name, {}, opts)

        specs = guard_specs(args)
        for role, spec in specs.items():
            policy = kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
                f"{name}-{role}",
                metadata={"name": f"{PREFIX}{role}"},
                spec=spec,
                opts=pulumi.ResourceOptions(parent=self),
            )
            kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
                f"{name}-{role}-binding",
                metadata={"name": f"{PREFIX}{role}"},
                spec={"policyName": f"{PREFIX}{role}", "validationActions": ["Deny", "Audit"]},
                opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
            )

        self.policies = [f"{PREFIX}{role}" for role in specs]
        self.register_outputs({"policies": self.policies})


def guard_specs(args: ClusterGuardsArgs) -> Mapping[str, dict[str, Any]]:
    """Role of each guard to the spec of its policy; the role is identity."""
    system = sorted(args.system_namespaces)
    return {
        "images": _pods.images(system, args.registries),
        "namespaces": _others.namespaces(args.admin_groups, args.admin_users),
        "node-pools": _others.node_pools(),
        "placement": _pods.placement(system, args.priority_classes),
        "pools": _pods.pools(system),
        "services": _others.internal_services(),
        "team-label": _pods.team_label(system),
    }
