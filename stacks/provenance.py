"""Delicate data says on what ground it is worked with, where it comes from, and when it ends."""

from collections.abc import Iterator

from stacks.kinds import PlatformStack, TeamStack
from stacks.problems import Problem
from stacks.settings.base import DATA_CLASSES
from stacks.settings.platform import PlatformSettings
from stacks.settings.team import TeamFile
from stacks.stack_file import AT

DELICATE = DATA_CLASSES[DATA_CLASSES.index("confidential") :]
LONGEST_DAYS = 2557
"""Seven years: what the control of log retention lets evidence of delicate data be kept for."""


def provenance_problems(stack: PlatformStack | TeamStack) -> list[Problem]:
    """What a platform or a team with delicate data leaves out; nothing for the lower classes."""
    if isinstance(stack, TeamStack):
        return list(_unsaid(stack.team, stack.team_file, ""))
    return [*_unsaid(stack.settings, stack.file, f"{AT}."), *_endless(stack)]


def _unsaid(about: PlatformSettings | TeamFile, file: str, at: str) -> Iterator[Problem]:
    if about.data_class not in DELICATE:
        return
    if about.lawful_basis is None:
        yield Problem(
            file=file,
            path=f"{at}lawful_basis",
            value="",
            expected=f"the ground on which {about.data_class} data is worked with",
            fix="write consent, contract, legal-obligation, legitimate-interests, public-task or vital-interests",
        )
    if about.data_source is None:
        yield Problem(
            file=file,
            path=f"{at}data_source",
            value="",
            expected=f"where the {about.data_class} data comes from, in a word",
            fix="name the system that it is taken from",
        )


def _endless(stack: PlatformStack) -> Iterator[Problem]:
    """Evidence holds prompts: what is delicate in them must not lie there for ever."""
    settings = stack.settings
    if settings.data_class not in DELICATE:
        return
    kept = {"retention_days": settings.logs.retention_days, "archive_days": settings.logs.archive_days}
    for name, days in kept.items():
        if days is None or days > LONGEST_DAYS:
            yield Problem(
                file=stack.file,
                path=f"{AT}.logs.{name}",
                value="" if days is None else str(days),
                expected=f"at most {LONGEST_DAYS} days for {settings.data_class} data",
                fix=f"set {name} to a number of days up to that",
            )
