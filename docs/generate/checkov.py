"""The page of checkov: how often its verdicts over a graph are its own, check by check, and why not."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from docs.generate.markdown import page, prose, table

ROOT = Path(__file__).parents[2]
AGREEMENT = ROOT / "llmlz" / "checkov" / "data" / "agreement.yaml"
DIFFERENCES = ROOT / "tests" / "checkov" / "data" / "oracle.yaml"

INTRO = """checkov {version} has examples of its own, with a verdict each.
Their attributes were turned into Pulumi's inputs and back, and judged by the same checks.
[The decision](../adr/0017-checkov-over-graphs.md) says how a graph becomes what checkov reads.
A case is one resource and one check that passed or failed there; what a plan cannot decide is counted apart."""


def build() -> str:
    """The page."""
    found = _read(AGREEMENT)
    totals = [
        [words, str(counts["agree"]), str(counts["differ"]), str(counts["unknown"]), _share(counts)]
        for words, counts in (
            ("single resources with literal values", found["totals"]["single"]),
            ("connected resources", found["totals"]["connected"]),
        )
    ]
    checks = [
        [id_, *map(str, counts), _share(dict(zip(("agree", "differ"), counts, strict=False)))]
        for id_, counts in sorted(found["checks"].items())
    ]
    differences = [[d["check"], f"{d['folder']}: {d['address']}", prose(d["reason"])] for d in _read(DIFFERENCES)]
    head = ["agree", "differ", "not decided by a plan", "agreement"]
    return page(
        "checkov over graphs",
        INTRO.format(version=found["checkov"]),
        [
            table(["examples", *head], totals),
            "## Where it differs\n\n" + table(["check", "example", "why"], differences),
            "## Check by check\n\n" + table(["check", *head], checks),
        ],
    )


def _share(counts: dict[str, int]) -> str:
    decided = counts["agree"] + counts["differ"]
    return f"{counts['agree'] / decided:.1%}" if decided else "-"


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
