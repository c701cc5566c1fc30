"""A key that protects state rotates, is used by named principals, and is hard to delete: its data goes with it."""

from policies.pack._documents import Statement, parse
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._values import flag, number, text

KEY = "aws:kms/key:Key"
LONGEST_WINDOW_DAYS = 30
ROTATES = (None, "SYMMETRIC_DEFAULT")
"""KMS rotates symmetric keys alone (docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html, 2026-11)."""

CALLER = ("kms:calleraccount", "aws:principalaccount", "aws:principalorgid", "aws:sourceaccount", "aws:sourceorgid")


def decide(resource: Resource, context: Context) -> Result:
    """Rotation, the longest deletion window, protection by the engine, and a policy without everyone in it."""
    inputs = resource.inputs
    rotates = resource.type != KEY or text(inputs, "customerMasterKeySpec") not in ROTATES
    window = number(inputs, "deletionWindowInDays")
    return together(
        [
            HOLDS if rotates else require(flag(inputs, "enableKeyRotation") is True, "enableKeyRotation is not set"),
            require(window is None or window >= LONGEST_WINDOW_DAYS, f"deletionWindowInDays is {window}, not 30"),
            require(resource.options.protect, "the key is not protected in the engine"),
            _closed(resource),
        ]
    )


def _closed(resource: Resource) -> Result:
    if resource.inputs.get("policy") is None:
        return violated("the key has no policy of its own")
    statements = parse(resource.inputs["policy"], "resource", "policy")
    return require(not any(_open(s) for s in statements), "the policy lets everyone use the key")


def _open(statement: Statement) -> bool:
    bound = any(
        op == "StringEquals" and key in CALLER and "*" not in v for (op, key), v in statement.conditions.items()
    )
    return statement.allows and statement.everyone and not bound
