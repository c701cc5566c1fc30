"""The runtime stack: the cluster of a platform, and everything in it that is not one team's."""

import pulumi

from components.cluster_defaults import ClusterDefaults, ClusterDefaultsArgs
from components.cluster_guards import ClusterGuards, ClusterGuardsArgs
from stacks.kinds import RuntimeStack
from stacks.outputs import PlatformReference, RuntimeOutputs
from stacks.parts.cluster import cluster_place
from stacks.parts.nodes import nodes
from stacks.parts.published import publish_runtime
from stacks.parts.qdrant import qdrant
from stacks.parts.signatures import image_signatures
from stacks.parts.weights import weights_loader
from stacks.providers import aws_provider, kubernetes_provider

SYSTEM_NAMESPACES = ("kube-node-lease", "kube-public", "kube-system", "llmlz-qdrant", "llmlz-system")
"""Where the cluster's own pods run, and the platform's."""


def runtime(stack: RuntimeStack) -> None:
    """Build the cluster and what all teams share in it, and publish what others need to know."""
    platform = PlatformReference(stack.platform.name)
    aws_of_stack = aws_provider(stack)
    in_aws = pulumi.ResourceOptions(providers=[aws_of_stack])
    place = cluster_place(stack, platform, in_aws)
    provider = kubernetes_provider(
        stack,
        arn=place.arn,
        certificate_authority=place.certificate_authority,
        endpoint=place.endpoint,
        name=place.name,
    )
    everywhere = pulumi.ResourceOptions(providers=[aws_of_stack, provider])

    defaults = ClusterDefaults(
        "cluster-defaults",
        ClusterDefaultsArgs(auto_mode=stack.auto_mode, cluster_name=place.name, kms_key_arn=place.disk_key_arn),
        everywhere,
    )

    ClusterGuards(
        "guards",
        ClusterGuardsArgs(
            admin_groups=[stack.administrators_group],
            registries=stack.registries,
            system_namespaces=SYSTEM_NAMESPACES,
        ),
        everywhere,
    )
    image_signatures(stack, everywhere)
    nodes(stack, place, platform, everywhere)
    weights_loader(stack, platform, cluster_arn=place.arn, cluster_name=place.name, opts=everywhere)
    vectors = qdrant(
        stack,
        platform,
        cluster_arn=place.arn,
        cluster_name=place.name,
        storage_class=defaults.storage_class,
        opts=everywhere,
    )

    outputs = RuntimeOutputs(
        cluster_arn=place.arn,
        cluster_certificate_authority=place.certificate_authority,
        cluster_endpoint=place.endpoint,
        cluster_name=place.name,
        qdrant=vectors,
    )
    outputs.export()
    publish_runtime(stack, outputs, in_aws)
