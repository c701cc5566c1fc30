"""Which platform makes which singleton, from its settings alone, and two platforms that claim the same one."""

from collections.abc import Callable, Mapping
from typing import Any

from stacks.kinds import PlatformStack
from stacks.problems import Problem
from stacks.settings.detectors import Detectors
from stacks.singletons import singletons
from stacks.stack_file import AT
from stacks.validate import shown

Claim = Callable[[PlatformStack], str | None]
"""The setting that makes a platform claim something; ``None`` where it does not."""


def of_the_account(stack: PlatformStack) -> bool:
    """Whether a platform makes what its account has once; a second region leaves it to the first."""
    return stack.primary is None


def _managed(detector: str) -> Claim:
    def claim(stack: PlatformStack) -> str | None:
        wish: Detectors | None = stack.settings.detectors
        return f"detectors.{detector}" if wish and getattr(wish, detector) == "managed" else None

    return claim


CLAIMS: Mapping[str, Claim] = {
    "access_analyzer": _managed("access_analyzer"),
    "bedrock_invocation_logging": lambda _: "account",
    "break_glass_role": lambda stack: "watches" if stack.break_glass_arn else None,
    "config_delivery_channel": _managed("config"),
    "config_recorder": _managed("config"),
    "config_service_role": _managed("config"),
    "enforced_guardrail": lambda s: "guardrail.applies_to" if s.settings.guardrail.applies_to == "account" else None,
    "guardduty_detector": _managed("guard_duty"),
    "security_hub": _managed("security_hub"),
    "spending_of_services_monitor": lambda s: (
        "anomalies" if s.settings.anomalies and s.settings.anomalies.monitor_arn is None else None
    ),
}
"""Singleton to the claim of a platform. What is not here, no platform makes."""


def claims(stack: PlatformStack) -> dict[str, str]:
    """Singletons that a platform makes, each with the setting that says so."""
    rows = singletons()
    found = {
        name: claim(stack) for name, claim in CLAIMS.items() if rows[name].scope != "account" or of_the_account(stack)
    }
    return {name: setting for name, setting in found.items() if setting is not None}


def claim_problems(first: PlatformStack, second: PlatformStack) -> list[Problem]:
    """What two platforms of one account both make; in one region that is everything, so it is said as one thing."""
    if first.account != second.account:
        return []
    if first.region == second.region:
        return [_one_place(first, second)]
    return [_one_account(first, second, setting, names) for setting, names in sorted(_shared(first, second).items())]


def _one_place(first: PlatformStack, second: PlatformStack) -> Problem:
    return Problem(
        file=second.file,
        path=f"{AT}.account",
        value=f"{second.account} in {second.region}",
        expected=f"an account and region without a platform, which {first.file} is: logging is set only once",
        fix="use another account or region",
    )


def _shared(first: PlatformStack, second: PlatformStack) -> dict[str, list[str]]:
    """Setting to the singletons of the account that it makes both platforms claim."""
    rows, mine = singletons(), claims(second)
    shared: dict[str, list[str]] = {}
    for name in sorted(set(claims(first)) & set(mine)):
        if rows[name].scope == "account":
            shared.setdefault(mine[name], []).append(rows[name].what)
    return shared


def _one_account(first: PlatformStack, second: PlatformStack, setting: str, names: list[str]) -> Problem:
    return Problem(
        file=second.file,
        path=f"{AT}.{setting}",
        value=shown(_value(second, setting)),
        expected=f"{', '.join(names)}: account {second.account} has it once, and {first.file} makes it",
        fix=f"use another account, or let {first.file} alone have it",
    )


def _value(stack: PlatformStack, setting: str) -> Any:
    """What stands at the dotted path of a setting."""
    here: Any = stack.settings.model_dump(mode="json")
    for step in setting.split("."):
        here = here[step]
    return here
