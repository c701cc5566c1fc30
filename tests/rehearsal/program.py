"""Programs to rehearse: one that looks like a landing zone, and small ones for single questions."""

import json
from collections.abc import Callable, Mapping

import pulumi
import pulumi_aws as aws

from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"


def recorded(program: Callable[[], None], stack: str = "dev", others: Mapping[str, Graph] | None = None) -> Graph:
    """The graph of a program of these tests; ``others`` are the stacks that it reads."""
    return record(program, project="rehearsal", stack_name=stack, account=ACCOUNT, region=REGION, others=others)


def landing_zone(retention_days: int = 90, locked: bool = False) -> None:
    """A provider, a network, keys, logs, a model gate, a database, a function and a budget; explicit names throughout."""
    provider = aws.Provider(
        "main",
        region=REGION,
        allowed_account_ids=[ACCOUNT],
        default_tags={"tags": {"owner": "platform@example.com", "tier": "one"}},
    )
    made = pulumi.ResourceOptions(provider=provider)
    key = _key(made)
    subnets = _network(made)
    _logs(key, retention_days, locked, made)
    _models(key, made)
    _database(key, subnets, made)
    _function(key, made)
    aws.budgets.Budget(
        "budget",
        name="llmlz-dev",
        budget_type="COST",
        time_unit="MONTHLY",
        limit_amount="500",
        limit_unit="USD",
        notifications=[
            {
                "comparison_operator": "GREATER_THAN",
                "notification_type": "FORECASTED",
                "threshold": 100,
                "threshold_type": "PERCENTAGE",
                "subscriber_email_addresses": ["platform@example.com"],
            }
        ],
        opts=made,
    )


def _key(made: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """A key that is ready when its alias is."""
    key = aws.kms.Key(
        "keys-state",
        description="state",
        multi_region=True,
        enable_key_rotation=True,
        policy=json.dumps(_document(["kms:*"], "*", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})),
        opts=pulumi.ResourceOptions.merge(made, pulumi.ResourceOptions(protect=True)),
    )
    alias = aws.kms.Alias("keys-state-alias", name="alias/llmlz-state", target_key_id=key.id, opts=made)
    return pulumi.Output.all(key.arn, alias.arn).apply(lambda ready: ready[0])


def _network(made: pulumi.ResourceOptions) -> list[pulumi.Output[str]]:
    vpc = aws.ec2.Vpc("network", cidr_block="10.20.0.0/16", enable_dns_hostnames=True, opts=made)
    aws.ec2.DefaultSecurityGroup("network-default", vpc_id=vpc.id, ingress=[], egress=[], opts=made)
    gateway = aws.ec2.InternetGateway("network-gateway", vpc_id=vpc.id, opts=made)
    table = aws.ec2.RouteTable("network-public", vpc_id=vpc.id, opts=made)
    aws.ec2.Route(
        "network-public-out",
        route_table_id=table.id,
        destination_cidr_block="0.0.0.0/0",
        gateway_id=gateway.id,
        opts=made,
    )
    subnets = []
    for index, zone in enumerate("abc"):
        subnet = aws.ec2.Subnet(
            f"network-data-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"10.20.{index}.0/24",
            availability_zone=REGION + zone,
            opts=made,
        )
        aws.ec2.RouteTableAssociation(
            f"network-data-{zone}-route", subnet_id=subnet.id, route_table_id=table.id, opts=made
        )
        subnets.append(subnet.id)
    address = aws.ec2.Eip("network-address", domain="vpc", opts=made)
    aws.ec2.NatGateway("network-nat", allocation_id=address.id, subnet_id=subnets[0], opts=made)
    aws.ec2.VpcEndpoint(
        "network-s3",
        vpc_id=vpc.id,
        service_name=f"com.amazonaws.{REGION}.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=[table.id],
        opts=made,
    )
    group = aws.ec2.SecurityGroup("network-data", name="llmlz-data", description="data", vpc_id=vpc.id, opts=made)
    aws.vpc.SecurityGroupIngressRule(
        "network-data-in",
        security_group_id=group.id,
        cidr_ipv4=vpc.cidr_block,
        ip_protocol="tcp",
        from_port=5432,
        to_port=5432,
        opts=made,
    )
    return subnets


def _logs(key: pulumi.Input[str], retention_days: int, locked: bool, made: pulumi.ResourceOptions) -> None:
    bucket = aws.s3.Bucket("logs-archive", bucket="llmlz-dev-logs", object_lock_enabled=locked, opts=made)
    aws.s3.BucketVersioning(
        "logs-archive-versions", bucket=bucket.id, versioning_configuration={"status": "Enabled"}, opts=made
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        "logs-archive-encryption",
        bucket=bucket.id,
        rules=[
            {"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key}},
        ],
        opts=made,
    )
    aws.s3.BucketPublicAccessBlock(
        "logs-archive-public",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=made,
    )
    aws.s3.BucketLifecycleConfiguration(
        "logs-archive-lifecycle",
        bucket=bucket.id,
        rules=[{"id": "old", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 400}}],
        opts=made,
    )
    policy = aws.s3.BucketPolicy(
        "logs-archive-policy",
        bucket=bucket.id,
        policy=bucket.arn.apply(
            lambda arn: json.dumps(_document(["s3:PutObject"], f"{arn}/*", {"Service": "cloudtrail.amazonaws.com"}))
        ),
        opts=made,
    )
    aws.cloudtrail.Trail(
        "logs-trail",
        name="llmlz-dev",
        s3_bucket_name=pulumi.Output.all(bucket.bucket, policy.id).apply(lambda ready: ready[0]),
        kms_key_id=key,
        is_multi_region_trail=True,
        enable_log_file_validation=True,
        opts=made,
    )
    aws.cloudwatch.LogGroup(
        "logs-invocations",
        name="/llmlz/invocations",
        retention_in_days=retention_days,
        kms_key_id=key,
        opts=made,
    )


