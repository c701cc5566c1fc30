"""A rehearsal: the real provider validates, plans and settles what a program registers.

Owns: the steps and their order, and findings that name the program's own lines.
Does not own: any step (``render``, ``terraform``, ``settle``), or moves between two graphs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from llmlz.graph.model import Graph, Source
from llmlz.rehearsal import names, settle, unverified
from llmlz.rehearsal.diagnostic import Diagnostic
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import DOCUMENT, Rendered, render, write
from llmlz.rehearsal.terraform import Terraform
from llmlz.rehearsal.unverified import Known, Row

TYPE_DEPTH = 2
"""Spaces before a type in the document; a label has one more."""

Step = Literal["render", "validate", "plan", "settle"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why a deployment would fail, or why nobody can tell."""

    step: Step
    urn: str | None
    """The resource; ``None`` where Terraform names none."""

    source: Source | None
    """The line of the program that made it."""

    summary: str
    detail: str

    def __str__(self) -> str:
        name = self.urn.rpartition("::")[2] if self.urn else "the program"
        return f"{self.source or '(no line)'} {name}: {self.summary}" + (f"\n    {self.detail}" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came out."""

    findings: tuple[Finding, ...]
    unverified: tuple[Row, ...]
    """What the provider did not get to see, whether accepted or not."""

    rendered: Rendered
    plan: dict[str, Any] | None
    """Terraform's JSON form of the first plan; ``None`` when it came to none."""

    state: dict[str, Any] | None
    """The state after a perfect apply; ``None`` when there is no plan."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def rehearse(graph: Graph, terraform: Terraform, folder: Path, known: tuple[Known, ...] | None = None) -> Rehearsal:
    """Validate, plan, settle, and plan once more over the settled state, which must change nothing.

    A plan validates first; what is invalid is asked for by itself only when the plan stops, and hides what a plan
    would find after it.

    ``folder`` is empty or new and keeps document, state and plan. ``known`` defaults to the committed list of what is
    not verified. Raises ``LlmlzError`` when Terraform itself fails.
    """
    listed = unverified.committed() if known is None else known
    provider = ProviderBlock.offline(graph.region, graph.account)
    schema = terraform.schema({names.terraform_type(resource.type) or "" for resource in graph.custom()})
    rendered = render(graph, provider, schema, listed)
    write(rendered, folder)
    terraform.init(folder)
    findings = [_gap(row, graph) for row in unverified.compare(rendered.unverified, listed)[0]]
    planned = terraform.plan(folder)
    if planned.plan is None:
        wrong = [d for d in terraform.validate(folder) if d.severity == "error"]
        step: Step = "validate" if wrong else "plan"
        findings += [_finding(step, d, graph, rendered, folder) for d in wrong or planned.errors]
        return Rehearsal(tuple(findings), rendered.unverified, rendered, None, None)
    state = settle.settled_state(planned.plan, rendered, provider, schema)
    settle.write_state(state, folder)
    again = terraform.plan(folder, details=False)
    findings += [_finding("settle", d, graph, rendered, folder) for d in again.errors]
    findings += [_restless(change, graph, rendered) for change in changes(again.plan)]
    return Rehearsal(tuple(findings), rendered.unverified, rendered, planned.plan, state)


def changes(plan: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The resource changes of a plan that do something."""
    return [change for change in (plan or {}).get("resource_changes", []) if change["change"]["actions"] != ["no-op"]]


def _gap(row: Row, graph: Graph) -> Finding:
    wrong = {
        "dropped": "the provider has no such argument: misspelt, or newer than the provider",
        "refused": "the provider does not know this type or value",
        "unlinked": "the value no longer shows the resource that it comes from: cut, hashed, or branched on",
        "untranslated": "the type is not in the table of tokens",
    }
    fix = "correct it, or add a row with the reason to llmlz/rehearsal/data/unverified.yaml"
    return Finding("render", row.urn, _source(row.urn, graph), f"not verified: {row}", f"{wrong[row.kind]}; {fix}")


def _finding(step: Step, diagnostic: Diagnostic, graph: Graph, rendered: Rendered, folder: Path) -> Finding:
    address = diagnostic.address or _address_at(diagnostic, folder)
    urn = rendered.addresses.get(address or "")
    return Finding(step, urn, _source(urn, graph), diagnostic.summary, " ".join(diagnostic.detail.split()))


def _restless(change: Mapping[str, Any], graph: Graph, rendered: Rendered) -> Finding:
    """A difference right after a perfect apply: every later preview would show it again."""
    urn = rendered.addresses.get(change["address"])
    before, after = change["change"]["before"] or {}, change["change"]["after"] or {}
    unknown = change["change"].get("after_unknown") or {}
    changed = sorted(
        name for name in {*before, *after, *unknown} if before.get(name) != after.get(name) or unknown.get(name)
    )
    actions = " and ".join(change["change"]["actions"])
    return Finding(
        "settle", urn, _source(urn, graph), f"never comes to rest: {actions}", f"differs in {', '.join(changed)}"
    )


def _source(urn: str | None, graph: Graph) -> Source | None:
    resource = graph.by_urn.get(urn or "")
    return resource.source if resource else None


def _address_at(diagnostic: Diagnostic, folder: Path) -> str | None:
    """The resource around a line of the document; its layout is fixed, so indentation tells the levels apart."""
    if diagnostic.file != DOCUMENT or diagnostic.line is None:
        return None
    section = type_ = label = ""
    for line in (folder / DOCUMENT).read_text(encoding="utf-8").splitlines()[: diagnostic.line]:
        if key := re.match(r'( {1,3})"([^"]+)":', line):
            if len(key[1]) == 1:
                section = key[2]
            elif len(key[1]) == TYPE_DEPTH:
                type_ = key[2]
            else:
                label = key[2]
    return f"{type_}.{label}" if section == "resource" else None
