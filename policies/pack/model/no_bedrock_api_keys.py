"""Nobody makes or uses API keys for models: a key is no role, lasts for long, and works from anywhere."""

from collections.abc import Sequence

from policies.pack._documents import Statement, matches
from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import text
from policies.pack.model._attempt import attempt
from policies.pack.model._doors import Door, shut, spares_nothing

CREDENTIAL = "aws:iam/serviceSpecificCredential:ServiceSpecificCredential"
CREATE = "iam:CreateServiceSpecificCredential"
SERVICE, KEY = "bedrock.amazonaws.com", "iam:servicespecificcredentialservicename"
"""docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html (2026-11)"""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """No such credential, no grant of ``needs.actions``, and units deny each of them."""
    doors = [_door(action) for action in context.needs["actions"]]
    credentials = (attempt(_of_another_service, s, context) for s in subjects if s.type == CREDENTIAL)
    return together([*credentials, *shut(subjects, context, doors)])


def _of_another_service(credential: Resource, context: Context) -> Result:
    service = text(credential.inputs, "serviceName")
    return require(service in context.needs["other_services"], f"{credential.name} is a credential for {service}")


def _door(action: str) -> Door:
    def opened(statement: Statement) -> bool:
        named = _services(statement, "StringEquals") if action == CREATE else ()
        return statement.allows and statement.covers(action) and (not named or SERVICE in named)

    def closing(statement: Statement) -> bool:
        if statement.allows or not statement.covers(action):
            return False
        ours = action == CREATE and "*" in statement.resources and _only_for_models(statement)
        return ours or spares_nothing(statement)

    return Door(name=action, opened_by=opened, shut_by=closing)


def _services(statement: Statement, operator: str) -> tuple[str, ...]:
    return statement.conditions.get((operator, KEY), ())


def _only_for_models(statement: Statement) -> bool:
    """Credentials of other services may be made."""
    equal, like = statement.only_condition("StringEquals", KEY), statement.only_condition("StringLike", KEY)
    return SERVICE in equal or any(matches(pattern, SERVICE) for pattern in like)
