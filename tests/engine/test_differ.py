"""Which change replaces a resource: the table, its reader, and the AWS provider's own word."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from llmlz.engine.differ import Change, changes, rules
from llmlz.errors import ToolMissingError
from llmlz.graph.model import Graph, Resource
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.rehearse import changes as planned_changes
from llmlz.rehearsal.rehearse import rehearse
from llmlz.rehearsal.render import render, write
from llmlz.rehearsal.terraform import Terraform

CASES: Mapping[str, Any] = YAML(typ="safe").load(Path(__file__).parent / "replace_cases.yaml")
KEY = "aws:kms/key:Key"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def test_a_listed_input_replaces_and_another_does_not() -> None:
    """By name, top level."""
    assert changes(KEY, {"multiRegion": False, "description": "a"}, {"multiRegion": True, "description": "b"}) == (
        Change("description", False),
        Change("multiRegion", True),
    )


def test_what_comes_and_what_goes_is_a_change() -> None:
    """Also when it comes as nothing."""
    assert changes(KEY, {"policy": "p"}, {"description": None}) == (
        Change("description", False),
        Change("policy", False),
    )


def test_nested_inputs_count_for_the_input_that_holds_them() -> None:
    """A profile's model is an object; any leaf of it replaces."""
    old, new = {"modelSource": {"copyFrom": "a"}}, {"modelSource": {"copyFrom": "b"}}
    [change] = changes("aws:bedrock/inferenceProfile:InferenceProfile", old, new)
    assert (change.path, change.input, change.replaces) == ("modelSource.copyFrom", "modelSource", True)


def test_a_name_that_only_starts_like_a_listed_one_does_not_replace() -> None:
    """``multiRegionReplica`` is not ``multiRegion``."""
    assert changes(KEY, {"multiRegionReplica": 1}, {"multiRegionReplica": 2}) == (Change("multiRegionReplica", False),)


def test_secrets_are_compared_by_what_they_hold() -> None:
    """Marking a value as secret changes nothing in the cloud."""
    assert changes(KEY, {"description": "a"}, {"description": {**SECRET, "value": "a"}}) == ()


def test_every_rule_has_a_case() -> None:
    """A row of the table that nothing compares with the provider cannot stay."""
    assert {(token, path) for token, paths in rules().items() for path in paths} <= {
        (token, name) for token, case in CASES.items() for name in case["changed"]
    }


@pytest.mark.ring(2)
def test_the_table_says_what_the_provider_plans(tmp_path: Path) -> None:
    """One resource for each input, settled; each input changed; the provider replaces exactly what the table lists."""
    try:
        terraform = Terraform.find()
    except ToolMissingError as error:
        pytest.skip(f"ring 2: would have compared the table of replacements with the provider's plans; {error}")
    rehearsed = rehearse(graph_of(changed=False), terraform, tmp_path)
    assert rehearsed.state is not None, [str(finding) for finding in rehearsed.findings]
    rendered = render(graph_of(changed=True), ProviderBlock.offline("eu-central-1", "111122223333"))
    write(rendered, tmp_path)
    planned = terraform.plan(tmp_path)
    assert planned.errors == ()
    actions = {rendered.addresses[c["address"]]: c["change"]["actions"] for c in planned_changes(planned.plan)}
    everything = {urn_of(token, name): (token, name) for token, case in CASES.items() for name in case["changed"]}
    assert sorted(actions) == sorted(everything), "an input whose change plans nothing proves nothing"
    replaced = {everything[urn] for urn, done in actions.items() if "delete" in done}
    assert replaced == {(token, path) for token, paths in rules().items() for path in paths}


def urn_of(token: str, changed: str) -> str:
    """A resource for each input that is to change."""
    return f"urn:pulumi:dev::replace::{token}::{changed}"


def graph_of(*, changed: bool) -> Graph:
    """All cases, before or after the change of the one input that each resource is for."""
    resources = [
        Resource(
            urn=urn_of(token, name),
            type=token,
            name=name,
            kind="custom",
            parent=None,
            inputs={**case["base"], **({name: value} if changed else {})},
        )
        for token, case in CASES.items()
        for name, value in case["changed"].items()
    ]
    ordered = tuple(sorted(resources, key=lambda r: r.urn))
    return Graph(project="replace", stack="dev", resources=ordered, account="111122223333", region="eu-central-1")
