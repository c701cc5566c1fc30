"""The generated reference: pages as text, from the code and the data that they describe.

Owns: the pages under ``docs/reference``.
Does not own: guides and concepts, which people write.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from docs.generate import (
    capabilities,
    checkov,
    cli,
    components,
    controls,
    engines,
    frameworks,
    models,
    properties,
    settings,
    tier_pages,
    tiers,
)
from stacks.tier import built_tiers

FOLDER = Path(__file__).parents[1] / "reference"
REFRESH = "make docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "capabilities.md": capabilities.build,
    "checkov.md": checkov.build,
    "cli.md": cli.build,
    "components.md": components.build,
    "controls.md": controls.build,
    "engines.md": engines.build,
    "frameworks.md": frameworks.build,
    "models.md": models.build,
    "properties.md": properties.build,
    "settings.md": settings.build,
    "tiers.md": tiers.build,
    **{f"tiers/{name}.md": partial(tier_pages.build, name) for name in built_tiers()},
}
"""Path below the folder to the function that writes the text."""


def texts() -> dict[str, str]:
    """Path to text, for every page; equal code and data give equal bytes."""
    return {name: page() for name, page in PAGES.items()}


def stale(folder: Path = FOLDER) -> list[str]:
    """Paths of pages in ``folder`` that are missing, differ from the code, or that nothing writes any more."""
    wanted = texts()
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    differ = [name for name, text in wanted.items() if not _same(folder / name, text)]
    return differ + sorted(found - set(wanted))


def write(folder: Path = FOLDER) -> list[str]:
    """Write every page; returns the names of those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = [(name, text) for name, text in texts().items() if not _same(folder / name, text)]
    for name, text in changed:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [name for name, _ in changed]


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
