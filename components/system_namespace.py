"""The namespace of the platform's own jobs in a cluster, closed before anything runs in it.

Owns: the namespace, its quota, and that nothing gets in or out by default.
Does not own: what runs there, and what that may reach (each component brings its own policy).
"""

from dataclasses import dataclass, field

import pulumi
import pulumi_kubernetes as kubernetes

from components._kubernetes import GPU, TEAM

RESTRICTED = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")}


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemNamespaceArgs:
    """What the namespace is made of."""

    namespace: str
    """Its name, such as ``llmlz-system``."""

    cpus: int = field(default=32)
    """Processors that its pods may ask for together; 32 if left out."""

    memory_gib: int = field(default=64)
    """Memory that they may ask for together; 64 if left out."""


class SystemNamespace(pulumi.ComponentResource):
    """A namespace without GPUs, in which only restricted pods run."""

    namespace: pulumi.Output[str]
    """Its name; ready when it is closed."""

    def __init__(self, name: str, args: SystemNamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the namespace in the cluster of the provider that ``opts`` brings."""
        super().__init__("llmlz:index:SystemNamespace", name, {}, opts)
        space = kubernetes.core.v1.Namespace(
            f"{name}-namespace",
            metadata={"name": args.namespace, "labels": {**RESTRICTED, TEAM: "platform"}},
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        after = pulumi.ResourceOptions(parent=self, depends_on=[space])
        memory = f"{args.memory_gib}Gi"
        hard = {"limits.memory": memory, "requests.cpu": str(args.cpus), "requests.memory": memory}
        quota = kubernetes.core.v1.ResourceQuota(
            f"{name}-quota",
            metadata={"name": "whole", "namespace": args.namespace},
            spec={"hard": {**hard, f"requests.{GPU}": "0"}},
            opts=after,
        )
        denied = kubernetes.networking.v1.NetworkPolicy(
            f"{name}-denied",
            metadata={"name": "denied", "namespace": args.namespace},
            spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
            opts=after,
        )
        self.namespace = pulumi.Output.all(quota.metadata, denied.metadata).apply(lambda _: args.namespace)
        self.register_outputs({"namespace": self.namespace})
