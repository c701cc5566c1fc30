"""The pack over its protocol, without an engine: the same findings as in process, its archive, and its settings."""

import copy
import hashlib
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from llmlz.checks import packing
from llmlz.checks.compiled import RECORDS
from llmlz.checks.evaluate import evaluate
from llmlz.checks.fixtures import ACCOUNT, REGION, Fixture
from llmlz.checks.records import OWN, POLICIES, Control, controls
from llmlz.engine.analyzer import Pack, PackError, running
from llmlz.graph.model import Graph, Resource, Standin

BY_CODE = [control for control in controls() if control.evaluator == "code"]
CASES = [(c, f) for c in BY_CODE for f in (*c.passes, *c.fails)]


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    """The pack, running for all tests of this file."""
    with running(POLICIES) as started:
        yield started


def expected(graph: Graph, level: int, others: tuple[Graph, ...] = ()) -> set[tuple[str, str, bool, str]]:
    """Findings in process: control, URN (empty for the stack), whether it blocks, and the message."""
    return {
        (f.control, "" if "pulumi:pulumi:Stack" in f.urn else f.urn, f.mandatory, parts(f.message))
        for f in evaluate(graph, level, others).findings
    }


def found(pack: Pack, graph: Graph) -> set[tuple[str, str, bool, str]]:
    """The same over the protocol."""
    return {(d.policy, d.urn, d.mandatory, parts(d.message.partition("\nFix: ")[0])) for d in pack.analyze(graph)}


def parts(message: str) -> str:
    """The parts of a message in one order: the protocol does not keep that of the inputs."""
    return "; ".join(sorted(message.split("; ")))


def with_provider(graph: Graph) -> Graph:
    """The engine knows account and region from the provider alone."""
    urn = f"urn:pulumi:{graph.stack}::{graph.project}::pulumi:providers:aws::default"
    inputs = {"region": REGION, "allowedAccountIds": f'["{ACCOUNT}"]', "defaultTags": "{}"}
    provider = Resource(
        urn=urn, type="pulumi:providers:aws", name="default", kind="provider", parent=None, inputs=inputs
    )
    standins: dict[str, Standin] = {}
    others = [
        replace(r, provider=r.provider or urn, inputs=filled(r, standins)) if r.kind == "custom" else r
        for r in graph.resources
    ]
    return replace(graph, resources=tuple(sorted([provider, *others], key=lambda r: r.urn)), standins=standins)


def filled(resource: Resource, standins: dict[str, Standin]) -> dict[str, Any]:
    """Inputs in which every reference is visible, as in a recorded graph; the outputs they come from join ``standins``."""
    inputs = copy.deepcopy(dict(resource.inputs))
    for reference in resource.references:
        place: Any = inputs
        *parents, last = re.findall(r"\w+", reference.at)
        for name, after in zip(parents, [*parents[1:], last], strict=False):
            place = (
                place[int(name)] if isinstance(place, list) else place.setdefault(name, [] if after.isdigit() else {})
            )
        text = f"{reference.to.rpartition('::')[2]}-{reference.output or 'id'}"
        if isinstance(place, list) and len(place) == int(last):
            place.append(text)
        elif isinstance(place, dict) and place.get(last) is None:
            place[last] = text
        value = place[int(last)] if isinstance(place, list) else place[last]
        if isinstance(value, str):
            path = reference.output or "id"
            standins[f"{reference.to}{path}"] = Standin(urn=reference.to, path=path, value=value)
    return inputs


@pytest.mark.parametrize("name", ["platform-sandbox", "team-claims-sandbox"])
@pytest.mark.parametrize("level", [1, 4])
def test_stacks_get_the_same_findings(pack: Pack, graphs: Mapping[str, Graph], name: str, level: int) -> None:
    """At their own level and at the highest, where they have gaps."""
    pack.configure({"assurance": {"level": level}})
    assert found(pack, graphs[name]) == expected(graphs[name], level)


