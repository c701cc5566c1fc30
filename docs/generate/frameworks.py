"""The page of frameworks: which control supports which clause, and which clauses none supports."""

from docs.generate.markdown import page, table
from llmlz.checks.frameworks import FrameworkRecord, frameworks
from llmlz.checks.records import controls

INTRO = """Which clause is supported by which control, from the records of both.
A control supports a clause: it helps whoever must meet it, and no list of controls meets it by itself.
What a run found for each of them is in the evidence beside the report, `llmlz report`.
The titles are ours; the frameworks' own texts say what they demand."""


def build() -> str:
    """The page."""
    naming: dict[tuple[str, str], list[str]] = {}
    for control in controls():
        for name, clauses in control.supports.items():
            for clause in dict.fromkeys(clauses):
                naming.setdefault((name, clause), []).append(control.id)
    known = frameworks()
    rows = [
        [f"[{record.title}](#{_anchor(record.title)})", record.edition, str(len(record.clauses)), _count(name, naming)]
        for name, record in known.items()
    ]
    index = table(["framework", "edition", "clauses listed", "supported by a control"], rows)
    return page("Frameworks", INTRO, [index, *(_section(name, record, naming) for name, record in known.items())])


def _count(name: str, naming: dict[tuple[str, str], list[str]]) -> str:
    return str(sum(framework == name for framework, _ in naming))


def _section(name: str, record: FrameworkRecord, naming: dict[tuple[str, str], list[str]]) -> str:
    rows = []
    for id_, clause in record.clauses.items():
        by = naming.get((name, id_), [])
        links = ", ".join(f"[{control}](controls.md#{control.lower()})" for control in by)
        doubt = "" if clause.checked else " (not compared with what is published)"
        rows.append([id_, f"{clause.title}{doubt}", links or f"none{f': {clause.why_not}' if clause.why_not else ''}"])
    about = f"{record.scope}\nRead in {record.read}: <{record.source}>"
    return f"## {record.title}\n\n{about}\n\n" + table(["clause", "about", "controls"], rows)


def _anchor(title: str) -> str:
    """As GitHub makes it."""
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c == "-")
