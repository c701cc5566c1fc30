"""What a watch promises."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.watch import (
    Pattern,
    Watch,
    WatchArgs,
    backups_failed,
    findings,
    keys_switched_off,
    role_taken,
    rules_publish,
    tampering,
)
from components.watch.patterns import LONGEST, TAMPERING, pattern_text
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, role

REGION = "eu-central-1"
BREAK_GLASS = role("llmlz-break-glass")
TAKEN = role_taken("llmlz-break-glass", "aws", ACCOUNT)
CALL = "AWS API Call via CloudTrail"


def matches(pattern: Any, event: Any) -> bool:
    """Whether a rule with this pattern sees an event: every field that is named has one of the values listed.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html (2026-11)
    """
    if isinstance(pattern, list):
        values = event if isinstance(event, list) else [event]
        return any(fits(wanted, value) for wanted in pattern for value in values)
    if isinstance(event, list):
        return any(matches(pattern, member) for member in event)
    return isinstance(event, Mapping) and all(
        any(matches(either, event) for either in wanted) if name == "$or" else matches(wanted, event.get(name))
        for name, wanted in pattern.items()
    )


def fits(wanted: Any, value: Any) -> bool:
    """Whether one value is the one that is wanted, or as the operator says."""
    if not isinstance(wanted, Mapping):
        return bool(wanted == value)
    ((operator, limit),) = wanted.items()
    if operator == "prefix":
        return str(value).startswith(limit)
    if operator == "anything-but":
        return value is not None and value != limit
    assert operator == "numeric"
    assert limit[0] == ">="
    return bool(value >= limit[1])


def call(source: str, name: str, by: str = role("somebody"), **parameters: str) -> dict[str, Any]:
    """An API call as CloudTrail tells it, made by a session of the role ``by``."""
    return {
        "account": ACCOUNT,
        "source": f"aws.{source}",
        "detail-type": CALL,
        "detail": {
            "eventName": name,
            "eventSource": f"{source}.amazonaws.com",
            "requestParameters": parameters,
            "userIdentity": {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"arn": by}}},
        },
    }


@pytest.mark.parametrize(
    "event",
    [
        call("sts", "AssumeRole", roleArn=BREAK_GLASS),
        {
            **call("sts", "AssumeRole", roleArn=BREAK_GLASS),
            "detail": {
                "eventName": "AssumeRole",
                "eventSource": "sts.amazonaws.com",
                "errorCode": "AccessDenied",
                "requestParameters": {"roleArn": BREAK_GLASS},
                "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/on-call"},
            },
        },
        call("cloudtrail", "StopLogging", by=BREAK_GLASS),
        call("kms", "PutKeyPolicy", by=BREAK_GLASS),
    ],
)
def test_the_break_glass_role_is_not_used_unnoticed(event: dict[str, Any]) -> None:
    """Taken, tried in vain, or used by whoever took it somewhere else."""
    assert matches(TAKEN, event)


@pytest.mark.parametrize(
    "event",
    [
        call("sts", "AssumeRole", roleArn=role("llmlz-apply")),
        call("sts", "AssumeRole", roleArn=role("llmlz-break-glass", OTHER)),
        call("sts", "AssumeRole", roleArn=role("llmlz-break-glass-2")),
        call("cloudtrail", "StopLogging"),
        {**call("sts", "AssumeRole", roleArn=BREAK_GLASS), "detail-type": "AWS Service Event via CloudTrail"},
    ],
)
def test_other_roles_are_not_reported_as_break_glass(event: dict[str, Any]) -> None:
    """A report that comes every day is read by nobody."""
    assert not matches(TAKEN, event)


@pytest.mark.parametrize("name", ["DeleteImportedKeyMaterial", "DisableKey", "ScheduleKeyDeletion"])
def test_a_key_is_not_switched_off_unnoticed(name: str) -> None:
    """Whoever does it, and whichever key it is."""
    assert matches(keys_switched_off(), call("kms", name))
    assert matches(keys_switched_off(), call("kms", name, by=BREAK_GLASS))


@pytest.mark.parametrize("event", [call("kms", "EnableKey"), call("kms", "Decrypt"), call("other", "DisableKey")])
def test_using_a_key_is_not_reported(event: dict[str, Any]) -> None:
    """Nor is bringing it back, nor what another service calls the same."""
    assert not matches(keys_switched_off(), event)


ARCHIVE = f"llmlz-test-logs-{ACCOUNT}-{REGION}"
TAMPERED = tampering([ARCHIVE])


@pytest.mark.parametrize(
    ("service", "name"), [(service, name) for service, names in TAMPERING.items() for name in names]
)
def test_what_would_show_it_is_not_tampered_with_unnoticed(service: str, name: str) -> None:
    """Whoever does it, the pipeline and the break-glass role included; the same word of another service is not meant."""
    for by in (role("somebody"), role("llmlz-apply"), BREAK_GLASS):
        assert matches(TAMPERED, call(service, name, by=by))
    assert not matches(TAMPERED, call("other", name))


@pytest.mark.parametrize(
    "name",
    [
        "DeleteBucket",
        "DeleteBucketPolicy",
        "PutBucketEncryption",
        "PutBucketLifecycle",
        "PutBucketObjectLockConfiguration",
        "PutBucketPolicy",
        "PutBucketVersioning",
        "PutObjectLockConfiguration",
    ],
)
def test_the_archive_is_not_changed_unnoticed(name: str) -> None:
    """Its policy, its lock, its lifecycle, itself; other buckets change as their teams like."""
    assert matches(TAMPERED, call("s3", name, bucketName=ARCHIVE))
    assert not matches(TAMPERED, call("s3", name, bucketName=f"llmlz-test-data-{ACCOUNT}-{REGION}"))


@pytest.mark.parametrize(
    "event",
    [
        call("cloudtrail", "StartLogging"),
        call("bedrock", "CreateGuardrailVersion"),
        call("logs", "CreateLogGroup"),
        call("backup", "StartBackupJob"),
        call("s3", "PutObject", bucketName=ARCHIVE),
        call("s3", "GetBucketPolicy", bucketName=ARCHIVE),
    ],
)
def test_daily_work_is_not_reported_as_tampering(event: dict[str, Any]) -> None:
    """Writing evidence, making backups and new guardrail versions is what the platform is for."""
    assert not matches(TAMPERED, event)


def threat(severity: float) -> dict[str, Any]:
    """A finding of GuardDuty as EventBridge gets it."""
    detail = {"severity": severity, "type": "UnauthorizedAccess:IAMUser/MaliciousIPCaller"}
    return {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": detail}


def weakness(**changes: Any) -> dict[str, Any]:
    """A finding of Security Hub as EventBridge gets it."""
    finding = {
        "ProductName": "Security Hub",
        "RecordState": "ACTIVE",
        "Severity": {"Label": "CRITICAL"},
        "Workflow": {"Status": "NEW"},
        **changes,
    }
    detail = {"findings": [finding]}
    return {"source": "aws.securityhub", "detail-type": "Security Hub Findings - Imported", "detail": detail}


@pytest.mark.parametrize("event", [threat(7), threat(8.9), threat(9.5), weakness()])
def test_grave_findings_are_reported(event: dict[str, Any]) -> None:
    """High and critical ones of GuardDuty, critical ones of Security Hub."""
    assert matches(findings(), event)


@pytest.mark.parametrize(
    "event",
    [
        threat(6.9),
        weakness(Severity={"Label": "HIGH"}),
        weakness(ProductName="GuardDuty"),
        weakness(RecordState="ARCHIVED"),
        weakness(Workflow={"Status": "SUPPRESSED"}),
        {**threat(9), "source": "aws.securityhub"},
        call("guardduty", "DeleteDetector"),
    ],
)
def test_other_findings_are_not_reported(event: dict[str, Any]) -> None:
    """Nor anything twice, nor what somebody has looked at and put aside."""
    assert not matches(findings(), event)


def test_patterns_are_as_short_as_eventbridge_wants_them() -> None:
    """With the longest names that buckets may have."""
    for pattern in (findings(), keys_switched_off(), TAKEN, tampering(["b" * 63, "c" * 63])):
        assert len(pattern_text(pattern, ACCOUNT)) <= LONGEST
    with pytest.raises(ValueError, match="2048 are allowed"):
        pattern_text(tampering(["b" * 63] * 20), ACCOUNT)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A watch over two things, for two people."""

    def program() -> None:
        patterns: dict[str, Pattern] = {"break-glass": TAKEN, "keys": keys_switched_off()}
        args = WatchArgs(
            account_id=ACCOUNT,
            emails=["a@example.com", "b@example.com"],
            kms_key_arn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/logs",
            name_prefix="llmlz-test",
            patterns=patterns,
        )
        Watch("watch", args)

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region=REGION)


