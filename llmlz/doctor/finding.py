"""What an examination found: one value for each thing that was looked at, also where all is well."""

from dataclasses import dataclass
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

Outcome = Literal["ok", "problem", "indeterminate"]

ApiError = (BotoCoreError, ClientError)
"""What a call of AWS raises; one check that meets it is indeterminate, and the others go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    id: str
    """What was looked at: ``account``, ``quota:vpcs``, ``agreement:nova-lite``."""

    outcome: Outcome
    """``indeterminate`` is no pass: nobody knows."""

    what: str
    """What was found, in one sentence."""

    where: str
    """The account, file, object or resource."""

    fix: str = ""
    """What to do; empty where all is well."""


def ok(id_: str, what: str, where: str) -> Finding:
    """All is well."""
    return Finding(id=id_, outcome="ok", what=what, where=where)


def problem(id_: str, what: str, where: str, fix: str) -> Finding:
    """Something is to be done."""
    return Finding(id=id_, outcome="problem", what=what, where=where, fix=fix)


def undecided(id_: str, what: str, where: str, fix: str) -> Finding:
    """Nobody can say."""
    return Finding(id=id_, outcome="indeterminate", what=what, where=where, fix=fix)


def refused(id_: str, error: Exception, where: str, action: str) -> Finding:
    """AWS did not answer; ``action`` is the permission that the question needs."""
    return undecided(
        id_,
        f"could not be asked: {error}",
        where,
        f"repeat it with credentials that have {action}; if they do, what AWS says above is the reason",
    )


def code(error: Exception) -> str:
    """AWS's own name of an error; empty where no answer came."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""


def permission(service: str, operation: str) -> str:
    """What a role needs for a method of a client, such as ``ec2:DescribeVpcs`` for ``describe_vpcs``."""
    return f"{service}:{''.join(word.title() for word in operation.split('_'))}"
