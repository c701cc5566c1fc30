"""Properties as they are written: every mistake in a row is told with file and property; names become values."""

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from llmlz.access.proof.properties import FILE, Kind, Property, PropertyError, clauses, load, where
from llmlz.access.proof.where import Clause
from llmlz.cli.proving import subjects_of
from tests.access.proof.estates import everybody, with_store

ROW = "  says: words\n  about: {team: 1}\n"
NEVER = "  never:\n    - {action: 's3:*'}\n"
NAMES = {"one": ("a",), "two": ("b", "c"), "none": ()}


def loaded(tmp_path: Path, text: str) -> Property:
    """The one property of a file ``rows.yaml``."""
    path = tmp_path / "rows.yaml"
    path.write_text(text, encoding="utf-8")
    (found,) = load(path)
    return found


def property_of(*shapes: dict[str, object]) -> Property:
    """A property with these shapes."""
    return Property(id="mine", says="words", about={"team": 1}, sort="never", shapes=shapes)


def test_a_row_is_read_with_all_it_says(tmp_path: Path) -> None:
    """And what is left out has a value: no layer promises it alone, and it is made everywhere."""
    found = loaded(tmp_path, f"mine:\n{ROW}{NEVER}")
    assert (found.id, found.says, found.sort, found.shapes) == ("mine", "words", "never", ({"action": "s3:*"},))
    assert (found.about, found.promised_by, found.where_there_is) == ({"team": 1}, {}, "")
    full = loaded(
        tmp_path / "..",
        f"mine:\n{ROW}{NEVER}  promised_by: {{identity: 2, boundary: 3}}\n  where_there_is: $endpoint\n",
    )
    assert (full.promised_by, full.where_there_is) == ({"identity": 2, "boundary": 3}, "endpoint")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("  never\n", "expected an object with says, about, never, always, promised_by, where_there_is"),
        (
            f"{ROW}{NEVER}  severity: high\n",
            "expected an object with says, about, never, always, promised_by, where_there_is",
        ),
        (ROW, "expected either never or always, with a list of shapes"),
        (f"{ROW}  never: []\n", "expected either never or always, with a list of shapes"),
        (f"{ROW}  never: {{action: 's3:*'}}\n", "expected either never or always, with a list of shapes"),
        (f"{ROW}{NEVER}  always:\n    - {{action: a}}\n", "expected either never or always, with a list of shapes"),
        (f"  about: {{team: 1}}\n{NEVER}", "says: expected a sentence"),
        (f"  says: [words]\n  about: {{team: 1}}\n{NEVER}", "says: expected a sentence"),
        (f"  says: words\n{NEVER}", "about: expected at least one kind of principal"),
        (f"  says: words\n  about: {{}}\n{NEVER}", "about: expected at least one kind of principal"),
        (f"  says: words\n  about: [team]\n{NEVER}", "about: expected levels under team, workload, pipeline"),
        (f"  says: words\n  about: {{teams: 1}}\n{NEVER}", "about: expected levels under team, workload, pipeline"),
        (f"  says: words\n  about: {{team: 0}}\n{NEVER}", "about: expected levels from 1 to 4"),
        (f"  says: words\n  about: {{team: 5}}\n{NEVER}", "about: expected levels from 1 to 4"),
        (f"  says: words\n  about: {{team: high}}\n{NEVER}", "about: expected levels from 1 to 4"),
        (f"{ROW}{NEVER}  promised_by: {{scp: 1}}\n", "promised_by: expected levels under service_control"),
        (f"{ROW}{NEVER}  promised_by: identity\n", "promised_by: expected levels under service_control"),
        (f"{ROW}{NEVER}  promised_by: {{identity: 0}}\n", "promised_by: expected levels from 1 to 4"),
        (f"{ROW}{NEVER}  where_there_is: endpoint\n", "where_there_is: expected a name, such as $endpoint"),
        (f"{ROW}  never:\n    - {{resource: a}}\n", "every shape needs an action"),
        (f"{ROW}  never:\n    - 's3:*'\n", "every shape needs an action"),
    ],
)
def test_a_mistake_in_a_row_is_told_with_file_and_property(row: str, message: str, tmp_path: Path) -> None:
    """What was expected, and where: a row that is not understood is never skipped."""
    with pytest.raises(PropertyError, match=f"^rows.yaml: mine: {re.escape(message)}"):
        loaded(tmp_path, f"mine:\n{row}" if row.startswith("  says") or ":" in row else f"mine:{row}")


def test_a_file_of_another_form_is_an_error(tmp_path: Path) -> None:
    """A list has no names."""
    with pytest.raises(PropertyError, match=r"^rows\.yaml: expected names of properties"):
        loaded(tmp_path, "- never\n")


