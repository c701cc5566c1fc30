"""A proof in words, for a person: what was promised, the request that breaks it, and what lets the request through."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from llmlz.access.proof.run import NOTHING, TOGETHER, Proof

UNMODELLED = Path(__file__).with_name("unmodelled.yaml")

SAID: Mapping[str, str] = {
    "aws:requestedregion": "in region",
    "aws:sourcevpce": "through endpoint",
    "bedrock:guardrailidentifier": "with guardrail",
    "bedrock:inferenceprofilearn": "through profile",
}
"""Condition key to how a sentence names it."""


def unmodelled() -> tuple[str, ...]:
    """What of AWS's semantics no proof here says anything about, one sentence each."""
    rows: list[Mapping[str, Any]] = YAML(typ="safe", pure=True).load(UNMODELLED.read_text(encoding="utf-8"))
    return tuple(f"{row['what']}: {row['meaning']}" for row in rows)


def lines(proof: Proof) -> tuple[str, ...]:
    """The proof in lines; the first is the verdict."""
    where = "" if proof.layer == TOGETHER else f", by {proof.layer} alone"
    first = f"{proof.verdict.upper()} {proof.property} for {proof.subject}{where}"
    if proof.verdict == "proved":
        return (first,)
    said = [first, f"  promised: {proof.says}"]
    if proof.layer == NOTHING:
        said.append("  the property holds even without any layer, so it says nothing")
    if proof.why:
        said.append(f"  because {proof.why}")
    if proof.request is not None:
        said += _request(proof.request)
        said += [f"  {'let through by' if number == 0 else 'and'} {text}" for number, text in enumerate(proof.through)]
        layer = "" if proof.layer == TOGETHER else f" of the {proof.layer} layer"
        said.append(
            f"  look first at the statement{layer} named above, and at what it leaves open ({proof.reading} reading)"
        )
    return tuple(said)


def _request(request: Mapping[str, Any]) -> list[str]:
    context = {key.lower(): value for key, value in request["context"].items()}
    named = [f"{word} {context[key]}" for key, word in SAID.items() if key in context]
    rest = [f"{key} = {value}" for key, value in sorted(context.items()) if not _said(key)]
    return [
        f"  this request: {request['action']} on {request['resource']}",
        f"    by {request['principal']}" + (f", {', '.join(named)}" if named else ""),
        *([f"    and {', '.join(rest)}"] if rest else []),
    ]


def _said(key: str) -> bool:
    """Whether a sentence names the key, or it follows from who the principal is."""
    return key in SAID or key.startswith("aws:principal")


def summary(proofs: Iterable[Proof]) -> Mapping[str, int]:
    """How many proofs there are of each verdict."""
    found: dict[str, int] = {"proved": 0, "broken": 0, "indeterminate": 0, "vacuous": 0}
    for proof in proofs:
        found[proof.verdict] += 1
    return found
