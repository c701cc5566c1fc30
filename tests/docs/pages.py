"""Markdown files as values: their prose, links, blocks and commands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_OURS = (".", "build", "node_modules", "templates")
"""Top folders that hold no documentation: hidden ones, what is made here, and texts for other repositories."""

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
SHELL = ("sh", "bash", "shell", "console")


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        """Path from the root of the repository."""
        return self.path.relative_to(ROOT).as_posix() if self.path.is_relative_to(ROOT) else self.path.name

    def blocks(self, *languages: str) -> list[str]:
        """Fenced blocks in one of these languages."""
        return [found[3] for found in FENCE.finditer(self.text) if found[2] in languages]

    def commands(self) -> Iterator[str]:
        """Lines of shell blocks, without comments."""
        for block in self.blocks(*SHELL):
            yield from (line for line in block.splitlines() if line and not line.startswith("#"))

    def mentioned(self) -> Iterator[str]:
        """Commands in running text."""
        yield from (text for text in INLINE.findall(self.without_blocks) if text.startswith(("llmlz ", "make ")))

    def links(self) -> list[str]:
        """Targets of links and pictures."""
        return LINK.findall(INLINE.sub("", self.without_blocks))

    def anchors(self) -> set[str]:
        """What a link may name behind ``#``."""
        return {slug(heading) for heading in HEADING.findall(self.without_blocks)}

    @property
    def without_blocks(self) -> str:
        """The page without fenced blocks."""
        return FENCE.sub("", self.text)


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def pages(root: Path = ROOT) -> list[Page]:
    """Every Markdown file of the repository."""
    tops = [top for top in sorted(root.iterdir()) if not top.name.startswith(NOT_OURS)]
    files = [path for top in tops for path in ([top] if top.is_file() else sorted(top.rglob("*.md")))]
    return [Page(path, path.read_text(encoding="utf-8")) for path in files if path.suffix == ".md"]


def page(name: str) -> Page:
    """One page by its path from the root."""
    return Page(ROOT / name, (ROOT / name).read_text(encoding="utf-8"))
