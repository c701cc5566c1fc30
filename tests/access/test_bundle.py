"""An estate as one file: what is written is read again, and anything else is refused with the name of the file."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from llmlz.access.bundle import FORMAT, Bundle, read, write
from llmlz.access.intent import Intent, PlatformIntent, TeamIntent
from llmlz.graph.model import Graph, Options, Reference, Resource, Source, Standin

TEAM = TeamIntent(
    stack="team-a", team="a", models=("arn:m1", "arn:m2"), unguarded=("arn:m2",), profiles={"a-m1": "arn:from"}
)
PLATFORM = PlatformIntent(
    stack="platform-a",
    account="111122223333",
    region="eu-central-1",
    partition="aws",
    level=3,
    models=("arn:m1",),
    unit_models=("m1",),
    unit_unguarded=(),
    unit_regions=("eu-central-1",),
    unit_destinations=("eu-north-1",),
    through_endpoint=True,
    unit="unit",
    endpoint_id="vpce-1",
    teams=(TEAM,),
)
INTENT = Intent(
    platforms=(PLATFORM, replace(PLATFORM, stack="platform-b", endpoint_id=None, unit="", teams=())),
    boundaries={"arn:aws:iam::111122223333:policy/b": '{"Version": "2012-10-17"}'},
    break_glass=("arn:aws:iam::444455556666:user/u",),
    organization_id="o-1",
    organization_stack="organization",
    places={"111122223333": "account"},
)
RESOURCE = Resource(
    urn="urn:a",
    type="aws:kms/key:Key",
    name="key",
    kind="custom",
    parent="urn:p",
    inputs={"policy": '{"a": "ü"}', "days": 7, "deep": [{"on": True, "none": None}]},
    options=Options(aliases=("old",), depends_on=("urn:b",), protect=True),
    outputs={"arn": "arn:key"},
    provider="urn:aws",
    references=(Reference(at="policy", to="urn:b", output="arn"),),
    secrets=("policy",),
    source=Source(file="components/a.py", line=7),
)
GRAPH = Graph(
    project="llmlz",
    stack="platform-a",
    resources=(RESOURCE, replace(RESOURCE, urn="urn:b", source=None, references=())),
    outputs={"key": "arn:key"},
    standins={"ref0123456789abq": Standin(urn="urn:a", path="arn", value="arn:ref0123456789abq")},
    account="111122223333",
    region="eu-central-1",
)
BUNDLE = Bundle(graphs={"platform-a": GRAPH, "team-a": replace(GRAPH, stack="team-a", standins={})}, intent=INTENT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with the bundle above."""
    write(BUNDLE, tmp_path / "estate.json")
    return tmp_path / "estate.json"


def test_what_is_written_is_read_again(path: Path) -> None:
    """Every value of graphs and intent, in its type: a list that was a tuple would not be equal."""
    assert read(path) == BUNDLE


def test_a_small_intent_is_read_again(tmp_path: Path) -> None:
    """Without an organization, teams, or anything that may be left out."""
    small = Bundle(graphs={}, intent=Intent(platforms=(), boundaries={}))
    write(small, tmp_path / "estate.json")
    assert read(tmp_path / "estate.json") == small


def test_equal_bundles_give_equal_bytes(path: Path) -> None:
    """Whatever the order in which the stacks were recorded."""
    other = path.with_name("other.json")
    write(Bundle(graphs=dict(reversed(BUNDLE.graphs.items())), intent=INTENT), other)
    assert other.read_bytes() == path.read_bytes()
    assert path.read_bytes().endswith(b"\n")


def test_a_bundle_takes_the_place_of_another_at_once(path: Path) -> None:
    """Nothing else is left in the folder."""
    write(Bundle(graphs={}, intent=INTENT), path)
    assert read(path).graphs == {}
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: {**raw, "format": FORMAT + 1}, f"not a bundle of format {FORMAT}"),
        (lambda raw: {key: value for key, value in raw.items() if key != "format"}, "not a bundle of format"),
        (lambda raw: {key: value for key, value in raw.items() if key != "graphs"}, "graphs"),
        (lambda raw: {key: value for key, value in raw.items() if key != "intent"}, "intent"),
        (lambda raw: {**raw, "graphs": []}, "'list' object"),
        (lambda raw: {**raw, "graphs": {"a": {}}}, "not a graph of format"),
        (lambda raw: {**raw, "intent": {**raw["intent"], "extra": 1}}, "extra"),
        (lambda raw: {**raw, "intent": {**raw["intent"], "platforms": [{"teams": []}]}}, "missing"),
        (lambda raw: {**raw, "intent": {**raw["intent"], "platforms": None}}, "'NoneType' object"),
        (lambda raw: [raw], "'list' object"),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_name(change: Any, message: str, path: Path) -> None:
    """Never a part of it."""
    path.write_text(json.dumps(change(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"^{re.escape(str(path))}: .*{re.escape(message)}"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_a_file_that_is_no_json_is_refused_with_its_name(content: bytes, path: Path) -> None:
    """Also half of one."""
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"^{re.escape(str(path))}: "):
        read(path)


def test_a_file_that_is_not_there_is_said_by_the_system(tmp_path: Path) -> None:
    """The caller knows which option named it."""
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing.json")
