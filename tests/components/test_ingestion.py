"""What an ingestion pipeline promises: the graph, its roles, its state machine."""

import json
from typing import Any

import pytest

from components.ingestion import Ingestion, IngestionArgs, MaskedCopies, QualityLines
from components.ingestion.definition import RETRIES, definition
from components.ingestion.ingest.finish import NAMESPACE
from components.ingestion.ingest.main import STEPS
from components.ingestion.ingest.main import run as run_step
from components.ingestion.logs import log_key_policy
from components.ingestion.policy import machine_statements, schedule_statements, work_statements
from components.ingestion.pseudonyms import key_policy
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, allowed, document, role
from tests.ingestion.bucket import Bucket, Metrics
from tests.ingestion.machine import execute

REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key"
BUCKET, LOG = "arn:aws:s3:::data", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/x"
ARNS = {"bucket": BUCKET, "key": f"{KEY}/data", "log": LOG, "mask_key": f"{KEY}/mask"}
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:llmlz-test-ingestion-claims"
BREAK_GLASS = role("llmlz-break-glass")
QUALITY = QualityLines(
    held_percent=20, runbooks="https://example.com/r", stale_days=30, topic_arn="arn:topic", unreadable_percent=5
)


def arguments(**changes: Any) -> IngestionArgs:
    """A pipeline with nothing that it may leave out."""
    args: dict[str, Any] = {
        "accepted_classes": ["public", "internal"],
        "account_id": ACCOUNT,
        "boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        "bucket_arn": BUCKET,
        "bucket_name": "data",
        "data_key_arn": f"{KEY}/data",
        "defaults": {"owner": "claims@example.com"},
        "shared_log_key_arn": f"{KEY}/logs",
        "name_prefix": "llmlz-test",
        "partition": "aws",
        "region": REGION,
        "team": "claims",
        **changes,
    }
    return IngestionArgs(**args)


def recorded(**changes: Any) -> Graph:
    """The graph of a pipeline."""
    args = arguments(**changes)
    return record(
        lambda: (Ingestion("claims-ingestion", args), None)[1],
        project="llmlz",
        stack_name="test",
        account=ACCOUNT,
        region=REGION,
    )


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Everything that a pipeline can have."""
    return recorded(masked_copies=MaskedCopies(), quality=QUALITY, run_schedule="cron(0 3 * * ? *)")


def test_what_is_left_out_is_not_there(graph: Graph) -> None:
    """Masked copies, schedule and alarms bring their own resources, and nothing of them is there without."""
    plain = {r.name for r in recorded().custom()}
    whole = {r.name for r in graph.custom()}
    assert plain == {
        "claims-ingestion-log",
        "claims-ingestion-role",
        "claims-ingestion-role-policy",
        "claims-ingestion-runs",
        "claims-ingestion-runs-log",
        "claims-ingestion-runs-role",
        "claims-ingestion-runs-role-policy",
        "claims-ingestion-steps",
    }
    assert whole - plain == {
        "claims-ingestion-documents-held-back",
        "claims-ingestion-documents-stale",
        "claims-ingestion-documents-unreadable",
        "claims-ingestion-ingestion-failed",
        "claims-ingestion-pseudonyms",
        "claims-ingestion-schedule",
        "claims-ingestion-schedule-role",
        "claims-ingestion-schedule-role-policy",
    }


def test_logs_have_a_key_an_end_and_no_content(graph: Graph) -> None:
    """Keys of documents may name people, so the state machine writes no data of a run down."""
    for name in ("claims-ingestion-log", "claims-ingestion-runs-log"):
        log = graph.named(name)
        assert (log.inputs["kmsKeyId"], log.inputs["retentionInDays"]) == (f"{KEY}/logs", 90)
        assert log.options.protect is True
    logging = graph.named("claims-ingestion-runs").inputs["loggingConfiguration"]
    assert (logging["includeExecutionData"], logging["level"]) == (False, "ERROR")


def test_logs_can_have_a_key_of_their_own() -> None:
    """For the two groups of this pipeline, and for no other group of the account."""
    own = recorded(shared_log_key_arn=None)
    assert own.named("claims-ingestion-logs-key").inputs["enableKeyRotation"] is True
    policy = document("resource", *log_key_policy(arguments(shared_log_key_arn=None))["Statement"])
    (use,) = [s for s in log_key_policy(arguments())["Statement"] if "Service" in str(s["Principal"])]
    groups = use["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    made = [own.named(f"claims-ingestion-{log}").inputs["name"] for log in ("log", "runs-log")]
    assert [group.partition(":log-group:")[2] for group in groups] == made
    for by in (role("x", OTHER), role("llmlz-test-claims"), role("llmlz-apply")):
        assert not allowed("kms:Decrypt", f"{KEY}/logs", by=by, on_resource=policy, gate=True)


def test_roles_stand_under_the_boundary(graph: Graph) -> None:
    """All of them; the boundary of teams lets them do no more than their services need."""
    boundaries = {r.inputs["permissionsBoundary"].rpartition("/")[2] for r in graph.of_type("aws:iam/role:Role")}
    assert boundaries == {"llmlz-boundary"}


def test_no_name_begins_with_the_teams(graph: Graph) -> None:
    """A team's own pipeline may change every function whose name does."""
    assert graph.named("claims-ingestion-steps").inputs["name"] == "llmlz-test-ingestion-claims"


