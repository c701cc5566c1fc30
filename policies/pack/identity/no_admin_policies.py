"""Nobody is administrator of an account through a stack."""

from policies.pack._attachments import refuse
from policies.pack._documents import Statement
from policies.pack._grants import is_boundary, statements
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together


def decide(resource: Resource, context: Context) -> Result:
    """No Allow of all actions on all resources, and none of the policies in ``needs.policies``."""
    if is_boundary(resource, context):
        return HOLDS
    own = require(not any(_everything(s) for s in statements(resource)), "all actions are allowed on all resources")
    return together([own, refuse(resource, context.needs["policies"])])


def _everything(statement: Statement) -> bool:
    """``*``, ``*:*`` in disguise, or all but a few, on everything; a condition does not make an administrator less."""
    all_actions = bool(statement.not_actions) or any(set(a) == {"*"} for a in statement.actions)
    all_resources = bool(statement.not_resources) or "*" in statement.resources
    return statement.allows and all_actions and all_resources
