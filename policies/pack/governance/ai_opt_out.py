"""What is sent to the AI services of AWS trains nobody's models, and no account can change that."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._organization import ACCOUNT, ATTACHMENT, UNIT, of_kind
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together
from policies.pack._values import from_json, mapping, part, text, texts

ORGANIZATION = "aws:organizations/organization:Organization"
OPT_OUT = "AISERVICES_OPT_OUT_POLICY"
CHILDREN, ASSIGN, CHOICE = "@@operators_allowed_for_child_policies", "@@assign", "opt_out_policy"
"""docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (2026-11)"""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Every unit, account and target of a policy has an opt-out policy, or lies below something that has."""
    sound = {policy.urn: _sound(policy) for policy in of_kind(context, OPT_OUT)}
    covered = _Targets(context, {urn for urn, result in sound.items() if result == HOLDS})
    return together([*sound.values(), *_enabled(context), *covered.results()])


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


class _Targets:
    """What the sound policies are attached to, by id and by URN."""

    def __init__(self, context: Context, policies: set[str]) -> None:
        self.context = context
        self.covered: set[str] = set()
        self.others: dict[str, str] = {}
        for attachment in context.of_type(ATTACHMENT):
            target = text(attachment.inputs, "targetId")
            names = {target or "", *self._to(attachment, "targetId")} - {""}
            if policies & set(self._to(attachment, "policyId")):
                self.covered |= names
            else:
                self.others[attachment.urn] = target or ""

    def results(self) -> Iterator[Result]:
        """One for each place that needs the policy."""
        message = "has no sound AI services opt-out policy"
        for place in self.context.of_type(UNIT, ACCOUNT):
            yield require(self._unit(place, ()), f"{place.name} {message}")
        for urn, target in self.others.items():
            attachment = self.context.by_urn(urn)
            made = [self.context.by_urn(to) for to in self._to(attachment, "targetId")] if attachment else []
            units = [unit for unit in made if unit is not None]
            if any(self._unit(unit, ()) for unit in units) or self._has(target):
                continue
            if units or not self.covered:
                yield require(False, f"{target} {message}")
            elif target.startswith(("ou-", "r-")):
                yield indeterminate(f"nobody can tell whether {target} lies below a place with an opt-out policy")
        if not self.others and not self.context.of_type(UNIT, ACCOUNT):
            yield require(bool(self.covered), "the organization has no sound AI services opt-out policy attached")

    def _has(self, target: str) -> bool:
        # whatever hangs on the root reaches every unit and account
        return target in self.covered or any(place.startswith("r-") for place in self.covered)

    def _unit(self, place: Resource, seen: tuple[str, ...]) -> bool:
        if place.urn in self.covered or self._has(text(place.inputs, "parentId") or ""):
            return True
        parents = [self.context.by_urn(to) for to in self._to(place, "parentId")]
        again = (*seen, place.urn)
        return any(self._unit(p, again) for p in parents if p is not None and p.urn not in again)

    def _to(self, resource: Resource, at: str) -> list[str]:
        return [r.to for r in resource.references if r.at == at]
