"""Nothing becomes unverified unnoticed, and no excuse outlives its reason."""

from collections.abc import Mapping
from typing import Any

import pytest

from llmlz.graph.model import Graph
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import render
from llmlz.rehearsal.unverified import Known, Row, committed, compare, substitute
from stacks.tier import TIERS
from tests import generated, ladder
from tests.rehearsal.parts import parts

QUEUE = "aws:sqs/queue:Queue"


def test_a_row_nobody_wrote_down_is_new() -> None:
    """The same property on another type, and another property of the same type, are not covered."""
    known = (Known("dropped", QUEUE, "name", "an example"),)
    found = [Row("dropped", QUEUE, "name"), Row("dropped", QUEUE, "policy"), Row("unlinked", QUEUE, "name")]
    assert compare(found, known) == ((Row("dropped", QUEUE, "policy"), Row("unlinked", QUEUE, "name")), ())


def test_a_row_that_no_longer_occurs_is_stale() -> None:
    """Once the provider knows an argument, its excuse has to go."""
    old = Known("dropped", QUEUE, "policy", "an example")
    assert compare([], (old,)) == ((), (old,))


def test_patterns_cover_families_and_nothing_else() -> None:
    """A star stands for any text inside one kind."""
    family = Known("refused", "aws:s3/vectors*", "", "an example")
    assert family.covers(Row("refused", "aws:s3/vectorsIndex:VectorsIndex", ""))
    assert not family.covers(Row("refused", "aws:s3/bucket:Bucket", ""))
    assert not family.covers(Row("untranslated", "aws:s3/vectorsIndex:VectorsIndex", ""))
    assert not family.covers(Row("refused", "aws:s3/vectorsIndex:VectorsIndex", "dimension = 1"))


def test_the_same_gap_of_many_resources_is_one_row() -> None:
    """The list speaks of types and properties; a resource is only an example."""
    rows = [Row("dropped", QUEUE, "name", urn="urn:a"), Row("dropped", QUEUE, "name", urn="urn:b")]
    assert len(compare(rows, ())[0]) == 1


def test_every_committed_row_says_why() -> None:
    """A reason is a sentence, not a word."""
    assert [str(known) for known in committed() if len(known.reason.split()) < 6] == []


def test_the_project_has_no_gap_beyond_the_list_and_the_list_no_row_beyond_the_project(
    graphs: Mapping[str, Graph],
) -> None:
    """Both directions, over every stack of the example estate, of a generated one and of the ladder, and every part."""
    rows = [
        row
        for graph in (*graphs.values(), *generated.recorded(4).values(), *ladder.recorded("scaled").values(), parts())
        for row in render(graph, ProviderBlock.offline(graph.region, graph.account)).unverified
    ]
    assert compare(rows, committed()) == ((), ())


@pytest.mark.parametrize(
    ("inputs", "path", "use", "wanted"),
    [
        ({"runtime": "next"}, "runtime", "now", {"runtime": "now"}),
        ({"runtime": "next", "name": "a"}, "runtime", None, {"name": "a"}),
        (
            {"rules": [{"size": "next"}, {"size": "old"}]},
            "rules.size",
            "now",
            {"rules": [{"size": "now"}, {"size": "old"}]},
        ),
    ],
)
def test_a_refused_value_is_replaced_where_it_stands(
    inputs: dict[str, Any], path: str, use: str | None, wanted: dict[str, Any]
) -> None:
    """What is rehearsed instead goes to exactly that place, lists included; without a substitute it is left out."""
    known = Known("refused", QUEUE, path, "an example", value="next", use=use)
    assert substitute(inputs, path, known) == (wanted, True)


def test_another_value_is_left_alone() -> None:
    """Only the value that is written down is excused."""
    known = Known("refused", QUEUE, "runtime", "an example", value="next", use="now")
    assert substitute({"runtime": "nxt"}, "runtime", known) == ({"runtime": "nxt"}, False)


LEAST_VERIFIED = 0.9
"""Share of AWS resources whose type, and whose every property in use, the provider knows."""


@pytest.mark.parametrize("tier", TIERS)
def test_nine_in_ten_resources_are_verified_whole(tier: str) -> None:
    """Every stack at each tier: a type or a property of AWS that the provider does not know counts."""
    everything, gaps = set(), set()
    for graph in ladder.recorded(tier).values():
        found = render(graph, ProviderBlock.offline(graph.region, graph.account)).unverified
        everything |= {resource.urn for resource in graph.custom() if resource.type.startswith("aws:")}
        rows = [row for row in found if row.token.startswith("aws:")]  # objects in clusters are ring 4's
        gaps |= {row.urn for row in rows if row.kind != "unlinked" and not row.property.startswith("option ")}
        for known in (one for one in committed() if one.value is not None):
            gaps |= {r.urn for r in graph.of_type(known.token) if r.inputs.get(known.property) == known.value}
        gaps |= {
            r.urn
            for r in graph.custom()
            if r.type.startswith("aws:")
            and any(k.covers(Row(k.kind, r.type, "")) for k in committed() if not k.property)
        }
    assert gaps <= everything
    assert 1 - len(gaps) / len(everything) >= LEAST_VERIFIED, sorted(gaps)