def test_the_key_of_pseudonyms_is_for_codes_and_stays(graph: Graph) -> None:
    """Of several regions from birth, protected; it cannot rotate, and another one would be other pseudonyms."""
    key = graph.named("claims-ingestion-pseudonyms")
    assert (key.inputs["keyUsage"], key.inputs["customerMasterKeySpec"]) == ("GENERATE_VERIFY_MAC", "HMAC_256")
    assert (key.inputs["multiRegion"], key.options.protect) == (True, True)


def test_the_deployed_folder_is_the_tested_one(graph: Graph) -> None:
    """Every module of it, and nothing that is not there."""
    files = json.dumps(graph.named("claims-ingestion-steps").inputs["code"])
    for module in ("__init__", "main", "steps", "store", "documents", "chunks", "masking", "finish"):
        assert f"ingest/{module}.py" in files


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"chunk_size": 200, "chunk_overlap": 101}, "chunk_overlap 101: expected 0 to 100"),
        ({"chunk_overlap": -1}, "chunk_overlap -1"),
        ({"defaults": {"data-class": "public"}}, "a document without a data class is held back"),
    ],
)
def test_what_would_fail_in_the_first_run_is_refused(changes: dict[str, Any], message: str) -> None:
    """Before anything is made."""
    with pytest.raises(ValueError, match=message):
        arguments(**changes)


WORK = document("identity", *work_statements(ARNS, "claims", REGION))
OBJECT = f"{BUCKET}/teams/claims"