def test_each_watched_thing_is_a_rule_that_reports_to_the_topic(graph: Graph) -> None:
    """And only what happens in this account; a bus may be sent events of others."""
    topic = graph.named("watch-topic").urn
    for name, pattern in (("break-glass", TAKEN), ("keys", keys_switched_off())):
        rule = graph.named(f"watch-{name}").inputs
        assert json.loads(rule["eventPattern"]) == {**pattern, "account": [ACCOUNT]}
        assert rule["name"] == f"llmlz-test-{name}"
        target = graph.named(f"watch-{name}-target")
        assert {r.to for r in target.references if r.at == "arn"} == {topic}
        assert "roleArn" not in target.inputs  # with a role, deliveries to encrypted topics may fail


def test_everybody_named_is_written_to(graph: Graph) -> None:
    """One subscription each, under a name that another person's coming or going does not change."""
    found = {s.name: s.inputs["endpoint"] for s in graph.of_type("aws:sns/topicSubscription:TopicSubscription")}
    assert found == {"watch-to-a@example.com": "a@example.com", "watch-to-b@example.com": "b@example.com"}


def test_the_topic_is_encrypted_with_the_given_key(graph: Graph) -> None:
    """Reports say who did what."""
    assert graph.named("watch-topic").inputs["kmsMasterKeyId"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:key/logs"


def test_only_rules_publish_and_no_condition_loses_their_reports(graph: Graph) -> None:
    """EventBridge sends no origin to a topic: AWS documents that a condition cannot be used."""
    policy = graph.named("watch-topic-policy")
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert [statement] == rules_publish(policy.inputs["arn"])["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert (statement["Action"], statement["Resource"]) == ("sns:Publish", policy.inputs["arn"])
    assert "Condition" not in statement


def test_declared_outputs_are_registered(graph: Graph) -> None:
    """Where the reports go."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert set(component.outputs) == set(Watch.__annotations__)


def job(kind: str, **detail: str) -> dict[str, Any]:
    """An event of AWS Backup."""
    return {"source": "aws.backup", "detail-type": f"{kind} Job State Change", "detail": detail}


@pytest.mark.parametrize("state", ["ABORTED", "EXPIRED", "FAILED"])
def test_a_job_that_does_not_end_well_is_reported(state: str) -> None:
    """A backup, a copy, and a restore, which spells its state in another way."""
    for event in (job("Backup", state=state), job("Copy", state=state), job("Restore", status=state)):
        assert matches(backups_failed(), event)


@pytest.mark.parametrize("event", [job("Backup", state="COMPLETED"), job("Restore", status="RUNNING"), job("Scan")])
def test_a_job_that_goes_well_is_not_reported(event: dict[str, Any]) -> None:
    """Nobody reads a mail that comes every night."""
    assert not matches(backups_failed(), event)
