"""How a model is called from a region: the platform's order decides, and the ARNs are those that AWS checks."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.catalogue_file import FOLDER, load_catalogue
from stacks.routing import choose
from stacks.settings.catalogue import Geography, Model

ACCOUNT = "111122223333"
CATALOGUE = load_catalogue(FOLDER)
GEOGRAPHIES: Sequence[Geography] = ("regional", "eu", "us", "apac", "global")
models = st.sampled_from(sorted(CATALOGUE.models))
regions = st.sampled_from(sorted(CATALOGUE.regions))
orders = st.permutations(GEOGRAPHIES).flatmap(lambda order: st.integers(0, 5).map(lambda n: order[:n]))


def model(**routes: dict[str, Any]) -> Model:
    """A model with these routes."""
    row = CATALOGUE.models["nova-micro"].model_dump(mode="json")
    return Model.model_validate({**row, "model_id": "vendor.model-v1:0", "routes": routes})


EU = {
    "regions": ["eu-central-1", "eu-west-1"],
    "profile_id": "eu.vendor.model-v1:0",
    "destinations": ["eu-west-1", "eu-central-1"],
}
REGIONAL = {"regions": ["eu-central-1"]}
BOTH = model(eu=EU, regional=REGIONAL)


@pytest.mark.parametrize(
    ("region", "order", "taken"),
    [
        ("eu-central-1", ["eu", "regional"], "eu"),
        ("eu-central-1", ["regional", "eu"], "regional"),
        ("eu-central-1", ["us", "regional"], "regional"),
        ("eu-west-1", ["regional", "eu"], "eu"),
        ("eu-west-1", ["regional"], None),
        ("us-east-1", ["regional", "eu"], None),
        ("eu-central-1", [], None),
    ],
)
def test_the_first_route_that_the_model_offers_here_is_taken(region: str, order: Any, taken: str | None) -> None:
    """The order is the platform's; a route that does not start here is passed over, and no route is no call."""
    found = choose(BOTH, region=region, account=ACCOUNT, partition="aws", routing=order)
    assert (found.geography if found else None) == taken


def test_a_profile_is_copied_and_every_region_that_may_answer_is_named() -> None:
    """A call through a profile is authorised on the profile and on the model in each destination."""
    found = choose(BOTH, region="eu-central-1", account=ACCOUNT, partition="aws", routing=["eu"])
    assert found is not None
    assert found.copy_from == "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.vendor.model-v1:0"
    assert found.foundation_models == (
        "arn:aws:bedrock:eu-central-1::foundation-model/vendor.model-v1:0",
        "arn:aws:bedrock:eu-west-1::foundation-model/vendor.model-v1:0",
    )


def test_a_regional_route_copies_the_model_itself() -> None:
    """Without a system-defined profile the team's profile is made from the model in this region, and nothing else."""
    found = choose(BOTH, region="eu-central-1", account=ACCOUNT, partition="aws", routing=["regional"])
    assert found is not None
    assert found.copy_from == "arn:aws:bedrock:eu-central-1::foundation-model/vendor.model-v1:0"
    assert found.foundation_models == (found.copy_from,)


def test_a_global_route_names_the_model_without_a_region_too() -> None:
    """AWS checks a call that may be answered anywhere on an ARN without a region as well."""
    everywhere = model(**{"global": {**EU, "profile_id": "global.vendor.model-v1:0"}})
    found = choose(everywhere, region="eu-west-1", account=ACCOUNT, partition="aws", routing=["global"])
    assert found is not None
    assert found.foundation_models[-1] == "arn:aws:bedrock:::foundation-model/vendor.model-v1:0"
    assert found.copy_from == "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/global.vendor.model-v1:0"


@given(models, regions, orders)
def test_the_whole_catalogue_routes_as_it_says(alias: str, region: str, order: list[Geography]) -> None:
    """For every model, region and order: a taken route is offered, starts here, and none before it does."""
    row = CATALOGUE.models[alias]
    partition = CATALOGUE.regions[region].partition
    found = choose(row, region=region, account=ACCOUNT, partition=partition, routing=order)
    offered = [geography for geography in order if geography in row.routes and region in row.routes[geography].regions]
    assert (found.geography if found else None) == (offered[0] if offered else None)
    if found:
        pattern = rf"arn:{partition}:bedrock:([a-z0-9-]+::foundation-model|{region}:{ACCOUNT}:inference-profile)/\S+"
        assert re.fullmatch(pattern, found.copy_from)
        assert all(arn.endswith(f"::foundation-model/{row.model_id}") for arn in found.foundation_models)
        assert len(set(found.foundation_models)) == len(found.foundation_models)
