"""Second regions: which platform belongs to which, and what the two must agree on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from components._naming import physical_name
from stacks.kinds import PlatformStack
from stacks.parts.keys import key_purposes
from stacks.problems import Problem
from stacks.stack_file import AT
from stacks.validate import closest

MULTI_REGION = ":key/mrk-"
"""How the id of a multi-Region key starts:
https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html (2026-11)"""


def paired(
    platforms: Mapping[str, PlatformStack], broken: frozenset[str]
) -> tuple[dict[str, PlatformStack], list[Problem]]:
    """The platforms, primaries before their second regions, each with the other one it needs to know.

    ``broken`` are platforms with problems of their own; what is one of them, or names one, is not judged.
    """
    problems: list[Problem] = []
    nowhere = {name: stack for name, stack in platforms.items() if stack.region not in stack.catalogue.regions}
    platforms = {name: stack for name, stack in platforms.items() if name not in nowhere}
    broken |= set(nowhere)
    firsts = {name: stack for name, stack in platforms.items() if stack.settings.primary is None}
    seconds: dict[str, PlatformStack] = {}
    for name, stack in platforms.items():
        wanted = stack.settings.primary
        if wanted is None or {name, wanted} & broken:
            continue
        problem = _wrong_primary(stack, platforms)
        problems += [problem] if problem else []
        if problem is None:
            seconds[name] = replace(stack, primary=platforms[wanted])
    found = {**firsts, **seconds}
    problems += [problem for stack in found.values() if (problem := _wrong_copies(stack, found, broken))]
    copying = {
        name: replace(stack, copies_to=found[target])
        for name, stack in found.items()
        if (target := copy_target(stack)) in found
    }
    problems += _same_names(list(found.values()))
    return {**found, **copying, **nowhere}, problems


def _same_names(platforms: Sequence[PlatformStack]) -> list[Problem]:
    """Platforms of one account whose roles would be called the same."""
    return [
        _problem(
            second,
            "environment",
            second.settings.environment,
            f"an environment of its own in this account: roles of {first.file} would have the same names",
            f"choose another one, or set primary: {first.name} if this is its second region",
        )
        for first, second in combinations(platforms, 2)
        if first.account == second.account and first.region != second.region and first.name_prefix == second.name_prefix
    ]


def copy_target(stack: PlatformStack) -> str | None:
    """The stack whose vault takes copies of this one's backups."""
    return stack.settings.backup.copy_to if stack.settings.backup else None


def _wrong_primary(stack: PlatformStack, platforms: Mapping[str, PlatformStack]) -> Problem | None:
    """The first thing that is wrong; what comes after it would follow from it."""
    wanted = str(stack.settings.primary)
    if wanted not in platforms:
        known = sorted(name for name in platforms if name != stack.name)
        return _problem(
            stack,
            "primary",
            wanted,
            f"a platform of this estate: {', '.join(known) or '(none)'}{closest(wanted, known)}",
            "correct the name, or write the stack file of the first region",
        )
    primary = platforms[wanted]
    if primary.name == stack.name:
        return _problem(stack, "primary", wanted, "another stack than this one", "name the first region, or remove it")
    if primary.settings.primary:
        expected = f"a first region: {wanted} is a second region itself, of {primary.settings.primary}"
        return _problem(stack, "primary", wanted, expected, f"name {primary.settings.primary}")
    return _disagreement(stack, primary) or _wrong_keys(stack, primary) or _long_name(stack)


def _disagreement(stack: PlatformStack, primary: PlatformStack) -> Problem | None:
    same = {
        "account": (stack.account, primary.account, "keys are replicated, and backups copied, within an account"),
        "environment": (stack.settings.environment, primary.settings.environment, "both hold the same data"),
    }
    for setting, (mine, theirs, why) in same.items():
        if mine != theirs:
            expected = f"{theirs}, as in {primary.file}: {why}"
            return _problem(stack, setting, mine, expected, f"set it to {theirs}, or remove primary")
    if stack.region == primary.region:
        expected = f"another region than {primary.file}: a second one is for the day when the first is gone"
        return _problem(stack, "region", stack.region, expected, "choose another region")
    if stack.tier != primary.tier:
        expected = f"{primary.tier}, the tier of {primary.file}: both hold the same data"
        return Problem(
            file=stack.file, path="llmlz:tier", value=stack.tier, expected=expected, fix="change one of them"
        )
    return None


def _wrong_keys(stack: PlatformStack, primary: PlatformStack) -> Problem | None:
    if stack.settings.keys.existing is not None:
        return None
    mine, theirs = key_purposes(stack), key_purposes(primary)
    if set(mine) != set(theirs):
        differ = sorted(set(mine) ^ set(theirs))
        missing = ", ".join(differ)
        expected = f"the keys of {primary.file}, {', '.join(theirs)}: the two differ in {missing}"
        return _problem(stack, differ[0], ", ".join(mine), expected, f"set {differ[0]} in both, or in neither")
    brought = primary.settings.keys.existing or {}
    single = sorted(purpose for purpose, arn in brought.items() if MULTI_REGION not in arn)
    if single:
        expected = f"keys.existing: {primary.file} brings its keys along, and {', '.join(single)} cannot be replicated"
        return _problem(stack, "keys", "new", expected, "name keys of this region, or bring multi-Region keys there")
    return None


LONGEST_BUCKET = "config"
"""Of the roles in names of buckets the one with most letters, but for ``weights``, which not every platform has."""


def _long_name(stack: PlatformStack) -> Problem | None:
    try:
        longest = "weights" if stack.settings.weights else LONGEST_BUCKET
        physical_name("bucket", stack.name_prefix, longest, stack.account, stack.region)
    except ValueError as error:
        expected = f"an environment whose names are short enough in a second region too; {error}"
        return _problem(stack, "environment", stack.settings.environment, expected, "choose a shorter one for both")
    return None


def _wrong_copies(
    stack: PlatformStack, platforms: Mapping[str, PlatformStack], broken: frozenset[str]
) -> Problem | None:
    target = copy_target(stack)
    if target is None or {stack.name, target} & broken:
        return None
    pair = [stack.primary.name] if stack.primary else []
    pair += [other.name for other in platforms.values() if other.primary and other.primary.name == stack.name]
    if target in pair:
        return None
    expected = f"the other region of this platform: {', '.join(pair) or '(there is none)'}{closest(target, pair)}"
    fix = "correct the name, or write a platform with primary: " + stack.name
    return _problem(stack, "backup.copy_to", target, expected, fix)


def _problem(stack: PlatformStack, setting: str, value: str, expected: str, fix: str) -> Problem:
    return Problem(file=stack.file, path=f"{AT}.{setting}", value=value, expected=expected, fix=fix)
