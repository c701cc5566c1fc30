"""What the log archive promises."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components.log_archive import LogArchive, LogArchiveArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/llmlz-test-trail"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """An archive that keeps logs for 90 days and objects for ever."""

    def program() -> None:
        args = LogArchiveArgs(
            account_id=ACCOUNT,
            boundary_arn=BOUNDARY,
            kms_key_arn=KEY,
            name_prefix="llmlz-test",
            partition="aws",
            region=REGION,
            retention_days=90,
        )
        LogArchive("logs", args)

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


def statements(graph: Graph) -> Mapping[str, Mapping[str, Any]]:
    """The bucket policy's statements by their names."""
    policy = json.loads(graph.named("logs-bucket-policy").inputs["policy"])
    return {s["Sid"]: s for s in policy["Statement"]}


def test_the_bucket_is_born_with_object_lock(graph: Graph) -> None:
    """AWS cannot simply add it later; no retention is set, so that this tier can still delete."""
    assert graph.named("logs-bucket").inputs["objectLockEnabled"] is True
    assert graph.of_type("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration") == ()


def test_evidence_is_protected_from_deletion(graph: Graph) -> None:
    """Bucket and log groups survive a destroy of the stack."""
    kept = {r.name for r in graph.custom() if r.options.protect}
    assert kept == {"logs-bucket", "logs-invocations", "logs-trail-logs"}


def test_the_bucket_is_closed_encrypted_and_versioned(graph: Graph) -> None:
    """All four flags of the public access block, the customer key, and versions."""
    closed = graph.named("logs-bucket-closed").inputs
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [closed[flag] for flag in flags] == [True] * 4
    (rule,) = graph.named("logs-bucket-encryption").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}
    assert graph.named("logs-bucket-versioning").inputs["versioningConfiguration"] == {"status": "Enabled"}


def test_calls_without_tls_are_denied(graph: Graph) -> None:
    """For everyone, on the bucket and its objects."""
    deny = statements(graph)["TlsOnly"]
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "s3:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_this_trail_and_this_accounts_bedrock_deliver(graph: Graph) -> None:
    """Every Allow names one service and is tied to this account."""
    allows = {sid: s for sid, s in statements(graph).items() if s["Effect"] == "Allow"}
    assert set(allows) == {"TrailLooksAtBucket", "TrailDelivers", "BedrockDelivers"}
    assert allows["TrailDelivers"]["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}}
    assert allows["BedrockDelivers"]["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_the_trail_covers_all_regions_and_can_be_verified(graph: Graph) -> None:
    """Multi-Region, with validation, encrypted, and to CloudWatch."""
    trail = graph.named("logs-trail").inputs
    assert trail["isMultiRegionTrail"] is True
    assert trail["enableLogFileValidation"] is True
    assert trail["kmsKeyId"] == KEY
    assert trail["cloudWatchLogsGroupArn"].endswith(":*")


def test_the_trail_waits_for_the_bucket_policy(graph: Graph) -> None:
    """CloudTrail tests its way into the bucket when a trail is made."""
    policy = graph.named("logs-bucket-policy").urn
    assert policy in graph.named("logs-trail").options.depends_on


def test_log_groups_are_encrypted_and_kept(graph: Graph) -> None:
    """With the archive's key, for the days that were asked for."""
    for group in graph.of_type("aws:cloudwatch/logGroup:LogGroup"):
        assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (KEY, 90)


def test_the_role_stands_under_the_boundary(graph: Graph) -> None:
    """Like every role of the landing zone."""
    assert graph.named("logs-trail-role").inputs["permissionsBoundary"] == BOUNDARY


def test_objects_are_kept_for_ever_unless_days_are_given(graph: Graph) -> None:
    """Only broken uploads are cleaned up."""
    (rule,) = graph.named("logs-bucket-lifecycle").inputs["rules"]
    assert rule["id"] == "abort-broken-uploads"


def test_a_trail_elsewhere_is_used_and_none_is_made() -> None:
    """One trail covers all regions of an account; here stays the archive for what Bedrock delivers."""

    def program() -> None:
        args = LogArchiveArgs(
            account_id=ACCOUNT,
            boundary_arn=BOUNDARY,
            kms_key_arn=KEY,
            name_prefix="llmlz-test-euw1",
            partition="aws",
            region="eu-west-1",
            retention_days=90,
            trail_elsewhere=TRAIL,
        )
        pulumi.export("trail_arn", LogArchive("logs", args).trail_arn)

    graph = record(program, project="llmlz", stack_name="test", account=ACCOUNT, region="eu-west-1")
    assert graph.outputs["trail_arn"] == TRAIL
    assert {r.name for r in graph.custom() if "trail" in r.name} == set()
    assert set(statements(graph)) == {"BedrockDelivers", "TlsOnly"}
