"""``llmlz organization`` as people type it: files for the owner, what is deployed, differences, guardrails that exist."""

import json
from pathlib import Path
from typing import Any

import pytest

from llmlz.cli import organization
from llmlz.organization.snapshot import Snapshot, Target
from tests import generated
from tests.cli.command import within


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An estate with a unit and a platform at each tier, and four teams."""
    folder = tmp_path_factory.mktemp("estate")
    generated.write_estate(folder, 4)
    return folder


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``pulumi stack output --json`` would print of the live stacks."""
    folder = tmp_path_factory.mktemp("outputs")
    for name, graph in generated.recorded(4).items():
        live = json.loads(json.dumps(graph.outputs))
        if name.startswith("platform"):
            live["guardrail_arn"] = f"arn:aws:bedrock:{graph.region}:{graph.account}:guardrail/abcdef123456"
            live["guardrail_versions"] = [str(n + 1) for n, _ in enumerate(live["guardrail_versions"])]
        if name == generated.ORGANIZATION:
            for region, one in live["guardrails"].items():
                one["arn"] = f"arn:aws:bedrock:{region}:{generated.MANAGEMENT}:guardrail/fedcba654321"
                one["version"] = "3"
        (folder / f"{name}.json").write_text(json.dumps(live))
    return folder


def test_without_live_values_what_is_unknown_is_not_written(estate: Path, tmp_path: Path) -> None:
    """A policy with a guardrail that nobody knows yet would make every call fail; the rest is written."""
    done = within("organization", "write", str(tmp_path / "policies"), "--estate", str(estate))
    assert done.code == 1
    assert "unit-scaled-bedrock" in done.err
    assert "pulumi stack output --json" in done.err
    written = {path.name for path in (tmp_path / "policies").rglob("*.json")}
    assert "llmlz-organization-unit-reliable-service-control-doors.json" in written
    assert not any("service-control-calls" in name for name in written)


def test_with_live_values_every_policy_is_written_as_it_is_sent(estate: Path, outputs: Path, tmp_path: Path) -> None:
    """Guardrails are the live ones, in every unit, and no stand-in is left."""
    folder = tmp_path / "policies"
    done = within("organization", "write", str(folder), "--estate", str(estate), "--outputs", str(outputs))
    assert done.code == 0, done.err
    texts = [path.read_text() for path in folder.rglob("*.json")]
    assert len(texts) == 18
    assert any("guardrail/abcdef123456:1" in text for text in texts)
    assert any("guardrail/fedcba654321:3" in text for text in texts)
    assert not any("ref" in text and "q:" in text for text in texts)
    assert all(json.loads(text) for text in texts)


def test_what_is_not_deployed_is_named(estate: Path, outputs: Path, tmp_path: Path) -> None:
    """An organization with nothing on it differs in every policy; exit code 1."""
    empty = Snapshot(
        organization_id="o-exampleorg1",
        management_account=generated.MANAGEMENT,
        enabled=("SERVICE_CONTROL_POLICY",),
        targets=(Target(id="r-ab12", name="Root", kind="root", parent=None, policies=()),),
    )
    file = tmp_path / "deployed.json"
    file.write_text(empty.to_json())
    done = within("organization", "compare", str(file), "--estate", str(estate), "--outputs", str(outputs), "--json")
    assert done.code == 1
    assert len(json.loads(done.out)) == 18


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "missing.json"], "missing.json"),
        (["write", "policies", "--outputs", "nowhere"], "no file <stack>.json"),
        (["write", "policies", "--stack", "organisation"], "expected an organization stack: organization"),
    ],
)
def test_bad_input_is_one_message(
    arguments: list[str], said: str, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the name of what is wrong, exit code 2, and nothing written."""
    monkeypatch.chdir(tmp_path)
    done = within("organization", *arguments, "--estate", str(estate))
    assert done.code == 2
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_credentials_of_another_organization_are_refused(
    estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read there says nothing about this one."""
    other = Snapshot(organization_id="o-other12345", management_account="222222222222", enabled=(), targets=())
    monkeypatch.setattr("llmlz.organization.deployed.read_deployed", lambda *_: other)
    done = within("organization", "read", str(tmp_path / "deployed.json"), "--estate", str(estate))
    assert done.code == 2
    assert "222222222222" in done.err
    assert not (tmp_path / "deployed.json").exists()


def test_a_guardrail_that_does_not_exist_is_found_before_it_is_attached(
    estate: Path, outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS is asked about the live identifier; what it does not know would make every call fail."""
    asked: list[str] = []

    def mistakes(document: Any, **_: Any) -> tuple[str, ...]:
        asked.append(str(document))
        return ("us-east-1.config_1: there is no version 3",)

    monkeypatch.setattr("llmlz.organization.check.check_bedrock", mistakes)
    monkeypatch.setattr(organization, "_clients", lambda *_: None)
    done = within("organization", "check", "--estate", str(estate), "--outputs", str(outputs))
    assert done.code == 1
    assert "there is no version 3" in done.out
    assert "guardrail/fedcba654321:3" in asked[0]
