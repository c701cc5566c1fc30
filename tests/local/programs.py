"""Two small stacks, as recorded: a platform that holds what calls need, and a team on it."""

import json

import pulumi
import pulumi_aws as aws

from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.local.conftest import ACCOUNT, REGION

MODEL = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-micro-v1:0"


def platform() -> None:
    """A key, a bucket that uses it, a log group, a guardrail with a published version, and a role."""
    key = aws.kms.Key("key", description="small", enable_key_rotation=True, multi_region=True)
    bucket = aws.s3.Bucket("bucket", bucket="llmlz-small-data")
    aws.s3.BucketServerSideEncryptionConfiguration(
        "bucket-encryption",
        bucket=bucket.bucket,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}}],
    )
    logs = aws.cloudwatch.LogGroup("logs", name="/llmlz/small", retention_in_days=90)
    guardrail = aws.bedrock.Guardrail(
        "guardrail",
        name="llmlz-small",
        description="small",
        blocked_input_messaging="stopped",
        blocked_outputs_messaging="stopped",
        word_policy_config={"words_configs": [{"text": "nightingale"}]},
        sensitive_information_policy_config={
            "pii_entities_configs": [{"type": "CREDIT_DEBIT_CARD_NUMBER", "action": "ANONYMIZE"}]
        },
    )
    version = aws.bedrock.GuardrailVersion("version", guardrail_arn=guardrail.guardrail_arn, description="v1")
    pulumi.export("bucket_arn", bucket.arn)
    pulumi.export("guardrail_arn", guardrail.guardrail_arn)
    pulumi.export("guardrail_id", guardrail.guardrail_id)
    pulumi.export("guardrail_versions", [version.version])
    pulumi.export("key_arn", key.arn)
    pulumi.export("log_group", logs.name)


def team() -> None:
    """A profile, a role for its own prefix of the platform's bucket, and a metric on the platform's log group."""
    base = pulumi.StackReference("platform-small", stack_name="organization/llmlz/platform-small")
    aws.cloudwatch.LogMetricFilter(
        "errors",
        name="claims-errors",
        log_group_name=base.require_output("log_group"),
        pattern="ERROR",
        metric_transformation={"name": "errors", "namespace": "claims", "value": "1"},
    )
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    role = aws.iam.Role("role", name="llmlz-small-claims", assume_role_policy=json.dumps(trust))
    profile = aws.bedrock.InferenceProfile(
        "profile", name="claims-nova-micro", description="claims", model_source={"copy_from": MODEL}
    )
    policy = pulumi.Output.all(base.require_output("bucket_arn"), base.require_output("key_arn")).apply(
        lambda got: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{got[0]}/teams/claims/*"},
                    {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": got[1]},
                ],
            }
        )
    )
    aws.iam.RolePolicy("role-policy", role=role.name, policy=policy)
    pulumi.export("profile_arns", {"nova-micro-regional": profile.arn})
    pulumi.export("role_arn", role.arn)


def small() -> tuple[Graph, Graph]:
    """Both stacks, recorded."""
    first = record(platform, project="llmlz", stack_name="platform-small", account=ACCOUNT, region=REGION)
    second = record(
        team,
        project="llmlz",
        stack_name="team-small",
        account=ACCOUNT,
        region=REGION,
        others={"platform-small": first},
    )
    return first, second


def step() -> None:
    """A step inside a data store, as small as it gets: a function that needs boto3, and its call."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    role = aws.iam.Role("role", name="llmlz-small-step", assume_role_policy=json.dumps(trust))
    code = pulumi.StringAsset("import boto3\n\ndef handler(event, context):\n    return {}\n")
    function = aws.lambda_.Function(
        "step",
        name="llmlz-small-step",
        role=role.arn,
        runtime="python3.12",
        handler="index.handler",
        code=pulumi.AssetArchive({"index.py": code}),
    )
    aws.lambda_.Invocation("call", function_name=function.name, input="{}")
