"""What alarms promise."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from components._alarm import FEWEST_CALLS
from components._alarm_rules import Objectives, Thresholds, service_level_parts
from components.alarms import Alarms, AlarmsArgs, alarms, alarms_publish
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT

REGION = "eu-central-1"
METRIC, COMPOSITE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"
RUNBOOKS = "https://example.com/runbooks"
THRESHOLDS = Thresholds(
    client_error_percent=20,
    guardrail_percent=25,
    latency_seconds=30,
    server_error_percent=5,
    throttle_percent=6,
    tokens_per_minute=160_000,
)
ARGS = AlarmsArgs(
    account_id=ACCOUNT,
    cluster_identifier="llmlz-test-vectors",
    emails=["a@example.com", "b@example.com"],
    guardrail_arn=f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abc",
    counted_versions=["1", "2"],
    kms_key_arn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/logs",
    name_prefix="llmlz-test",
    objectives=Objectives(availability_percent=99.5, latency_seconds=20),
    partition="aws",
    region=REGION,
    runbooks=RUNBOOKS,
    thresholds=THRESHOLDS,
    trail_log_group_name="/llmlz-test/cloudtrail",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Alarms with a database and a service level, for two people."""

    def program() -> None:
        Alarms("alarms", ARGS)

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region=REGION)


def value(expression: str, **metrics: float | None) -> float:
    """What CloudWatch makes of an expression of ours; ``None`` is a metric that reports nothing in the period.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (2026-11)
    """
    python = re.sub(r"\bIF\(", "iff(", expression).replace("FILL(", "fill(")
    functions: dict[str, Any] = {
        "fill": lambda metric, other: other if metric is None else metric,
        "iff": lambda test, then, other: then() if test else other,
    }
    python = re.sub(r">= (\d+), (.*), 0\)$", r">= \1, lambda: \2, 0)", python)  # an IF divides only where it may
    return float(eval(python, {"__builtins__": {}, **functions, **metrics}))  # noqa: S307  # our own text


def compared(graph: Graph, name: str) -> str:
    """The expression of an alarm."""
    (found,) = [q["expression"] for q in graph.named(f"alarms-{name}").inputs["metricQueries"] if "expression" in q]
    return str(found)


@pytest.mark.parametrize(("name", "percent"), [("client-errors", 20), ("server-errors", 5), ("throttled", 6)])
def test_a_rate_is_of_all_calls(graph: Graph, name: str, percent: float) -> None:
    """Also when every call fails and none is counted as an invocation; too few calls are no rate."""
    expression = compared(graph, name)
    assert value(expression, calls=90, bad=10) == 10
    assert value(expression, calls=None, bad=FEWEST_CALLS) == 100
    assert value(expression, calls=100, bad=None) == 0
    assert value(expression, calls=FEWEST_CALLS - 2, bad=1) == 0
    assert value(expression, calls=None, bad=None) == 0
    assert graph.named(f"alarms-{name}").inputs["threshold"] == percent


def test_each_rate_is_of_its_own_metric(graph: Graph) -> None:
    """Refused, failed and throttled calls have different owners."""
    found = {
        name: [
            q["metric"]["metricName"] for q in graph.named(f"alarms-{name}").inputs["metricQueries"] if "metric" in q
        ]
        for name in ("client-errors", "server-errors", "throttled")
    }
    assert found == {
        "client-errors": ["Invocations", "InvocationClientErrors"],
        "server-errors": ["Invocations", "InvocationServerErrors"],
        "throttled": ["Invocations", "InvocationThrottles"],
    }


def test_slow_answers_are_one_in_ten(graph: Graph) -> None:
    """In milliseconds, as Bedrock counts."""
    alarm = graph.named("alarms-slow-answers").inputs
    (query,) = alarm["metricQueries"]
    assert (query["metric"]["metricName"], query["metric"]["stat"]) == ("InvocationLatency", "p90")
    assert (alarm["threshold"], query["returnData"]) == (30_000, True)


def test_tokens_both_ways_are_counted_against_the_quota(graph: Graph) -> None:
    """By the minute, as quotas are."""
    alarm = graph.named("alarms-quota-nearly-used").inputs
    assert value(compared(graph, "quota-nearly-used"), tokens_in=100, tokens_out=20) == 120
    assert value(compared(graph, "quota-nearly-used"), tokens_in=100, tokens_out=None) == 100
    assert {q["metric"]["period"] for q in alarm["metricQueries"] if "metric" in q} == {60}
    assert alarm["threshold"] == 160_000


