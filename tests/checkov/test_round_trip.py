"""Terraform's values as Pulumi shows them, and back, for every resource type in the committed schema."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmlz.checkov import conserve, values
from llmlz.checkov.alike import strangers
from llmlz.checkov.conform import conform
from llmlz.checkov.projection import project
from llmlz.graph.model import Resource
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema
from tests.checkov.forward import Forward
from tests.checkov.parts import catalogue, graph, resource
from tests.checkov.random_values import RandomValues
from tests.rehearsal import sdk, structure

SCHEMA = Schema.committed()
TOKENS = sorted(token for token, type_ in names.types().items() if type_ in SCHEMA and token in sdk.classes())
LITERALS = values.Literals(graph(), SCHEMA, {})


def forward(given_values: Mapping[str, Any], token: str) -> tuple[dict[str, Any], list[str]]:
    """Pulumi's inputs, and what the SDK has no place for."""
    way = Forward()
    block = SCHEMA.block(names.types()[token])
    return way.inputs(given_values, block, sdk.arguments(token), names.properties(token)), way.left_out


def back(inputs: Mapping[str, Any], token: str) -> tuple[dict[str, Any], Resource]:
    """Terraform's values again, by the projection's own parts."""
    one = resource(token, "one", inputs)
    block = SCHEMA.block(names.types()[token])
    written = values.write(one, values.readable(one).inputs, block, LITERALS, "aws_x.one-abcdef")
    assert written.dropped == ()
    conformed, problems = conform(written.values, block)
    assert [p for p in problems if "required" not in p] == []
    assert list(strangers(one.inputs, block, token)) == []
    assert conserve.lost(one.inputs, conformed) == []
    return conformed, one


def without(value: Any, left_out: list[str]) -> Any:
    """``value`` without what the SDK has no place for."""
    if isinstance(value, Mapping):
        pruned = {}
        for name, inner in value.items():
            if name in left_out:
                continue
            several = f"{name}[1:]" in left_out and isinstance(inner, list)
            pruned[name] = without(inner[:1] if several else inner, left_out)
        return pruned
    return [without(item, left_out) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("token", TOKENS)
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_values_survive_the_way_through_pulumi(token: str, seed: int) -> None:
    """There and back is the same, and so is back and there."""
    type_ = names.types()[token]
    block = SCHEMA.block(type_)
    original = RandomValues(seed).block(block)
    left_out = forward(original, token)[1]
    expected = without(original, left_out)
    inputs, _ = forward(expected, token)
    found, one = back(inputs, token)
    if "name" not in expected:
        found.pop("name", None)  # the bridge names what must have a name
    assert found == expected
    assert forward(found, token)[0] == inputs == one.inputs


@pytest.mark.parametrize("token", TOKENS)
def test_inputs_survive_the_way_through_terraform(token: str) -> None:
    """Every property of the SDK at once, nested ones too, but for those that the provider does not have yet."""
    (one,) = structure.everything([token]).resources
    found = project(graph(one), catalogue([names.types()[token]]))
    lost = [doubt.message for doubt in found.doubts if "was lost" in doubt.message or "goes to" in doubt.message]
    assert lost == []
    assert len(found.urns) == 1
