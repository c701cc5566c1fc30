"""Judge requests with the emulator's own IAM evaluator; runs in the emulator's environment, and opens no socket.

Owns: one line of JSON put into the emulator's terms, and its verdict as one line.
Does not own: which requests are judged, and whether the verdict is right.

A line has ``identity`` (a list of policy documents), ``boundary`` and ``session`` (a document or null), ``action``,
``resource`` and ``context`` (condition key to a text, or to a list of texts). The verdict is ``allowed``, ``denied``,
or ``unfit: `` and the reason where the emulator cannot be asked. Its HTTP simulation leaves the context out, so it is
called in process; it knows no policies of an organization, and none of an endpoint.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

FILLED = ("aws:currenttime", "aws:epochtime", "aws:resourceaccount", "aws:securetransport", "s3:resourceaccount")
"""Condition keys that the emulator gives a value of its own, whatever the request says."""


def verdict(case: Mapping[str, Any]) -> str:
    """What the emulator says about one request."""
    documents = [*case["identity"], *(case[layer] for layer in ("boundary", "session") if case[layer] is not None)]
    if filled := sorted({key for document in documents for key in _keys(document) if key in FILLED}):
        return f"unfit: the emulator fills in {filled[0]} itself"
    limits = [[parse_policy_document(case[layer])] for layer in ("boundary", "session") if case[layer] is not None]
    result = evaluate(_context(case), [parse_policy_document(document) for document in case["identity"]], *limits)
    return "allowed" if result.decision == "Allow" else "denied"


def _keys(document: Mapping[str, Any]) -> Iterator[str]:
    statements = document["Statement"]
    for statement in [statements] if isinstance(statements, dict) else statements:
        yield from (key.lower() for block in statement.get("Condition", {}).values() for key in block)


def _context(case: Mapping[str, Any]) -> EvalContext:
    """The request, with nothing in it that the case does not say."""
    context = {key.lower(): value for key, value in case["context"].items()}
    return EvalContext(
        principal_arn=context.get("aws:principalarn"),
        principal_type=context.get("aws:principaltype"),
        principal_account=context.get("aws:principalaccount"),
        action=case["action"],
        resource_arn=case["resource"],
        region=context.get("aws:requestedregion"),
        source_ip=context.get("aws:sourceip"),
        tag_keys=context.get("aws:tagkeys"),
        service_context=context,
    )


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(verdict(json.loads(line)) + "\n")
