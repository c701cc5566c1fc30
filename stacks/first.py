"""What the first files of an estate say where the person at the keyboard need not choose."""

import re

from pydantic import TypeAdapter, ValidationError

from stacks.catalogue_file import FOLDER, load_catalogue
from stacks.routing import choose
from stacks.settings.base import PATTERNS, Account, Email, Name
from stacks.tier import built_tiers, load_tier
from stacks.validate import closest

KINDS = {"account": Account, "owner": Email, "team": Name}


def first_tier() -> str:
    """Where everybody starts."""
    return built_tiers()[0]


def first_models(*, account: str, region: str) -> tuple[str, ...]:
    """Models of the first tier that can be called from ``region`` without anyone's agreement first."""
    catalogue, defaults = load_catalogue(FOLDER), load_tier(first_tier()).defaults
    return tuple(
        alias
        for alias in defaults["models"]
        if not catalogue.models[alias].agreement
        and choose(
            catalogue.models[alias],
            region=region,
            account=account,
            partition=catalogue.regions[region].partition,
            routing=defaults["routing"],
        )
    )


def first_problems(*, account: str, region: str, owner: str, team: str, repository: str) -> list[str]:
    """What is wrong with the arguments of ``llmlz start``, one line each, before anything is done."""
    problems = []
    for name, value in (("account", account), ("owner", owner), ("team", team)):
        try:
            TypeAdapter(KINDS[name]).validate_python(value)
        except ValidationError as error:
            complaint = error.errors()[0]
            said = PATTERNS.get(complaint.get("ctx", {}).get("pattern", ""), complaint["msg"])
            problems.append(f"--{name} {value}: expected {said[:1].lower()}{said[1:]}")
    if not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+|[A-Za-z0-9-]+@[0-9]+/[A-Za-z0-9._-]+@[0-9]+", repository):
        problems.append(
            f"--repository {repository}: expected owner/name of a GitHub repository,"
            " or owner@id/name@id where its tokens carry immutable ids"
        )
    known = sorted(load_catalogue(FOLDER).regions)
    if region not in known:
        problems.append(f"--region {region}: expected one of {', '.join(known)}{closest(region, known)}")
    return problems
