"""What is sent to the AI services of AWS trains nobody's models, and no account can change that."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._organization import ACCOUNT, ATTACHMENT, ROOT, UNIT, of_kind, place, upwards
from policies.pack._relations import sources
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import from_json, mapping, part, text, texts

ORGANIZATION = "aws:organizations/organization:Organization"
OPT_OUT = "AISERVICES_OPT_OUT_POLICY"
CHILDREN, ASSIGN, CHOICE = "@@operators_allowed_for_child_policies", "@@assign", "opt_out_policy"
"""docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (2026-11)"""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Every unit, account and target of a policy has an opt-out policy, or lies below something that has."""
    sound = {policy.urn: _sound(policy) for policy in of_kind(context, OPT_OUT)}
    covered = _covered(context, {urn for urn, result in sound.items() if result == HOLDS})
    return together([*sound.values(), *_enabled(context), *covered])


def _sound(policy: Resource) -> Result:
    services = _services(policy)
    default = mapping(services, "default") or {}
    choice = mapping(default, CHOICE) or {}
    chosen = {name: mapping(mapping(services, name) or {}, CHOICE) for name in services if not name.startswith("@@")}
    others = sorted(name for name, own in chosen.items() if own is None or text(own, ASSIGN) != "optOut")
    locked = all(texts(level, CHILDREN) == ("@@none",) for level in (services, default, choice))
    return together(
        [
            require(
                text(choice, ASSIGN) == "optOut", f"{policy.name}: the default is {choice.get(ASSIGN)!r}, not optOut"
            ),
            require(not others, f"{policy.name}: {', '.join(others)} is not opted out"),
            require(locked, f"{policy.name}: a policy further down may opt in again"),
        ]
    )


def _services(policy: Resource) -> Mapping[str, Any]:
    return part(
        {"content": from_json(policy.inputs.get("content"), f"content of {policy.name}")}, "content", "services"
    )


def _enabled(context: Context) -> Iterator[Result]:
    for organization in context.of_type(ORGANIZATION):
        kinds = texts(organization.inputs, "enabledPolicyTypes")
        yield require(OPT_OUT in kinds, f"{organization.name}: enabledPolicyTypes lacks {OPT_OUT}, so it has no effect")


def _covered(context: Context, sound: set[str]) -> Iterator[Result]:
    """One result for each place that needs a policy."""
    message = "has no sound AI services opt-out policy"
    attachments = [(place(a, "targetId", context), sources(a, "policyId")) for a in context.of_type(ATTACHMENT)]
    covered = {target for target, policies in attachments if sound & set(policies)}
    made = [member.urn for member in context.of_type(UNIT, ACCOUNT)]
    others = [target for target, policies in attachments if not sound & set(policies)]
    for target in dict.fromkeys([*made, *others]):
        if covered & set(upwards(target, covered, context)):
            continue
        if target in made or not covered:
            yield violated(f"{target.rpartition('::')[2]} {message}")
        elif target.startswith(("ou-", ROOT)):
            yield indeterminate(f"nobody can tell whether {target} lies below a place with an opt-out policy")
    if not made and not others:
        yield require(bool(covered), "the organization has no sound AI services opt-out policy attached")
