"""The engine for filters, joins and hybrid search: PostgreSQL with pgvector on Aurora Serverless.

Owns: the cluster, its network door, its logs and the function that runs steps inside it.
Does not own: schemas and roles of teams; each team's stack asks the function for them (``VectorSpace``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow
from components.vector_store.data_plane.function import DataPlaneArgs, data_plane
from components.vector_store.front_door import POSTGRESQL, front_door

KIND = "pgvector"
STEPS = Path(__file__).parent / "data_plane" / "handler.py"
FOLLOWS_THE_WRITER = 1
"""Readers of the tiers 0 and 1 have the writer's capacity at all times, so that they can take over at once:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html (2026-11)"""

ADMINISTRATOR, DATABASE = "llmlz_admin", "vectors"


@dataclass(frozen=True, kw_only=True, slots=True)
class PgVector:
    """Vectors in PostgreSQL."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the role that runs steps inside the database."""

    max_acu: float
    """Most capacity, in Aurora capacity units of about 2 GiB; halves are allowed."""

    min_acu: float
    """Least capacity; 0 lets the database pause, at the price of some 15 seconds for the first call after."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone letter to data subnet, in three zones."""

    vpc_id: pulumi.Input[str]
    """The VPC of these subnets."""

    backup_retention_days: pulumi.Input[int] = field(default=7)
    """Days one can restore to a point in time, 1 to 35; a week if left out."""

    client_cidrs: Mapping[str, str] = field(default_factory=dict)
    """Label to CIDR block that may connect; nobody connects if both this and ``client_groups`` are left out."""

    client_groups: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Label to security group that may connect."""

    engine_version: str = field(default="16")
    """Major version of PostgreSQL: 16.3 and later pause, 16.8 and later have pgvector 0.8. A minor version here would
    turn AWS's own minor upgrades into refused downgrades at the next deployment."""

    log_retention_days: pulumi.Input[int] = field(default=90)
    """Days the database's and the function's logs are kept; 90 if left out."""

    reader_zones: Mapping[str, str] = field(default_factory=dict)
    """Zone letter to availability zone with an instance that takes over when the writer's zone fails, and answers reads
    before; none if left out. AWS chooses the writer's zone, so two are needed for one to be elsewhere."""

    seconds_until_pause: int = field(default=300)
    """Idle time before a pause, 300 to 86,400 seconds; only with ``min_acu`` 0. Five minutes if left out."""


