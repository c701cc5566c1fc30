"""Classes of values: none is lost and none is wrong, against every short text and the evaluator's matching."""

import itertools
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmlz.access import conditions
from llmlz.access.conditions import OPERATORS, holds, parse_condition
from llmlz.access.patterns import RESOURCE_SHAPES, Reading, Shape, fits
from llmlz.access.proof.automaton import TooManyStatesError
from llmlz.access.proof.classes import Bound, Partition, partition
from llmlz.access.proof.domain import ARN, FILLED, RESOURCE, TEXT, Domain
from llmlz.access.proof.points import measure
from llmlz.access.proof.tokens import pattern

Text = tuple[str, Shape, bool]
"""A text of a policy, its shape, and whether case is ignored."""

SHORT = tuple("".join(chars) for length in range(5) for chars in itertools.product("aAb*:", repeat=length))
PARTS = ("", "a", "b", "ab")
LASTS = ("x", "x:", "a:x", "x/a", "b:a:x", "a:b:b:x", "x:/", "A")
ARNS = (
    "*",
    *(f"arn:aws:{':'.join(parts)}" for parts in itertools.product(("q", "bedrock", "bedroc"), PARTS, PARTS, LASTS)),
    *(f"arn:aws-b:q:{':'.join(parts)}" for parts in itertools.product(PARTS, PARTS, LASTS)),
)

text = st.tuples(
    st.text("aAb*?:", max_size=4) | st.sampled_from(["${*}", "a${?}", "${*}*"]),
    st.sampled_from(["exact", "text"]),
    st.sampled_from([False, False, True]),
)
part = st.sampled_from(["a", "b", "*", "a*", "?", "*b", "a?", "", "**", "*a*"])
arn = st.builds(
    lambda partition, service, region, account, last: f"arn:{partition}:{service}:{region}:{account}:{last}",
    st.sampled_from(["aws", "aws", "aws*"]),
    st.sampled_from(["q", "bedrock", "bedroc"]),
    part,
    part,
    st.sampled_from(["x", "*", "x*", "*:x", "?", "a*x", "x/a", "?:x", "*/*"]),
)


def agrees(predicates: Sequence[Sequence[Text]], values: Sequence[str], domain: Domain) -> Partition:
    """Every value that the domain has is in a class, and fits what the class's own value fits."""
    compiled = [tuple(pattern(text, shape, {}, fold=fold) for text, shape, fold in one) for one in predicates]
    made = partition("text", compiled, domain)
    expected: dict[int, set[int]] = {}
    for number, witness in enumerate(made.witnesses):
        assert domain.has(witness)
        assert class_of(made, witness) == number
        expected[number] = said(predicates, witness)
        assert expected[number] == {n for n, one in enumerate(compiled) if number in made.members[one]}
    assert len({frozenset(one) for one in expected.values()}) == len(expected), "two classes that nothing tells apart"
    for value in values:
        found = class_of(made, value)
        assert (found is None) == (not domain.has(value))
        assert found is None or expected[found] == said(predicates, value), value
    return made


def class_of(made: Partition, value: str) -> int | None:
    """The class of a value, which must have one if it is a value at all."""
    try:
        return made.find(value)
    except KeyError:
        raise AssertionError(f"the class of {value!r} is lost") from None


def said(predicates: Sequence[Sequence[Text]], value: str) -> set[int]:
    """The predicates that the evaluator says a value fits."""
    return {
        number
        for number, one in enumerate(predicates)
        if any(fits(text, shape, value, {}, fold=fold) for text, shape, fold in one)
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(text, min_size=1, max_size=3), min_size=1, max_size=4))
def test_no_class_of_texts_is_lost(predicates: list[list[Text]]) -> None:
    """Every text of up to four characters, in both cases, with stars and colons, fits what its class fits."""
    agrees(predicates, SHORT, TEXT)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(arn, min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from(["documented", "strict", "arn"]),
)
def test_no_class_of_arns_is_lost(predicates: list[list[str]], how: Reading) -> None:
    """The same for ARNs with colons in the last part, for resources in both readings and for the Arn operators."""
    shape: Shape = RESOURCE_SHAPES.get(how, "arn")
    agrees([[(text, shape, False) for text in one] for one in predicates], ARNS[1:], ARN)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(arn, st.sampled_from(["resource", "strict", "text"])), min_size=1, max_size=4))
