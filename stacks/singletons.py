"""What exists once in an account or Region, as data: who makes it, how it is found, and how one that exists is adopted."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from stacks.files import display, read_mapping
from stacks.problems import SettingsError
from stacks.settings.base import Settings
from stacks.validate import parse

FILE = Path(__file__).parent / "singletons.yaml"

Scope = Literal["account", "account_region", "organization"]
"""Where there is one: nobody else in the same place may make a second."""

Link = Annotated[str, Field(pattern=r"^https://")]
Token = Annotated[str, Field(pattern=r"^[a-z0-9]+:[a-z0-9]+/[a-zA-Z0-9]+:[A-Za-z0-9]+$")]


class Where(Settings):
    """Which member of a list is meant."""

    field: str
    """Field of the member."""
    ends: str
    """How its value ends."""


class Detect(Settings):
    """A call that shows whether the thing exists; nothing is changed by it."""

    service: str
    """Name of the service in boto3."""
    operation: str
    """Name of the call in the service's API; ``botocore.xform_name`` makes the method of it."""
    field: str
    """Field of the answer; the thing exists when it is there and neither empty nor false."""
    params: dict[str, str] = Field(default={})
    """What is sent; ``{account}`` and ``{region}`` are filled in."""
    where: Where | None = None
    """Which member of the field, which is a list; any if left out."""
    absent: list[str] = Field(default=[])
    """Error codes that mean: it does not exist. Any other error means that nobody knows."""

    def sent(self, account: str, region: str) -> dict[str, str]:
        """The parameters for one place."""
        return {name: value.format(account=account, region=region) for name, value in self.params.items()}


class Singleton(Settings):
    """One thing that exists once."""

    what: str
    """In a few words, for messages."""
    scope: Scope
    """Where there is one."""
    owner: str
    """The component whose stack makes it, ``bootstrap``, or ``nobody``."""
    because: str | None = None
    """Why nobody makes it."""
    tokens: Annotated[list[Token], Field(min_length=1)]
    """Types of Pulumi that make it; the first is the one that is imported."""
    told_apart_by: dict[str, str] = Field(default={})
    """Inputs that tell it from others of the same type."""
    detect: Detect
    """How it is found."""
    import_id: str | None = None
    """What ``pulumi import`` takes, with parts of the answer and of the place in braces."""
    adopt: str | None = None
    """What to do instead of importing, or what to know before."""
    source: Link
    """Where AWS says so, read in 2026-11."""

    @model_validator(mode="after")
    def _whole(self) -> "Singleton":
        if (self.owner == "nobody") != (self.because is not None):
            raise ValueError("a reason for what nobody makes, and for nothing else")
        if self.import_id is None and self.adopt is None:
            raise ValueError("an import_id, or a sentence in adopt")
        return self

    def is_made_by(self, token: str, inputs: Mapping[str, Any]) -> bool:
        """Whether a resource of a program is this thing."""
        return token in self.tokens and all(inputs.get(key) == value for key, value in self.told_apart_by.items())


class Table(Settings):
    """Every row."""

    rows: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Singleton]


@cache
def singletons() -> Mapping[str, Singleton]:
    """Id to singleton; raises ``SettingsError`` for a table that is wrong."""
    table, problems = parse(Table, {"rows": read_mapping(FILE)}, file=display(FILE), at="")
    if table is None:
        raise SettingsError(problems)
    return table.rows


def made_by(token: str, inputs: Mapping[str, Any]) -> Sequence[str]:
    """Ids of the singletons that a resource of a program is: one at most, unless two rows say the same."""
    return [name for name, row in singletons().items() if row.is_made_by(token, inputs)]
