"""Statements into as few policy documents as their homes need, within AWS's limits, or a refusal with the numbers.

Every group of statements has a home of its own name. A statement never wanders to another group's document: two
policies are not updated at one moment, and in between a Deny would be in neither. Within a group that is too long for
one document, statements keep their order, so that a group which grows at its end moves nothing before it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from components._policy import Statement, document

WAY_OUT = "split the unit, or approve fewer models in it"


class PolicyTooLongError(ValueError):
    """Statements that fit no document, or documents that do not fit their target; the message has the numbers."""


def minified(value: Mapping[str, Any]) -> str:
    """JSON text without white space: the form that is sent, and whose characters count."""
    return json.dumps(value, separators=(",", ":"))


def pack(groups: Mapping[str, Sequence[Statement]], *, longest: int, most: int) -> dict[str, dict[str, Any]]:
    """Name of a document to document: ``<group>``, then ``<group>-2`` and so on where one is not enough.

    ``longest`` is in characters of minified JSON, ``most`` the number of documents. A group without statements gets
    no document. Raises ``PolicyTooLongError`` when they do not suffice, and ``ValueError`` when the names of two
    groups meet.
    """
    packed: dict[str, dict[str, Any]] = {}
    for group, statements in groups.items():
        for number, part in enumerate(_parts(statements, longest, group), start=1):
            name = group if number == 1 else f"{group}-{number}"
            if name in packed or (number > 1 and name in groups):
                raise ValueError(f"group {group!r} needs a document {name!r}, which is another group's")
            packed[name] = document(part)
    if len(packed) > most:
        raise PolicyTooLongError(
            f"{len(packed)} policy documents ({', '.join(packed)}), {most} are allowed on one target: {WAY_OUT}"
        )
    return packed


def _parts(statements: Sequence[Statement], longest: int, group: str) -> list[list[Statement]]:
    """Statements in their order, as many to a document as fit."""
    parts: list[list[Statement]] = []
    for statement in statements:
        for piece in _pieces(statement, longest, group):
            if parts and _fits([*parts[-1], piece], longest):
                parts[-1].append(piece)
            else:
                parts.append([piece])
    return parts


def _pieces(statement: Statement, longest: int, group: str) -> list[Statement]:
    """The statement whole where it fits a document, else divided by its actions.

    A Deny of two actions on the same resources is the two Denies of one action each. That does not hold for
    NotAction or NotResource: each of the two would deny what the other one exempts, and together everything.
    """
    if _fits([statement], longest):
        return [statement]
    sid, size = statement.get("Sid", "without Sid"), len(minified(document([statement])))
    said = f"statement {sid} of {group} takes {size} characters, {longest} are allowed"
    actions = statement.get("Action")
    if statement["Effect"] != "Deny" or "NotResource" in statement or not isinstance(actions, list):
        raise PolicyTooLongError(f"{said}, and it cannot be divided: {WAY_OUT}")
    pieces: list[Statement] = []
    for action in actions:
        grown = _with_actions(statement, [*pieces[-1]["Action"], action], len(pieces)) if pieces else None
        if grown and _fits([grown], longest):
            pieces[-1] = grown
        else:
            pieces.append(_with_actions(statement, [action], len(pieces) + 1))
            if not _fits([pieces[-1]], longest):
                raise PolicyTooLongError(f"{said}, and with {action} alone it is still too long: {WAY_OUT}")
    return pieces


def _with_actions(statement: Statement, actions: list[str], number: int) -> Statement:
    """The statement for some of its actions; later pieces carry their number, as a Sid is unique in a document."""
    sid = {"Sid": f"{statement['Sid']}Part{number}"} if number > 1 and "Sid" in statement else {}
    return {**statement, **sid, "Action": actions}


def _fits(statements: Sequence[Statement], longest: int) -> bool:
    return len(minified(document(statements))) <= longest