def may(action: str, resource: str, **context: str) -> bool:
    """Whether the role of the steps may do it."""
    return allowed(action, resource, identity=WORK, context=context)


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", f"{OBJECT}/documents/a.txt", True),
        ("s3:GetObjectVersion", f"{OBJECT}/documents/a.txt", True),
        ("s3:GetObjectVersionTagging", f"{OBJECT}/documents/a.txt", True),
        ("s3:PutObject", f"{OBJECT}/chunks/1/0.json", True),
        ("s3:PutObjectTagging", f"{OBJECT}/masked/1.txt", True),
        ("s3:DeleteObject", f"{OBJECT}/chunks/1/0.json", True),
        # the documents themselves stay as they are
        ("s3:PutObject", f"{OBJECT}/documents/a.txt", False),
        ("s3:DeleteObject", f"{OBJECT}/documents/a.txt", False),
        ("s3:PutObjectTagging", f"{OBJECT}/documents/a.txt", False),
        # nothing else of the team, and nothing of another one
        ("s3:GetObject", f"{OBJECT}/evaluation/golden.json", False),
        ("s3:GetObject", f"{BUCKET}/teams/search/documents/a.txt", False),
        ("s3:GetObject", f"{BUCKET}/teams/search/chunks/1/0.json", False),
        ("s3:PutObject", f"{BUCKET}/teams/search/chunks/1/0.json", False),
        ("s3:GetObject", f"{BUCKET}/teams/claims-eu/documents/a.txt", False),
        ("s3:GetObject", "arn:aws:s3:::other/teams/claims/documents/a.txt", False),
        ("s3:DeleteObjectVersion", f"{OBJECT}/chunks/1/0.json", False),
        ("kms:GenerateMac", f"{KEY}/mask", True),
        ("kms:GenerateMac", f"{KEY}/of-another-team", False),
        ("kms:VerifyMac", f"{KEY}/mask", False),
        ("bedrock:InvokeModel", "arn:aws:bedrock:eu-central-1::foundation-model/x", False),
        ("lambda:InvokeFunction", FUNCTION, False),
    ],
)
def test_the_steps_reach_their_own_folders_alone(action: str, resource: str, expected: bool) -> None:
    """Documents are read, results are kept, and another team's prefix is closed."""
    assert may(action, resource) is expected


def test_lists_keys_and_metrics_are_bound_as_well() -> None:
    """The prefix of a list, the service that a key is used through, the namespace of counts."""
    for prefix, expected in {
        "teams/claims/documents/": True,
        "teams/claims/chunks/1/": True,
        "teams/claims/": False,
        "teams/search/documents/": False,
        "": False,
    }.items():
        assert may("s3:ListBucket", BUCKET, **{"s3:prefix": prefix}) is expected, prefix
    assert may("kms:Decrypt", f"{KEY}/data", **{"kms:ViaService": f"s3.{REGION}.amazonaws.com"})
    assert not may("kms:Decrypt", f"{KEY}/data", **{"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"})
    assert not may("kms:Decrypt", f"{KEY}/data")
    assert may("cloudwatch:PutMetricData", "*", **{"cloudwatch:namespace": NAMESPACE})
    assert not may("cloudwatch:PutMetricData", "*", **{"cloudwatch:namespace": "AWS/Bedrock"})


def test_without_masked_copies_no_key_of_pseudonyms_is_used() -> None:
    """Nothing grants what nothing needs."""
    assert "kms:GenerateMac" not in json.dumps(
        work_statements({k: ARNS[k] for k in ("bucket", "key", "log")}, "a", "b")
    )


def test_only_the_pipeline_makes_codes() -> None:
    """Whoever could would know whose pseudonym it is: not the team's role, not the pipeline of the platform."""
    ours, theirs = role("llmlz-test-ingestion-claims"), role("llmlz-test-claims")
    policy = document("resource", *key_policy(ours, arguments(break_glass_arn=BREAK_GLASS))["Statement"])
    for by, expected in {ours: True, theirs: False, role("llmlz-apply"): False, role("x", OTHER): False}.items():
        assert allowed("kms:GenerateMac", f"{KEY}/mask", by=by, on_resource=policy, gate=True) is expected, by
    assert allowed("kms:ScheduleKeyDeletion", f"{KEY}/mask", by=BREAK_GLASS, on_resource=policy, gate=True)
    assert not allowed("kms:ScheduleKeyDeletion", f"{KEY}/mask", by=role("llmlz-apply"), on_resource=policy, gate=True)


def test_the_other_roles_start_one_thing_each() -> None:
    """The state machine calls its function, the schedule starts its state machine, and neither sees a document."""
    machine = document("identity", *machine_statements(FUNCTION))
    assert allowed("lambda:InvokeFunction", FUNCTION, identity=machine)
    assert not allowed("lambda:InvokeFunction", f"{FUNCTION}-2", identity=machine)
    arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:llmlz-test-ingestion-claims"
    schedule = document("identity", *schedule_statements({"machine": arn, "key": f"{KEY}/data"}, REGION))
    assert allowed("states:StartExecution", arn, identity=schedule)
    assert not allowed("states:StartExecution", f"{arn}-2", identity=schedule)
    for who in (machine, schedule):
        assert not allowed("s3:GetObject", f"{OBJECT}/documents/a.txt", identity=who)
    assert not allowed("kms:Decrypt", f"{KEY}/data", identity=schedule)


