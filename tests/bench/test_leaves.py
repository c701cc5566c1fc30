"""Leaf resources as lines: what is the same however it is spelled, and what is not."""

from bench.programs.leaves import leaf_line, normal


def test_spelling_does_not_matter() -> None:
    """Order of keys, JSON in a text, whole floats and absent values make no difference."""
    one = {"policy": '{"b": 1, "a": [2]}', "size": 3.0, "tags": None}
    other = {"size": 3, "policy": '{"a":[2],"b":1}'}
    assert leaf_line("aws:iam/role:Role", "r", one) == leaf_line("aws:iam/role:Role", "r", other)


def test_type_name_and_every_input_matter() -> None:
    """A change of any of them, and of a value deep inside JSON, is another line."""
    base = leaf_line("t", "n", {"a": '{"b": 1}'})
    others = [
        leaf_line("u", "n", {"a": '{"b": 1}'}),
        leaf_line("t", "m", {"a": '{"b": 1}'}),
        leaf_line("t", "n", {"a": '{"b": 2}'}),
        leaf_line("t", "n", {"a": '{"b": 1}', "c": False}),
        leaf_line("t", "n", {"a": {"b": 1}}),
    ]
    assert len({base, *others}) == 6


def test_text_that_only_looks_like_json_stays_text() -> None:
    """A brace at the start is no promise."""
    assert normal({"a": "{not json", "b": True}) == {"a": "{not json", "b": True}
