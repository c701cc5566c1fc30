"""Findings as Markdown, for a comment on a pull request: what blocks first, then what somebody answers for."""

from collections.abc import Iterable, Sequence

from llmlz.checks.evaluate import Evaluation, Finding

LONGEST = 300
"""Characters of a message that fit a table."""


def as_markdown(evaluation: Evaluation, *, stack: str, level: int) -> str:
    """A heading with the verdict, and one table each for what blocks, what advises and what is waived."""
    blocking = [f for f in evaluation.findings if f.mandatory]
    waived = [f for f in evaluation.findings if f.waived]
    advice = [f for f in evaluation.findings if not f.mandatory and not f.waived]
    looked = sum(bool(entry.looked_at) for entry in evaluation.coverage)
    verdict = f"{len(blocking)} findings block" if blocking else "nothing blocks"
    parts = [
        f"## {stack}: {verdict} at level {level}\n",
        f"{looked} of {len(evaluation.coverage)} controls had something to look at.\n",
        *_table("Blocks", blocking),
        *_table("Waived", waived),
        *_table("Advice", advice),
    ]
    return "\n".join(parts)


def _table(title: str, findings: Sequence[Finding]) -> Iterable[str]:
    if not findings:
        return
    yield f"### {title} ({len(findings)})\n"
    yield "| control | resource | what is wrong | fix |\n|---|---|---|---|"
    for finding in findings:
        name = finding.urn.rpartition("::")[2]
        where = f"{name}<br>{finding.source}" if finding.source else name
        doubt = "" if finding.verdict == "violated" else "cannot be decided: "
        said = (
            doubt
            + finding.message.removeprefix("cannot be decided: ")
            + (f" ({finding.waived})" if finding.waived else "")
        )
        cells = [f"{finding.control} ({finding.severity})", where, said, finding.remediation]
        yield "| " + " | ".join(map(_cell, cells)) + " |"
    yield ""


def _cell(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|")
    plain = plain.replace("<br>", "\0").replace("<", "&lt;").replace("\0", "<br>")
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + "…"
