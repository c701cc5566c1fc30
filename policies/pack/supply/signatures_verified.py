"""A cluster starts no image that our own pipeline did not sign.

Two kinds of Kyverno are read: https://kyverno.io/docs/policy-types/cluster-policy/verify-images/ and
https://kyverno.io/docs/policy-types/image-validating-policy/ (2026-11). Another verifier is not known here, so it does
not count.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.pack._documents import matches
from policies.pack._kubernetes import NAMESPACES, name_of
from policies.pack._places import alone, in_account
from policies.pack._rule import Context, Resource, Result, indeterminate, require, together
from policies.pack._values import flag, mapping, mappings, part, text, texts

POLICY = "kubernetes:kyverno.io/v1:ClusterPolicy"
VALIDATING = "kubernetes:policies.kyverno.io/v1:ImageValidatingPolicy"
EXCEPTIONS = ("kubernetes:kyverno.io/v2:PolicyException", "kubernetes:policies.kyverno.io/v1:PolicyException")
EVERY = "*"
READ = ("kinds", "namespaces", "namespaceSelector", "operations")
"""What a match may say; of anything else nobody knows here what it leaves out."""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each namespace outside ``needs.system`` is under a policy that refuses unsigned images."""
    found = [r for r, _ in in_account(context, POLICY, VALIDATING, *EXCEPTIONS)]
    spaces = [s for s in subjects if s.type in NAMESPACES and name_of(s) not in context.needs["system"]]
    open_ones = [s.name for s in spaces if not any(_covers(r, s, found) for r in found)]
    if open_ones and alone(context):
        return indeterminate("no policy here verifies signatures; check it with the stack that it refers to")
    return together(require(False, f"{name}: no policy refuses images without a signature") for name in open_ones)


def _covers(policy: Resource, space: Resource, found: list[Resource]) -> bool:
    if policy.type not in (POLICY, VALIDATING) or any(_excepted(policy, r) for r in found if r.type in EXCEPTIONS):
        return False
    spec = part(policy.inputs, "spec")
    if (text(spec, "failurePolicy") or "Fail") != "Fail":
        return False
    if policy.type == VALIDATING:
        return _validates(spec, space)
    webhook = text(part(spec, "webhookConfiguration"), "failurePolicy") or "Fail"
    return webhook == "Fail" and any(_rule_covers(rule, spec, space) for rule in mappings(spec, "rules"))


def _excepted(policy: Resource, exception: Resource) -> bool:
    spec = part(exception.inputs, "spec")
    named = {text(e, "policyName") for e in mappings(spec, "exceptions")}
    named |= {text(e, "name") for e in mappings(spec, "policyRefs")}
    return name_of(policy) is None or name_of(policy) in named


def _rule_covers(rule: Mapping[str, Any], spec: Mapping[str, Any], space: Resource) -> bool:
    actions = text(spec, "validationFailureAction")
    excluded = _blocks(mapping(rule, "exclude") or {})
    conditions = mapping(rule, "preconditions") or mappings(spec, "validationFailureActionOverrides")
    return (
        not conditions
        and any(_matches(block, space) for block in _blocks(mapping(rule, "match") or {}))
        and all(_spares(block, space) for block in excluded)
        and any(_verifies(one, actions) for one in mappings(rule, "verifyImages"))
    )


def _blocks(match: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each block with whatever stands beside its resources, so that nothing goes unread."""
    listed = [*mappings(match, "any"), *mappings(match, "all")]
    alone = {key: value for key, value in match.items() if key not in ("any", "all") and value}
    many_all = [{"unread": True}] if len(mappings(match, "all")) > 1 else []
    return [*listed, *many_all, *([alone] if alone else [])]


def _matches(block: Mapping[str, Any], space: Resource) -> bool:
    resources = mapping(block, "resources") or {}
    readable = set(block) == {"resources"} and set(resources) <= set(READ)
    kinds, names = texts(resources, "kinds"), texts(resources, "namespaces")
    operations = texts(resources, "operations")
    return (
        readable
        and ("Pod" in kinds or EVERY in kinds)
        and (not operations or {"CREATE", "UPDATE"} <= set(operations))
        and (not names or _named(names, space))
        and _selected(mapping(resources, "namespaceSelector") or {}, space)
    )


def _spares(block: Mapping[str, Any], space: Resource) -> bool:
    """An exclusion names namespaces, and this is none of them."""
    resources = mapping(block, "resources") or {}
    names = texts(resources, "namespaces")
    return set(block) == {"resources"} and bool(names) and name_of(space) is not None and not _named(names, space)


def _named(patterns: tuple[str, ...], space: Resource) -> bool:
    name = name_of(space)
    return EVERY in patterns or (name is not None and any(matches(pattern, name) for pattern in patterns))


def _selected(selector: Mapping[str, Any], space: Resource) -> bool:
    labels = part(space.inputs, "metadata", "labels")
    wanted = mapping(selector, "matchLabels") or {}
    return set(selector) <= {"matchLabels"} and all(text(labels, key) == value for key, value in wanted.items())


def _verifies(one: Mapping[str, Any], of_policy: str | None) -> bool:
    action = text(one, "failureAction") or of_policy
    return (
        action in ("Enforce", "enforce")
        and EVERY in texts(one, "imageReferences")
        and not texts(one, "skipImageReferences")
        and flag(one, "required") is not False
        and bool(mappings(one, "attestors"))
        and all(_signed(attestor) for attestor in mappings(one, "attestors"))
    )


def _signed(attestor: Mapping[str, Any]) -> bool:
    entries = mappings(attestor, "entries")
    return bool(entries) and all(_signer(entry) for entry in entries)


def _signer(entry: Mapping[str, Any]) -> bool:
    """A key, a certificate, or an identity that is not just anybody's."""
    keyless = mapping(entry, "keyless")
    if keyless is not None:
        subject = text(keyless, "subject") or text(keyless, "subjectRegExp")
        return _somebody(subject) and _somebody(text(keyless, "issuer") or text(keyless, "issuerRegExp"))
    return bool(mapping(entry, "keys") or mapping(entry, "certificates"))


def _somebody(pattern: str | None) -> bool:
    return pattern is not None and bool(set(pattern) - set("*.?+^$"))


def _validates(spec: Mapping[str, Any], space: Resource) -> bool:
    limits = mapping(spec, "matchConstraints") or {}
    pods = any(_takes_pods(rule) for rule in mappings(limits, "resourceRules"))
    images = {text(m, "glob") for m in mappings(spec, "matchImageReferences")}
    return (
        "Deny" in texts(spec, "validationActions")
        and pods
        and set(limits) <= {"resourceRules", "namespaceSelector", "matchPolicy"}
        and _selected(mapping(limits, "namespaceSelector") or {}, space)
        and EVERY in images
        and not mappings(spec, "matchConditions")
        and bool(mappings(spec, "attestors"))
        and any("verifyImageSignatures" in (text(v, "expression") or "") for v in mappings(spec, "validations"))
    )


def _takes_pods(rule: Mapping[str, Any]) -> bool:
    operations = set(texts(rule, "operations"))
    return "pods" in texts(rule, "resources") and (EVERY in operations or {"CREATE", "UPDATE"} <= operations)
