"""The grid as one self-contained HTML page that is readable with hundreds of teams."""

from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from llmlz.access.cells import Grid
from llmlz.access.view import view
from llmlz.access.wording import summary
from llmlz.pages import digest, environment

TEMPLATES = Path(__file__).parent / "templates"
"""``grid.html.jinja`` and ``grid.css`` are the table itself, for other pages too."""


def as_html(grid: Grid) -> str:
    """The page; its only script filters the lines, and nothing else may run or be loaded."""
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("access.css", "grid.css"))
    script = (TEMPLATES / "filter.js").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template("access.html.jinja")
        .render(
            grid=grid,
            view=view(grid),
            summary=summary(grid),
            style=Markup(style),  # noqa: S704  # files of this package
            style_hash=digest(style),
            script=Markup(script),  # noqa: S704  # a file of this package
            script_hash=digest(script),
        )
    )


@cache
def _environment() -> Environment:
    return environment([TEMPLATES])
