"""What a rehearsal finds, and what it says about it."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest

from llmlz.checks.wellformed import wellformed
from llmlz.rehearsal import settle
from llmlz.rehearsal.rehearse import Finding, rehearse
from llmlz.rehearsal.terraform import Terraform
from llmlz.rehearsal.unverified import Known
from tests.rehearsal.mistakes import MISTAKES
from tests.rehearsal.program import landing_zone, recorded

pytestmark = pytest.mark.ring(2)

LEAST_BY_PROVIDER = 15


def test_a_sound_program_has_no_findings_and_rests_after_deployment(terraform: Terraform, tmp_path: Path) -> None:
    """The real provider accepts 41 resources, and a second plan over the computed state changes none of them."""
    graph = recorded(landing_zone)
    rehearsal = rehearse(graph, terraform, tmp_path)
    assert [str(finding) for finding in rehearsal.findings] == []
    assert rehearsal.unverified == ()
    assert rehearsal.plan is not None
    assert rehearsal.state is not None
    planned = {change["address"] for change in rehearsal.plan["resource_changes"]}
    assert planned == set(rehearsal.rendered.addresses)
    assert set(rehearsal.rendered.addresses.values()) == {resource.urn for resource in graph.custom()}
    assert len(rehearsal.state["resources"]) == len(planned)


def test_mistakes_are_caught_before_anything_is_deployed(
    terraform: Terraform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eighteen planted mistakes: the provider names at least fifteen, well-formedness the rest, and none gets through."""
    by_provider = _caught_by_provider(terraform, tmp_path)
    graph = recorded(_all([name for name, _, _ in MISTAKES]))
    by_program = {f.urn.rpartition("::")[2] for f in wellformed(graph) if f.urn}
    wanted = {name for name, _, _ in MISTAKES}
    with capsys.disabled():
        print(f"\nplanted mistakes: {len(wanted)}; ring 1 {len(by_program & wanted)}, ring 2 {len(by_provider)}")
    assert len(by_provider) >= LEAST_BY_PROVIDER
    assert wanted - by_provider - by_program == set()


def test_a_finding_names_the_resource_and_its_line(terraform: Terraform, tmp_path: Path) -> None:
    """A person reads the logical name and the line of the program, not a Terraform address."""
    (finding,) = rehearse(recorded(_all(["key-that-waits-too-long"])), terraform, tmp_path).findings
    assert finding.urn == "urn:pulumi:dev::rehearsal::aws:kms/key:Key::key-that-waits-too-long"
    assert finding.source is not None
    assert finding.source.file == "tests/rehearsal/mistakes.py"
    made = Path(__file__).with_name("mistakes.py").read_text(encoding="utf-8").splitlines()
    assert "key-that-waits-too-long" in made[finding.source.line - 1]
    assert str(finding).startswith(f"tests/rehearsal/mistakes.py:{finding.source.line} key-that-waits-too-long: ")


def test_a_structural_mistake_names_the_line_too(terraform: Terraform, tmp_path: Path) -> None:
    """What Terraform reports by position in the document comes back as the program's own line."""
    (finding,) = rehearse(recorded(_all(["notification-without-threshold"])), terraform, tmp_path).findings
    assert finding.step == "validate"
    assert finding.urn is not None
    assert finding.urn.endswith("::notification-without-threshold")
    assert finding.source is not None
    assert finding.source.file == "tests/rehearsal/mistakes.py"


def test_a_gap_nobody_wrote_down_is_a_finding(terraform: Terraform, tmp_path: Path) -> None:
    """An argument that the provider does not know fails, until a row with a reason says why it is there."""

    def program() -> None:
        aws.cloudwatch.LogGroup("calls", name="/llmlz/calls", deletion_protection_enabled=True)

    graph = recorded(program)
    (finding,) = rehearse(graph, terraform, tmp_path / "strict", known=()).findings
    assert finding.step == "render"
    assert "dropped aws:cloudwatch/logGroup:LogGroup deletionProtectionEnabled" in finding.summary
    row = Known("dropped", "aws:cloudwatch/logGroup:LogGroup", "deletionProtectionEnabled", "newer than the provider")
    assert rehearse(graph, terraform, tmp_path / "listed", known=(row,)).findings == ()


def test_a_type_that_calls_while_planning_is_listed_not_called(terraform: Terraform, tmp_path: Path) -> None:
    """A plan stays offline: what would call an API is left out and says so."""

    def program() -> None:
        definition = json.dumps({"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}})
        machine = aws.sfn.StateMachine(
            "retrain", name="llmlz-retrain", role_arn="arn:aws:iam::111122223333:role/retrain", definition=definition
        )
        aws.ssm.Parameter("machine", name="/llmlz/machine", type="String", value=machine.arn)

    rehearsal = rehearse(recorded(program), terraform, tmp_path, known=())
    assert [str(row) for row in rehearsal.unverified] == ["refused aws:sfn/stateMachine:StateMachine"]
    assert [finding.step for finding in rehearsal.findings] == ["render"]


def test_a_difference_right_after_deployment_is_a_finding(
    terraform: Terraform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resource that would differ in every later preview is named with the argument that differs."""
    right = settle.settled_state

    def wrong(*arguments: Any) -> dict[str, Any]:
        text = json.dumps(right(*arguments))
        return dict(json.loads(text.replace('"retention_in_days": 90', '"retention_in_days": 30')))

    monkeypatch.setattr(settle, "settled_state", wrong)
    (finding,) = rehearse(recorded(landing_zone), terraform, tmp_path).findings
    assert (finding.step, finding.summary, finding.detail) == (
        "settle",
        "never comes to rest: update",
        "differs in retention_in_days",
    )
    assert finding.urn is not None
    assert finding.urn.endswith("::logs-invocations")


def _all(names: Iterable[str]) -> Callable[[], None]:
    def program() -> None:
        for name, make, _ in MISTAKES:
            if name in names:
                make()

    return program


def _caught_by_provider(terraform: Terraform, folder: Path) -> set[str]:
    """Names of the mistakes that a rehearsal finds; found ones are taken out, since the first errors hide later ones."""
    caught: set[str] = set()
    while rest := [name for name, _, _ in MISTAKES if name not in caught]:
        rehearsal = rehearse(recorded(_all(rest)), terraform, folder / str(len(caught)), known=())
        more = _names(rehearsal.findings) & set(rest)
        if not more:
            break
        caught |= more
    return caught


def _names(findings: Iterable[Finding]) -> set[str]:
    return {finding.urn.rpartition("::")[2] for finding in findings if finding.urn}
