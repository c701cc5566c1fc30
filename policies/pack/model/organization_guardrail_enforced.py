"""The organization applies a guardrail to every call of its members, and no account can take it off."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._grammar import load
from policies.pack._organization import BEDROCK, ROOT, UNIT, attached, of_kind
from policies.pack._relations import targets
from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._use import GUARDRAIL
from policies.pack._values import UnreadableError, mapping, text, texts
from policies.pack.model._attempt import attempt
from policies.pack.model._enforcement import NUMBER, comes_from_a_version, looks_at_all_models

ASSIGN = "@@assign"
OPERATORS = {ASSIGN, "@@operators_allowed_for_child_policies"}
REASONING = "automatedReasoning"
"""Start of the input that such a policy cannot apply:
docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_bedrock_best_practices.html (2026-11)"""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """There is a Bedrock policy, each one is on a unit or the root, and each applies a sound guardrail version."""
    policies = of_kind(context, BEDROCK)
    if not policies:
        return violated(f"the organization has no policy of type {BEDROCK}")
    return together(attempt(_policy, policy, context) for policy in policies)


def _policy(policy: Resource, context: Context) -> Result:
    places = [place for place, on in attached(context, BEDROCK).items() if policy in on]
    wide = [p for p in places if p.startswith((ROOT, "ou-")) or ((made := context.by_urn(p)) and made.type == UNIT)]
    return together(
        [
            require(bool(wide), f"{policy.name}: is attached to no unit, but to {', '.join(places) or 'nothing'}"),
            *(
                violated(f"{g.name}: {key} cannot be applied by an organization")
                for g in targets(policy, "content", context, GUARDRAIL)
                for key, value in g.inputs.items()
                if key.startswith(REASONING) and value
            ),
            *(_applied(policy, region, config, context) for region, config in _configurations(policy)),
        ]
    )


def _configurations(policy: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Region and configuration of each guardrail; one entry with nothing in it where there is none."""
    try:
        content = load(policy.inputs.get("content"))
    except ValueError as error:
        raise UnreadableError(f"content is {error}") from None
    places = mapping(mapping(content, "bedrock") or {}, "guardrail_inference") or {}
    regions = [region for region in places if not region.startswith("@@")]
    for region in regions:
        configs = mapping(places, region) or {}
        named = [name for name in configs if not name.startswith("@@")]
        yield from ((region, mapping(configs, name) or {}) for name in named)
        if not named:
            yield region, {}
    if not regions:
        yield "no region", {}


def _applied(policy: Resource, region: str, config: Mapping[str, Any], context: Context) -> Result:
    identifier = text(_operators(config, "identifier"), ASSIGN) or ""
    arn, _, version = identifier.rpartition(":")
    published = version.upper() != "DRAFT" and comes_from_a_version(policy, "content", context)
    guarding = mapping(config, "selective_content_guarding") or {}
    parts = {part: text(_operators(guarding, part), ASSIGN) for part in ("messages", "system")}
    enforcement = mapping(config, "model_enforcement")
    included, excluded = (
        texts(_operators(enforcement or {}, name), ASSIGN) for name in ("included_models", "excluded_models")
    )
    where = f"{policy.name}: {region}"
    return together(
        [
            require(
                arn.startswith("arn:") and f":bedrock:{region}:" in arn and ":guardrail/" in arn,
                f"{where}: identifier is {identifier!r}, not a guardrail version of this region; every call would fail",
            ),
            require(bool(NUMBER.fullmatch(version)) or published, f"{where}: {version!r} is no published version"),
            *(
                require(how == "comprehensive", f"{where}: {part} are looked at {how!r}, so callers choose what")
                for part, how in parts.items()
            ),
            *looks_at_all_models(None if enforcement is None else included, excluded, context.needs["may_be_left_out"]),
        ]
    )


def _operators(inside: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The operators on one value: how policies further up and down add to it cannot be told from here."""
    found = mapping(inside, name) or {}
    if unknown := set(found) - OPERATORS:
        raise UnreadableError(f"{name} has {', '.join(sorted(map(str, unknown)))}, only {ASSIGN} is understood")
    return found