def _models(key: pulumi.Input[str], made: pulumi.ResourceOptions) -> None:
    guardrail = aws.bedrock.Guardrail(
        "guardrail",
        name="llmlz-dev",
        description="default",
        blocked_input_messaging="blocked",
        blocked_outputs_messaging="blocked",
        kms_key_arn=key,
        content_policy_config={
            "filters_configs": [{"type": "HATE", "input_strength": "HIGH", "output_strength": "HIGH"}],
        },
        word_policy_config={"words_configs": [{"text": "forbidden"}]},
        opts=made,
    )
    version = aws.bedrock.GuardrailVersion("guardrail-v1", guardrail_arn=guardrail.guardrail_arn, opts=made)
    aws.bedrock.InferenceProfile(
        "claims-nova-micro-eu",
        name="claims-nova-micro-eu",
        model_source={"copy_from": f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-micro-v1:0"},
        opts=made,
    )
    role = aws.iam.Role(
        "models-log",
        name="llmlz-dev-models-log",
        assume_role_policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "bedrock.amazonaws.com"}},
                ],
            }
        ),
        opts=made,
    )
    aws.iam.RolePolicy(
        "models-log-write",
        name="write",
        role=role.name,
        policy=pulumi.Output.json_dumps(_document(["bedrock:ApplyGuardrail"], guardrail.guardrail_arn)),
        opts=made,
    )
    aws.ssm.Parameter(
        "published",
        name="/llmlz/dev/published",
        type="String",
        value=pulumi.Output.json_dumps(
            {"guardrail": guardrail.guardrail_id, "version": version.version, "role": role.arn}
        ),
        opts=made,
    )


def _database(key: pulumi.Input[str], subnets: list[pulumi.Output[str]], made: pulumi.ResourceOptions) -> None:
    group = aws.rds.SubnetGroup("vectors", name="llmlz-dev-vectors", subnet_ids=subnets, opts=made)
    cluster = aws.rds.Cluster(
        "vectors",
        cluster_identifier="llmlz-dev-vectors",
        engine="aurora-postgresql",
        engine_version="16.6",
        database_name="vectors",
        master_username="administrator",
        manage_master_user_password=True,
        db_subnet_group_name=group.name,
        storage_encrypted=True,
        kms_key_id=key,
        deletion_protection=True,
        skip_final_snapshot=True,
        serverlessv2_scaling_configuration={"min_capacity": 0, "max_capacity": 4, "seconds_until_auto_pause": 600},
        opts=made,
    )
    aws.rds.ClusterInstance(
        "vectors-writer",
        identifier="llmlz-dev-vectors-1",
        cluster_identifier=cluster.id,
        engine=aws.rds.EngineType.AURORA_POSTGRESQL,
        instance_class="db.serverless",
        opts=made,
    )
    aws.ssm.Parameter(
        "vectors-secret",
        name="/llmlz/dev/vectors",
        type="String",
        value=cluster.master_user_secrets[0].secret_arn,
        opts=made,
    )


def _function(key: pulumi.Input[str], made: pulumi.ResourceOptions) -> None:
    role = aws.iam.Role(
        "schema",
        name="llmlz-dev-schema",
        assume_role_policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}},
                ],
            }
        ),
        opts=made,
    )
    function = aws.lambda_.Function(
        "schema",
        name="llmlz-dev-schema",
        role=role.arn,
        runtime="python3.12",
        handler="index.handler",
        kms_key_arn=key,
        code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context):\n    return event\n")}),
        opts=made,
    )
    aws.lambda_.Invocation(
        "schema-call", function_name=function.name, input=json.dumps({"schema": "claims"}), opts=made
    )
    topic = aws.sns.Topic("alarms", name="llmlz-dev-alarms", opts=made)
    aws.cloudwatch.MetricAlarm(
        "schema-errors",
        name="llmlz-dev-schema-errors",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        metric_name="Errors",
        namespace="AWS/Lambda",
        period=300,
        statistic="Sum",
        threshold=0,
        dimensions={"FunctionName": function.name},
        alarm_actions=[topic.arn],
        opts=made,
    )


def _document(
    actions: list[str], resource: pulumi.Input[str], principal: dict[str, str] | None = None
) -> dict[str, pulumi.Input[object]]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement | ({"Principal": principal} if principal else {})]}
