"""The page of properties: what ``llmlz access --prove`` proves, what it takes for granted, and what it leaves out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from docs.generate.markdown import code, page, prose, table
from llmlz.access.proof import listed
from llmlz.access.proof.domain import FILE as AXIOMS
from llmlz.access.proof.properties import Property, Sort, load
from llmlz.access.proof.wording import UNMODELLED

INTRO = """What must hold, as `llmlz access --prove` proves it for every request there can be.
Numbers are assurance levels: 1 is foundation, 2 repeatable, 3 reliable, 4 scaled.
A layer that promises a property keeps it alone, with every other layer wide open.
[Proof](../concepts/proof.md) says how to read this page, and how to add a row.
The rows, with the shapes of requests that each is about, are in `llmlz/access/proof/properties.yaml`."""

HEADINGS: Mapping[Sort, str] = {"never": "## What is never allowed", "always": "## What is always allowed"}

LISTED = f"""## What is compared

`{listed.PROPERTY}`: {listed.SAYS}.
This one needs no solver: names and sources are compared with the list, team by team."""

ASSUMED = """## What a proof takes for granted

Every request that is tried keeps to these, so each of them makes the claim smaller."""

LEFT_OUT = """## Not part of any proof

Printed with every proof."""


def build() -> str:
    """The page."""
    head = ["property", "promise", "about, from level", "kept alone by, from level"]
    parts = [f"{title}\n\n{table(head, map(_row, _sorted(sort)))}" for sort, title in HEADINGS.items()]
    assumed = table(
        ["assumption", "because", "source"],
        [[row["says"], row["reason"], f"[{row['read']}]({row['source']})"] for row in _rows(AXIOMS)],
    )
    left_out = table(["what", "what follows"], [[row["what"], row["meaning"]] for row in _rows(UNMODELLED)])
    return page("Properties", INTRO, [*parts, LISTED, f"{ASSUMED}\n\n{assumed}", f"{LEFT_OUT}\n\n{left_out}"])


def _sorted(sort: Sort) -> list[Property]:
    return [row for row in load() if row.sort == sort]


def _row(row: Property) -> list[str]:
    about = _levels(row.about)
    only = f"; where there is `${row.where_there_is}`" if row.where_there_is else ""
    return [code(row.id), prose(row.says), about + only, _levels(row.promised_by) or "no layer: all together"]


def _levels(of: Mapping[Any, int]) -> str:
    return ", ".join(f"{str(name).replace('_', ' ')} {level}" for name, level in of.items())


def _rows(path: Path) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return rows
