"""The picture shows the references that are there, and no others."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from llmlz.graph.model import Graph, Reference
from llmlz.report.links import links
from llmlz.report.picture import NARROW, WIDE, describe, picture
from llmlz.report.sketch import sketch
from tests import estates
from tests.report import samples

SPACE = "{http://www.w3.org/2000/svg}"


def used(name: str) -> set[str]:
    """Names of what one stack of the example uses elsewhere."""
    return {link.to.rpartition("::")[2] for link in links(estates.recorded()) if link.stack == name}


def test_links_are_the_references_between_stacks() -> None:
    """A team of the example uses the platform's guardrail, keys, bucket and vector bucket; platforms use no team."""
    shared = {"models-guardrail", "models-guardrail-v1", "keys-data", "keys-guardrail", "keys-secrets", "keys-vectors"}
    assert used("team-claims-sandbox") == {*shared, "data-bucket", "vectors-bucket"}
    assert used("platform-sandbox") == set()
    assert {link.to_stack for link in links(estates.recorded())} == {"platform-sandbox"}


def test_a_reference_that_is_gone_leaves_the_picture() -> None:
    """Nothing is drawn from names or types alone."""
    graphs = dict(estates.recorded())
    claims = graphs["team-claims-sandbox"]
    kept = tuple(r for r in claims.resources if r.type != "aws:s3/vectorsIndex:VectorsIndex")
    graphs["team-claims-sandbox"] = replace(claims, resources=kept)
    found = {link.to.rpartition("::")[2] for link in links(graphs) if link.stack == "team-claims-sandbox"}
    assert "vectors-bucket" not in found
    assert "data-bucket" in found


def live() -> dict[str, Graph]:
    """Two stacks as they are read from states: real ARNs, no stand-ins."""
    arn = "arn:aws:kms:eu-central-1:111122223333:key/k"
    key = samples.resource("keys-data", "aws:kms/key:Key", outputs={"arn": arn})
    other = samples.resource("keys-logs", "aws:kms/key:Key", outputs={"arn": arn + "2"})
    policy = samples.resource("policy", "aws:iam/policy:Policy", inputs={"policy": f'{{"Resource": "{arn}"}}'})
    return {"dev": samples.graph(key, other), "team": samples.graph(policy, stack="team")}


def test_live_stacks_are_linked_by_arns() -> None:
    """A state holds no stand-ins; an ARN that only starts alike is another one."""
    assert [(link.stack, link.to.rpartition("::")[2]) for link in links(live())] == [("team", "keys-data")]


def test_a_physical_name_counts_only_through_a_stack_reference() -> None:
    """Equal texts are no reference."""
    bucket = samples.resource("docs", inputs={"bucketName": "company-docs"})
    stack = samples.resource("dev", "pulumi:pulumi:StackReference", kind="read", inputs={"name": "company/llmlz/dev"})
    at = Reference(at="bucketName", to=stack.urn)
    given = samples.resource("given", "aws:x/y:Y", inputs={"bucketName": "company-docs"}, references=(at,))
    typed = samples.resource("typed", "aws:x/y:Y", inputs={"bucketName": "company-docs"})
    graphs = {"dev": samples.graph(bucket), "team": samples.graph(stack, given, typed, stack="team")}
    assert [link.user.rpartition("::")[2] for link in links(graphs)] == ["given"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everything_stands_inside_the_picture(width: int) -> None:
    """No box is cut off, every component and profile has its name, every use has a joint."""
    drawn = sketch(estates.recorded())
    root = ElementTree.fromstring(picture(drawn, width))  # noqa: S314  # made by ourselves
    _, _, wide, high = (float(part) for part in root.attrib["viewBox"].split())
    for box in root.iter("rect"):
        x, y, w, h = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + w <= wide + 0.1
        assert y + h <= high + 0.1
    words = {text.text for text in root.iter("text")}
    names = {box.name for group in drawn.providers for box in group.boxes}
    names |= {profile for group in drawn.users for call in group.calls for profile in call.profiles}
    assert names <= words
    joints = [dot for dot in root.iter("circle") if "joint" in dot.attrib["class"]]
    assert len(joints) >= sum(len(group.uses) for group in drawn.users) == 8


def test_boxes_of_one_level_do_not_overlap() -> None:
    """Components and teams of the wide picture have their own places."""
    root = ElementTree.fromstring(picture(sketch(estates.recorded())))  # noqa: S314
    places = [
        tuple(float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        for box in root.iter("rect")
        if box.attrib["class"] in ("part", "part shared", "team")
    ]
    for number, (x, y, w, h) in enumerate(places):
        for ax, ay, aw, ah in places[number + 1 :]:
            assert x + w <= ax or ax + aw <= x or y + h <= ay or ay + ah <= y


def test_the_network_shows_zones_kinds_and_the_nat() -> None:
    """Four kinds of subnets in three zones; the NAT gateway stands in one public subnet."""
    (network,) = [box for box in sketch(estates.recorded()).providers[0].boxes if box.cells]
    assert len({cell.zone for cell in network.cells}) == 3
    assert {cell.kind for cell in network.cells} == {"public", "private", "model", "data"}
    assert [(cell.kind, cell.zone) for cell in network.cells if "NatGateway" in cell.holds] == [
        ("public", "eu-central-1a")
    ]


def test_it_can_be_read_without_being_seen() -> None:
    """Name and description say in words what is drawn."""
    root = ElementTree.fromstring(picture(sketch(estates.recorded())))  # noqa: S314
    title, words = root.find("title"), root.find("desc")
    assert title is not None
    assert words is not None
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], words.attrib["id"]]
    assert words.text == describe(sketch(estates.recorded()))
    assert "claims-role names the profiles claims-claude-haiku-4-5-eu" in str(words.text)
    assert "It uses data, keys, models, vectors." in str(words.text)


def test_many_teams_are_counted_not_squeezed() -> None:
    """A hundred teams still give a picture that can be read."""
    graphs = dict(estates.recorded())
    claims = graphs["team-claims-sandbox"]
    for number in range(98):
        text = claims.to_json().replace("team-claims-sandbox", f"team-{number}")
        for core in claims.standins:  # the outputs of each copy are its own
            text = text.replace(core, f"{core[:-5]}{number:04d}q")
        graphs[f"team-{number}"] = Graph.from_json(text)
    for width in (WIDE, NARROW):
        drawn = picture(sketch(graphs), width)
        assert "and 96 more stacks" in drawn
        assert len(re.findall(r'class="team"', drawn)) == 4


def test_no_graph_gives_an_empty_picture() -> None:
    """A run that failed before recording still gives a page."""
    assert picture(sketch({})).startswith("<svg")
