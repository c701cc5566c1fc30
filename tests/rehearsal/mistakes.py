"""Eighteen mistakes that are easy to make, that the SDK accepts, and that a deployment would refuse or regret.

Each program holds one resource at fault, and its logical name is the mistake's name.
"""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws

ROLE = "arn:aws:iam::111122223333:role/llmlz-dev-schema"


def address_outside_ipv4() -> None:
    """A value of the wrong form."""
    aws.ec2.Vpc("address-outside-ipv4", cidr_block="10.300.0.0/16")


def retention_nobody_offers() -> None:
    """A value outside its set."""
    aws.cloudwatch.LogGroup("retention-nobody-offers", name="/llmlz/calls", retention_in_days=45)


def filter_of_unknown_strength() -> None:
    """A value outside its set, nested."""
    filters = [{"type": "VIOLENCE", "input_strength": "SEVERE", "output_strength": "LOW"}]
    _guardrail("filter-of-unknown-strength", content_policy_config={"filters_configs": filters})


def trust_that_is_no_json() -> None:
    """A document that does not parse."""
    aws.iam.Role("trust-that-is-no-json", name="llmlz-broken", assume_role_policy="{'Version': '2012-10-17'}")


def attachment_by_name() -> None:
    """A name where an ARN is needed."""
    aws.iam.RolePolicyAttachment("attachment-by-name", role="llmlz-dev", policy_arn="AmazonBedrockReadOnly")


def first_in_first_out_without_suffix() -> None:
    """Arguments that do not fit together."""
    aws.sns.Topic("first-in-first-out-without-suffix", name="llmlz-alarms", fifo_topic=True)


def archive_class_nobody_sells() -> None:
    """A value outside its set, nested."""
    rule: aws.s3.BucketLifecycleConfigurationRuleArgsDict = {
        "id": "cold",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "transitions": [{"days": 60, "storage_class": "TAPE"}],
    }
    aws.s3.BucketLifecycleConfiguration("archive-class-nobody-sells", bucket="llmlz-dev-logs", rules=[rule])


def two_ways_to_hold_a_password() -> None:
    """Arguments that exclude each other."""
    aws.rds.Cluster(
        "two-ways-to-hold-a-password",
        cluster_identifier="llmlz-dev",
        engine="aurora-postgresql",
        master_username="administrator",
        master_password="only-an-example",
        manage_master_user_password=True,
    )


def endpoint_of_no_kind() -> None:
    """A value outside its set."""
    aws.ec2.VpcEndpoint(
        "endpoint-of-no-kind", vpc_id="vpc-1", service_name="com.amazonaws.eu-central-1.s3", vpc_endpoint_type="Private"
    )


def misspelt_member() -> None:
    """A misspelt name, nested."""
    topics = [{"name": "law", "type": "DENY", "definitions": "legal advice"}]
    _guardrail("misspelt-member", topic_policy_config={"topics_configs": topics})


def notification_without_threshold() -> None:
    """A missing argument, nested."""
    notification = {
        "comparison_operator": "GREATER_THAN",
        "notification_type": "ACTUAL",
        "threshold_type": "PERCENTAGE",
    }
    _budget("notification-without-threshold", "MONTHLY", notifications=[notification])


def key_that_waits_too_long() -> None:
    """A number out of range."""
    aws.kms.Key("key-that-waits-too-long", deletion_window_in_days=90)


def dashboard_cut_short() -> None:
    """A document that does not parse."""
    aws.cloudwatch.Dashboard("dashboard-cut-short", dashboard_name="llmlz", dashboard_body='{"widgets": [')


def bucket_in_capitals() -> None:
    """A physical name of the wrong form."""
    aws.s3.Bucket("bucket-in-capitals", bucket="LLMLZ_Dev_Logs")


def budget_of_a_week() -> None:
    """A value outside its set."""
    _budget("budget-of-a-week", "WEEKLY")


def runtime_from_the_future() -> None:
    """A value outside its set."""
    aws.lambda_.Function(
        "runtime-from-the-future",
        name="llmlz-dev-schema",
        role=ROLE,
        runtime="python3.99",
        handler="index.handler",
        code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context): ...\n")}),
    )


def statement_in_the_plural() -> None:
    """A document that parses and says nothing."""
    statement = {"Effect": "Allow", "Actions": ["bedrock:InvokeModel"], "Resources": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.iam.Policy("statement-in-the-plural", name="llmlz-invoke", policy=document)


def model_by_its_short_name() -> None:
    """A name where an ARN is needed, nested."""
    source: aws.bedrock.InferenceProfileModelSourceArgsDict = {"copy_from": "amazon.nova-micro-v1:0"}
    aws.bedrock.InferenceProfile("model-by-its-short-name", name="claims-nova-micro", model_source=source)


def _guardrail(name: str, **policies: Any) -> None:
    aws.bedrock.Guardrail(
        name,
        name="llmlz-dev",
        blocked_input_messaging="blocked",
        blocked_outputs_messaging="blocked",
        description="default",
        **policies,
    )


def _budget(name: str, time_unit: str, **more: Any) -> None:
    aws.budgets.Budget(
        name, name="llmlz-dev", budget_type="COST", limit_amount="10", limit_unit="USD", time_unit=time_unit, **more
    )


MISTAKES: tuple[tuple[str, Callable[[], None], str], ...] = (
    ("address-outside-ipv4", address_outside_ipv4, "a value of the wrong form"),
    ("retention-nobody-offers", retention_nobody_offers, "a value outside its set"),
    ("filter-of-unknown-strength", filter_of_unknown_strength, "a value outside its set, nested"),
    ("trust-that-is-no-json", trust_that_is_no_json, "a document that does not parse"),
    ("attachment-by-name", attachment_by_name, "a name where an ARN is needed"),
    ("first-in-first-out-without-suffix", first_in_first_out_without_suffix, "arguments that do not fit together"),
    ("archive-class-nobody-sells", archive_class_nobody_sells, "a value outside its set, nested"),
    ("two-ways-to-hold-a-password", two_ways_to_hold_a_password, "arguments that exclude each other"),
    ("endpoint-of-no-kind", endpoint_of_no_kind, "a value outside its set"),
    ("misspelt-member", misspelt_member, "a misspelt name, nested"),
    ("notification-without-threshold", notification_without_threshold, "a missing argument, nested"),
    ("key-that-waits-too-long", key_that_waits_too_long, "a number out of range"),
    ("dashboard-cut-short", dashboard_cut_short, "a document that does not parse"),
    ("bucket-in-capitals", bucket_in_capitals, "a physical name of the wrong form"),
    ("budget-of-a-week", budget_of_a_week, "a value outside its set"),
    ("runtime-from-the-future", runtime_from_the_future, "a value outside its set"),
    ("statement-in-the-plural", statement_in_the_plural, "a document that parses and says nothing"),
    ("model-by-its-short-name", model_by_its_short_name, "a name where an ARN is needed, nested"),
)
"""Name, program, and what kind of mistake it is."""
