"""How one model is called from one region: the first route of the platform's order that the model offers there."""

from collections.abc import Sequence
from dataclasses import dataclass

from stacks.settings.catalogue import Geography, Model


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A model, a way to call it, and the ARNs that stand for both."""

    geography: Geography
    """Name of the route; part of the profile's name."""

    copy_from: str
    """What the team's profile is copied from."""

    foundation_models: tuple[str, ...]
    """The model in every region that may answer."""


def choose(model: Model, *, region: str, account: str, partition: str, routing: Sequence[Geography]) -> Chosen | None:
    """The route that is taken, or ``None`` where the model cannot be called from this region.

    A call through a profile is authorised on the profile and on the model in each region that may answer:
    https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html (2026-11).
    """
    for geography in routing:
        route = model.routes.get(geography)
        if route is None or region not in route.regions:
            continue
        regions = sorted(route.destinations) or [region]
        models = tuple(f"arn:{partition}:bedrock:{place}::foundation-model/{model.model_id}" for place in regions)
        if geography == "global":
            models = (*models, f"arn:{partition}:bedrock:::foundation-model/{model.model_id}")
        copy_from = models[0]
        if route.profile_id:
            copy_from = f"arn:{partition}:bedrock:{region}:{account}:inference-profile/{route.profile_id}"
        return Chosen(geography=geography, copy_from=copy_from, foundation_models=models)
    return None
