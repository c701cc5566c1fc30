"""Conditions by which a statement holds for one account, organization or resource alone."""

import re

from policies.pack._documents import POSITIVE, Statement

ORIGIN = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")
CALLER = ("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths")
"""Who calls, where the policy names everyone; no service passes these, since it has no account."""

ACCOUNT = re.compile(r"\d{12}")
ARN = re.compile(r"arn:[^:*?]+:[^:*?]+:[^:]*:([^:*?]+:.+|:[^:*?]+)")
"""Of one account; the ARN of a bucket has none, and names it exactly."""

ORGANIZATION = re.compile(r"o-[a-z0-9]+(/.*)?")


def bound(statement: Statement, *more: str) -> bool:
    """A condition ties the statement to one account, organization or resource; ``more`` are keys that do so here."""
    keys = (*ORIGIN, *CALLER, *more) if statement.everyone else (*ORIGIN, *more)
    return any(
        operator in POSITIVE and key in keys and all(_is_exact(key, value) for value in values)
        for (operator, key), values in statement.conditions.items()
    )


def _is_exact(key: str, value: str) -> bool:
    shape = ACCOUNT if key.endswith("account") else ARN if key.endswith("arn") else ORGANIZATION
    return shape.fullmatch(value) is not None
