"""The committed schemas are what editors check while people type."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from stacks import schema
from tests.estates import EXAMPLE

FILES = sorted(EXAMPLE.rglob("*.yaml"))


def _content(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text())


def _named_schema(path: Path) -> Path:
    first = path.read_text().splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema="), f"{path} names no schema in its first line"
    return (path.parent / first.partition("=")[2]).resolve()


def test_committed_schemas_are_current() -> None:
    """``make schemas`` was run after the last change of the settings."""
    assert schema.stale() == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_of_the_example_names_a_schema_that_accepts_it(path: Path) -> None:
    """An editor that follows the first line shows no error in a correct file."""
    jsonschema.validate(_content(path), json.loads(_named_schema(path).read_text()))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Pulumi.platform-sandbox.yaml", {"regoin": "eu-central-1"}),
        ("Pulumi.platform-sandbox.yaml", {"budget_usd": "500"}),
        ("Pulumi.platform-sandbox.yaml", {"account": 111122223333}),
        ("Pulumi.team-claims-sandbox.yaml", {"tier": "foundation"}),
    ],
)
def test_an_editor_shows_the_errors_that_a_run_would_show(name: str, change: dict[str, Any]) -> None:
    """Unknown keys and wrong types are marked before anything is run."""
    content = _content(EXAMPLE / name)
    content["config"]["llmlz:settings"] |= change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, json.loads(_named_schema(EXAMPLE / name).read_text()))
