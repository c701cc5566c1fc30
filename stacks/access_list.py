"""The one list: which team may call which model, and where the call may be answered.

It follows from three things: the catalogue (how a model can be called), the platform (which models it approves, in
which order of routes) and the team file (which of them the team wants). Every layer that enforces it is made from here:
team roles, endpoint policies, policies of the organization.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stacks.kinds import PlatformStack, Stack, TeamStack
from stacks.routing import Chosen, choose
from stacks.settings.catalogue import Model


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """One team may call one model in one way."""

    stack: str
    """The team's stack."""
    platform: str
    """The platform's stack."""
    team: str
    account: str
    region: str
    """Where calls start."""
    level: int
    """Assurance level of the platform."""
    data_class: str
    """The most sensitive data of the team; the model is approved for it."""
    alias: str
    """The model's name in the catalogue."""
    model_id: str
    route: Chosen
    """Where calls may be answered."""
    guarded: bool
    """Whether a guardrail can look at what the model reads and says."""

    @property
    def profile(self) -> str:
        """``<model>-<geography>``: identity of the team's inference profile."""
        return f"{self.alias}-{self.route.geography}"


UNGUARDED = ("embedding", "rerank")
"""Purposes of models that no guardrail can look at:
https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-supported.html (2026-11)"""


def guarded(model: Model) -> bool:
    """Whether a guardrail can look at what the model reads and says."""
    return model.purpose not in UNGUARDED


def routes(platform: PlatformStack, aliases: Iterable[str]) -> Mapping[str, Chosen]:
    """Model to the way it is called on this platform; raises ``ValueError`` for one that cannot be called there."""
    found = {}
    for alias in aliases:
        chosen = choose(
            platform.catalogue.models[alias],
            region=platform.region,
            account=platform.account,
            partition=platform.partition,
            routing=platform.settings.routing,
        )
        if chosen is None:
            raise ValueError(f"{alias} cannot be called from {platform.region}")
        found[alias] = chosen
    return found


def foundation_models(platform: PlatformStack) -> tuple[str, ...]:
    """ARNs of every model that the platform approves, in every region that may answer."""
    return _arns(platform, platform.settings.models)


def unguarded_models(platform: PlatformStack) -> tuple[str, ...]:
    """Those of them that no guardrail can look at."""
    known = platform.catalogue.models
    return _arns(platform, [alias for alias in platform.settings.models if not guarded(known[alias])])


def _arns(platform: PlatformStack, aliases: Iterable[str]) -> tuple[str, ...]:
    ways = routes(platform, aliases).values()
    return tuple(sorted({arn for chosen in ways for arn in chosen.foundation_models}))


def approvals(stacks: Iterable[Stack]) -> tuple[Approval, ...]:
    """The list, in the order of the stacks and of the models in each team file."""
    return tuple(
        Approval(
            stack=stack.name,
            platform=stack.platform.name,
            team=stack.team.team,
            account=stack.account,
            region=stack.region,
            level=stack.level,
            data_class=stack.team.data_class,
            alias=alias,
            model_id=stack.platform.catalogue.models[alias].model_id,
            route=route,
            guarded=guarded(stack.platform.catalogue.models[alias]),
        )
        for stack in stacks
        if isinstance(stack, TeamStack)
        for alias, route in routes(stack.platform, stack.team.models).items()
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitModels:
    """What the platforms of one unit approve together."""

    regions: tuple[str, ...]
    """Where their calls start."""
    destinations: tuple[str, ...]
    """Where else they may be answered."""
    models: tuple[str, ...]
    """Ids of models."""
    unguarded: tuple[str, ...]
    """Those of them that no guardrail can look at."""


def unit_models(platforms: Sequence[PlatformStack], home: str, more_regions: Sequence[str] = ()) -> UnitModels:
    """The models and regions of a unit; without platforms no model, and the organization's own region."""
    arns = [arn for platform in platforms for arn in foundation_models(platform)]
    regions = {*(platform.region for platform in platforms), *more_regions} or {home}
    answering = {arn.split(":")[3] for arn in arns}
    return UnitModels(
        regions=tuple(sorted(regions)),
        destinations=tuple(sorted(answering - regions - {""})),
        models=_ids(arns),
        unguarded=_ids(arn for platform in platforms for arn in unguarded_models(platform)),
    )


def _ids(arns: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({arn.partition("/")[2] for arn in arns}))
