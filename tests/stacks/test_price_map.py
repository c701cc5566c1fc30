"""What a team's calls cost: every profile has a row, and no row says that nothing is to be paid."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from llmlz.graph.model import Graph
from stacks.estate import Estate
from stacks.kinds import TeamStack
from stacks.price_map import price_map
from stacks.settings.catalogue import TokenPrice
from tests import estates, generated

ESTATES = {"example": estates.example(), "generated": generated.generated(8)}


def teams(estate: Estate) -> list[TeamStack]:
    """The team stacks of an estate."""
    return [stack for stack in estate.stacks.values() if isinstance(stack, TeamStack)]


@pytest.mark.parametrize("estate", ESTATES.values(), ids=list(ESTATES))
def test_every_approved_model_has_a_priced_row(estate: Estate) -> None:
    """With the model's id, and where and when the price was read."""
    for stack in teams(estate):
        rows = price_map(stack)
        assert [row["model"] for row in rows] == stack.team.models
        for row in rows:
            model = stack.platform.catalogue.models[row["model"]]
            assert row["model_id"] == model.model_id
            assert row["price"] is not None
            assert row["price"]["input_per_1000_tokens"] == model.price.per_1000_tokens.input > 0
            assert row["price"]["output_per_1000_tokens"] == model.price.per_1000_tokens.output
            assert row["price"]["source"].startswith("https://")
            assert row["price"]["date"] == str(model.price.date)
            assert row["price"]["same_region"] == (model.price.region == stack.region)
            assert row["why"] == ""


def test_rows_are_the_profiles_that_a_team_has(graphs: Mapping[str, Graph]) -> None:
    """Under the names of the team's outputs, so that a bill can be read with them."""
    for stack in teams(ESTATES["example"]):
        profiles = graphs[stack.name].outputs["profile_arns"]
        assert sorted(row["profile"] for row in price_map(stack)) == sorted(profiles)


def test_rows_are_plain_json() -> None:
    """Whoever publishes them writes them as they are."""
    for stack in teams(ESTATES["generated"]):
        rows = price_map(stack)
        assert json.loads(json.dumps(rows)) == rows


@pytest.mark.parametrize(
    "tokens", [TokenPrice(input=0, output=0), TokenPrice(input=0, output=1), TokenPrice(input=1, output=0)]
)
def test_a_model_without_a_price_says_so(tokens: TokenPrice) -> None:
    """Zero would be taken for an offer, whichever half of the price it is."""
    stack = teams(ESTATES["example"])[0]
    alias = stack.team.models[0]
    known = stack.platform.catalogue
    price = known.models[alias].price.model_copy(update={"per_1000_tokens": tokens})
    models = {**known.models, alias: known.models[alias].model_copy(update={"price": price})}
    platform = replace(stack.platform, catalogue=known.model_copy(update={"models": models}))
    row = price_map(replace(stack, platform=platform))[0]
    assert row["price"] is None
    assert row["why"] == f"the catalogue has no price per token of {alias}"


def test_an_embedding_model_costs_what_goes_in() -> None:
    """It answers no tokens, so nothing is to be paid for them; the row is priced all the same."""
    rows = [row for stack in teams(ESTATES["example"]) for row in price_map(stack) if "embed" in row["model"]]
    assert rows
    for row in rows:
        assert row["price"] is not None
        assert row["price"]["output_per_1000_tokens"] == 0 < row["price"]["input_per_1000_tokens"]
