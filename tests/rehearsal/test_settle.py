"""A state computed from a plan stands for a deployment: moves are plans over it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.rehearse import Rehearsal, changes, rehearse
from llmlz.rehearsal.render import render, write
from llmlz.rehearsal.settle import resolved, settled_state, write_state
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal.program import ACCOUNT, REGION, landing_zone, recorded

pytestmark = pytest.mark.ring(2)


@pytest.fixture(scope="module")
def first(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """The example program, rehearsed once."""
    return rehearse(recorded(landing_zone), terraform, tmp_path_factory.mktemp("first"))


def _after(first: Rehearsal, terraform: Terraform, folder: Path, **change: Any) -> dict[str, list[str]]:
    """Logical name to actions, for a changed program over the settled state."""
    graph = recorded(lambda: landing_zone(**change))
    rendered = render(graph, ProviderBlock.offline(REGION, ACCOUNT))
    write(rendered, folder)
    terraform.init(folder)
    assert first.state is not None
    write_state(first.state, folder)
    planned = terraform.plan(folder)
    assert planned.errors == ()
    return {_name(rendered.addresses[c["address"]]): c["change"]["actions"] for c in changes(planned.plan)}


def test_the_same_program_changes_nothing(first: Rehearsal, terraform: Terraform, tmp_path: Path) -> None:
    """The computed state is what the provider would have read back."""
    assert first.findings == ()
    assert _after(first, terraform, tmp_path) == {}


def test_a_changed_number_is_an_update(first: Rehearsal, terraform: Terraform, tmp_path: Path) -> None:
    """And of nothing else."""
    assert _after(first, terraform, tmp_path, retention_days=180) == {"logs-invocations": ["update"]}


def test_what_cannot_be_added_later_is_a_replacement(first: Rehearsal, terraform: Terraform, tmp_path: Path) -> None:
    """Object lock on a bucket that was born without it replaces the bucket, and all that hangs from its name's identity."""
    changed = _after(first, terraform, tmp_path, locked=True)
    assert changed["logs-archive"] == ["delete", "create"]
    assert set(changed) <= {"logs-archive", "logs-trail"} | {f"logs-archive-{role}" for role in COMPANIONS}
    assert "keys-state" not in changed


COMPANIONS = ("encryption", "lifecycle", "policy", "public", "versions")


def test_a_configured_unknown_is_computed_from_its_expression(first: Rehearsal) -> None:
    """What the state holds for a reference is what the other resource holds."""
    values = _attributes(first)
    key = values["keys-state", "aws_kms_key"]
    assert values["logs-invocations", "aws_cloudwatch_log_group"]["kms_key_id"] == key["arn"]
    assert key["arn"].startswith(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/")
    published = json.loads(values["published", "aws_ssm_parameter"]["value"])
    assert published["guardrail"] == values["guardrail", "aws_bedrock_guardrail"]["guardrail_id"]
    secret = values["vectors", "aws_rds_cluster"]["master_user_secret"][0]["secret_arn"]
    assert values["vectors-secret", "aws_ssm_parameter"]["value"] == secret


def test_a_resolved_plan_shows_policies_and_invents_nothing(first: Rehearsal) -> None:
    """A scanner reads the bucket policy that a plain plan hides; what nobody configured stays unknown."""
    assert first.plan is not None
    provider = ProviderBlock.offline(REGION, ACCOUNT)
    plan = resolved(first.plan, first.rendered, provider)
    plain, full = (_planned(p, first)["logs-archive-policy", "aws_s3_bucket_policy"] for p in (first.plan, plan))
    assert "policy" not in plain
    (statement,) = json.loads(full["policy"])["Statement"]
    assert statement["Resource"].endswith("/*")
    assert "${" not in statement["Resource"]
    assert "arn" not in _planned(plan, first)["keys-state", "aws_kms_key"]
    assert len(plan["resource_changes"]) == len(first.plan["resource_changes"])


def test_settling_is_a_pure_function_of_its_plan(first: Rehearsal) -> None:
    """Twice the same state, byte for byte: it can be kept as a golden file of a release."""
    assert first.plan is not None
    provider = ProviderBlock.offline(REGION, ACCOUNT)
    one, two = (settled_state(first.plan, first.rendered, provider) for _ in range(2))
    assert json.dumps(one) == json.dumps(two)
    assert one == first.state


def _attributes(rehearsal: Rehearsal) -> dict[tuple[str, str], Mapping[str, Any]]:
    assert rehearsal.state is not None
    named = {address: _name(urn) for address, urn in rehearsal.rendered.addresses.items()}
    return {
        (named[f"{r['type']}.{r['name']}"], r["type"]): r["instances"][0]["attributes"]
        for r in rehearsal.state["resources"]
    }


def _planned(plan: Mapping[str, Any], rehearsal: Rehearsal) -> dict[tuple[str, str], Mapping[str, Any]]:
    resources = plan["planned_values"]["root_module"]["resources"]
    return {(_name(rehearsal.rendered.addresses[r["address"]]), r["type"]): r.get("values", {}) for r in resources}


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
