"""Controls as records: what must hold, why, from which level on, and the fixtures that prove its rule.

Owns: the shape of a record, and loading all of them.
Does not own: how a rule decides; that is code under ``policies/pack``, which a record names.
"""

import functools
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

import policies
from llmlz.checks.fixtures import Fixture, Mutation
from llmlz.checks.frameworks import unknown_clauses
from llmlz.errors import BadInputError
from policies.pack._record import Record, Severity

POLICIES = Path(policies.__file__).parent
AREAS = {
    "MOD": "model",
    "DAT": "data",
    "NET": "network",
    "IAM": "identity",
    "LOG": "logging",
    "KEY": "keys",
    "EKS": "cluster",
    "GPU": "gpu",
    "SUP": "supply",
    "GOV": "governance",
}
"""First letters of an id to the folder of its record and rule."""
OWN = "own"
"""Folder of the controls that an estate adds; their ids begin with other letters."""

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

    evaluator: Literal["code", "checkov", "manual"]
    """Who decides: a rule of ours, checks of checkov, or a person."""

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z_]+/[a-z][a-z_]*$")] | None = None
    """Module under ``policies/pack`` that decides; for ``code``."""

    reason: Text | None = None
    """Why no program decides it, and who looks at what instead; for ``manual``."""

    scope: Literal["resource", "stack"] = "resource"
    applies_to: Literal["all", "taggable"] | list[Token] = Field(default_factory=list)
    """Types that are looked at; for a stack, the types whose presence makes the control apply."""

    needs: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the rule."""

    needs_from: dict[Level, dict[str, Any]] = Field(default_factory=dict)
    """Level to parameters that replace those of the levels below."""

    supports: dict[Framework, list[Text]]
    checkov: list[Annotated[str, StringConstraints(pattern=r"^CKV2?_[A-Z0-9]+_\d+$")]]
    """Checks of checkov that decide it, or, beside a rule of ours, the same or a part of it."""

    remediation: Text
    passes: list[Fixture] = Field(default_factory=list)
    fails: list[Fixture] = Field(default_factory=list)
    mutation: Mutation | None = None
    """The change that must turn the first of ``passes``, and any stack where it bites, red."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.mandatory_from < self.advisory_from:
            raise ValueError(f"mandatory_from {self.mandatory_from} is below advisory_from {self.advisory_from}")
        problem = _evaluator_problem(self)
        if problem:
            raise ValueError(problem)
        if any(not fixture.blames for fixture in self.fails) or any(fixture.blames for fixture in self.passes):
            raise ValueError("each of fails names in blames what fails; none of passes does")
        if self.rule and self.rule.partition("/")[0] != self.area:
            raise ValueError(f"rule is {self.rule}, and {self.id} belongs to the area {self.area}")
        return self

    @property
    def area(self) -> str:
        """The folder of the record and of its rule."""
        return AREAS.get(self.id[:3], OWN)

    def record(self) -> Record:
        """What deciding needs of it."""
        return Record(
            id=self.id,
            title=self.title,
            why=self.why,
            severity=self.severity,
            advisory_from=self.advisory_from,
            mandatory_from=self.mandatory_from,
            evaluator=self.evaluator,
            rule=self.rule or "",
            checkov=tuple(self.checkov),
            scope=self.scope,
            types=self.types(),
            needs=self.needs,
            needs_from=self.needs_from,
            remediation=self.remediation,
        )

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
        expected = f"{control.area}/{control.id}.yaml"
        if control.id in found:
            problems.append(f"{where}: a second record with the id {control.id}")
        elif where != expected:
            problems.append(f"{where}: holds {control.id}, which belongs in {expected}")
        found[control.id] = control
    if not found and not problems:
        problems = ["no record found"]
    problems += unknown_clauses({id_: control.supports for id_, control in found.items()})
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


def _evaluator_problem(control: Control) -> str | None:
    """What the evaluator needs and the record lacks, or what the record has for another one."""
    proof = ("applies_to", "passes", "fails", "mutation")
    owned = {"code": (*proof, "rule"), "checkov": (*proof, "checkov"), "manual": ("reason",)}[control.evaluator]
    for name in owned:
        if not getattr(control, name):
            return f"{name} is empty or missing, and evaluator {control.evaluator} needs it"
    foreign = (name for name in (*proof, "rule", "reason") if name not in owned and getattr(control, name))
    return next((f"{name} does not go with evaluator {control.evaluator}" for name in foreign), None)


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) + ": " if loc else ""


def _short(value: Any) -> str:
    longest = 60
    written = repr(value)
    return written if len(written) <= longest else written[:longest] + "…"