@pytest.mark.parametrize(("control", "fixture"), CASES, ids=[f"{c.id}: {f.name}" for c, f in CASES])
def test_fixtures_get_the_same_findings(pack: Pack, tmp_path: Path, control: Control, fixture: Fixture) -> None:
    """Every good and every bad example of every control, with all controls on."""
    level = fixture.level or control.mandatory_from
    graph, others = with_provider(fixture.graph()), tuple(with_provider(g) for g in fixture.other_graphs())
    paths = []
    for number, other in enumerate(others):
        path = tmp_path / f"{number}.json"
        path.write_text(other.to_json(), encoding="utf-8")
        paths.append(str(path))
    pack.configure({"assurance": {"level": level, "others": paths, "account": ACCOUNT, "region": REGION}})
    assert found(pack, graph) == expected(graph, level, others)


def test_every_control_has_its_own_name(pack: Pack) -> None:
    """The engine can weigh, configure and report each of them."""
    assert set(pack.policies()) == {"assurance", *(control.id for control in BY_CODE)}


def test_a_control_can_be_lowered_by_name(pack: Pack, graphs: Mapping[str, Graph]) -> None:
    """Advice does not block, disabled says nothing, and the others stay as they are."""
    graph = graphs["team-claims-sandbox"]
    pack.configure({"assurance": {"level": 4}})
    before = found(pack, graph)
    blocking = sorted({control for control, _, mandatory, _ in before if mandatory})
    assert blocking
    one = blocking[0]
    pack.configure({"assurance": {"level": 4}, one: {"enforcementLevel": "advisory"}})
    assert found(pack, graph) == {(c, urn, mandatory and c != one, m) for c, urn, mandatory, m in before}
    pack.configure({"assurance": {"level": 4}, one: {"enforcementLevel": "disabled"}})
    assert found(pack, graph) == {finding for finding in before if finding[0] != one}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"level": 5}, "assurance.level is 5, expected 1 to 4"),
        ({"level": "high"}, "assurance.level is 'high', expected 1 to 4"),
        ({"unknown": "green"}, "assurance.unknown is 'green', expected 'red' or 'advice'"),
        ({"others": ["no-such-graph.json"]}, "assurance.others: 'no-such-graph.json' is no recorded graph"),
        ({"lvl": 2}, "assurance.lvl is not known, expected level, account, region, others, unknown, waived"),
    ],
)
def test_a_wrong_setting_is_refused(pack: Pack, settings: dict[str, object], message: str) -> None:
    """Nothing is checked with settings that nobody meant."""
    with pytest.raises(PackError) as refused:
        pack.configure({"assurance": settings})
    assert message in str(refused.value)


def test_records_beside_the_rules_are_those_of_the_project() -> None:
    """What the pack reads is made from the records and not kept by hand."""
    ours = [control for control in controls() if control.area != OWN]
    assert (POLICIES / RECORDS).read_text(encoding="utf-8") == packing.records_text(ours), "run make policies"


def test_the_archive_runs_where_the_project_is_not(tmp_path: Path, graphs: Mapping[str, Graph]) -> None:
    """Equal files give equal bytes, the hash is theirs, and the unpacked pack finds what the project finds."""
    path = packing.write_archive(tmp_path)
    assert packing.archive() == path.read_bytes()
    digest = path.with_name(path.name + ".sha256").read_text(encoding="utf-8").split()[0]
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    with tarfile.open(path) as tar:
        tar.extractall(tmp_path / "there", filter="data")
    with running(tmp_path / "there" / "policies") as unpacked:
        unpacked.configure({"assurance": {"level": 4}})
        assert found(unpacked, graphs["platform-sandbox"]) == expected(graphs["platform-sandbox"], 4)


def test_the_pack_has_the_version_of_the_project() -> None:
    """A team can see which release checked it."""
    text = (POLICIES.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{packing.version()}"' in text
