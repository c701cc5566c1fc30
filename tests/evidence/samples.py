"""Small frameworks, controls and evaluations whose evidence can be counted by hand."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from llmlz.checks.evaluate import Coverage, Evaluation, Finding
from llmlz.checks.frameworks import FrameworkRecord
from llmlz.checks.records import Control, controls
from llmlz.evidence.collect import evidence
from llmlz.evidence.model import Evidence

KNOWN = controls()[0]
WAIVER = "waived by data team until 2026-12-31 (T-1: moving)"
HOSTILE = "a|b `c` [d](https://example.com) <script>\nnew line"


def control(id_: str, *clauses: str, **changed: Any) -> Control:
    """A control that supports these clauses of the framework ``small``."""
    return KNOWN.model_copy(update={"id": id_, "supports": {"small": list(clauses)}, **changed})


def framework(*clauses: str, **changed: Any) -> Mapping[str, FrameworkRecord]:
    """The framework ``small`` with these clauses; ``changed`` are clauses with more than a title, by their ids."""
    raw = {"title": "Small framework", "edition": "1", "source": "https://example.com", "read": "2026-11"}
    listed = {clause: f"about {clause}" for clause in clauses}
    return {"small": FrameworkRecord.model_validate({**raw, "scope": "Everything.", "clauses": {**listed, **changed}})}


def finding(
    id_: str,
    resource: str,
    verdict: Literal["violated", "indeterminate"] = "violated",
    *,
    stack: str = "one",
    waived: str = "",
) -> Finding:
    """A finding of a control for a resource."""
    given: dict[str, Any] = {"severity": "high", "mandatory": True, "source": None, "remediation": "correct it"}
    return Finding(control=id_, urn=urn(resource, stack), message="wrong", verdict=verdict, waived=waived, **given)


def urn(resource: str, stack: str = "one") -> str:
    """Identity of a resource of a stack."""
    return f"urn:pulumi:{stack}::llmlz::aws:s3/bucket:Bucket::{resource}"


def evaluation(
    looked: Mapping[str, Sequence[str]], findings: Sequence[Finding] = (), *, stack: str = "one"
) -> Evaluation:
    """What each control looked at in a stack, by names, and what it found."""
    coverage = [
        Coverage(control=id_, looked_at=tuple(urn(name, stack) for name in names)) for id_, names in looked.items()
    ]
    return Evaluation(findings=tuple(findings), coverage=tuple(coverage))


def collected(
    known: Mapping[str, FrameworkRecord],
    made: Sequence[Control],
    evaluations: Mapping[str, Evaluation],
) -> Evidence:
    """Evidence of these and nothing of the project."""
    return evidence(evaluations, controls=made, frameworks=known)
