"""Controls as records: what must hold, why, from which level on, and the fixtures that prove its rule.

Owns: the shape of a record, and loading all of them.
Does not own: how a rule decides; that is code under ``policies/pack``, which a record names.
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

import policies
from llmlz.checks.fixtures import Fixture, Mutation
from llmlz.errors import BadInputError

POLICIES = Path(policies.__file__).parent
Severity = Literal["critical", "high", "medium", "low"]
Level = Annotated[int, Field(ge=1, le=4)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Token = Annotated[str, StringConstraints(pattern=r"^[a-z-]+:[\w/.-]+:\w+$")]
Framework = Literal[
    "aws-fsbp",
    "ccpa",
    "cis-aws",
    "eu-ai-act",
    "gdpr",
    "hipaa",
    "iso-42001",
    "nist-ai-600-1",
    "nist-ai-rmf",
    "owasp-llm",
]
"""Frameworks that controls support. A link says that the control helps, never that it satisfies a requirement."""


class Control(BaseModel):
    """One statement that must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-\d{2}$")]
    title: Text
    """The state that is wanted, as a sentence without a full stop."""

    why: Text
    severity: Severity
    advisory_from: Level
    """Assurance level from which the control is reported."""

    mandatory_from: Level
    """Assurance level from which it blocks."""

    evaluator: Literal["code"]
    rule: Annotated[str, StringConstraints(pattern=r"^[a-z_]+/[a-z][a-z_]*$")]
    """Module under ``policies/pack`` that decides."""

    scope: Literal["resource", "stack"] = "resource"
    applies_to: Literal["all", "taggable"] | list[Token]
    """Types that the rule looks at; for a stack, the types whose presence makes the control apply."""

    needs: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the rule."""

    needs_from: dict[Level, dict[str, Any]] = Field(default_factory=dict)
    """Level to parameters that replace those of the levels below."""

    supports: dict[Framework, list[Text]]
    checkov: list[Annotated[str, StringConstraints(pattern=r"^CKV2?_[A-Z0-9]+_\d+$")]]
    """Checks of checkov that decide the same, or a part of it."""

    remediation: Text
    passes: Annotated[list[Fixture], Field(min_length=1)]
    fails: Annotated[list[Fixture], Field(min_length=1)]
    mutation: Mutation
    """The change that must turn the first of ``passes``, and any stack where it bites, red."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.mandatory_from < self.advisory_from:
            raise ValueError(f"mandatory_from {self.mandatory_from} is below advisory_from {self.advisory_from}")
        if self.applies_to == []:
            raise ValueError("applies_to is empty, so the control would look at nothing")
        if any(not fixture.blames for fixture in self.fails) or any(fixture.blames for fixture in self.passes):
            raise ValueError("each of fails names in blames what fails; none of passes does")
        return self

    def parameters(self, level: int) -> Mapping[str, Any]:
        """``needs`` as they are at one level."""
        found = dict(self.needs)
        for start in sorted(self.needs_from):
            if start <= level:
                found |= self.needs_from[start]
        return found

    def types(self) -> frozenset[str] | None:
        """Types that the rule looks at; ``None`` for every type."""
        if self.applies_to == "all":
            return None
        return taggable() if self.applies_to == "taggable" else frozenset(self.applies_to)


@functools.cache
def controls() -> tuple[Control, ...]:
    """All controls of the project, ordered by id; raises ``BadInputError``."""
    return load(POLICIES / "controls")


def load(folder: Path) -> tuple[Control, ...]:
    """All records of ``folder``, one per file ``<area>/<ID>.yaml``; raises ``BadInputError`` with every problem."""
    found: dict[str, Control] = {}
    problems: list[str] = []
    for path in sorted(folder.rglob("*.yaml")):
        where = path.relative_to(folder).as_posix()
        try:
            control = Control.model_validate(_read(path))
        except ValidationError as error:
            problems += [f"{where}: {_place(e['loc'])}{e['msg']}, found {_short(e['input'])}" for e in error.errors()]
            continue
        except YAMLError as error:
            problems.append(f"{where}: not YAML: {' '.join(str(error).split())}")
            continue
        expected = f"{control.rule.partition('/')[0]}/{control.id}.yaml"
        if where != expected:
            problems.append(f"{where}: holds {control.id} with the rule {control.rule}, so it belongs in {expected}")
        found[control.id] = control
    if not found and not problems:
        problems = ["no record found"]
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
        raise BadInputError(f"controls in {folder.name}/: {count}, nothing was checked\n{listed}")
    return tuple(found[key] for key in sorted(found))


@functools.cache
def taggable() -> frozenset[str]:
    """Types that take a provider's default tags."""
    lines = (POLICIES / "taggable.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) + ": " if loc else ""


def _short(value: Any) -> str:
    longest = 60
    written = repr(value)
    return written if len(written) <= longest else written[:longest] + "…"
