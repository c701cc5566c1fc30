"""Models of one account in one region, and ways to them, as Amazon Bedrock lists them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from llmlz.inventory.asking import Questions, tags_of, team_of
from llmlz.inventory.model import Cost, Model, ModelKind

PER_USE = Cost(usd_per_hour=None, note="nothing of itself; calls are paid per use")
BY_CONTRACT = Cost(usd_per_hour=None, note="per model unit and commitment; AWS tells the price on request")
STORED = Cost(usd_per_hour=None, note="storage by the month, and calls per use")

COMMITTED = "commitmentExpirationTime"

LISTED: tuple[tuple[ModelKind, str, str, str, Cost], ...] = (
    ("provisioned", "list_provisioned_model_throughputs", "provisionedModelSummaries", "provisionedModel", BY_CONTRACT),
    ("custom", "list_custom_models", "modelSummaries", "model", STORED),
    ("imported", "list_imported_models", "modelSummaries", "model", STORED),
    ("deployment", "list_custom_model_deployments", "modelDeploymentSummaries", "customModelDeployment", PER_USE),
)
"""Kind, method, where the answer has them, how its names and ARNs start, what having one costs.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock.html (2026-11)
"""


def read_models(ask: Questions, approved: Iterable[str]) -> tuple[Model, ...]:
    """Profiles, own models, throughputs, and of the ``approved`` model ids whether the account may use them."""
    ends = _ends_of_life(ask)
    return (*_foundation(ask, approved, ends), *_profiles(ask, ends), *_listed(ask, ends))


def _ends_of_life(ask: Questions) -> dict[str, datetime]:
    """Model id to the day from which it is gone, for those that have one."""
    found = ask.all("bedrock", "list_foundation_models", "modelSummaries") or ()
    lives = {one["modelId"]: one.get("modelLifecycle", {}).get("endOfLifeTime") for one in found}
    return {model: end for model, end in lives.items() if end is not None}


def _foundation(ask: Questions, approved: Iterable[str], ends: dict[str, datetime]) -> Iterable[Model]:
    for model in sorted(set(approved)):
        told = ask.one("bedrock", "get_foundation_model_availability", modelId=model)
        if told is not None:
            state = str(told.get("agreementAvailability", {}).get("status", "UNKNOWN"))
            yield Model(
                kind="foundation-model",
                name=model,
                account=ask.account,
                region=ask.region,
                models=(model,),
                team="platform",
                state=f"agreement {state}",
                cost=PER_USE,
                expires=ends.get(model),
            )


def _profiles(ask: Questions, ends: dict[str, datetime]) -> Iterable[Model]:
    found = ask.all("bedrock", "list_inference_profiles", "inferenceProfileSummaries", typeEquals="APPLICATION")
    ours = [one for one in found or () if one.get("type") == "APPLICATION"]  # an emulator lists those of AWS too
    for one in sorted(ours, key=lambda told: str(told["inferenceProfileName"])):
        models = tuple(sorted({_id(told["modelArn"]) for told in one.get("models", ())}))
        yield Model(
            kind="profile",
            name=one["inferenceProfileName"],
            account=ask.account,
            region=ask.region,
            models=models,
            team=_team(ask, one["inferenceProfileArn"]),
            state=str(one.get("status", "")),
            cost=PER_USE,
            expires=min((ends[model] for model in models if model in ends), default=None),
        )


def _listed(ask: Questions, ends: dict[str, datetime]) -> Iterable[Model]:
    for kind, operation, path, start, cost in LISTED:
        for one in sorted(ask.all("bedrock", operation, path) or (), key=lambda told: str(told[f"{start}Name"])):
            source = _id(one.get("foundationModelArn") or one.get("baseModelArn") or one.get("modelArn", ""))
            yield Model(
                kind=kind,
                name=one[f"{start}Name"],
                account=ask.account,
                region=ask.region,
                models=(source,) if source else (),
                team=_team(ask, one[f"{start}Arn"]),
                state=str(one.get("status") or one.get("modelStatus") or ""),
                cost=cost,
                expires=one.get(COMMITTED) or ends.get(source),
                units=int(one.get("modelUnits", 0)),
            )


def _team(ask: Questions, arn: str) -> str | None:
    """The team in the tags of a thing; ``None`` with a finding where they could not be read."""
    answer: Any = ask.one("bedrock", "list_tags_for_resource", resourceARN=arn)
    return None if answer is None else team_of(tags_of(answer.get("tags", [])))


def _id(arn: str) -> str:
    return arn.rpartition("/")[2]
