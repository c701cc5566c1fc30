"""Who gets more from a key than the right to encrypt, and from which account."""

import re
from collections.abc import Iterator, Sequence

from policies.pack._documents import POSITIVE, Statement
from policies.pack._rule import Result, together, violated
from policies.pack._values import UnreadableError

ACCOUNT_IN_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:([^:]*):.+")
CALLER = ("kms:calleraccount", "aws:principalaccount")
ORIGINS = (*CALLER, "aws:sourceaccount", "aws:sourcearn")
CONTEXT = "kms:encryptioncontext:"
"""What some services send instead of their origin, such as CloudWatch Logs its log group:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (2026-11)"""


def account_in(principal: str) -> str:
    """The account in an ARN, or the account itself; raises ``UnreadableError``."""
    if re.fullmatch(r"\d{12}", principal):
        return principal
    found = ACCOUNT_IN_ARN.fullmatch(principal)
    if found is None:
        raise UnreadableError(f"the account of {principal!r} cannot be told")
    return found[1]


def only_encrypts(actions: Sequence[str], accepted: Sequence[str]) -> bool:
    """Every action is one that lays data down and reads none."""
    return bool(actions) and {a.lower() for a in actions} <= {a.lower() for a in accepted}


def from_elsewhere(statements: Sequence[Statement], account: str, accepted: Sequence[str]) -> Result:
    """Violated where a key's policy lets somebody of another account do more than encrypt."""
    return together(
        violated(f"{who} may do more than encrypt")
        for s in statements
        if s.allows and not only_encrypts(s.actions, accepted)
        for who in _strangers(s, account)
    )


def _strangers(statement: Statement, account: str) -> Iterator[str]:
    if statement.not_principals:
        yield "everyone but a few"
    for kind, names in statement.principals.items():
        if kind not in ("AWS", "Service"):
            raise UnreadableError(f"a key takes no principal of kind {kind}")
        for name in names:
            if kind == "Service":
                yield from _sources(statement, name, account)
            elif name == "*":
                if not _own_callers(statement, account):
                    yield "everyone"
            elif account_in(name) != account:
                yield name


def _own_callers(statement: Statement, account: str) -> bool:
    return any(
        op == "StringEquals" and key in CALLER and set(v) == {account} for (op, key), v in statement.conditions.items()
    )


def _sources(statement: Statement, service: str, account: str) -> Iterator[str]:
    """Accounts in whose name a service comes; without a condition that tells, it comes for whoever asks it to."""
    told = {
        other
        for (operator, key), values in statement.conditions.items()
        if operator in POSITIVE and (key in ORIGINS or key.startswith(CONTEXT))
        for value in values
        if (other := _told(value))
    }
    yield from (f"{service} for account {other}" for other in sorted(told - {account}))
    if account not in told:
        yield f"{service} for any account"


def _told(value: str) -> str:
    """The account in a condition's value; empty where it holds none, such as in the ARN of a bucket."""
    found = ACCOUNT_IN_ARN.fullmatch(value)
    return value if re.fullmatch(r"\d{12}", value) else found[1] if found else ""
