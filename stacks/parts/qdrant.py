"""Qdrant in the cluster of a runtime, and what a team has in it."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components._policy import Statement, allow
from components.key_ring import KeyRing, KeyRingArgs
from components.qdrant import Collection, Qdrant, QdrantArgs
from components.team_namespace import Egress
from stacks.kinds import RuntimeStack, TeamStack
from stacks.outputs import PlatformReference, RuntimeReference

SERVICE = "qdrant"
"""The service of the cluster that a namespace is let into, as its label names it."""

CALLS = Egress(namespace="llmlz-qdrant", ports=(6333, 6334))
"""Where pods of a team find it: HTTP and gRPC."""


def qdrant(
    stack: RuntimeStack,
    platform: PlatformReference,
    *,
    cluster_arn: pulumi.Input[str],
    cluster_name: pulumi.Input[str],
    storage_class: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> Mapping[str, Any]:
    """Its address, the teams' tokens and their key, as a runtime publishes them; empty without a wish.

    ``opts`` brings the providers of AWS and of the cluster. The key is the runtime's own: the platform's lives in another
    stack, where nobody sees what uses it.
    """
    wish = stack.settings.qdrant
    if wish is None:
        return {}
    key_arn = KeyRing(
        "qdrant-keys",
        KeyRingArgs(
            account_id=stack.account,
            alias_prefix=f"{stack.platform.name_prefix}-runtime",
            break_glass_arn=stack.platform.break_glass_arn,
            partition=stack.partition,
            uses={"qdrant": []},
        ),
        opts,
    ).arns["qdrant"]
    made = Qdrant(
        "qdrant",
        QdrantArgs(
            account_id=stack.account,
            backup_days=wish.backup_days,
            boundary_arn=platform.read("boundary_arn"),
            cluster_arn=cluster_arn,
            cluster_name=cluster_name,
            collections={
                team: Collection(reader_role_arn=_role_arn(stack, team), size=size)
                for team, size in stack.qdrant_teams.items()
            },
            cpus=wish.cpus,
            disk_gib=wish.disk_gib,
            image=wish.image,
            kms_key_arn=key_arn,
            memory_gib=wish.memory_gib,
            name_prefix=stack.platform.name_prefix,
            partition=stack.partition,
            program_image=wish.program_image,
            region=stack.region,
            replicas=wish.replicas,
            storage_class=storage_class,
        ),
        opts,
    )
    return {"kms_key_arn": key_arn, "token_arns": made.token_arns, "url": made.url}


def _role_arn(stack: RuntimeStack, team: str) -> str:
    """A team's role, which is made after the runtime; its name is known."""
    return f"arn:{stack.partition}:iam::{stack.account}:role/{stack.platform.name_prefix}-{team}"


def collection(stack: TeamStack, cluster: RuntimeReference | None) -> pulumi.Output[dict[str, str]] | None:
    """Address, token and name of the team's collection, as its document has them; ``None`` without one."""
    if cluster is None or stack.collection is None:
        return None
    team = stack.team.team
    return cluster.read("qdrant").apply(
        lambda found: {"collection": team, "token_arn": found["token_arns"][team], "url": found["url"]}
    )


def token_access(stack: TeamStack, cluster: RuntimeReference | None) -> pulumi.Output[list[Statement]]:
    """What a team's role needs to read its own token, and no other secret under the same key; nothing without one."""
    if cluster is None or stack.collection is None:
        return pulumi.Output.from_input([])
    team, region = stack.team.team, stack.region
    return cluster.read("qdrant").apply(
        lambda found: token_statements(found["token_arns"][team], found["kms_key_arn"], region)
    )


def token_statements(token_arn: str, key_arn: str, region: str) -> list[Statement]:
    """Secrets Manager uses the key as whoever calls it, and names the secret:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html (2026-11).
    """
    this_secret = {
        "StringEquals": {
            "kms:EncryptionContext:SecretARN": token_arn,
            "kms:ViaService": f"secretsmanager.{region}.amazonaws.com",
        }
    }
    return [
        allow("ReadOwnToken", ["secretsmanager:GetSecretValue"], [token_arn]),
        allow("DecryptOwnToken", ["kms:Decrypt"], [key_arn], this_secret),
    ]
