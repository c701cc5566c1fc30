"""The one provider of each stack: the account is pinned, and everything that takes tags has the company's."""

import json
from collections.abc import Mapping

import pytest

from llmlz.graph.model import Graph
from tests.estates import example

STACKS = ("platform-sandbox", "team-claims-sandbox", "team-search-sandbox")
TAGS = ("cost-centre", "data-class", "environment", "managed-by", "owner", "stack", "system-id", "team")


def default_tags(graph: Graph) -> dict[str, str]:
    """The tags that the provider puts on everything."""
    (provider,) = [r for r in graph.resources if r.kind == "provider"]
    found: dict[str, str] = json.loads(provider.inputs["defaultTags"])["tags"]
    return found


@pytest.mark.parametrize("name", STACKS)
def test_every_resource_is_made_by_the_pinned_provider(name: str, graphs: Mapping[str, Graph]) -> None:
    """One provider, of one account and region; nothing is made with whatever credentials happen to be there."""
    graph, stack = graphs[name], example().stack(name)
    (provider,) = [r for r in graph.resources if r.kind == "provider"]
    assert json.loads(provider.inputs["allowedAccountIds"]) == [stack.account] == ["111122223333"]
    assert provider.inputs["region"] == stack.region == "eu-central-1"
    assert provider.inputs.get("skipCredentialsValidation") != "true"
    assert {r.provider for r in graph.custom()} == {provider.urn}


@pytest.mark.parametrize("name", STACKS)
def test_the_tags_are_complete(name: str, graphs: Mapping[str, Graph]) -> None:
    """Finance and governance find every key on every resource, with a text."""
    found = default_tags(graphs[name])
    assert tuple(sorted(found)) == TAGS
    assert all(isinstance(value, str) and value for value in found.values())
    assert (found["stack"], found["managed-by"]) == (name, "llmlz")


def test_a_teams_tags_are_its_own(graphs: Mapping[str, Graph]) -> None:
    """A team pays for what it uses: owner and cost centre are not the platform's."""
    team, platform = default_tags(graphs["team-claims-sandbox"]), default_tags(graphs["platform-sandbox"])
    assert team == {
        "cost-centre": "4711",
        "data-class": "internal",
        "environment": "sandbox",
        "managed-by": "llmlz",
        "owner": "claims@example.com",
        "stack": "team-claims-sandbox",
        "system-id": "claims-assistant",
        "team": "claims",
    }
    assert (platform["team"], platform["owner"]) == ("platform", "platform@example.com")
    assert team["environment"] == platform["environment"]


def test_no_resource_overrules_the_default_tags(graphs: Mapping[str, Graph]) -> None:
    """A tag of a resource's own never hides who owns it or who pays."""
    own = {key for graph in graphs.values() for r in graph.custom() for key in r.inputs.get("tags", {})}
    assert own & set(TAGS) == set()
