"""Markdown as text: headings, tables, and docstrings turned into prose."""

import ast
import inspect
import re
from collections.abc import Iterable, Mapping, Sequence

NOTE = "<!-- Written by `make docs`. Do not edit: change what it describes. -->"
ADDRESS = re.compile(r"(?<![<(\w])(https://[^\s,)<>]*[^\s,)<>.:;])")


def page(title: str, intro: str, parts: Iterable[str]) -> str:
    """A whole page with its warning, title and introduction."""
    return "\n\n".join([NOTE, f"# {title}", intro, *(part for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing without rows."""
    listed = [[cell(text) for text in row] for row in rows]
    if not listed:
        return ""
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), ["---"] * len(head), *listed])


def cell(text: str) -> str:
    """Text that stays in its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    """Text as code; nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def prose(docstring: str | None) -> str:
    """A docstring as Markdown: one line, single backticks, addresses that can be followed."""
    text = " ".join((docstring or "").split()).replace("``", "`")
    return ADDRESS.sub(r"<\1>", text)


def sentences(cls: type) -> Mapping[str, str]:
    """Name of a field or output to the docstring below it, in the order of the class."""
    return {name: said for name, (_, said) in _fields(cls).items()}


def types(cls: type) -> Mapping[str, str]:
    """Name of a field or output to its type, as it is written."""
    return {name: written.replace("pulumi.", "") for name, (written, _) in _fields(cls).items()}


def _fields(cls: type) -> Mapping[str, tuple[str, str]]:
    (tree,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101  # the source of a class is a class
    found = {}
    for field, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            text = said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else ""
            found[field.target.id] = (ast.unparse(field.annotation), prose(text))
    return found
