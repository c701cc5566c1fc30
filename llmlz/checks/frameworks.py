"""Frameworks as data: which clauses each of them has, in our own words, and why no control supports some of them.

Owns: the shape of a framework's file, loading all of them, and saying which named clauses do not exist.
Does not own: which control supports which clause; records say that, and they read this module, so it reads none of them.
"""

import difflib
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

import policies
from llmlz.errors import BadInputError

FOLDER = Path(policies.__file__).parent / "frameworks"
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = TypeVar("Name", bound=str)
"""Of a framework: any text, or the names that a record may use."""

LONGEST = 60
"""Characters of a wrong value in a message."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Clause(_Strict):
    """One thing that a framework asks for."""

    title: Text
    """What it is about, in our own words: the framework's are protected."""

    why_not: Text | None = None
    """Why no control supports it; only where none does."""

    note: Text | None = None
    """What a reader must know about the clause itself."""

    checked: bool = True
    """Its number, and that it belongs here, were compared with what is published about the framework."""

    @model_validator(mode="before")
    @classmethod
    def _title_alone(cls, raw: Any) -> Any:
        return {"title": raw} if isinstance(raw, str) else raw


class FrameworkRecord(_Strict):
    """The clauses of one framework, or the part of them that a landing zone can help with."""

    title: Text
    edition: Text
    source: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    """Where it is published."""

    read: Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
    """Year and month in which the list was made from what is published about it."""

    scope: Text
    """Which part is listed, and why."""

    clauses: Annotated[dict[Text, Clause], Field(min_length=1)]
    """Id, as records spell it, to the clause; in the framework's order."""

    @model_validator(mode="after")
    def _one_sentence(self) -> Self:
        if not self.scope.endswith(".") or ". " in self.scope:
            raise ValueError("scope is not one sentence that ends with a full stop")
        return self


@functools.cache
def frameworks() -> Mapping[str, FrameworkRecord]:
    """All frameworks of the project by name, in the order of their names; raises ``BadInputError``."""
    return load(FOLDER)


def load(folder: Path) -> Mapping[str, FrameworkRecord]:
    """All frameworks of ``folder``, one per file ``<name>.yaml``; raises ``BadInputError`` with every problem."""
    found: dict[str, FrameworkRecord] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = FrameworkRecord.model_validate(_read(path))
        except ValidationError as error:
            problems += [
                f"{path.name}: {_place(e['loc'])}{e['msg']}, found {_short(e['input'])}" for e in error.errors()
            ]
        except YAMLError as error:
            problems.append(f"{path.name}: {_spoken(error)}")
    if not found and not problems:
        problems = ["no framework found"]
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
        raise BadInputError(f"frameworks in {folder.name}/: {count}, nothing was checked\n{listed}")
    return found


def unknown_clauses(
    supports: Mapping[str, Mapping[Name, Iterable[str]]], known: Mapping[str, FrameworkRecord] | None = None
) -> tuple[str, ...]:
    """One problem for each clause that a control names and no framework lists.

    ``supports`` is, by the control's id, what its record says there; ``known`` are the project's frameworks if left out.
    """
    known = frameworks() if known is None else known
    return tuple(
        f"{control}: supports.{name}: {_missing(name, clause, known)}"
        for control, named in supports.items()
        for name, clauses in named.items()
        for clause in clauses
        if name not in known or clause not in known[name].clauses
    )


def _missing(name: str, clause: str, known: Mapping[str, FrameworkRecord]) -> str:
    if name not in known:
        return f"no framework {name!r}, expected one of {', '.join(known)}"
    near = difflib.get_close_matches(clause, known[name].clauses, n=1)
    meant = f", did you mean {near[0]!r}?" if near else ""
    return f"no clause {clause!r} in policies/frameworks/{name}.yaml{meant}"


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _spoken(error: YAMLError) -> str:
    """What is wrong and in which line, without the excerpt and the advice that the parser adds."""
    if isinstance(error, MarkedYAMLError) and error.problem and error.problem_mark:
        return f"not YAML: {' '.join(error.problem.split())}, line {error.problem_mark.line + 1}"
    return f"not YAML: {' '.join(str(error).split())}"


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) + ": " if loc else ""


def _short(value: Any) -> str:
    written = repr(value)
    return written if len(written) <= LONGEST else written[:LONGEST] + "…"
