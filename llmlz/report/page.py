"""One self-contained page: no network, no scripts, no fonts of others; it opens from a disk and prints."""

import base64
import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from llmlz.report.model import Holds, Report
from llmlz.report.picture import NARROW, WIDE, picture
from llmlz.report.sketch import short
from llmlz.report.views import glance, refused

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "index.html"
HEADLINES: dict[Holds, str] = {
    "holds": "It holds",
    "fails": "It does not hold",
    "undecided": "It is not decided",
    "not run": "Nothing failed, and part of it was not run",
}
"""Verdict in words."""

SIGNS: dict[Holds, str] = {"holds": "✓", "fails": "✗", "undecided": "?", "not run": "·"}


def page(report: Report) -> str:
    """The page as HTML; equal reports give equal texts. Every text is escaped, whoever wrote it."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            report=report,
            style=Markup(style),  # noqa: S704  # a file of this package
            style_hash=f"sha256-{digest}",
            wide=Markup(picture(report.sketch, WIDE)),  # noqa: S704  # serialised as XML, which escapes
            narrow=Markup(picture(report.sketch, NARROW)),  # noqa: S704
            headline=HEADLINES[report.verdict],
            signs=SIGNS,
            short=short,
            glance=glance(report.access),
            refused=refused(report.access),
        )
    )


def write(report: Report, folder: Path) -> Path:
    """Write ``index.html`` into ``folder``, all of it or nothing, and return its path; raises ``OSError``."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page(report))
        part.chmod(0o644)
        return part.replace(folder / PAGE)
    finally:
        part.unlink(missing_ok=True)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
