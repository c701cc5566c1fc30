"""Whom a statement of a resource policy, an endpoint policy or a resource control policy is about.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html (2026-11)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from llmlz.access.conditions import PolicyError

ACCOUNT = re.compile(r"(\d{12})|arn:[\w-]+:iam::(\d{12}):root")
PRINCIPAL_ARN = re.compile(r"arn:[\w-]+:iam::(\d{12}):(role|user)/[^*?\s]+")
"""Not sessions: which of a role's sessions sends a request is not known here, and a session's own Allow passes its
boundary by."""

KINDS = ("AWS", "Service", "Federated")

Named = Literal["nobody", "account", "itself"]
"""How a statement reaches a principal: not at all, by its account, which leaves the decision to the account's own IAM
policies, or by itself, which needs no further policy in the same account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principals:
    """The Principal element."""

    anyone: bool = False
    """``*``: every principal of every account, and callers without credentials."""

    accounts: tuple[str, ...] = ()
    """Twelve digits each."""

    arns: tuple[str, ...] = ()
    """Roles and users; AWS takes no wildcards here."""

    others: tuple[str, ...] = ()
    """AWS services and identity providers, which no role or user is; whoever brings a token is its provider's ARN here."""


def parse_principals(raw: Any, where: str) -> Principals:
    """The element's content; raises ``PolicyError`` for what is not understood."""
    if raw == "*":
        return Principals(anyone=True)
    if not isinstance(raw, Mapping) or not raw or set(raw) - set(KINDS):
        raise PolicyError(f"{where}: Principal is {raw!r}, expected * or an object with {', '.join(KINDS)}")
    anyone, accounts, arns, others = False, [], [], []
    for kind, given in raw.items():
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, list | tuple) or not listed or not all(isinstance(item, str) for item in listed):
            raise PolicyError(f"{where}: Principal {kind} must be a text or a list of texts")
        for text in listed:
            if kind != "AWS":
                others.append(text)
            elif text == "*":
                anyone = True
            elif account := ACCOUNT.fullmatch(text):
                accounts.append(account[1] or account[2])
            elif PRINCIPAL_ARN.fullmatch(text):
                arns.append(text)
            else:
                raise PolicyError(f"{where}: Principal {text!r} is neither an account, a role nor a user")
    return Principals(anyone=anyone, accounts=tuple(accounts), arns=tuple(arns), others=tuple(others))


def named(principals: Principals, arn: str) -> Named:
    """How ``principals`` name the role or user, or the identity provider of a token, with this ARN."""
    if principals.anyone or arn in principals.arns or arn in principals.others:
        return "itself"
    return "account" if arn.split(":")[4] in principals.accounts else "nobody"