def test_shapes_can_be_mixed(texts: list[tuple[str, Shape]]) -> None:
    """A policy's resource, a question's and a text with wildcards, all on one key."""
    agrees([[(text, shape, False)] for text, shape in texts], ARNS, RESOURCE)


HIDDEN: list[tuple[list[list[Text]], int]] = [
    ([[("a*", "text", False)], [("a", "exact", False)]], 3),
    ([[("?", "text", False)], [("a", "exact", False)], [("b", "exact", False)]], 4),
    ([[("*", "text", False)], [("", "exact", False)]], 2),
    ([[("a", "exact", True)], [("a", "exact", False)]], 3),
    ([[("a", "exact", True)], [("A", "exact", False)], [("a", "exact", False)]], 3),
    ([[("a*", "text", True)], [("A*", "text", True)]], 2),
    ([[("${*}", "text", False)], [("?", "text", False)]], 3),
    ([[("a*", "text", False), ("a?", "text", False)], [("a?", "text", False)]], 3),
    ([[("*a*", "text", False)], [("*b*", "text", False), ("a*", "text", False)], [("?", "text", False)]], 7),
    ([], 1),
]


@pytest.mark.parametrize(("predicates", "classes"), HIDDEN)
def test_a_literal_hides_no_class(predicates: list[list[Text]], classes: int) -> None:
    """Where the shortest text of a class is a literal of another predicate, a longer one stands for it."""
    assert len(agrees(predicates, SHORT, TEXT).witnesses) == classes


def test_an_empty_text_is_no_value_of_a_list() -> None:
    """Values of a multivalued key are never empty."""
    assert partition("text", [()], FILLED).find("") is None
    assert partition("text", [()], TEXT).find("") == 0


def test_colons_tell_apart() -> None:
    """Where a wildcard stays in its part, and where one may leave it; and no value is half an ARN."""
    for shape in ("resource", "strict", "arn"):
        agrees([[("arn:aws:q:a*:b:x*", shape, False)], [("arn:aws:q:?:*:*x", shape, False)]], ARNS[1:], ARN)
    agrees([[("?", "strict", False)], [("?", "text", False)], [("a?", "resource", False)]], SHORT, TEXT)


RESOURCES = [
    ("*", True),
    ("arn:aws:s3:::bucket/a:b/c", True),
    ("arn:aws-cn:iam::111122223333:role/app", True),
    ("arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0", True),
    ("arn:aws:bedrock:eu-west-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl", True),
    ("arn:aws:bedrock:eu-west-1:111122223333:guardrail/abc:1", True),
    ("arn:aws:bedrock:eu-west-1:111122223333:flow/A/alias/B/execution/C", True),
    ("arn:aws:bedrock::111122223333:system-tool/x", True),
    ("arn:aws:bedrock:eu-west-1:1:x:111122223333:inference-profile/y", False),
    ("arn:aws:bedrock:eu-west-1:1:x::foundation-model/y", False),
    ("arn:aws:s3::bucket", False),
    ("arn:other:s3:::bucket", False),
    ("bucket", False),
]


@pytest.mark.parametrize(("value", "expected"), RESOURCES)
def test_what_a_resource_is(value: str, expected: bool) -> None:
    """Real ARNs are values; a model's ARN inside another one is not."""
    assert RESOURCE.has(value) is expected


def measured(type_: str, operators: Sequence[tuple[str, str]], key: str) -> Callable[[str], set[int]]:
    """What the evaluator says of a value: the numbers of the conditions that hold."""
    conditions = [parse_condition(operator, key, value) for operator, value in operators]
    return lambda value: {n for n, condition in enumerate(conditions) if holds(condition, {key: value})}


