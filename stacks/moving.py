"""An estate as it would be with platforms at other tiers: one word is changed, and nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stacks.stack_file import StackFile


def with_tiers(files: Sequence[StackFile], tiers: Mapping[str, str]) -> list[StackFile]:
    """The stack files with these platforms at these tiers, and the units that their accounts stand in as well.

    A unit holds platforms of one tier, so its word changes with theirs; other platforms in it are then told so.
    """
    accounts = {
        str(file.settings.get("account")): tiers[file.name]
        for file in files
        if file.kind == "platform" and file.name in tiers
    }
    return [_moved(file, tiers, accounts) for file in files]


def _moved(file: StackFile, tiers: Mapping[str, str], accounts: Mapping[str, str]) -> StackFile:
    if file.kind == "platform" and file.name in tiers:
        return replace(file, tier=tiers[file.name])
    units = file.settings.get("units")
    if file.kind != "organization" or not isinstance(units, Mapping):
        return file
    return replace(file, settings={**file.settings, "units": {n: _unit(unit, accounts) for n, unit in units.items()}})


def _unit(unit: Any, accounts: Mapping[str, str]) -> Any:
    """A unit as it is written, at the tier of the first account in it that moves."""
    inside = [accounts[number] for number in _numbers(unit) if number in accounts]
    return {**unit, "tier": inside[0]} if inside else unit


def _numbers(unit: Any) -> list[str]:
    """Accounts of a unit that may be written in any wrong way: whoever reads it afterwards says what is wrong."""
    if not isinstance(unit, Mapping):
        return []
    existing, new = unit.get("existing"), unit.get("new")
    listed = existing.get("accounts") if isinstance(existing, Mapping) else None
    named = new.get("accounts") if isinstance(new, Mapping) else None
    found = list(listed) if isinstance(listed, list) else []
    found += [one.get("id") for one in named.values() if isinstance(one, Mapping)] if isinstance(named, Mapping) else []
    return [str(number) for number in found]
