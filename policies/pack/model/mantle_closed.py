"""The second endpoint for models stays shut: it has actions of its own, and calls to it are in no invocation log."""

from collections.abc import Mapping, Sequence

from policies.pack._documents import Statement
from policies.pack._rule import Context, Resource, Result, together, violated
from policies.pack._values import text
from policies.pack.model._attempt import attempt
from policies.pack.model._doors import Door, shut, spares_nothing

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
PREFIX = "bedrock-mantle:"
"""docs.aws.amazon.com/service-authorization/latest/reference/list_bedrock-mantle.html (2026-11); a Deny of ``bedrock:*``
does not name it."""

WHOLE = ("*", f"{PREFIX}*")


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Nobody is allowed in, units deny it, and no network leads there; ``needs.exceptions`` is project to what logs it."""
    exceptions: Mapping[str, str] = context.needs["exceptions"]
    spared = {arn for arn, logged_by in exceptions.items() if logged_by and not {"*", "?"} & set(arn)}

    def opened(statement: Statement) -> bool:
        excepted = bool(statement.resources) and set(statement.resources) <= spared
        return statement.allows and _reaches(statement) and not excepted

    def closing(statement: Statement) -> bool:
        excepted = bool(statement.not_resources) and set(statement.not_resources) <= spared
        everywhere = spares_nothing(statement) or (not statement.allows and not statement.conditions and excepted)
        return everywhere and _names_all(statement)

    door = Door(name=f"{PREFIX}*", opened_by=opened, shut_by=closing)
    networks = (attempt(_no_way_in, s, context) for s in subjects if s.type == ENDPOINT and not spared)
    return together([*shut(subjects, context, [door]), *networks])


def _no_way_in(endpoint: Resource, _: Context) -> Result:
    service = text(endpoint.inputs, "serviceName") or ""
    found = service.rpartition(".")[2] == PREFIX.rstrip(":")
    return together([violated(f"{endpoint.name} leads to {service}")] if found else [])


def _reaches(statement: Statement) -> bool:
    if statement.not_actions:
        return not any(pattern.lower() in WHOLE for pattern in statement.not_actions)
    return any(pattern == "*" or pattern.lower().startswith(PREFIX) for pattern in statement.actions)


def _names_all(statement: Statement) -> bool:
    if statement.not_actions:
        return not any(p == "*" or p.lower().startswith(PREFIX) for p in statement.not_actions)
    return any(pattern.lower() in WHOLE for pattern in statement.actions)