def pgvector(
    name: str,
    engine: PgVector,
    *,
    account_id: str,
    kms_key_arn: pulumi.Input[str],
    name_prefix: str,
    partition: str,
    region: str,
    parent: pulumi.Resource,
) -> dict[str, pulumi.Output[str]]:
    """Make the database; the outputs are ready when it takes calls."""
    child = pulumi.ResourceOptions(parent=parent)
    kept = pulumi.ResourceOptions(parent=parent, protect=True)
    identifier = database_identifier(name_prefix)

    log = aws.cloudwatch.LogGroup(
        f"{name}-log",
        name=f"/aws/rds/cluster/{identifier}/postgresql",
        kms_key_id=kms_key_arn,
        retention_in_days=engine.log_retention_days,
        opts=kept,
    )
    subnets = aws.rds.SubnetGroup(
        f"{name}-subnets",
        name=identifier,
        description="Data subnets of three zones",
        subnet_ids=list(engine.subnet_ids.values()),
        opts=child,
    )
    major = engine.engine_version.partition(".")[0]
    parameters = aws.rds.ClusterParameterGroup(
        f"{name}-parameters",
        name=f"{identifier}-postgresql{major}",  # a family is for ever: another major version is another group
        description="TLS only",
        family=f"aurora-postgresql{major}",
        parameters=[{"name": "rds.force_ssl", "value": "1", "apply_method": "immediate"}],
        opts=child,
    )
    door = front_door(
        name,
        identifier,
        POSTGRESQL,
        vpc_id=engine.vpc_id,
        cidrs=engine.client_cidrs,
        groups=engine.client_groups,
        child=child,
    )
    cluster = aws.rds.Cluster(
        f"{name}-cluster",
        cluster_identifier=identifier,
        backup_retention_period=engine.backup_retention_days,
        copy_tags_to_snapshot=True,
        database_name=DATABASE,
        db_cluster_parameter_group_name=parameters.name,
        db_subnet_group_name=subnets.name,
        delete_automated_backups=False,
        deletion_protection=True,
        enable_http_endpoint=True,
        enabled_cloudwatch_logs_exports=["postgresql"],
        engine="aurora-postgresql",
        engine_mode="provisioned",
        engine_version=engine.engine_version,
        final_snapshot_identifier=f"{identifier}-final",
        iam_database_authentication_enabled=True,
        kms_key_id=kms_key_arn,
        manage_master_user_password=True,
        master_user_secret_kms_key_id=kms_key_arn,
        master_username=ADMINISTRATOR,
        port=POSTGRESQL.port,
        serverlessv2_scaling_configuration=scaling(engine),
        skip_final_snapshot=False,
        storage_encrypted=True,
        vpc_security_group_ids=[door.id],
        # without the log group, RDS would make one that has neither a key nor an end
        opts=pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(depends_on=[log])),
    )
    writer = aws.rds.ClusterInstance(
        f"{name}-writer",
        identifier=physical_name("database", identifier, "writer"),
        auto_minor_version_upgrade=True,
        cluster_identifier=cluster.id,
        copy_tags_to_snapshot=True,
        db_subnet_group_name=subnets.name,
        engine=aws.rds.EngineType.AURORA_POSTGRESQL,
        instance_class="db.serverless",
        publicly_accessible=False,
        opts=kept,
    )
    for letter, zone in engine.reader_zones.items():
        aws.rds.ClusterInstance(
            f"{name}-reader-{letter}",
            identifier=physical_name("database", identifier, "reader", letter),
            auto_minor_version_upgrade=True,
            availability_zone=zone,
            cluster_identifier=cluster.id,
            copy_tags_to_snapshot=True,
            db_subnet_group_name=subnets.name,
            engine=aws.rds.EngineType.AURORA_POSTGRESQL,
            instance_class="db.serverless",
            promotion_tier=FOLLOWS_THE_WRITER,
            publicly_accessible=False,
            # the first instance of a cluster becomes its writer
            opts=pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(depends_on=[writer])),
        )
    secret_arn = cluster.master_user_secrets[0].secret_arn
    function = data_plane(
        f"{name}-data-plane",
        DataPlaneArgs(
            after=[writer],
            boundary_arn=engine.boundary_arn,
            code=STEPS,
            description="Steps inside the vector database: extension, schema and role per team.",
            environment={"CLUSTER_ARN": cluster.arn, "DATABASE": DATABASE, "SECRET_ARN": secret_arn},
            kms_key_arn=kms_key_arn,
            name=f"{name_prefix}-vectors-data-plane",
            purpose="Runs steps inside the vector database.",
            retention_days=engine.log_retention_days,
            statements=pulumi.Output.all(cluster_arn=cluster.arn, secret_arn=secret_arn, key_arn=kms_key_arn).apply(
                lambda arns: data_plane_statements(arns, region)
            ),
        ),
        child,
    )
    users = f"arn:{partition}:rds-db:{region}:{account_id}:dbuser"
    running = pulumi.Output.all(cluster.arn, cluster.endpoint, cluster.cluster_resource_id, writer.id)
    return {
        "cluster_arn": running.apply(lambda made: str(made[0])),
        "database": pulumi.Output.from_input(DATABASE),
        "endpoint": running.apply(lambda made: str(made[1])),
        "function_name": function.name,
        "users_arn": running.apply(lambda made: f"{users}:{made[2]}"),
    }


def database_identifier(name_prefix: str) -> str:
    """Name of the cluster, and of the group of its subnets."""
    return physical_name("database", name_prefix, "vectors")


def scaling(engine: PgVector) -> aws.rds.ClusterServerlessv2ScalingConfigurationArgsDict:
    """Capacity; the time until a pause exists only where there is a pause."""
    bounds: aws.rds.ClusterServerlessv2ScalingConfigurationArgsDict = {
        "max_capacity": engine.max_acu,
        "min_capacity": engine.min_acu,
    }
    return bounds if engine.min_acu else {**bounds, "seconds_until_auto_pause": engine.seconds_until_pause}


def data_plane_statements(arns: Mapping[str, str], region: str) -> list[Statement]:
    """SQL on one cluster with one secret."""
    through_secret = {"StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"}}
    transaction = [f"rds-data:{verb}Transaction" for verb in ("Begin", "Commit", "Rollback")]
    return [
        allow("RunStatements", ["rds-data:ExecuteStatement", *transaction], [arns["cluster_arn"]]),
        allow("SignInAsAdministrator", ["secretsmanager:GetSecretValue"], [arns["secret_arn"]]),
        allow("DecryptTheSecret", ["kms:Decrypt"], [arns["key_arn"]], through_secret),
    ]
