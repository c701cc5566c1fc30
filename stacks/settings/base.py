"""What all settings share: strictness, and the types that turn up everywhere."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

ACCOUNT, EMAIL = r"^\d{12}$", r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
NAME, TAG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", r"^[A-Za-z0-9 .:/=+@_-]+$"
STACK, SCHEDULE = r"^[a-z][a-z0-9-]*$", r"^cron\(\S+( \S+){5}\)$"
KEY_ARN = r"^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$"
REPOSITORY = r"^[A-Za-z0-9-]+(@[0-9]+)?/[A-Za-z0-9._-]+(@[0-9]+)?$"
WORKFLOW = r"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+/\.github/workflows/[A-Za-z0-9._-]+\.ya?ml$"
REF, ENVIRONMENT = r"^refs/(heads|tags)/[A-Za-z0-9._/-]+$", r"^[A-Za-z0-9._-]+$"
DOMAIN = r"^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?$"
PATTERNS: Mapping[str, str] = {
    ACCOUNT: "twelve digits",
    EMAIL: "a mail address such as team@example.com",
    NAME: "lowercase words and digits joined by dashes, such as claims or claims-eu",
    KEY_ARN: "the ARN of a key, not of an alias, such as arn:aws:kms:eu-central-1:111122223333:key/mrk-...",
    SCHEDULE: "six fields in UTC, such as cron(0 3 * * ? *) for three o'clock every night",
    STACK: "the name of a stack, such as platform-prod",
    REPOSITORY: "a repository on GitHub such as example/claims",
    WORKFLOW: "a workflow file such as example/landing-zone/.github/workflows/team.yml",
    REF: "a whole ref such as refs/tags/v0.1.0",
    ENVIRONMENT: "the name of an environment: letters, digits and . _ -",
    DOMAIN: "a domain such as api.example.com, or *.example.com for everything below it",
    TAG: "letters, digits, spaces and . : / = + @ _ -",
}
"""What a person is told in the place of a regular expression."""

Account = Annotated[str, StringConstraints(pattern=ACCOUNT)]
Email = Annotated[str, StringConstraints(pattern=EMAIL)]
Name = Annotated[str, StringConstraints(pattern=NAME, min_length=3, max_length=20)]
StackName = Annotated[str, StringConstraints(pattern=STACK)]
TagText = Annotated[str, StringConstraints(pattern=TAG, max_length=256)]
DataClass = Literal["public", "internal", "confidential", "restricted"]
LawfulBasis = Literal[
    "consent", "contract", "legal-obligation", "legitimate-interests", "public-task", "vital-interests"
]
"""The grounds of Art. 6(1) GDPR: https://eur-lex.europa.eu/eli/reg/2016/679/oj (2026-11)."""
DATA_CLASSES: tuple[DataClass, ...] = ("public", "internal", "confidential", "restricted")
"""From least to most sensitive."""


class Settings(BaseModel):
    """Base of everything that is read from YAML: unknown keys and loose types are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class OneOfTwo(Settings):
    """Base of settings with two fields of which one is given, and not both."""

    ALTERNATIVES: ClassVar[tuple[str, str]] = ("new", "existing")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        first, second = self.ALTERNATIVES
        if (getattr(self, first) is None) == (getattr(self, second) is None):
            raise ValueError(f"exactly one of {first} and {second}")
        return self
