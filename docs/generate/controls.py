"""The page of controls, from their records."""

from docs.generate.markdown import code, page, prose, table
from llmlz.checks.records import Control, controls

INTRO = """What must hold, as `llmlz check` decides it.
Below its first level a control is silent, from `advisory` on it reports, from `mandatory` on it blocks.
A link to a framework says that the control helps there, never that it satisfies a requirement.
The records are in `policies/controls`, the rules in `policies/pack`."""


def build() -> str:
    """The page."""
    known = controls()
    rows = [
        [f"[{c.id}](#{c.id.lower()})", c.title, c.severity, f"level {c.advisory_from}", f"level {c.mandatory_from}"]
        for c in known
    ]
    index = table(["control", "what holds", "severity", "advisory", "mandatory"], rows)
    return page("Controls", INTRO, [index, *map(_section, known)])


def _section(control: Control) -> str:
    looks_at = control.applies_to
    types = looks_at if isinstance(looks_at, str) else ", ".join(code(token) for token in looks_at)
    rows = [
        ["rule", f"[`{control.rule}`](../../policies/pack/{control.rule}.py)"],
        ["looks at", f"{types} (decided per {control.scope})"],
        ["supports", "; ".join(f"{name} {', '.join(links)}" for name, links in sorted(control.supports.items()))],
        ["checkov", ", ".join(control.checkov)],
        ["fix", prose(control.remediation)],
    ]
    about = f"{prose(control.title)}.\n{prose(control.why)}"
    return f"## {control.id}\n\n{about}\n\n" + table(["", ""], [row for row in rows if row[1]])
