"""One self-contained page: no network, no scripts, no fonts of others; it opens from a disk and prints."""

from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from llmlz.access.page import TEMPLATES as ACCESS_TEMPLATES
from llmlz.access.view import view
from llmlz.access.wording import summary
from llmlz.evidence import output as evidence
from llmlz.evidence.model import MEANING
from llmlz.files import write_whole
from llmlz.pages import digest, environment
from llmlz.report.model import Holds, Report
from llmlz.report.picture import NARROW, WIDE, picture
from llmlz.report.sketch import short

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "index.html"
EVIDENCE = {"evidence.json": evidence.as_json, "evidence.md": evidence.as_markdown}
"""Files beside the page, for other tools and for auditors, to what writes them."""

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
    sheets = (TEMPLATES / "style.css", TEMPLATES / "evidence.css", ACCESS_TEMPLATES / "grid.css")
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            report=report,
            style=Markup(style),  # noqa: S704  # files of this project
            style_hash=digest(style),
            wide=Markup(picture(report.sketch, WIDE)),  # noqa: S704  # serialised as XML, which escapes
            narrow=Markup(picture(report.sketch, NARROW)),  # noqa: S704
            headline=HEADLINES[report.verdict],
            signs=SIGNS,
            short=short,
            view=view(report.grid),
            summary=summary(report.grid),
            meaning=MEANING,
            words=evidence,
        )
    )


def write(report: Report, folder: Path) -> Path:
    """Write ``index.html`` and its evidence into ``folder``, all of it or nothing; the page's path. Raises ``OSError``."""
    beside = {
        name: text(report.evidence, created=report.created, level=report.level) for name, text in EVIDENCE.items()
    }
    path, *_ = write_whole(folder, {PAGE: page(report), **beside})
    return path


@cache
def _environment() -> Environment:
    return environment([TEMPLATES, ACCESS_TEMPLATES])