@pytest.mark.parametrize("masked", [False, True])
def test_the_state_machine_runs_the_steps_in_order(masked: bool) -> None:
    """From state to state with the real steps, over a bucket in memory: only numbers and counts pass through."""
    bucket, metrics, called = Bucket(), Metrics(), []
    for number in range(60):
        bucket.put(f"{number:02}.txt", f"Document {number} is for a@example.com.", data_class="public")
    settings = {
        "ACCEPTED_CLASSES": "public",
        "BUCKET": "data",
        "CHUNK_OVERLAP": "20",
        "CHUNK_SIZE": "100",
        "DEFAULTS": "{}",
        "MASK_KEY_ARN": "arn:key",
        "TEAM": "claims",
    }

    class Kms:
        def generate_mac(self, **_: Any) -> dict[str, bytes]:
            return {"Mac": b"m" * 32}

    clients = {"s3": bucket, "cloudwatch": metrics, "kms": Kms()}

    def call(function: str, payload: Any) -> dict[str, Any]:
        assert function == FUNCTION
        assert set(payload) == STEPS[payload["step"]]
        called.append((payload["step"], payload.get("batch")))
        answer = run_step(payload, settings, clients.__getitem__)
        assert len(json.dumps(answer)) < 1000
        return answer

    machine = definition(FUNCTION, "aws", 4, masked=masked)
    output = execute(machine, {}, {"Execution": {"Name": "r1"}}, call)
    each = [(step, n) for n in range(3) for step in (("take", "mask") if masked else ("take",))]
    assert called == [("plan", None), *each, ("finish", None)]
    assert (output["documents"], output["taken"]) == (60, 60)
    assert bool(bucket.below("masked/")) is masked


def test_only_what_passes_by_itself_is_tried_again() -> None:
    """An error of the program would come again; the first retry of everything would hide it for minutes."""
    (retry,) = RETRIES
    assert "States.ALL" not in retry["ErrorEquals"]
    assert "States.TaskFailed" not in retry["ErrorEquals"]
    assert retry["MaxAttempts"] == 3
    assert definition(FUNCTION, "aws", 7, masked=True)["States"]["Batches"]["MaxConcurrency"] == 7


def test_alarms_read_what_the_steps_count(graph: Graph) -> None:
    """Every metric of ours in an alarm is one that a run writes, of the same team; each mail names its page."""
    metrics = Metrics()
    full = Bucket()
    full.put("a.txt", "x", data_class="public")
    settings = {"ACCEPTED_CLASSES": "public", "BUCKET": "data", "CHUNK_OVERLAP": "0", "CHUNK_SIZE": "9"}
    clients = {"s3": full, "cloudwatch": metrics}
    for event in ({"step": "plan"}, {"step": "take", "batch": 0}, {"step": "finish"}):
        run_step({**event, "run": "r"}, {**settings, "DEFAULTS": "{}", "TEAM": "claims"}, clients.__getitem__)
    alarms = graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    assert len(alarms) == 4
    read = [q["metric"] for a in alarms for q in a.inputs["metricQueries"] if "metric" in q]
    ours = [metric for metric in read if metric["namespace"] == NAMESPACE]
    assert {metric["metricName"] for metric in ours} <= metrics.values.keys()
    assert all(metric["dimensions"] == {"Team": "claims"} for metric in ours)
    for alarm in alarms:
        page = alarm.inputs["alarmDescription"].partition("Runbook: https://example.com/r/")[2]
        assert f"claims-ingestion-{page.removesuffix('.md')}" == alarm.name
        assert alarm.inputs["alarmActions"] == ["arn:topic"]
        assert alarm.inputs["name"].startswith("llmlz-test-claims-")
