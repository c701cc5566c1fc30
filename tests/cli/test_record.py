"""``llmlz record``: the same bytes wherever and whenever it runs, and what was reviewed."""

import json
from collections import Counter
from pathlib import Path

from llmlz.graph.model import Graph
from tests import goldens
from tests.cli.command import environment, llmlz, seen, within

PLATFORM = ("record", "--stack", "platform-sandbox", "--json")


def test_equal_estates_give_equal_bytes(tmp_path: Path) -> None:
    """Neither the working folder, nor the order of hashing, nor the home folder leaves a trace in a graph."""
    here = seen(*PLATFORM)
    away = llmlz(*PLATFORM, cwd=tmp_path, env=environment(PYTHONHASHSEED="1", HOME=str(tmp_path)))
    assert (here.code, here.err) == (0, "")
    assert (away.code, away.err) == (0, "")
    assert away.out == here.out
    assert list(tmp_path.iterdir()) == []


def test_counts_equal_the_golden() -> None:
    """What the command writes down is what was reviewed."""
    raw = json.loads(seen(*PLATFORM).out)
    found = Counter(resource["type"] for resource in raw["resources"] if resource["kind"] == "custom")
    golden = json.loads((goldens.FOLDER / "foundation" / "platform.inventory.json").read_text())
    assert dict(found) == golden["counts"]


def test_the_text_says_the_same_as_the_graph() -> None:
    """The table for people has one line per type, and a total."""
    raw = json.loads(seen(*PLATFORM).out)
    found = Counter(resource["type"] for resource in raw["resources"] if resource["kind"] == "custom")
    *table, empty, total = within("record").out.splitlines()
    assert {line.split()[0]: int(line.split()[1]) for line in table} == dict(found)
    assert empty == ""
    assert total.startswith(f"platform-sandbox: {sum(found.values())} resources of {len(found)} types in ")


def test_the_json_is_a_graph_that_readers_load() -> None:
    """What one command writes, another tool reads without loss."""
    text = seen(*PLATFORM).out
    assert Graph.from_json(text).to_json() == text


def test_a_team_is_recorded_against_its_platform() -> None:
    """A team's graph refers to its platform and holds the platform's outputs as stand-ins, not as guesses."""
    ran = within("record", "--stack", "team-claims-sandbox", "--json")
    graph = Graph.from_json(ran.out)
    assert ran.code == 0
    (reference,) = [resource for resource in graph.resources if resource.kind == "read"]
    assert reference.inputs == {"name": "organization/llmlz/platform-sandbox"}
    boundary = graph.named("claims-role", "aws:iam/role:Role").inputs["permissionsBoundary"]
    assert boundary == "arn:aws:iam::111122223333:policy/llmlz-boundary"
