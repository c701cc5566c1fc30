"""Evidence as texts: JSON for other tools, Markdown for people, and the sentences that every page shares."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from llmlz.evidence.model import MEANING, ORDER, ClauseEvidence, ControlEvidence, Evidence, FrameworkEvidence, Result

FORMAT = 1
"""Version of the JSON form."""

INTRO = (
    "A control that supports a clause helps whoever must meet it. "
    "Nothing here says that a clause is met: most of them ask for more than resources can show."
)
NAMED = 6
"""Names in one sentence; the others are counted."""

NO_REASON = "no control yet"
NOT_RUN = {"manual": "not run: a person decides it", "checkov": "not run: checkov was not asked"}
"""Who decides to what is said where there is no result."""

SPECIAL = re.compile(r"([\\`*_\[\]<>|])")


def as_json(evidence: Evidence, *, created: str, level: int) -> str:
    """Stable text: equal evidence gives equal bytes. A control stands once; clauses name it by its id.

    ``created`` says when, as ISO text, and ``level`` is the assurance level that controls were asked for.
    """
    about = {"format": FORMAT, "created": created, "level": level, "about": INTRO, "states": dict(MEANING)}
    return json.dumps({**about, **asdict(evidence)}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def as_markdown(evidence: Evidence, *, created: str, level: int) -> str:
    """One page: totals, every clause of every framework in its own order, and every control with what it said."""
    stacks = _shown(listed(evidence.stacks) or "none")
    meaning = "\n".join(f"- {state}: {text}" for state, text in MEANING.items())
    totals = _table(["framework", *MEANING, "listed", "with a finding"], map(_totals, evidence.frameworks))
    controls = _table(["control", "what holds", "decided by", "result", "shown by"], map(_control, evidence.controls))
    when = f"Written {_shown(created)}. Controls are those of assurance level {level}. Stacks: {stacks}."
    parts = ["# Evidence", INTRO, when, meaning, totals]
    parts += [part for framework in evidence.frameworks for part in _framework(framework)]
    return "\n\n".join([*parts, "## Controls", controls]) + "\n"


def said(control: ControlEvidence) -> Mapping[Result, str]:
    """What a control said of all stacks: a sentence for each kind of result, worst first."""
    if control.result == "not run":
        return {"not run": NOT_RUN.get(control.evaluator, f"not run; it runs from level {control.level}")}
    found = {result.result for result in control.results}
    return {result: _said(control, result) for result in ORDER if result in found}


def reason(clause: ClauseEvidence) -> str:
    """Why no control supports a clause."""
    return clause.why_not or NO_REASON


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _said(control: ControlEvidence, result: Result) -> str:
    same = [r for r in control.results if r.result == result]
    stacks = listed([r.stack for r in same])
    if result == "holds":
        looked = sum(r.looked_at for r in same)
        return f"holds on {looked} resource{'s' * (looked != 1)} in {stacks}"
    waived = list(dict.fromkeys(text for r in same for text in r.waived)) if result == "waived" else []
    if waived:
        return f"in {stacks}: {'; '.join(waived)}"
    findings = sum(r.findings for r in same)
    count = f" ({findings} finding{'s' * (findings != 1)})" if findings else ""
    return f"{result} in {stacks}{count}"


def _totals(framework: FrameworkEvidence) -> list[str]:
    numbers = (*framework.totals.values(), len(framework.clauses), framework.against)
    return [_shown(framework.title), *map(str, numbers)]


def _framework(framework: FrameworkEvidence) -> tuple[str, ...]:
    listing = f"Listed {framework.read} from what is published about it; the framework itself: <{framework.source}>"
    about = f"{framework.edition}. {framework.scope} {listing}"
    return (
        f"## {framework.title}",
        about,
        _table(["clause", "about", "state", "controls, or why none"], map(_clause, framework.clauses)),
    )


def _clause(clause: ClauseEvidence) -> list[str]:
    name = clause.id if clause.checked else f"{clause.id} (not checked)"
    held = ", ".join(f"{c} (with a finding)" if c in clause.against else c for c in clause.controls) or reason(clause)
    return [_shown(text) for text in (name, clause.title, clause.state, f"{held}; {clause.note}".removesuffix("; "))]


def _control(control: ControlEvidence) -> list[str]:
    cells = [_shown(text) for text in (control.id, control.title, control.evaluator, "; ".join(said(control).values()))]
    cases = f"{len(control.cases)} cases" if control.cases else ""
    return [*cells, ", ".join(part for part in (_code(control.mutation), cases) if part) or "no test"]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), ["---"] * len(head), *rows])


def _shown(text: str) -> str:
    """Text on one line that a reader sees as it was written."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
