"""Our controls as checks of checkov say what the rules say, over the same fixtures as a plan of Terraform."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from llmlz.checkov.offered import COMMAND, FILE, compiled
from llmlz.checkov.paths import place
from llmlz.checkov.process import Checkov
from llmlz.checkov.projection import Projection, project
from llmlz.checkov.scan import known
from llmlz.checkov.values import readable
from llmlz.checks.evaluate import evaluate
from llmlz.checks.fixtures import Fixture
from llmlz.checks.records import POLICIES, Control, controls
from llmlz.graph.model import Graph
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema
from policies.pack._planned import inputs as read
from policies.pack._values import UNKNOWN

FOLDER = POLICIES / "checkov"
OFFERED: Mapping[str, Any] = json.loads((POLICIES / FILE).read_text(encoding="utf-8"))
BY_ID = {control.id: control for control in controls()}
CASES = [(BY_ID[id_], f) for id_ in OFFERED["controls"] for f in (*BY_ID[id_].passes, *BY_ID[id_].fails)]
STRICTEST = 4

NO_PLAN_HAS_THEM: Mapping[tuple[str, str], str] = {
    ("DAT-05", "a flag that is a text"): "Terraform makes a flag of it, and the rule can read that",
    ("MOD-07", "an action that is written out"): "neither SDK nor provider has the argument, so it fails as not known",
}
"""Fixtures whose values do not get into a plan as they are, and why."""


def check_of(control: Control) -> str:
    """The id that checkov knows a control by."""
    return f"CKV_LLMLZ_{control.id.replace('-', '_')}"


def told(graph: Graph, projected: Projection) -> dict[str, Any]:
    """A projected plan as Terraform tells it: null for what is not set, nothing for what is not known."""
    plan = json.loads(json.dumps(projected.plan))
    changes = []
    for planned in plan["planned_values"]["root_module"]["resources"]:
        block = Schema.committed().block(planned["type"])
        resource = graph.by_urn[projected.urns[planned["address"]]]
        _fill(planned["values"], OFFERED["types"].get(planned["type"], {}), resource.inputs)
        for path in readable(resource).unknown:
            if found := place(path, block, names.properties(resource.type)):
                _forget(planned["values"], found.steps)
        change = {"actions": ["create"], "before": None, "after": planned["values"], "after_unknown": {}}
        changes.append({"address": planned["address"], "change": change})
    return {**plan, "resource_changes": changes}


def _fill(values: dict[str, Any], members: Mapping[str, Any], inputs: Any) -> None:
    """Name every argument that is not set, and give those their value that are newer than the provider of the extract."""
    for argument, (property_, shape) in members.items():
        inner = shape[1] if isinstance(shape, list) else shape
        said = inputs.get(property_) if isinstance(inputs, Mapping) else None
        given = values.setdefault(argument, None if isinstance(inner, Mapping) else said)
        if isinstance(inner, Mapping):
            for item, its_inputs in zip_longest(_several(given), _several(said)):
                if isinstance(item, dict):
                    _fill(item, inner, its_inputs)
    newer = set(inputs if isinstance(inputs, Mapping) else ()) - {property_ for property_, _ in members.values()}
    values |= {names.snake(property_): inputs[property_] for property_ in newer}


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _forget(values: Any, steps: Sequence[Any]) -> None:
    """Leave out what is not known; a place in a list becomes null."""
    *parents, last = steps
    for step in parents:
        values = values[step] if isinstance(values, list) or step in values else {}
    if isinstance(last, int):
        values[last:] = [None, *values[last + 1 :]]
    else:
        values.pop(last, None)


def test_the_file_is_fresh() -> None:
    """What is offered, why the rest is not, and the names follow from the records, the rules and the SDK."""
    assert (POLICIES / FILE).read_text(encoding="utf-8") == compiled(), f"write it anew: {COMMAND}"


def test_every_control_that_code_decides_is_offered_or_left_out_with_a_reason() -> None:
    """Nothing goes missing in between."""
    by_code = {control.id for control in controls() if control.evaluator == "code"}
    assert set(OFFERED["controls"]) | set(OFFERED["left_out"]) == by_code
    assert all(OFFERED["left_out"].values())


@pytest.mark.ring(2)
def test_checkov_has_every_offered_check(checkov: Checkov) -> None:
    """A folder that does not load would be silence."""
    found = known([check_of(BY_ID[id_]) for id_ in OFFERED["controls"]], checkov, FOLDER)
    for id_, tokens in OFFERED["controls"].items():
        assert found.checks[check_of(BY_ID[id_])].types == set(tokens)


@pytest.mark.ring(2)
@pytest.mark.parametrize(("control", "fixture"), CASES, ids=[f"{c.id}: {f.name}" for c, f in CASES])
def test_a_fixture_gets_the_same_verdict(control: Control, fixture: Fixture, checkov: Checkov) -> None:
    """Passed where the rule holds; failed for everything else."""
    graph, check = fixture.graph(), check_of(control)
    projected = project(graph, known([check], checkov, FOLDER))
    found = checkov.plan(told(graph, projected), [check], FOLDER)
    assert found.errors == ()
    types = set(OFFERED["controls"][control.id])
    asked = {urn for at, urn in projected.urns.items() if at.partition(".")[0] in types}
    failed = {projected.urns[r.address] for r in found.results if r.verdict == "failed"}
    passed = {projected.urns[r.address] for r in found.results if r.verdict == "passed"}
    assert passed | failed == asked
    expected = {f.urn for f in evaluate(graph, STRICTEST, (), [control]).findings} & asked
    if (control.id, fixture.name) in NO_PLAN_HAS_THEM:
        assert failed != expected
    else:
        assert failed == expected


@pytest.mark.ring(2)
@pytest.mark.parametrize("control", [BY_ID[id_] for id_ in OFFERED["controls"]], ids=lambda control: control.id)
def test_what_is_not_known_passes_only_where_the_rule_does_not_read_it(control: Control, checkov: Checkov) -> None:
    """Each argument of a passing plan is left out in turn, as Terraform leaves out what it does not know."""
    graph, check = control.passes[0].graph(), check_of(control)
    projected = project(graph, known([check], checkov, FOLDER))
    whole = told(graph, projected)
    for index, planned in enumerate(whole["planned_values"]["root_module"]["resources"]):
        resource = graph.by_urn[projected.urns[planned["address"]]]
        members = OFFERED["types"].get(planned["type"], {})
        for argument in members:
            plan = json.loads(json.dumps(whole))
            del plan["planned_values"]["root_module"]["resources"][index]["values"][argument]
            found = checkov.plan(plan, [check], FOLDER)
            failed = {projected.urns[r.address] for r in found.results if r.verdict == "failed"}
            unknown = replace(resource, inputs={**resource.inputs, members[argument][0]: UNKNOWN})
            others = tuple(unknown if r is resource else r for r in graph.resources)
            expected = evaluate(replace(graph, resources=others), STRICTEST, (), [control]).findings
            assert failed == {f.urn for f in expected}, argument


@pytest.mark.ring(2)
def test_a_configuration_as_it_stands_fails(checkov: Checkov) -> None:
    """Without what a plan says of a resource nobody knows its values."""
    graph = BY_ID["DAT-07"].passes[0].graph()
    check = check_of(BY_ID["DAT-07"])
    projected = project(graph, known([check], checkov, FOLDER))
    found = checkov.plan(projected.plan, [check], FOLDER)
    assert {r.verdict for r in found.results} == {"failed"}


MEMBERS: Mapping[str, Any] = {
    "name": ["name", "text"],
    "on": ["isOn", "flag"],
    "ports": ["ports", ["list", "number"]],
    "rule": ["rules", ["list", {"cidr": ["cidr", "text"]}]],
    "settings": ["settings", {"size": ["size", "number"]}],
    "tags": ["tags", ["map", "text"]],
}


@pytest.mark.parametrize(
    ("conf", "found"),
    [
        ({"name": ["a"], "on": [True], "ports": [[1, 2]]}, {"name": "a", "isOn": True, "ports": [1, 2]}),
        ({"name": [True]}, {"name": "true"}),
        ({"name": [{"Version": 1}]}, {"name": '{"Version": 1}'}),
        ({"rule": [{"cidr": ["a"]}, {"cidr": ["b"]}]}, {"rules": [{"cidr": "a"}, {"cidr": "b"}]}),
        ({"rule": [{"cidr": ["a"]}]}, {"rules": [{"cidr": "a"}]}),
        ({"rule": [{}]}, {"rules": [{"cidr": UNKNOWN}]}),
        ({"rule": [{"cidr": ["x.y"], "references_": [["x.y"]]}]}, {"rules": [{"cidr": UNKNOWN}]}),
        ({"settings": [{"size": [1]}]}, {"settings": {"size": 1}}),
        ({"settings": [[]], "rule": [[]], "ports": [None]}, {}),
        ({"settings": [{"size": [1]}, {"size": [2]}]}, {"settings": UNKNOWN}),
        ({"name": ["aws_kms_key.a.arn"], "references_": [["aws_kms_key.a.arn", "aws_kms_key.a"]]}, {"name": UNKNOWN}),
        ({"ports": [[1, "x.y"]], "references_": [["x.y"]]}, {"ports": [1, UNKNOWN]}),
        ({"ports": [[None]]}, {"ports": [UNKNOWN]}),
        ({"tags": [{"a": "b"}]}, {"tags": UNKNOWN}),
        ({"new_rule": [{"a": ["b"]}], "old": [None]}, {"newRule": UNKNOWN, "newRules": UNKNOWN}),
    ],
)
def test_what_checkov_holds_is_read_back(conf: dict[str, Any], found: dict[str, Any]) -> None:
    """Names, shapes, and what is not known; an argument that a plan does not name is not known either."""
    unset = {name: [None] for name in MEMBERS if name not in conf}
    assert read({**unset, **conf}, MEMBERS) == found
    assert {name: read(conf, MEMBERS)[MEMBERS[name][0]] for name in unset} == dict.fromkeys(unset, UNKNOWN)


@pytest.mark.ring(2)
def test_a_broken_folder_is_noticed(checkov: Checkov, tmp_path: Path) -> None:
    """By itself checkov goes on without the checks; asking for one by its id is an error."""
    (tmp_path / "__init__.py").touch()
    (tmp_path / "llmlz_checks.py").write_text("raise RuntimeError\n", encoding="utf-8")
    with pytest.raises(Exception, match="has no check CKV_LLMLZ_DAT_07"):
        known(["CKV_LLMLZ_DAT_07"], checkov, tmp_path)
