"""The inventory as one self-contained page: no network, no scripts; it opens from a disk and prints."""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from llmlz.files import write_whole
from llmlz.inventory.model import Inventory
from llmlz.inventory.totals import by_team, totals
from llmlz.inventory.wording import day, held_by, location, money
from llmlz.pages import digest, environment
from llmlz.report.page import TEMPLATES as SHARED

TEMPLATES = Path(__file__).parent / "templates"


def page(found: Inventory, *, created: datetime, left_out: tuple[str, ...] = ()) -> str:
    """The page as HTML; equal inventories give equal texts. Every text is escaped, whoever wrote it."""
    sheets = (SHARED / "style.css", TEMPLATES / "inventory.css")
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return (
        _environment()
        .get_template("inventory.html.jinja")
        .render(
            found=found,
            created=f"{created:%Y-%m-%d %H:%M} UTC",
            left_out=left_out,
            teams=by_team(found.holdings),
            totals=totals(found.holdings),
            undecided=sum(one.outcome == "indeterminate" for one in found.findings),
            style=Markup(style),  # noqa: S704  # files of this project
            style_hash=digest(style),
            day=day,
            held_by=held_by,
            location=location,
            money=money,
        )
    )


def write(text: str, file: Path) -> None:
    """Write the page, all of it or nothing. Raises ``OSError``."""
    write_whole(file.parent, {file.name: text})


@cache
def _environment() -> Environment:
    return environment([TEMPLATES])
