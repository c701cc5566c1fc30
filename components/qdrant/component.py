"""Qdrant in the cluster: a namespace of its own, nodes with encrypted disks, and a key that nobody ever types.

Owns: namespace, quota and network policies, the nodes, the secrets without their values, the roles of its pods, the jobs
that make keys, tokens and collections, and the bucket with the backups.
Does not own: the storage class, the images, which namespaces are admitted (a label of theirs), who reads a team's token.

No value of a secret is in a program, a plan or a state: a job makes the key in the cluster and puts it into Secrets Manager,
the servers fetch it into memory when they start, and each team finds a token there that opens its own collection.
"""

import json
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components._bucket import BucketShape, private_bucket
from components._naming import physical_name
from components.qdrant import network, pods
from components.qdrant.access import backup_statements, keys_statements, server_statements
from components.qdrant.args import QdrantArgs
from components.qdrant.identity import Identity, identity, role_arn
from components.qdrant.secrets import empty_secret
from components.qdrant.shipped import program_map

KEYS_SCHEDULE = "15 4 * * 0"
"""Once a week: a token with less than half of its life left gets a follower, long before it ends."""

RESTRICTED = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")}


class Qdrant(pulumi.ComponentResource):
    """A vector store that teams share without seeing each other."""

    namespace: pulumi.Output[str]
    """Where it runs; ready when nothing gets in that is not admitted."""

    token_arns: dict[str, pulumi.Output[str]]
    """Team to the secret with its address, its collection and its token, which a job sets after the deployment."""

    url: pulumi.Output[str]
    """Where pods of admitted namespaces call it; ready when the nodes are made."""

    def __init__(self, name: str, args: QdrantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make everything, with the providers of AWS and Kubernetes that ``opts`` brings."""
        super().__init__("llmlz:index:Qdrant", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        closed = _namespace(name, args, child)
        inside = pulumi.ResourceOptions(parent=self, depends_on=closed)

        bucket, closed_bucket = private_bucket(
            f"{name}-backups",
            BucketShape(
                bucket=physical_name("bucket", args.name_prefix, "qdrant", args.account_id, args.region),
                kms_key_arn=args.kms_key_arn,
                expire_days=args.backup_days,
            ),
            parent=self,
        )
        admin = empty_secret(f"{name}-admin", args, "admin", [role_arn(args, p) for p in ("backup", "server")], child)
        tokens = {
            team: empty_secret(f"{name}-{team}", args, f"teams/{team}", [wish.reader_role_arn], child)
            for team, wish in sorted(args.collections.items())
        }
        key = pulumi.Output.from_input(args.kms_key_arn)
        server = identity(
            f"{name}-server",
            args,
            "server",
            pulumi.Output.all(admin, key).apply(lambda a: server_statements(*a)),
            inside,
        )
        keys = identity(
            f"{name}-keys",
            args,
            "keys",
            pulumi.Output.all([admin, *tokens.values()], key).apply(lambda a: keys_statements(*a)),
            inside,
        )
        writer = identity(
            f"{name}-backup",
            args,
            "backup",
            pulumi.Output.all(admin, bucket.arn, key).apply(lambda a: backup_statements(*a)),
            inside,
        )
        program = program_map(f"{name}-program", args.namespace, network.PART_OF, inside)
        nodes = _nodes(name, args, server, admin=admin, program=program, inside=inside)
        teams = pulumi.Output.all(**tokens).apply(
            lambda arns: json.dumps(
                {team: {"secret": arn, "shape": pods.shape(args, team)} for team, arn in arns.items()}, sort_keys=True
            )
        )
        told = {"ADMIN_SECRET": admin, "TEAMS": teams, "TOKEN_DAYS": str(args.token_days), "URL": pods.url(args)}
        shared: dict[str, Any] = {"inside": inside, "program": program}
        _steps(f"{name}-keys", args, "keys", schedule=KEYS_SCHEDULE, told=told, who=keys, now=True, **shared)
        bucket_name = pulumi.Output.all(bucket.id, closed_bucket.id).apply(lambda made: str(made[0]))
        told = {"ADMIN_SECRET": admin, "BUCKET": bucket_name, "KMS_KEY_ARN": key, "NODES": json.dumps(pods.nodes(args))}
        _steps(f"{name}-backup", args, "backup", schedule=args.backup_schedule, told=told, who=writer, **shared)

        self.namespace = closed[-1].metadata.apply(lambda found: str(found["namespace"]))
        self.token_arns = tokens
        self.url = nodes.metadata.apply(lambda _: pods.url(args))
        self.register_outputs({"namespace": self.namespace, "token_arns": self.token_arns, "url": self.url})


def _namespace(name: str, args: QdrantArgs, child: pulumi.ResourceOptions) -> list[Any]:
    """The namespace, closed before anything runs in it; the last is the last to exist."""
    space = kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={"name": args.namespace, "labels": {**RESTRICTED, "llmlz.io/team": "platform"}},
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=True)),
    )
    after = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[space]))
    cpus, memory = args.cpus * args.replicas + 4, args.memory_gib * args.replicas + 8
    hard = {"limits.memory": f"{memory}Gi", "requests.cpu": str(cpus), "requests.memory": f"{memory}Gi"}
    quota = kubernetes.core.v1.ResourceQuota(
        f"{name}-quota",
        metadata={"name": "qdrant", "namespace": args.namespace},
        spec={"hard": {**hard, "requests.nvidia.com/gpu": "0"}},
        opts=after,
    )
    policies = [
        kubernetes.networking.v1.NetworkPolicy(
            f"{name}-{role}", metadata={"name": role, "namespace": args.namespace}, spec=spec, opts=after
        )
        for role, spec in (
            ("denied", network.denied()),
            ("to-server", network.to_server()),
            ("from-pods", network.from_pods()),
        )
    ]
    return [space, quota, *policies]


def _nodes(
    name: str, args: QdrantArgs, server: Identity, *, admin: Any, program: Any, inside: pulumi.ResourceOptions
) -> Any:
    """Two services, a budget for disruptions, and the set of nodes."""
    ports = [("http", network.HTTP), ("grpc", network.GRPC), ("peers", network.PEERS)]
    for role, where, headless in (("service", pods.NAME, False), ("headless", pods.HEADLESS, True)):
        kubernetes.core.v1.Service(
            f"{name}-{role}",
            metadata={"name": where, "namespace": args.namespace, "labels": network.SERVER},
            spec={
                **({"clusterIP": "None", "publishNotReadyAddresses": True} if headless else {"type": "ClusterIP"}),
                "ports": [{"name": n, "port": p, "protocol": "TCP"} for n, p in ports if headless or n != "peers"],
                "selector": network.SERVER,
            },
            opts=inside,
        )
    kubernetes.policy.v1.PodDisruptionBudget(
        f"{name}-disruptions",
        metadata={"name": pods.NAME, "namespace": args.namespace},
        spec={"maxUnavailable": 1, "selector": {"matchLabels": network.SERVER}},
        opts=inside,
    )
    return kubernetes.apps.v1.StatefulSet(
        f"{name}-nodes",
        metadata={
            "name": pods.NAME,
            "namespace": args.namespace,
            "labels": network.SERVER,
            # nodes wait for a key that a job makes beside them
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        spec=pods.server_spec(args, account=server.account, admin_secret=admin, program_name=program),
        opts=pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(protect=True, depends_on=[server.ready])),
    )


def _steps(
    name: str,
    args: QdrantArgs,
    step: str,
    *,
    inside: pulumi.ResourceOptions,
    program: Any,
    schedule: str,
    told: dict[str, Any],
    who: Identity,
    now: bool = False,
) -> None:
    """A step by the calendar, and once at the deployment where that is asked for."""
    spec = pods.job_spec(args, step, told, account=who.account, program_name=program)
    after = pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(depends_on=[who.ready]))
    kubernetes.batch.v1.CronJob(
        f"{name}-schedule",
        metadata={"name": f"qdrant-{step}", "namespace": args.namespace, "labels": network.PART_OF},
        spec={
            "concurrencyPolicy": "Forbid",
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {"spec": spec},
            "schedule": schedule,
            "successfulJobsHistoryLimit": 1,
            "timeZone": "Etc/UTC",
        },
        opts=after,
    )
    if now:
        kubernetes.batch.v1.Job(
            f"{name}-now",
            metadata={
                "name": pods.now_name(args, step),
                "namespace": args.namespace,
                "labels": network.PART_OF,
                "annotations": {"pulumi.com/skipAwait": "true"},
            },
            spec=spec,
            opts=after,
        )
