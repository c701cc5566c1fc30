"""Keys that are brought along, against what the platform needs."""

from stacks.kinds import PlatformStack
from stacks.parts.keys import key_purposes
from stacks.problems import Problem
from stacks.stack_file import AT


def key_problems(stack: PlatformStack) -> list[Problem]:
    """Every purpose has a key, of the platform's own account and region; nothing else has one."""
    brought = stack.settings.keys.existing
    if brought is None or stack.region not in stack.catalogue.regions:
        return []  # a region that does not exist has been said already
    purposes = key_purposes(stack)
    problems = [
        _problem(stack, f".{purpose}", "", "the ARN of a key: each purpose needs one", "add a key for it")
        for purpose in purposes
        if purpose not in brought
    ]
    for purpose, arn in brought.items():
        _, _, _, region, account, _ = arn.split(":")
        if purpose not in purposes:
            expected = f"a purpose of this platform: {', '.join(purposes)}"
            problems.append(_problem(stack, f".{purpose}", arn, expected, "remove it, or correct its name"))
        elif region != stack.region:
            expected = f"a key of {stack.region}: services use only keys of their own region"
            problems.append(_problem(stack, f".{purpose}", arn, expected, "name a key, or a replica, of that region"))
        elif account != stack.account:
            expected = f"a key of account {stack.account}: who uses it is decided by roles of that account"
            problems.append(_problem(stack, f".{purpose}", arn, expected, "name a key of that account"))
    return problems


def _problem(stack: PlatformStack, path: str, value: str, expected: str, fix: str) -> Problem:
    return Problem(file=stack.file, path=f"{AT}.keys.existing{path}", value=value, expected=expected, fix=fix)
