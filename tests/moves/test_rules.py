"""The rows that moves are judged by: each is understood, has a source, and meets the change that it is about."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llmlz.cli.moving import rules
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Resource
from llmlz.moves.judge import judged
from llmlz.moves.planned import Planned
from llmlz.moves.rules import Row, load
from tests import generated, goldens, ladder
from tests.rehearsal import sdk

ROWS = rules().rows
SWITCHES = {
    "aws:bedrock/enforcedGuardrailConfiguration:EnforcedGuardrailConfiguration",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
}
"""Protected because its absence is a danger, although nothing is lost with it."""

EFFECTS = {effect: effect for effect in ("refused", "loses", "irreversible")}


def nested(path: str, value: Any) -> Mapping[str, Any]:
    """Inputs with a value; a row about something inside an input gives the whole input."""
    top = path.partition(".")[0]
    return {} if value is None else {top: value}


def graph(token: str, inputs: Mapping[str, Any]) -> Graph:
    """A graph with one resource."""
    urn = f"urn:pulumi:s::p::{token}::one"
    made = Resource(urn=urn, type=token, name="one", kind="custom", parent=None, inputs=inputs)
    return Graph(project="p", stack="s", resources=(made,), account="111122223333", region="eu-central-1")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_meets_the_change_that_it_is_about(row: Row) -> None:
    """And nothing else: neither no change, nor the same change of another type."""
    before, after = nested(row.property, row.example["before"]), nested(row.property, row.example["after"])
    assert row.meets(row.type, before, after)
    assert not row.meets(row.type, after, after)
    assert not row.meets("aws:sqs/queue:Queue", before, after)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_planted_change_is_judged_as_its_row_says(row: Row) -> None:
    """Of a type that no provider has seen: replaced is lost, refused stops, irreversible is said, in place is quiet."""
    before, after = (graph(row.type, nested(row.property, row.example[when])) for when in ("before", "after"))
    (urn,) = (resource.urn for resource in after.resources)
    move = judged(before, after, Planned(changes=(), unseen=frozenset({urn}), left_out={}), rules())
    lost = row.effect == "replaced" and row.type in rules().stateful
    assert [finding.rule for finding in move.findings] == (
        ["replaced"] if lost else [EFFECTS[row.effect]] if row.effect in EFFECTS else []
    )
    assert [change.action for change in move.changes] == ["replace" if row.effect == "replaced" else "update"]
    assert move.holds is (row.effect in ("irreversible", "in_place"))
    for finding in move.findings:
        assert finding.way_out == row.way_out


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_about_an_input_that_the_sdk_has(row: Row) -> None:
    """A misspelt property would meet nothing, and pass everything."""
    assert row.property.partition(".")[0] in _inputs(row.type), row.type


@pytest.mark.parametrize("token", sorted({**rules().stateful, **rules().stateless}))
def test_what_is_classified_is_a_type_of_the_sdk(token: str) -> None:
    """Or a type that is misspelt would be classified by nobody."""
    assert _inputs(token)


def test_what_is_protected_in_any_graph_is_listed_as_holding_state() -> None:
    """The programs protect it for a reason; the list says what is lost."""
    graphs = [*generated.recorded(4).values(), *ladder.recorded("scaled").values()]
    protected = {resource.type for graph in graphs for resource in graph.custom() if resource.options.protect}
    assert protected - set(rules().stateful) <= SWITCHES


def test_ids_are_used_once() -> None:
    """Findings and tests are told apart by them."""
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("- {id: one}", "0.type: Field required"),
        ("- {id: one, type: t, property: p, change: sometimes, effect: refused, because: b, way_out: w}", "0.change"),
        ("- []", "0: Input should be"),
    ],
)
def test_a_row_that_is_not_understood_is_an_error(row: str, message: str, tmp_path: Path) -> None:
    """It is never skipped."""
    (tmp_path / "stateful.yaml").write_text("aws:s3/bucket:Bucket: objects\n")
    (tmp_path / "stateless.yaml").write_text('aws:sqs/queue:Queue: ""\n')
    (tmp_path / "immutable.yaml").write_text(row)
    with pytest.raises(BadInputError, match=message):
        load(*(tmp_path / f"{name}.yaml" for name in ("stateful", "stateless", "immutable")))


def test_a_type_is_in_one_table(tmp_path: Path) -> None:
    """What holds state cannot be called stateless as well."""
    (tmp_path / "stateful.yaml").write_text("aws:s3/bucket:Bucket: objects\n")
    (tmp_path / "stateless.yaml").write_text('aws:s3/bucket:Bucket: ""\n')
    (tmp_path / "immutable.yaml").write_text("[]")
    with pytest.raises(BadInputError, match="both have aws:s3/bucket:Bucket"):
        load(*(tmp_path / f"{name}.yaml" for name in ("stateful", "stateless", "immutable")))


def test_every_type_that_a_stack_makes_is_classified() -> None:
    """In every golden: whoever brings a new type says what is lost with it, or that nothing is."""
    made = {
        line.split(" ")[0]
        for file in goldens.FOLDER.rglob("*.identities.txt")
        for line in file.read_text().splitlines()
        if line.startswith("aws:")
    }
    assert made - set(rules().stateful) - set(rules().stateless) == set()


def _inputs(token: str) -> set[str]:
    """Properties of a type in the SDK; a type that is newer than it has those of the one resource that we make of it."""
    if token in sdk.classes():
        return set(sdk.properties(sdk.arguments(token)))
    if token.startswith("kubernetes:"):
        return sdk.object_properties(token)
    made = [resource for graph in generated.recorded(4).values() for resource in graph.of_type(token)]
    return set(made[0].inputs) if made else set()