ORDERED = ("Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
NUMBERS = ("0", "1", "1.5", "2", "2.25", "3", "-1", "1000", "1.4999")
DATES = (
    "2026-01-01",
    "2026-01-01T00:00:00.5Z",
    "2026-01-02T00:00:00+02:00",
    "1767225600",
    "1767225601",
    "99999999999999",
    "12345",
)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(["number", "date"]))
def test_no_class_of_numbers_and_dates_is_lost(data: st.DataObject, type_: str) -> None:
    """Between any two values that a policy names, at them, below and above all of them."""
    texts, name = (NUMBERS[:6], "Numeric") if type_ == "number" else (DATES[:6], "Date")
    asked = data.draw(st.lists(st.tuples(st.sampled_from(ORDERED), st.sampled_from(texts)), min_size=1, max_size=4))
    operators = [(f"{name}{end}", value) for end, value in asked]
    truth = measured(type_, operators, "k:a")
    predicates: list[tuple[Bound, ...]] = [
        ((OPERATORS[operator].compare, measure(value, type_) or 0.0),)  # type: ignore[arg-type]  # one of the two
        for operator, value in operators
    ]
    made = partition(type_, predicates, TEXT)  # type: ignore[arg-type]
    classes = [truth(witness) for witness in made.witnesses]
    for value in NUMBERS if type_ == "number" else DATES:
        found = made.find(value)
        assert found is not None
        assert classes[found] == truth(value)
    assert [{n for n, one in enumerate(predicates) if c in made.members[one]} for c in range(len(classes))] == classes


NETWORKS = (
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.3/32",
    "0.0.0.0/0",
    "255.255.255.255",
    "2001:db8::/32",
    "2001:db8::1",
    "::/0",
)
ADDRESSES = (
    "0.0.0.0",  # noqa: S104  # an address like any other
    "10.1.2.2",
    "10.1.2.3",
    "10.1.2.4",
    "10.255.255.255",
    "255.255.255.255",
    "::",
    "2001:db8::1",
    "ff::1",
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(NETWORKS), min_size=1, max_size=3), min_size=1, max_size=4))
def test_no_class_of_addresses_is_lost(networks: list[list[str]]) -> None:
    """Of both kinds of addresses, to the last one of each network."""
    truth = measured("network", [("IpAddress", one) for one in networks], "k:a")  # type: ignore[misc]  # lists as well
    made = partition("network", [tuple(ip_network(text) for text in one) for one in networks], TEXT)
    classes = [truth(witness) for witness in made.witnesses]
    for value in ADDRESSES:
        found = made.find(value)
        assert found is not None
        assert classes[found] == truth(value)


@pytest.mark.parametrize(
    ("type_", "value"), [("number", "ten"), ("number", "1e3"), ("date", "2026"), ("date", "soon"), ("network", "x")]
)
def test_what_is_no_value_has_no_class(type_: str, value: str) -> None:
    """A text that cannot be compared is outside of every proof."""
    assert partition(type_, [()], TEXT).find(value) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("type_", ["number", "date"])
def test_numbers_and_dates_are_read_alike(type_: Literal["number", "date"]) -> None:
    """The same texts are values for the evaluator and for the classes, and the same ones."""
    texts = (
        "1",
        "-1",
        "+1.50",
        ".5",
        "1.",
        "1e3",
        "",
        "-",
        "0x1",
        "1 ",
        "٣",
        "2026",
        "12345",
        "1234",
        "2026-01-01",
        "soon",
    )
    times = ("T00:00Z", "T00:00:00", "T00:00:00.25Z", "T24:00:00Z", "T12:00:00+02:00", "T12:00:00-0200", "T", " 00:00Z")
    for text in (*texts, *(f"2026-01-31{time}" for time in times), "2026-02-30", "20260101", "2026-1-1", "2026-W01-1"):
        try:
            expected: float | None = conditions.measure(text, type_)
        except ValueError:
            expected = None
        assert measure(text, type_) == expected, text


def test_too_many_states_are_refused_and_never_cut() -> None:
    """Twenty patterns that begin with a star have a million combinations: the answer is an error, not fewer classes."""
    predicates = [(pattern(f"*{letter}*", "text", {}),) for letter in "abcdefghijklmnopqrst"]
    with pytest.raises(TooManyStatesError, match="more than 1000 states"):
        partition("text", predicates, TEXT, limit=1000)


def test_hints_stand_for_the_classes_that_they_are_in() -> None:
    """A value that people can read replaces the shortest one of its class, and of no other."""
    predicates = [(pattern("a*", "text", {}),), (pattern("b", "exact", {}),)]
    made = partition("text", predicates, TEXT, hints=("apple", "avocado", "cherry"))
    assert set(made.witnesses) == {"apple", "cherry", "b"}
