"""The policy pack in the real engine: what it finds is what is found without an engine, and nothing fails open."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions

from llmlz.checks.evaluate import evaluate
from llmlz.checks.records import POLICIES
from llmlz.engine.outcome import EngineError
from llmlz.engine.packs import PolicyPack, Violation
from llmlz.engine.workspace import Workspace
from llmlz.graph.export import load_export
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from stacks.kinds import PROJECT
from tests import estates
from tests.engine import programs

pytestmark = pytest.mark.ring(3)
WAITS = "not known before deployment"


def pack(**settings: Any) -> PolicyPack:
    """The project's pack with settings."""
    return PolicyPack(folder=POLICIES, config={"assurance": settings})


def short(violations: tuple[Violation, ...]) -> set[tuple[str, str]]:
    """Policy and name; ``stack`` for the stack itself."""
    return {(v.policy, "stack" if "pulumi:pulumi:Stack" in v.urn else v.urn.rpartition("::")[2]) for v in violations}


def expected(graph: Graph, level: int) -> set[tuple[str, str]]:
    """The same for the graph, decided without an engine."""
    return {
        (f.control, "stack" if "pulumi:pulumi:Stack" in f.urn else f.urn.rpartition("::")[2])
        for f in evaluate(graph, level).findings
    }


def careless() -> None:
    """A program with mistakes that need the resource, its neighbours, or the whole stack."""
    on = ResourceOptions(provider=programs.aws_provider())
    aws.s3.Bucket("open", bucket="llmlz-open", opts=on)
    aws.kms.Key("weak", description="weak", opts=on)
    aws.bedrock.Guardrail(
        "shield", name="shield", blocked_input_messaging="no", blocked_outputs_messaging="no", opts=on
    )
    document = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}]}'
    aws.iam.RolePolicy("wide", role="claims", policy=document, opts=on)


def test_the_engine_and_the_graph_give_the_same_findings(workspace: Workspace) -> None:
    """At the deployment, where every value is known; advice only, so that it goes on to the end."""
    graph = record(careless, project=PROJECT, stack_name="dev", account=programs.ACCOUNT, region=programs.REGION)
    wanted = expected(graph, 2)
    advice = {control: {"enforcementLevel": "advisory"} for control, _ in wanted}
    settings: Mapping[str, Any] = {"assurance": {"level": 2}, **advice}
    outcome = workspace.up(careless, PROJECT, "dev", policies=[PolicyPack(folder=POLICIES, config=settings)])
    assert short(outcome.violations) == wanted
    assert {control for control, _ in wanted} >= {"DAT-14", "KEY-01", "MOD-01", "MOD-04", "LOG-01"}


def test_a_preview_blocks_and_says_which_control(workspace: Workspace) -> None:
    """The message names the control, the resource and the fix."""
    with pytest.raises(EngineError, match=r"DAT-14 open: the bucket has no public access block\nFix: Add an aws"):
        workspace.preview(careless, PROJECT, "dev", policies=[pack(level=1)])


def test_what_is_wrong_is_never_made(workspace: Workspace) -> None:
    """A deployment stops before the resource that a mandatory control refuses."""
    with pytest.raises(EngineError) as failed:
        workspace.up(careless, PROJECT, "dev", policies=[pack(level=2)])
    refused = {v.urn.rpartition("::")[2] for v in failed.value.outcome.violations if v.mandatory}
    made = {resource.name for resource in load_export(workspace.export(PROJECT, "dev")).graph.custom()}
    assert refused
    assert not refused & made


@pytest.mark.parametrize("stack", ["platform-sandbox"])
def test_a_whole_stack_goes_through(workspace: Workspace, stack: str) -> None:
    """The example platform is deployed with the pack on, and nothing blocks."""
    program = estates.programs()[stack]
    found = workspace.up(program, PROJECT, stack, policies=[pack(level=1)])
    assert [violation for violation in found.violations if violation.mandatory] == []


def test_values_that_only_a_deployment_knows(workspace: Workspace) -> None:
    """Red in a preview, or advice where somebody chose that, and decided at the deployment either way."""
    program = programs.platform()
    with pytest.raises(EngineError) as failed:
        workspace.preview(program, PROJECT, "dev", policies=[pack(level=1)])
    unknown = {v.policy: v.mandatory for v in failed.value.outcome.violations if WAITS in v.message}
    assert unknown["DAT-15"] is True
    with pytest.raises(EngineError) as failed:
        workspace.preview(program, PROJECT, "dev", policies=[pack(level=1, unknown="advice")])
    unknown = {v.policy: v.mandatory for v in failed.value.outcome.violations if WAITS in v.message}
    assert unknown["DAT-15"] is False


def broken(folder: Path, change: Callable[[Path], None]) -> PolicyPack:
    """A copy of the pack with something wrong in it."""
    shutil.copytree(POLICIES, folder / "policies", ignore=shutil.ignore_patterns("__pycache__", "controls"))
    change(folder / "policies")
    return PolicyPack(folder=folder / "policies")


def crash(folder: Path) -> None:
    """Dies at the first resource."""
    path = folder / "pack" / "_dispatch.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("verdicts, put_off = [], []", "import os; os._exit(3)"), encoding="utf-8")


def hang(folder: Path) -> None:
    """Never ends at the first resource."""
    path = folder / "pack" / "_dispatch.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("verdicts, put_off = [], []", "import time; time.sleep(600)"), encoding="utf-8")
    service = folder / "pack" / "_service.py"
    text = service.read_text(encoding="utf-8")
    service.write_text(text.replace("STUCK_SECONDS = 120.0", "STUCK_SECONDS = 1.0"), encoding="utf-8")


def no_records(folder: Path) -> None:
    """Knows no control."""
    (folder / "records.json").write_text("[]\n", encoding="utf-8")


@pytest.mark.parametrize("change", [crash, hang, no_records])
def test_a_pack_that_breaks_is_red(workspace: Workspace, tmp_path: Path, change: Callable[[Path], None]) -> None:
    """Whether it dies, hangs or has lost its records: the preview fails."""
    with pytest.raises(EngineError):
        workspace.preview(programs.topics("orders"), PROJECT, "dev", policies=[broken(tmp_path / "copy", change)])


def test_a_pack_that_is_not_there_is_red(workspace: Workspace, tmp_path: Path) -> None:
    """The engine does not go on without it."""
    missing = PolicyPack(folder=tmp_path / "none")
    with pytest.raises(EngineError, match="failed to load Pulumi policy project"):
        workspace.preview(programs.topics("orders"), PROJECT, "dev", policies=[missing])
