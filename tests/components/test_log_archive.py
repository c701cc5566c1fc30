"""What the log archive promises."""

import json
from collections.abc import Mapping
from typing import Any, get_args

import pulumi
import pytest

from components._trail import RESOURCE_TYPES
from components.log_archive import DataEvent, LogArchive, LogArchiveArgs, ObjectLock, ReplicaTarget, TrailBucket
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from stacks.settings.logs import RecordedData

ACCOUNT, REGION = "111122223333", "eu-central-1"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/llmlz-test-trail"
VAULT = "arn:aws:s3:::llmlz-organization-log-vault-999900003333-eu-central-1"


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


@pytest.fixture(scope="module")
def whole() -> Graph:
    """An archive with everything that it can have."""

    def program() -> None:
        args = LogArchiveArgs(
            account_id=ACCOUNT,
            boundary_arn=BOUNDARY,
            kms_key_arn=KEY,
            name_prefix="llmlz-test",
            partition="aws",
            region=REGION,
            retention_days=365,
            data_events=["guardrails", "s3_objects", "vectors"],
            masked=["EmailAddress", "Address"],
            object_lock=ObjectLock(mode="GOVERNANCE", days=365),
            replica=ReplicaTarget(
                account_id="999900003333", bucket_arn=VAULT, key_alias="alias/llmlz-vault", region=REGION
            ),
            trail_bucket=TrailBucket(bucket_name="all-logs", kms_key_arn="arn:aws:kms:x:1:key/theirs"),
        )
        LogArchive("logs", args)

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


def test_everything_that_is_added_stands_beside_what_was_there(graph: Graph, whole: Graph) -> None:
    """No name vanishes, and bucket and log groups keep every input but their retention."""
    before = {r.name: r for r in graph.custom()}
    after = {r.name: r for r in whole.custom()}
    assert set(before) < set(after)
    for name in ("logs-bucket", "logs-bucket-policy", "logs-bucket-versioning"):
        assert before[name].inputs == after[name].inputs
    for name in ("logs-invocations", "logs-trail-logs"):
        assert {**before[name].inputs, "retentionInDays": 365} == after[name].inputs


def test_data_is_found_and_masked_by_one_list(whole: Graph) -> None:
    """CloudWatch wants two statements with the same identifiers; findings are counted and kept nowhere."""
    masking = whole.named("logs-invocations-masking").inputs
    assert masking["logGroupName"] == whole.named("logs-invocations").inputs["name"]
    policy = json.loads(masking["policyDocument"])
    arns = [f"arn:aws:dataprotection::aws:data-identifier/{name}" for name in ("Address", "EmailAddress")]
    assert [s["DataIdentifier"] for s in policy["Statement"]] == [arns, arns]
    assert [s["Operation"] for s in policy["Statement"]] == [
        {"Audit": {"FindingsDestination": {}}},
        {"Deidentify": {"MaskConfig": {}}},
    ]


def test_management_events_stay_when_data_events_come(graph: Graph, whole: Graph) -> None:
    """Selectors replace the default one, so the first of them is for management events; without data there are none."""
    assert "advancedEventSelectors" not in graph.named("logs-trail").inputs
    first, *others = whole.named("logs-trail").inputs["advancedEventSelectors"]
    assert first["fieldSelectors"] == [{"field": "eventCategory", "equals": ["Management"]}]
    types = [s["fieldSelectors"][1]["equals"] for s in others]
    assert types == [
        ["AWS::Bedrock::Guardrail"],
        ["AWS::S3::Object"],
        ["AWS::S3Vectors::VectorBucket"],
        ["AWS::S3Vectors::Index"],
    ]


def test_objects_of_own_buckets_are_recorded_but_not_of_the_archive(whole: Graph) -> None:
    """Each delivery to the archive would be an event that is delivered to the archive."""
    selectors = whole.named("logs-trail").inputs["advancedEventSelectors"]
    (arns,) = [f for s in selectors for f in s["fieldSelectors"] if f["field"] == "resources.ARN"]
    assert arns["startsWiths"] == ["arn:aws:s3:::llmlz-test-"]
    assert arns["notStartsWiths"] == [f"arn:aws:s3:::llmlz-test-logs-{ACCOUNT}-{REGION}/"]


def test_every_kind_of_data_has_a_type_that_cloudtrail_knows() -> None:
    """``AWS::Bedrock::Prompt`` is not one: CloudTrail then refuses all selectors."""
    types = [name for names in RESOURCE_TYPES.values() for name in names]
    assert set(RESOURCE_TYPES) == set(get_args(DataEvent)) == set(get_args(RecordedData))
    assert len(types) == len(set(types))
    assert "AWS::Bedrock::Prompt" not in types


def test_retention_is_added_to_the_bucket_in_place(whole: Graph) -> None:
    """A resource of its own, which the engine keeps."""
    lock = whole.named("logs-bucket-lock")
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 365}}
    assert lock.options.protect


def test_everything_is_copied_and_no_deletion_is(whole: Graph) -> None:
    """Owned and encrypted by the other account."""
    (rule,) = whole.named("logs-bucket-replica").inputs["rules"]
    assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": ""})
    assert rule["deleteMarkerReplication"] == {"status": "Disabled"}
    assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
    assert rule["destination"]["accessControlTranslation"] == {"owner": "Destination"}
    key = f"arn:aws:kms:{REGION}:999900003333:alias/llmlz-vault"
    assert rule["destination"]["encryptionConfiguration"] == {"replicaKmsKeyId": key}


def test_the_role_that_copies_reads_here_and_writes_there_alone(whole: Graph) -> None:
    """Under the boundary, for S3 alone; it deletes nowhere, decrypts with the one key, and encrypts with the other."""
    role = whole.named("logs-bucket-replica-role").inputs
    assert role["permissionsBoundary"] == BOUNDARY
    assert json.loads(role["assumeRolePolicy"])["Statement"][0]["Principal"] == {"Service": ["s3.amazonaws.com"]}
    policy = json.loads(whole.named("logs-bucket-replica-role-copies").inputs["policy"])
    by_sid = {s["Sid"]: s for s in policy["Statement"]}
    assert by_sid["WriteCopies"]["Resource"] == [f"{VAULT}/*"]
    assert by_sid["DecryptHere"]["Resource"] == [KEY]
    assert by_sid["EncryptThere"]["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/llmlz-vault"
    }
    actions = {action for s in policy["Statement"] for action in s["Action"]}
    assert not {action for action in actions if "Delete" in action or "*" in action}


def test_the_trail_delivers_to_an_existing_bucket_with_its_key(whole: Graph) -> None:
    """What is too large for a log event still goes to the own bucket, which keeps its policy."""
    trail = whole.named("logs-trail").inputs
    assert (trail["s3BucketName"], trail["kmsKeyId"]) == ("all-logs", "arn:aws:kms:x:1:key/theirs")
    assert "BedrockDelivers" in statements(whole)


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
