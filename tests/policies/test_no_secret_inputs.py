"""A secret is found however it looks: what is looked for first, to save time, hides none of them."""

from hypothesis import given
from hypothesis import strategies as st

from policies.pack.keys.no_secret_inputs import KNOWN_SHAPES, MARKS


@given(st.from_regex(KNOWN_SHAPES))
def test_every_text_that_the_pattern_finds_has_a_mark(found: str) -> None:
    """Or it would not be searched, and a secret of a new shape would pass."""
    assert any(mark in found for mark in MARKS)
