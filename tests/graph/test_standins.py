"""Stand-ins look like what a cloud answers, are the same in every run, and can be found again in any text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.graph.model import Standin
from llmlz.graph.standins import CORE, NUMBER, NUMBER_STEP, Standins, cores

KEY, ROLE = "aws:kms/key:Key", "aws:iam/role:Role"
URN = "urn:pulumi:test::llmlz::aws:kms/key:Key::keys-data"
urns = st.from_regex(r"urn:pulumi:[a-z]{1,5}::llmlz::aws:kms/key:Key::[a-z-]{1,20}", fullmatch=True)
paths = st.from_regex(r"[a-z][A-Za-z]{0,12}(\[0\]\.[a-z][A-Za-z]{0,8})?", fullmatch=True)
places = st.tuples(urns, paths)


def standins() -> Standins:
    """An empty table for one stack."""
    return Standins(account="111122223333", region="eu-central-1", partition="aws")


@given(st.lists(places, min_size=1, max_size=20, unique=True), st.randoms())
def test_the_order_of_asking_changes_nothing(wanted: list[tuple[str, str]], random: object) -> None:
    """Registrations arrive on threads in any order; a place gives the same text whenever it is asked for."""
    one, other = standins(), standins()
    first = {place: one.text(place[0], KEY, place[1]) for place in wanted}
    shuffled = list(wanted)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert {place: other.text(place[0], KEY, place[1]) for place in shuffled} == first
    assert one.made == other.made


@given(st.lists(places, min_size=2, max_size=30, unique=True))
def test_no_two_outputs_share_a_text(wanted: list[tuple[str, str]]) -> None:
    """What a text was built from is never ambiguous."""
    made = standins()
    assert len({made.text(urn, KEY, path) for urn, path in wanted}) == len(wanted)


@given(urns, paths, st.text(alphabet="abcdefxyz0123456789/:-{}\" '", max_size=20), st.text(max_size=20))
def test_a_core_is_found_in_any_text(urn: str, path: str, before: str, after: str) -> None:
    """Wherever a program puts an output, the reference is found again."""
    made = standins()
    value = made.text(urn, KEY, path)
    (core,) = made.made
    assert core in list(cores(before + value + after))
    assert made.made[core] == Standin(urn=urn, path=path, value=value)


@given(urns, paths)
def test_a_number_is_found_by_its_digits(urn: str, path: str) -> None:
    """A port in a connection string is a reference as much as a name is, and so is a port plus one a different one."""
    made = standins()
    number = made.number(urn, path)
    assert list(cores(f"host:{number}/db")) == [str(number)]
    assert list(cores(str(number + 1))) == []
    assert number % NUMBER_STEP == 0
    assert NUMBER.fullmatch(str(number))


@pytest.mark.parametrize(
    ("token", "path", "shape"),
    [
        (KEY, "arn", r"arn:aws:kms:eu-central-1:111122223333:key/CORE"),
        (KEY, "keyId", "CORE"),
        (ROLE, "arn", r"arn:aws:iam::111122223333:role/CORE"),
        ("aws:s3/bucket:Bucket", "arn", r"arn:aws:s3:::CORE"),
        (
            "aws:bedrock/guardrail:Guardrail",
            "guardrailArn",
            r"arn:aws:bedrock:eu-central-1:111122223333:guardrail/CORE",
        ),
        ("aws:rds/cluster:Cluster", "endpoint", "CORE:5432"),
        (
            "aws:rds/cluster:Cluster",
            "masterUserSecrets[0].secretArn",
            r"arn:aws:rds:eu-central-1:111122223333:thing/CORE",
        ),
        ("aws:eks/cluster:Cluster", "endpointUrl", "https://CORE.example/id"),
        ("aws:unheard/of:Thing", "arn", r"arn:aws:unheard:eu-central-1:111122223333:thing/CORE"),
    ],
)
def test_a_stand_in_has_the_shape_of_the_answer(token: str, path: str, shape: str) -> None:
    """Code that splits an ARN or an endpoint works on it."""
    text = standins().text("urn:pulumi:test::llmlz::x::y", token, path)
    assert re.fullmatch(shape.replace("CORE", CORE.pattern), text)


def test_the_partition_is_part_of_every_arn() -> None:
    """A stack in another partition gives ARNs of that partition."""
    made = Standins(account="111122223333", region="cn-north-1", partition="aws-cn")
    assert made.text(URN, KEY, "arn").startswith("arn:aws-cn:kms:cn-north-1:111122223333:key/ref")


def test_two_outputs_with_one_core_are_refused() -> None:
    """Should a hash ever collide, the message names both outputs, and nothing is recorded wrongly."""
    made = standins()
    made.text(URN, KEY, "arn")
    (core,) = made.made
    made.made[core] = Standin(urn="urn:other", path="arn", value="x")
    with pytest.raises(ValueError, match="keys-data arn and urn:other share a stand-in; rename one"):
        made.text(URN, KEY, "arn")
