"""The gate and the arithmetic of ``checkov-on-pulumi``."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench import checkov_on_pulumi
from bench.checkov_on_pulumi import LIMIT, NEEDED, OURS, PEER, WARM, apart, case, gate, mixed, rows_of
from bench.checkov_peer import of_aws, of_records, scanned, verdicts
from bench.policy_packs import example, grown
from bench.process import BenchError, Run, run
from bench.starts import CHECKOV_BIN, WITHOUT_CHECKOV
from llmlz.checkov.process import Checkov
from llmlz.graph.model import Graph, Reference, Resource

URNS = {"aws_s3_bucket.a": "urn:a", "aws_s3_bucket.b": "urn:b"}
THEIRS = {("CKV_AWS_21", "aws_s3_bucket.a", "passed"), ("CKV_AWS_21", "aws_s3_bucket.b", "failed")}


def said(*more: tuple[str, str, str], doubts: tuple[str, ...] = ()) -> dict[str, object]:
    """What ours says of two buckets, and more."""
    return {
        "results": [["CKV_AWS_21", "urn:a", "passed"], ["CKV_AWS_21", "urn:b", "failed"], *map(list, more)],
        "doubts": list(doubts),
    }


def test_the_same_verdicts_open_the_gate() -> None:
    """What is unknown, checkov's command does not print."""
    assert gate(said(), THEIRS, URNS) == []
    assert gate(said(("CKV_AWS_70", "urn:a", "unknown")), THEIRS, URNS) == []


def test_another_verdict_shuts_the_gate() -> None:
    """One more, one less, another one, a doubt, and nothing at all."""
    assert gate(said(("CKV_AWS_70", "urn:a", "passed")), THEIRS, URNS) == [
        "only ours: CKV_AWS_70 aws_s3_bucket.a passed"
    ]
    less = THEIRS | {("CKV_AWS_18", "aws_s3_bucket.b", "passed")}
    assert gate(said(), less, URNS) == ["only the peer's: CKV_AWS_18 aws_s3_bucket.b passed"]
    assert gate(said(doubts=("urn:a: is secret",)), THEIRS, URNS) == ["doubt: urn:a: is secret"]
    assert gate({"results": [], "doubts": []}, set(), URNS) == ["nothing was judged"]


def test_the_commands_answer() -> None:
    """With results, with nothing to judge, and with something else."""
    record = {"check_id": "CKV_AWS_21", "resource_address": "aws_s3_bucket.a", "check_result": {"result": "PASSED"}}
    assert verdicts(json.dumps({"results": {"passed_checks": [record], "failed_checks": []}})) == {
        ("CKV_AWS_21", "aws_s3_bucket.a", "passed")
    }
    assert verdicts('{"passed": 0, "failed": 0, "resource_count": 0}') == set()
    for text in ("", "[]", '{"passed": 3}'):
        with pytest.raises(BenchError, match="expected its results as JSON"):
            verdicts(text)


def platform() -> Graph:
    """A topic with a name, and what refers to it."""

    def made(called: str, kind: str, **inputs: str) -> Resource:
        urn = f"urn:pulumi:dev::llmlz::{kind}::{called}"
        return Resource(urn=urn, type=kind, name=called, kind="custom", parent=None, inputs=inputs)

    topic = made("orders", "aws:sns/topic:Topic", name="orders")
    queue = replace(made("queue", "aws:sqs/queue:Queue"), references=(Reference(at="policy", to=topic.urn),))
    return Graph(project="llmlz", stack="dev", resources=(topic, queue))


def test_copies_have_names_of_their_own() -> None:
    """In AWS too, or one would be taken for the other; references stay within a copy."""
    graph = apart(grown(platform(), 4))
    assert [r.inputs.get("name") for r in graph.of_type("aws:sns/topic:Topic")] == ["orders-0", "orders-1"]
    urns = {r.urn for r in graph.resources}
    assert all(reference.to in urns for r in graph.resources for reference in r.references)
    assert sorted(r.urn for r in mixed(graph).resources) == sorted(urns)


def runs(size: int, *, peer: float = 5.0) -> dict[str, list[Run]]:
    """Two rounds: a start of one second and a millisecond per resource, and the peer ``peer`` times that."""

    def one(seconds: float) -> list[Run]:
        return [Run(cpu=seconds, wall=2 * seconds, peak_mb=1, out="")] * 2

    own = size / 1000
    return {OURS: one(1 + own), PEER: one(2 + peer * own), WARM: one(own), LIMIT: one(0.5)}


def test_cold_and_marginal_costs_have_their_goals() -> None:
    """Cold at a thousand, marginal from two hundred on; the distance to the limit has none."""
    rows = {(r.what, r.unit): r for r in rows_of("few", {n: runs(n, peer=50.0) for n in (20, 200, 1000)}, valid=True)}
    cold = rows["few, 1000 resources, cold", "s CPU"]
    assert cold.value == pytest.approx(2 / 52)
    assert (cold.goal, cold.verdict) == (1 / 6, "reached")
    assert rows["few, 200 resources, cold", "s wall"].goal is None
    step = rows["few: one more resource, from 200 to 1000", "ms CPU"]
    assert step.value == pytest.approx(1 / 50)
    assert step.verdict == "reached"
    assert step.compared is not None
    assert step.compared.peer == pytest.approx(50)
    assert rows["few: one more resource, from 20 to 200", "ms wall"].goal is None
    assert rows["few, 20 resources, cold: ours / importing the needed checks alone", "s CPU"].value == pytest.approx(
        2.04
    )


def test_noise_is_no_figure() -> None:
    """A larger size that costs no more than a smaller one says nothing; with a shut gate nothing does."""
    rows = rows_of("few", {200: runs(200, peer=5.0), 1000: runs(1000, peer=0.0)}, valid=True)
    assert [r.note for r in rows if r.verdict == "left out"] == ["1000 cost no more than 200"] * 2
    void = rows_of("few", {200: runs(200), 1000: runs(1000)}, valid=False)
    assert {row.verdict for row in void} == {"void"}


def test_without_checkov_the_rows_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With how to get it; no gate is broken by it."""
    monkeypatch.setattr(checkov_on_pulumi, "CHECKOV_BIN", tmp_path / "checkov")
    result = checkov_on_pulumi.checkov_on_pulumi(quick=True, say=lambda _: None)
    assert [(row.verdict, row.note) for row in result.rows] == [("left out", WITHOUT_CHECKOV)]
    assert result.broken == ()


@pytest.mark.ring(2)
def test_both_sides_say_the_same_of_some_resources(tmp_path: Path) -> None:
    """Of forty of the example platform, grown; and the lower limit imports what is asked."""
    if not CHECKOV_BIN.exists():
        pytest.skip("ring 2: would have proved that the benchmark compares equal verdicts; make environments")
    graph = mixed(example())
    with Checkov() as checkov:
        checks = of_aws(checkov.hello(), graph)
        assert set(checks) & set(of_records(checkov.hello()))
        made = case(apart(grown(graph, 40)), checks, checkov, tmp_path)
    cold = run([sys.executable, "-m", "bench.programs.bridge", str(made.saved), ",".join(checks)])
    assert gate(json.loads(cold.out), verdicts(scanned(made.plan, checks).out), made.projected.urns) == []
    modules = run([*NEEDED, "list", "CKV_AWS_7,CKV2_AWS_64"]).out.split()
    assert modules == ["checkov.common.checks_infra.registry", "checkov.terraform.checks.resource.aws.KMSRotation"]
    assert subprocess.run([*NEEDED, "import", *modules], check=False).returncode == 0
