"""What a watch promises."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.watch import Pattern, Watch, WatchArgs, backups_failed, keys_switched_off, role_taken, rules_publish
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
        return event in pattern
    return isinstance(event, Mapping) and all(
        any(matches(either, event) for either in wanted) if name == "$or" else matches(wanted, event.get(name))
        for name, wanted in pattern.items()
    )


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
