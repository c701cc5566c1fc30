"""Which teams a data access policy of OpenSearch Serverless lets in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.pack._documents import matches
from policies.pack._grants import ROLE
from policies.pack._places import in_account
from policies.pack._relations import targets
from policies.pack._rule import Context, Resource, Result, indeterminate, require
from policies.pack._teams import role_named, team_of
from policies.pack._values import text, texts
from policies.pack.data._serverless import ACCESS_POLICY, entries, rules


@dataclass(frozen=True, kw_only=True, slots=True)
class Readers:
    """Who is let in to what."""

    indexes: tuple[str, ...]
    teams: frozenset[str]
    unknown: tuple[str, ...]
    """Principals whose team nobody here knows; a principal alone in its policy is one team, whichever."""


def one_team(policy: Resource, context: Context) -> Result:
    """A policy lets one team in, and no other policy lets another team in to the same indexes."""
    mine = _readers(policy, context, context)
    same = [r for r in _others(policy, context) if _overlap(mine.indexes, r.indexes)]
    found = mine.teams.union(*(r.teams for r in same))
    unknown = [*mine.unknown, *(principal for r in same for principal in r.unknown)]
    if len(found) <= 1 and len(found) + len(set(unknown)) > 1:
        return indeterminate(f"whose principal {unknown[0]!r} is, is not known here")
    return require(len(found) <= 1, f"{', '.join(sorted(found))} reach the same indexes")


def _others(policy: Resource, context: Context) -> Iterator[Readers]:
    for other, there in in_account(context, ACCESS_POLICY):
        if other.urn != policy.urn:
            yield _readers(other, there, context)


def _readers(policy: Resource, there: Context, context: Context) -> Readers:
    """Principals are found by the names of roles; a stand-in for a role's ARN only by the policy's references."""
    found = entries(policy, "data")
    principals = list(dict.fromkeys(p for entry in found for p in texts(entry, "Principal")))
    named = {p: text(tags, "team") for p in principals if (tags := role_named(p, context)) is not None}
    roles = [role for role in targets(policy, "policy", there, ROLE) if not _there_by_name(role, named)]
    rest = [p for p in principals if p not in named]
    hidden = [p for p in rest if ":role/" in p]
    unknown = [*(p for p in rest if p not in hidden), *(p for p in hidden if len(hidden) > len(roles))]
    found_teams = {*named.values(), *((team_of(role, there) for role in roles) if hidden else ())}
    if None in found_teams:
        unknown = principals
    operators = set(context.needs["operators"])
    return Readers(
        indexes=tuple(
            name
            for entry in found
            for rule in rules(entry)
            if rule["ResourceType"] == "index"
            for name in texts(rule, "Resource")
        ),
        teams=frozenset(team for team in found_teams if team is not None and team not in operators),
        unknown=tuple(unknown),
    )


def _there_by_name(role: Resource, named: Mapping[str, Any]) -> bool:
    """The role is there by its name already, so that no stand-in is left for it."""
    name = text(role.inputs, "name")
    return name is not None and any(principal.endswith(f"/{name}") for principal in named)


def _overlap(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return any(matches(a, b) or matches(b, a) for a in first for b in second)
