"""What one model call asks of IAM: several authorization checks, all of which must be allowed.

A call to an inference profile is checked on the profile, on the foundation model in the region of the caller, and on
the model in every region that the profile may route to:
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html (2026-11).
A call with a guardrail is checked for ``bedrock:ApplyGuardrail`` too:
https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions.html (2026-11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from llmlz.access.evaluate import Decision, decide
from llmlz.access.layers import Role, output_of
from llmlz.access.request import Request
from llmlz.graph.model import Graph, Resource, Source

PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile"
GUARDRAIL_VERSION = "aws:bedrock/guardrailVersion:GuardrailVersion"
ACTIONS = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""Converse and ConverseStream are authorised as these:
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html (2026-11)."""

GUARDRAIL_KEY = "bedrock:GuardrailIdentifier"
PROFILE_KEY = "bedrock:InferenceProfileArn"
REGION_KEY = "aws:RequestedRegion"
ENDPOINT_KEY = "aws:SourceVpce"
UNSPECIFIED = "unspecified"
"""What a global profile sends as the region of its last check, on the model's ARN without a region:
https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html (2026-11)."""

ARN_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a caller names as the model: an inference profile, or a foundation model itself."""

    name: str
    """Logical name of the profile, or the model's id."""

    account: str
    """Owner of the profile; empty for a foundation model, which has none."""

    region: str
    """Region of the endpoint that is called."""

    profile: str | None
    """ARN of the profile; ``None`` for a direct call."""

    models: tuple[str, ...]
    """ARNs of the foundation model, in the caller's region first."""

    undecided: str | None = None
    """Why the models are not known; then no call to the target is allowed."""

    source: Source | None = None


def targets(graph: Graph, destinations: Mapping[str, Sequence[str]]) -> tuple[Target, ...]:
    """Every application inference profile of the graph, then every model behind them as a direct target.

    ``destinations`` is the id of a system-defined profile, such as ``eu.amazon.nova-lite-v1:0``, to the regions that it
    routes to. A profile copied from one that is missing there is undecided.
    """
    profiles = [_target(graph, profile, destinations) for profile in graph.of_type(PROFILE)]
    models = {arn: target for target in reversed(profiles) for arn in target.models}
    direct = [
        Target(name=arn.partition("/")[2], account="", region=arn.split(":")[3], profile=None, models=(arn,))
        for arn in sorted(models)
        if arn.split(":")[3]  # no endpoint takes a model without a region
    ]
    return (*profiles, *direct)


def _target(graph: Graph, profile: Resource, destinations: Mapping[str, Sequence[str]]) -> Target:
    region = profile.inputs.get("region") or graph.region
    copied = str((profile.inputs.get("modelSource") or {}).get("copyFrom"))
    models, undecided = _models(copied, region, destinations)
    return Target(
        name=profile.name,
        account=graph.account,
        region=region,
        profile=output_of(graph, profile),
        models=models,
        undecided=undecided,
        source=profile.source,
    )


def _models(copied: str, region: str, destinations: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], str | None]:
    parts = copied.split(":", 5)
    if len(parts) < ARN_PARTS:
        return (), f"the profile is copied from {copied!r}, which is not an ARN"
    partition, (kind, _, name) = parts[1], parts[5].partition("/")
    if kind == "foundation-model":
        return (copied,), None
    if kind == "inference-profile":
        if name not in destinations:
            return (), f"the regions of system-defined profile {name!r} were not given"
        model = name.partition(".")[2]  # the geography comes before the first dot
        regions = dict.fromkeys((region, *destinations[name]))
        return tuple(f"arn:{partition}:bedrock:{r}::foundation-model/{model}" for r in regions), None
    return (), f"the profile is copied from {copied!r}, neither a foundation-model nor an inference-profile"


def guardrail_versions(graph: Graph) -> tuple[str, ...]:
    """``<guardrail ARN>:<version>`` of every published version that the graph makes: what a caller can name."""
    versions = graph.of_type(GUARDRAIL_VERSION)
    return tuple(f"{version.inputs['guardrailArn']}:{output_of(graph, version, 'version')}" for version in versions)


def checks(role: Role, target: Target, action: str, guardrail: str | None) -> tuple[Request, ...]:
    """The authorization checks of one call; ``guardrail`` is ``<guardrail ARN>:<version>``, or ``None`` without one."""
    context = role.context()
    if role.around.invoke_endpoint:
        context[ENDPOINT_KEY] = role.around.invoke_endpoint
    found: list[Request] = []
    if guardrail is not None:
        arn = guardrail.rpartition(":")[0] if ":" in guardrail.rpartition("/")[2] else guardrail
        found = [Request(role.arn, "bedrock:ApplyGuardrail", arn, {**context, REGION_KEY: target.region})]
        context[GUARDRAIL_KEY] = guardrail
    asked: list[Request] = []
    through: dict[str, str] = {}
    if target.profile is not None:
        asked = [Request(role.arn, action, target.profile, {**context, REGION_KEY: target.region})]
        through = {PROFILE_KEY: target.profile}
    for model in target.models:
        asked.append(
            Request(role.arn, action, model, {**context, **through, REGION_KEY: model.split(":")[3] or UNSPECIFIED})
        )
    return (*asked, *found)


def decide_call(role: Role, target: Target, action: str, guardrail: str | None) -> Decision:
    """The decision of a whole call: the first check that is denied, else the first undecided one, else the first."""
    if target.account and target.account != role.account:
        why = f"the profile is in account {target.account}, and an identity policy alone does not reach another account"
        return Decision("denied", None, why, "resource")
    world = role.world()
    decisions = [decide(request, world) for request in checks(role, target, action, guardrail)]
    for outcome in ("denied", "indeterminate"):
        for number, decision in enumerate(decisions):
            if decision.outcome == outcome:
                return replace(decision, reason=f"check {number + 1}: {decision.reason}")
    if target.undecided or not decisions:
        return Decision("indeterminate", None, target.undecided or "no check is known")
    return decisions[0]
