"""Pulumi's names and Terraform's: tokens and types, properties and arguments.

The bridge that turns the Terraform provider into a Pulumi provider names by rule: words joined by underscores become
camel case, and what can be there more than once gets an English plural. What does not follow the rule is data.

Owns: the rule and its exceptions.
Does not own: which arguments exist (``schema``).
"""

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data"


def camel(name: str) -> str:
    """``kms_key_arn`` as ``kmsKeyArn``."""
    head, *rest = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


def snake(name: str) -> str:
    """``kmsKeyArn`` as ``kms_key_arn``."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name).lower()


def spellings(name: str) -> Iterator[str]:
    """A name and the plurals that the bridge may have made of it."""
    yield name
    if re.search(r"[^aeiou]y$", name):
        yield name[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", name):
        yield name + "es"
    if name.endswith("is"):
        yield name[:-2] + "es"
    if name.endswith(("ex", "ix")):
        yield name[:-2] + "ices"
    if name.endswith("um"):
        yield name[:-2] + "a"
    yield name + "s"


def spelt(members: Mapping[str, Any]) -> dict[str, str]:
    """Pulumi's names of some members; ``members`` is Terraform name to Terraform type.

    Only lists and sets get plurals, and an exact name wins: else a misspelt name would pass for a plural.
    """
    several = [name for name, type_ in members.items() if isinstance(type_, list) and type_[0] in ("list", "set")]
    found: dict[str, str] = {}
    for name in several:
        for spelling in spellings(name):
            found.setdefault(camel(spelling), name)
    return found | {camel(name): name for name in members}


def types() -> Mapping[str, str]:
    """Pulumi token to Terraform type, for every token that the project may use."""
    return _table("tokens.yaml")


def terraform_type(token: str) -> str | None:
    """The type behind a token; ``None`` for a token that is not in the table."""
    return types().get(token)


def properties(token: str) -> Mapping[str, str | None]:
    """Properties of a token whose argument has another name; ``None`` where Terraform has no counterpart at all."""
    return _table("names.yaml", "properties", token)


def outputs(token: str) -> Mapping[str, str]:
    """Outputs of a token that Terraform computes under another name."""
    return _table("names.yaml", "outputs", token)


def provider_settings() -> Mapping[str, str]:
    """Settings of an explicit provider that say how to sign in, and why a rehearsal leaves each out."""
    return _table("names.yaml", "left_out_of_providers")


def calling_types() -> Mapping[str, str]:
    """Types whose plan calls an API, and which one: they cannot be rehearsed offline."""
    return _table("names.yaml", "calls_while_planning")


def answers(type_: str) -> Mapping[str, Any]:
    """Attribute to value, where a name or the type decides what a provider answers."""
    return _table("answers.yaml", "names") | _table("answers.yaml", "types", type_)


def _table(file: str, *path: str) -> dict[str, Any]:
    """A table of a data file; empty where there is none."""
    table = _file(file)
    for key in path:
        table = table.get(key, {})
    return table


@functools.cache
def _file(name: str) -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe", pure=True).load((DATA / name).read_text(encoding="utf-8"))
    return content