def test_a_promise_is_made_from_a_level_on_and_where_its_name_stands_for_something() -> None:
    """For the kinds that are named, from their level on."""
    row = Property(id="p", says="s", about={"team": 2, "outsider": 1}, sort="never", shapes=({"action": "*"},))
    assert [row.holds_for("team", level, {}) for level in (1, 2, 3, 4)] == [False, True, True, True]
    assert row.holds_for("outsider", 1, {})
    assert not row.holds_for("workload", 2, {})
    there = replace(row, where_there_is="endpoint")
    assert [there.holds_for("team", 2, names) for names in ({}, {"endpoint": ()}, {"endpoint": ("e",)})] == [
        False,
        False,
        True,
    ]


def test_a_line_is_a_text_a_list_or_an_object() -> None:
    """The ways to write one condition; several in one object must all hold."""
    assert clauses("action", "s3:*", NAMES) == [Clause("action", "in", ("s3:*",))]
    assert clauses("Action", ["a", "$two", "a"], NAMES) == [Clause("action", "in", ("a", "b", "c"))]
    assert clauses("aws:SourceVpce", {"is": "absent"}, NAMES) == [Clause("aws:sourcevpce", "absent")]
    assert clauses("aws:SourceVpc", {"is": "present"}, NAMES) == [Clause("aws:sourcevpc", "present")]
    both = clauses("resource", {"in": "$two", "not_in": ["$one", "x$one"]}, NAMES)
    assert both == [Clause("resource", "in", ("b", "c")), Clause("resource", "not_in", ("a", "xa"))]


@pytest.mark.parametrize("said", [{"is": "there"}, {"like": "a"}, {"In": "a"}])
def test_a_word_that_is_not_known_is_an_error(said: dict[str, str]) -> None:
    """The property and the word are named."""
    with pytest.raises(PropertyError, match=r"^mine: nothing stands for 'aws:sourcevpc: "):
        where(property_of({"action": "*", "aws:SourceVpc": said}), NAMES)


def test_a_name_that_nothing_stands_for_is_an_error() -> None:
    """A misspelt name must not become a pattern that fits nothing."""
    with pytest.raises(PropertyError, match=r"^mine: nothing stands for '\$?three'"):
        where(property_of({"action": "*", "resource": "$three"}), NAMES)
    with pytest.raises(PropertyError, match=r"^mine: nothing stands for '\$two/x'"):
        where(property_of({"action": "*", "resource": "$two/x"}), NAMES)


def test_a_shape_that_asks_for_nothing_is_left_out() -> None:
    """A value that does not exist here fits no request; to be unlike it fits every request."""
    asked = property_of({"action": "a", "resource": "$none"}, {"action": "b", "resource": {"not_in": "$none"}})
    assert where(asked, NAMES).rows == ((Clause("action", "in", ("b",)), Clause("resource", "not_in", ())),)


def test_what_every_request_fits_is_added_to_every_shape() -> None:
    """Who the principal is belongs to each question about it."""
    more = Clause("aws:principalarn", "not_in", ("x",))
    rows = where(property_of({"action": "a"}, {"action": "b"}), NAMES, [more]).rows
    assert rows == ((Clause("action", "in", ("a",)), more), (Clause("action", "in", ("b",)), more))


def test_every_name_of_the_file_stands_for_something() -> None:
    """For every subject that a property is about, at every tier; and each property is about somebody."""
    about: set[str] = set()
    for subject in (*everybody(), *subjects_of(with_store("opensearch")), *subjects_of(with_store("qdrant"))):
        for row in load():
            if row.holds_for(subject.kind, subject.level, subject.names):
                assert where(row, subject.names).rows, f"{row.id} asks nothing of {subject}"
                about.add(row.id)
    assert about == {row.id for row in load()}


def test_every_property_has_a_layer_that_promises_it() -> None:
    """What must not happen is promised by a layer alone, or other layers would hide its mistakes; what must work needs
    all of them.
    """
    assert [row.id for row in load() if row.sort == "never" and not row.promised_by] == []
    assert [row.id for row in load() if row.sort == "always" and row.promised_by] == []


def test_the_head_of_the_file_explains_every_kind_and_key() -> None:
    """Who adds a row reads there what to write."""
    head = FILE.read_text(encoding="utf-8").partition("\n\n")[0]
    explained = re.findall(r"^# {1,16}([a-z_]+)  ", head, re.MULTILINE)
    assert {*get_args(Kind), "says", "about", "never", "always", "promised_by", "where_there_is"} <= set(explained)


def test_a_condition_key_that_nobody_knows_is_an_error() -> None:
    """A misspelt key would be absent from every request, and ``not_in`` would then be true of everything."""
    with pytest.raises(PropertyError, match=r"a condition key that keys\.yaml has"):
        where(property_of({"action": "*", "team": "claims"}), NAMES)


def test_a_name_is_not_taken_for_a_longer_one() -> None:
    """``$ones`` is a slip, and not the value of ``$one`` with an s behind it."""
    with pytest.raises(PropertyError, match=r"nothing stands for '\$ones'"):
        where(property_of({"action": "$ones"}), NAMES)
