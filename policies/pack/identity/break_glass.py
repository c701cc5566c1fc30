"""In an emergency somebody can act, for a short time, with a second factor, and everybody hears of it."""

import re
from collections.abc import Iterator, Sequence

from policies.pack._documents import Statement
from policies.pack._grants import ROLE
from policies.pack._places import alone, in_account, known
from policies.pack._relations import literals, name_in, pointing_at
from policies.pack._reports import patterns, reports
from policies.pack._roles import TIES, trust
from policies.pack._rule import Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import flag, mappings, number, text, texts

PROFILE = "aws:iam/instanceProfile:InstanceProfile"
RECORDERS = ("aws:cloudtrail/trail:Trail", "aws:cloudtrail/eventDataStore:EventDataStore")
EXCLUDING = ("notEquals", "notStartsWith", "notEndsWith")
USER = re.compile(r"arn:[^:]+:iam::\d{12}:user/[^*?]+")
"""Who can show AWS a second factor; sessions of roles cannot:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html (2026-11)"""

MFA, AGE = ("Bool", "aws:multifactorauthpresent"), "aws:multifactorauthage"
LESS = ("NumericLessThan", "NumericLessThanEquals")


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """The account has the role ``needs.role``, here or in another known stack, and it is as it should be."""
    roles = [(role, view) for role, view in in_account(context, ROLE) if _is(role, context.needs["role"])]
    standing = [r for view in known(context) for r in _standing(view, context.needs["role"])]
    if not roles and alone(context):
        return indeterminate("this stack has no break-glass role; check it with the stack that it refers to")
    if not roles:
        return together([violated(f"the account has no role {context.needs['role']}"), *standing])
    sound = (r for role, view in roles for r in (*_sound(role, view), *_watched(role, context)))
    return together([*standing, *sound])


def _is(role: Resource, name: str) -> bool:
    return text(role.inputs, "name") == name


def _sound(role: Resource, context: Context) -> Iterator[Result]:
    needs = context.needs
    longest = number(role.inputs, "maxSessionDuration")
    allows = trust(role)
    yield require(longest is None or longest <= needs["session"], f"{role.name}: sessions last up to {longest} seconds")
    yield require(bool(allows), f"{role.name}: nobody may take the role")
    yield from (r for s in allows for r in _taken_well(s, role.name, needs["session"]))
    managed = texts(role.inputs, "managedPolicyArns")
    yield require(not managed, f"{role.name}: {', '.join(managed)} is attached for good")
    for token, (at, _) in TIES.items():
        for each in pointing_at(context, role, token, at, "name"):
            yield violated(f"{each.name}: a policy is attached for good")
    for each in pointing_at(context, role, PROFILE, "role", "name"):
        yield violated(f"{each.name}: machines have the role for good")


def _watched(role: Resource, context: Context) -> Iterator[Result]:
    """Somebody hears when the role is taken, and no recorder of calls leaves it out."""
    name, views = context.needs["role"], list(known(context))
    regions = sorted({view.stack.region for view in views})
    reported = any(reports(patterns(context, region), name, region, context) for region in regions)
    yield require(reported, f"{role.name}: no rule reports that the role is taken")
    yield from (violated(f"{each} leaves the role out") for view in views for each in _blind(view, name))


def _taken_well(statement: Statement, name: str, session: int) -> Iterator[Result]:
    """Named users, who have shown a second factor, and not long ago."""
    principals = [p for listed in statement.principals.values() for p in listed]
    users = statement.principals.get("AWS", ())
    known = bool(users) and len(users) == len(principals) and all(map(USER.fullmatch, users))
    yield require(
        known, f"{name}: {', '.join(principals) or 'all but a few'} may take the role, named users are expected"
    )
    yield require(statement.conditions.get(MFA) == ("true",), f"{name}: the trust asks for no second factor")
    ages = [v for (op, key), values in statement.conditions.items() if op in LESS and key == AGE for v in values]
    recent = len(ages) == 1 and ages[0].isdecimal() and int(ages[0]) <= session
    yield require(recent, f"{name}: the second factor may be {', '.join(ages) or 'any number of'} seconds old")


def _standing(context: Context, role: str) -> Iterator[Result]:
    """What gives the role something for good by its name, in a stack that does not make it."""
    if any(_is(each, role) for each in context.of_type(ROLE)):
        return
    for token, (at, _) in TIES.items():
        for each in context.of_type(token):
            if role in (name_in(value) for _, value in literals(each, at)):
                yield violated(f"{each.name}: a policy is attached to {role} for good")


def _blind(context: Context, role: str) -> Iterator[str]:
    """Recorders of calls that leave out those of the role."""
    for recorder in context.of_type(*RECORDERS):
        if flag(recorder.inputs, "enableLogging") is False:
            continue
        for selector in mappings(recorder.inputs, "advancedEventSelectors"):
            for field in mappings(selector, "fieldSelectors"):
                if text(field, "field") == "userIdentity.arn" and any(
                    _speaks_of(value, role, key) for key in EXCLUDING for value in texts(field, key)
                ):
                    yield recorder.name


def _speaks_of(value: str, role: str, operator: str) -> bool:
    """A session's ARN is ``…:assumed-role/<role>/<session>``; its end is chosen by whoever takes the role."""
    if operator == "notEndsWith":
        return True
    begins = operator == "notStartsWith" and f"assumed-role/{role}/".startswith(value.rpartition(":")[2])
    return begins or f"/{role}" in value
