"""The page of controls, from their records."""

from collections import Counter
from collections.abc import Mapping

from docs.generate.markdown import code, page, prose, table
from llmlz.checks.records import Control, controls

DECIDED: Mapping[str, str] = {"code": "code", "checkov": "checkov", "manual": "a person"}

INTRO = """What must hold, as `llmlz check` decides it.
Below its first level a control is silent, from `advisory` on it reports, from `mandatory` on it blocks.
A link to a framework says that the control helps there, never that it satisfies a requirement.
The records are in `policies/controls`, the rules in `policies/pack`.
How they are decided is said in [Controls](../concepts/controls.md)."""


def build() -> str:
    """The page."""
    known = controls()
    rows = [
        [
            f"[{c.id}](#{c.id.lower()})",
            c.title,
            c.evaluator,
            c.severity,
            f"level {c.advisory_from}",
            f"level {c.mandatory_from}",
        ]
        for c in known
    ]
    index = table(["control", "what holds", "decided by", "severity", "advisory", "mandatory"], rows)
    counts = Counter[str](control.evaluator for control in known)
    total = (
        f"{len(known)} controls: " + ", ".join(f"{counts[kind]} by {words}" for kind, words in DECIDED.items()) + "."
    )
    return page("Controls", INTRO, [total, index, *map(_section, known)])


def _section(control: Control) -> str:
    looks_at = control.applies_to
    types = looks_at if isinstance(looks_at, str) else ", ".join(code(token) for token in looks_at)
    rows = [
        ["rule", f"[`{control.rule}`](../../policies/pack/{control.rule}.py)" if control.rule else ""],
        ["by a person", prose(control.reason)],
        ["looks at", f"{types} (decided per {control.scope})" if looks_at else ""],
        ["supports", "; ".join(f"{name} {', '.join(links)}" for name, links in sorted(control.supports.items()))],
        ["checkov", ", ".join(control.checkov)],
        ["fix", prose(control.remediation)],
    ]
    about = f"{prose(control.title)}.\n{prose(control.why)}"
    return f"## {control.id}\n\n{about}\n\n" + table(["", ""], [row for row in rows if row[1]])