def test_every_accepted_guardrail_version_is_counted(graph: Graph) -> None:
    """While teams move from one to the other, both are in use."""
    queries = [q["metric"] for q in graph.named("alarms-guardrail-intervenes").inputs["metricQueries"] if "metric" in q]
    found = {(q["metricName"], q["dimensions"]["GuardrailVersion"]) for q in queries}
    assert found == {(name, version) for name in ("Invocations", "InvocationsIntervened") for version in "12"}
    assert {q["namespace"] for q in queries} == {"AWS/Bedrock/Guardrails"}
    expression = compared(graph, "guardrail-intervenes")
    assert value(expression, looked_0=50, stopped_0=5, looked_1=50, stopped_1=15) == 20
    assert value(expression, looked_0=100, stopped_0=5, looked_1=None, stopped_1=None) == 5


def test_a_record_that_is_lost_is_one_too_many(graph: Graph) -> None:
    """In the log group or in the bucket."""
    alarm = graph.named("alarms-model-calls-not-logged").inputs
    assert value(compared(graph, "model-calls-not-logged"), log=None, bucket=1) == 1
    assert (alarm["threshold"], alarm["comparisonOperator"], alarm["evaluationPeriods"]) == (
        1,
        "GreaterThanOrEqualToThreshold",
        1,
    )


def test_a_silent_trail_rings(graph: Graph) -> None:
    """No value at all is what a stopped trail looks like."""
    alarm = graph.named("alarms-api-calls-not-logged").inputs
    assert (alarm["treatMissingData"], alarm["comparisonOperator"], alarm["threshold"]) == (
        "breaching",
        "LessThanThreshold",
        1,
    )
    (query,) = alarm["metricQueries"]
    assert query["metric"]["dimensions"] == {"LogGroupName": "/llmlz-test/cloudtrail"}
    others = [a for a in graph.of_type(METRIC) if a.name != "alarms-api-calls-not-logged"]
    assert {a.inputs["treatMissingData"] for a in others} == {"notBreaching"}  # nobody calls at night


def test_the_service_level_rings_once_and_its_parts_do_not(graph: Graph) -> None:
    """Errors must come too fast now and for an hour; one bad minute of a good day wakes nobody."""
    parts = [a for a in graph.of_type(METRIC) if "service-level" in a.name]
    assert [a.inputs["alarmActions"] for a in parts] == [[], [], []]
    composite = graph.named("alarms-service-level").inputs
    start = "llmlz-test-service-level"
    rule = f'(ALARM("{start}-now") AND ALARM("{start}-hour")) OR ALARM("{start}-latency")'
    assert composite["alarmRule"] == rule
    assert {a.inputs["name"] for a in parts} == {f"{start}-now", f"{start}-hour", f"{start}-latency"}
    assert len(composite["alarmActions"]) == 1
    assert graph.named("alarms-service-level-now").inputs["threshold"] == pytest.approx(7.2)
    assert graph.named("alarms-service-level-latency").inputs["threshold"] == 20_000
    assert value(compared(graph, "service-level-now"), calls=80, failed=10, throttled=10) == 20


def test_a_low_objective_is_still_a_threshold_that_can_be_reached() -> None:
    """Fourteen times ten per cent is more than there are calls."""
    parts = service_level_parts(Objectives(availability_percent=90, latency_seconds=1))
    assert max(part.threshold for part in parts if part.expression) == 100


def test_what_is_left_out_has_no_alarm() -> None:
    """A platform without a database or a service level is not asked about them."""
    names = {alarm.name for alarm in alarms(ARGS)}
    fewer = {alarm.name for alarm in alarms(replace(ARGS, cluster_identifier=None, objectives=None))}
    assert names - fewer == {"database-busy", "service-level-now", "service-level-hour", "service-level-latency"}


def test_every_alarm_says_where_to_read_on(graph: Graph) -> None:
    """In its description, which is part of the mail; AWS takes 1,024 characters."""
    for alarm in (*graph.of_type(METRIC), *graph.of_type(COMPOSITE)):
        assert re.search(rf" Runbook: {RUNBOOKS}/[a-z-]+\.md$", alarm.inputs["alarmDescription"])
        assert len(alarm.inputs["alarmDescription"]) <= 1024


def test_only_alarms_of_this_account_publish(graph: Graph) -> None:
    """CloudWatch names the alarm that it speaks for, so the policy can ask for it."""
    policy = graph.named("alarms-topic-policy")
    assert json.loads(policy.inputs["policy"]) == alarms_publish(policy.inputs["arn"], ARGS)
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:llmlz-test-*"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    assert graph.named("alarms-topic").inputs["kmsMasterKeyId"] == ARGS.kms_key_arn


def test_everybody_named_is_called(graph: Graph) -> None:
    """One subscription each."""
    found = {s.inputs["endpoint"] for s in graph.of_type("aws:sns/topicSubscription:TopicSubscription")}
    assert found == {"a@example.com", "b@example.com"}


def test_declared_outputs_are_registered_and_name_what_rings(graph: Graph) -> None:
    """Nine alarms and the composite; the parts are not shown beside it."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert set(component.outputs) == set(Alarms.__annotations__)
    assert len(component.outputs["alarm_arns"]) == len([a for a in alarms(ARGS) if a.rings]) + 1 == 10
