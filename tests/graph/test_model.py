"""The graph as a value: its JSON form loses nothing, and look-ups say what they found."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.graph.model import FORMAT, Graph, Options, Reference, Resource, Source, Standin

words = st.text(alphabet='abcABC-_:/$.é"\\\n', min_size=1, max_size=8)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
several = st.lists(words, max_size=3).map(tuple)
options = st.builds(
    Options,
    aliases=several,
    custom_timeouts=st.dictionaries(words, words, max_size=2),
    delete_before_replace=st.booleans(),
    depends_on=several,
    ignore_changes=several,
    import_id=st.none() | words,
    protect=st.booleans(),
    replace_on_changes=several,
    retain_on_delete=st.booleans(),
)
resources = st.builds(
    Resource,
    urn=words,
    type=words,
    name=words,
    kind=st.sampled_from(["custom", "component", "provider", "read"]),
    parent=st.none() | words,
    inputs=st.dictionaries(words, plain, max_size=3),
    options=options,
    outputs=st.dictionaries(words, plain, max_size=2),
    provider=st.none() | words,
    references=st.lists(st.builds(Reference, at=words, to=words, output=st.none() | words), max_size=2).map(tuple),
    secrets=several,
    source=st.none() | st.builds(Source, file=words, line=st.integers(1, 9999)),
)
standins = st.builds(Standin, urn=words, path=words, value=words | st.integers(0, 10**10))
graphs_ = st.builds(
    Graph,
    project=words,
    stack=words,
    resources=st.lists(resources, max_size=3).map(tuple),
    outputs=st.dictionaries(words, plain, max_size=3),
    standins=st.dictionaries(words, standins, max_size=3),
    account=words,
    region=words,
    partition=words,
)


@given(graphs_)
def test_json_loses_nothing(graph: Graph) -> None:
    """Any graph comes back equal, and is written with the same bytes again."""
    text = graph.to_json()
    again = Graph.from_json(text)
    assert again == graph
    assert again.to_json() == text


def test_the_example_comes_back_equal(graphs: Mapping[str, Graph]) -> None:
    """Real graphs, with references, sources and secrets, survive the way through a file."""
    for graph in graphs.values():
        assert Graph.from_json(graph.to_json()) == graph


def test_the_json_says_its_format_and_nothing_of_the_machine(platform_graph: Graph) -> None:
    """A reader of tomorrow can tell what it reads; sources are paths within the repository."""
    raw = json.loads(platform_graph.to_json())
    assert raw["format"] == FORMAT
    files = {resource["source"]["file"] for resource in raw["resources"] if resource["source"]}
    assert all(file.startswith(("components/", "stacks/")) for file in files)


@pytest.mark.parametrize("change", [{"format": FORMAT + 1}, {"format": None}])
def test_another_format_is_refused(change: dict[str, Any], platform_graph: Graph) -> None:
    """Half-understood input is never read as a graph."""
    raw = {**json.loads(platform_graph.to_json()), **change}
    with pytest.raises(ValueError, match=f"not a graph of format {FORMAT}"):
        Graph.from_json(json.dumps(raw))


def test_a_graph_does_not_change(platform_graph: Graph) -> None:
    """Readers share one graph: none of them can alter what the next one sees."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        platform_graph.resources[0].name = "other"  # type: ignore[misc]


def test_looking_up_by_name_finds_exactly_one(platform_graph: Graph) -> None:
    """A name that two resources have, or none, is an error that counts them."""
    assert platform_graph.named("keys-data", "aws:kms/key:Key").urn in platform_graph.by_urn
    with pytest.raises(KeyError, match="0 resources are called 'nothing'"):
        platform_graph.named("nothing")
    twice = dataclasses.replace(platform_graph, resources=platform_graph.resources * 2)
    with pytest.raises(KeyError, match="2 resources are called 'keys-data' with type aws:kms/key:Key"):
        twice.named("keys-data", "aws:kms/key:Key")


def test_selections_keep_the_order_of_the_graph(platform_graph: Graph) -> None:
    """By type and by kind, in the order of URNs."""
    keys = platform_graph.of_type("aws:kms/key:Key", "aws:kms/alias:Alias")
    assert len(keys) == 10
    for selection in (keys, platform_graph.custom(), platform_graph.resources):
        assert [r.urn for r in selection] == sorted(r.urn for r in selection)
    assert {r.kind for r in platform_graph.custom()} == {"custom"}
