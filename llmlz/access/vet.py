"""What is wrong with policy documents before anything is decided by them: one message each, with its source.

Limits, and what AWS passes over, are data: ``vet.yaml``.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from llmlz.access.documents import Document, Statement
from llmlz.access.layers import INLINE, ROLE, Role
from llmlz.access.patterns import NAMED, VARIABLE
from llmlz.access.proof.keys import FILE as KEYS
from llmlz.access.proof.keys import known

FILE = Path(__file__).with_name("vet.yaml")
BY_AWS = ":iam::aws:policy/"
"""Part of the ARNs of policies that AWS manages, which have no limit."""

COUNTED: Mapping[str, str] = {"shortest": "characters without white space", "written": "bytes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The longest document that AWS takes."""

    most: int
    counted: str
    """``shortest``, in characters, or ``written``, in bytes; see ``Document``."""

    what: str
    source: str
    """Where AWS says so."""

    def problem(self, documents: Sequence[Document]) -> str | None:
        """The message when these documents together are too long."""
        long = sum(d.length if self.counted == "shortest" else d.written for d in documents)
        if long <= self.most:
            return None
        return f"{long} {COUNTED[self.counted]}, and AWS takes {self.most} of {self.what}: {self.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The data file."""

    limits: Mapping[str, Limit]
    """Layer, ``managed``, ``inline``, or the start of a type to its limit."""

    without_resource: frozenset[str]
    """Actions in lower case."""

    resource_control_services: frozenset[str]


@cache
def facts() -> Facts:
    """What AWS takes and what it passes over."""
    raw: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    return Facts(
        limits={name: Limit(**limit) for name, limit in raw["limits"].items()},
        without_resource=frozenset(action.lower() for action in raw["without_resource"]),
        resource_control_services=frozenset(raw["resource_control_services"]),
    )


def problems(
    documents: Sequence[Document], *, accounts: Collection[str], roles: Sequence[Role] = ()
) -> tuple[str, ...]:
    """One message for everything that is wrong, in the order of the documents, each document once.

    ``accounts`` are the twelve digits of every account that a policy may let in; ``roles`` are looked at for the length
    of all their inline policies together. Lengths in a recorded graph are about right: its stand-ins are as long as
    plausible, not as long as what AWS will answer. A Sid that is given twice makes a document undecided.
    """
    found = [message for document in dict.fromkeys(documents) for message in _of_document(document, accounts)]
    return tuple(dict.fromkeys([*found, *(message for role in roles for message in _inline(role))]))


def _of_document(document: Document, accounts: Collection[str]) -> Iterator[str]:
    if document.undecided:
        yield f"{document.origin}: cannot be decided: {document.undecided}"
    limit = _limit(document)
    if limit and (found := limit.problem([document])):
        yield f"{document.origin}: {found}"
    for statement in document.statements:
        for part in (_strangers(statement, accounts), _unknown_keys(statement), _without_effect(statement)):
            yield from (f"{statement}: {message}" for message in part)


def _limit(document: Document) -> Limit | None:
    limits, origin = facts().limits, document.origin
    if origin.layer == "identity":
        return None if _is_inline(document) or BY_AWS in origin.name else limits["managed"]
    if origin.layer == "boundary":
        return limits["managed"]
    if origin.layer == "resource":
        return next((limit for start, limit in limits.items() if _type(document).startswith(start)), None)
    return limits.get(origin.layer)


def _type(document: Document) -> str:
    """Type of the resource that carries the document; empty without one."""
    _, _, types, *_ = [*document.origin.urn.split("::"), "", "", ""]
    return types.rpartition("$")[2]


def _is_inline(document: Document) -> bool:
    """Whether it is a role's own; a managed policy that a role names by its ARN is not."""
    return _type(document) in (INLINE, ROLE) and not document.origin.name.startswith("arn:")


def _inline(role: Role) -> Iterator[str]:
    found = facts().limits["inline"].problem([d for d in role.identity if _is_inline(d)])
    if found:
        yield f"identity {role.name}" + (f" ({role.source})" if role.source else "") + f": {found}"


def _strangers(statement: Statement, accounts: Collection[str]) -> Iterator[str]:
    """Principals outside the account map."""
    if statement.principals is None:
        return
    named = {text: text for text in statement.principals.accounts}
    named |= {arn: arn.split(":")[4] for arn in statement.principals.arns}
    for text, account in named.items():
        if account not in accounts:
            yield f"principal {text} is in account {account}, which the account map does not have"


def _unknown_keys(statement: Statement) -> Iterator[str]:
    """Condition keys, of conditions and of policy variables, that nobody has looked up."""
    texts = [text for condition in statement.conditions for text in condition.values]
    named = [NAMED.fullmatch(name) for text in (*statement.resources, *texts) for name in VARIABLE.findall(text)]
    keys = [*(condition.key for condition in statement.conditions), *(found["key"] for found in named if found)]
    for key in dict.fromkeys(key.lower() for key in keys):
        if known(key) is None:
            yield f"condition key {key} is not known; look it up and add it to {KEYS.name}"


def _without_effect(statement: Statement) -> Iterator[str]:
    """Actions of a statement that it can never match."""
    if statement.not_action:
        return
    if not statement.not_resource and "*" not in statement.resources:
        for action in statement.actions:
            if action.lower() in facts().without_resource:
                yield f"{action} has no resource types, so it never matches {statement.resources[0]}; write *"
    if statement.origin.layer == "resource_control" and statement.effect == "Deny":
        for service in dict.fromkeys(action.partition(":")[0].lower() for action in statement.actions):
            if service not in facts().resource_control_services:
                yield f"resource control policies do not reach {service!r}, so this denies nothing there"
