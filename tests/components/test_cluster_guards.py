"""What the guards of a cluster promise before any cluster sees them; that they hold is shown on a real one (ring 4)."""

import re
from typing import Any

import pytest

from components.cluster_guards import ClusterGuards, ClusterGuardsArgs, guard_specs
from llmlz.graph.model import Graph
from llmlz.graph.record import record

POLICY = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"
BINDING = f"{POLICY}Binding"
ARGS = ClusterGuardsArgs(
    registries=["111122223333.dkr.ecr.eu-central-1.amazonaws.com"], system_namespaces=["kube-system", "llmlz-system"]
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The guards alone."""
    return record(
        lambda: pulumi_program(ARGS), project="llmlz", stack_name="test", account="111122223333", region="eu-central-1"
    )


def pulumi_program(args: ClusterGuardsArgs) -> None:
    """The guards under a name."""
    ClusterGuards("guards", args)


def test_every_guard_refuses_and_fails_closed(graph: Graph) -> None:
    """A binding that refuses for each, with no way round it, and an expression that cannot be judged refuses."""
    policies = {r.inputs["metadata"]["name"]: r.inputs["spec"] for r in graph.of_type(POLICY)}
    bindings = {r.inputs["spec"]["policyName"]: r.inputs["spec"] for r in graph.of_type(BINDING)}
    assert policies.keys() == bindings.keys()
    assert {spec["failurePolicy"] for spec in policies.values()} == {"Fail"}
    assert all(spec == {"policyName": name, "validationActions": ["Deny", "Audit"]} for name, spec in bindings.items())
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert component.outputs == {"policies": sorted(policies)}


def test_the_names_of_guards_stay(graph: Graph) -> None:
    """A role is identity: a renamed one is a guard that was gone for a moment."""
    assert sorted(r.name for r in graph.of_type(POLICY)) == [
        "guards-images",
        "guards-namespaces",
        "guards-node-pools",
        "guards-placement",
        "guards-pools",
        "guards-services",
        "guards-team-label",
    ]


DO = re.compile(r"\b(add|ask|change|push|remove|set|take|tolerate|use|write)\b")


@pytest.mark.parametrize("role", sorted(guard_specs(ARGS)))
def test_every_refusal_says_what_to_do(role: str) -> None:
    """An instruction stands behind what is wrong."""
    for rule in guard_specs(ARGS)[role]["validations"]:
        wrong, _, right = rule["messageExpression"].replace("to: ", "to ").partition(": ")
        assert wrong
        assert DO.search(right), right
        assert rule["reason"] == "Forbidden"


def test_pods_are_judged_everywhere_but_in_the_namespaces_that_are_named() -> None:
    """Default closed: a namespace that somebody made is judged, label or no label."""
    for role in ("images", "placement", "pools", "team-label"):
        match = guard_specs(ARGS)[role]["matchConstraints"]
        (selector,) = match["namespaceSelector"]["matchExpressions"]
        assert selector == {
            "key": "kubernetes.io/metadata.name",
            "operator": "NotIn",
            "values": ["kube-system", "llmlz-system"],
        }
        assert "objectSelector" not in match


@pytest.mark.parametrize("role", ["namespaces", "node-pools", "services"])
def test_what_belongs_to_the_whole_cluster_is_judged_in_all_of_it(role: str) -> None:
    """No namespace is left out."""
    match = guard_specs(ARGS)[role]["matchConstraints"]
    assert match.keys() == {"resourceRules"}


def test_a_text_of_the_caller_cannot_leave_its_quotes() -> None:
    """A registry, a group or a class with quotes in it stays one text of the expression."""
    nasty = "a' || true || '\"] + [\""
    args = ClusterGuardsArgs(
        registries=[nasty], system_namespaces=[], admin_groups=[nasty], admin_users=[nasty], priority_classes=[nasty]
    )
    found: list[Any] = [texts for spec in guard_specs(args).values() for texts in _strings(spec) if "|| true" in texts]
    assert found
    for expression in found:
        assert "a' || true || '\\\"] + [\\\"" in expression


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return [value] if isinstance(value, str) else []
