"""What splitting promises, for every text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.ingestion.ingest.chunks import split

TEXTS = st.text(alphabet="ab .\n", max_size=400)
SIZES = st.integers(2, 60).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size // 2)))


@given(TEXTS, SIZES)
def test_every_character_is_in_a_piece_and_no_piece_is_too_long(text: str, sizes: tuple[int, int]) -> None:
    """Pieces without their overlap are the text again; each starts where it says."""
    size, overlap = sizes
    pieces = list(split(text, size, overlap))
    whole = ""
    for start, piece in pieces:
        assert 0 < len(piece) <= size
        assert text[start : start + len(piece)] == piece
        assert start <= len(whole), "a gap"
        whole = whole[:start] + piece
    assert whole == text


@given(TEXTS, SIZES)
def test_neighbours_share_exactly_the_overlap(text: str, sizes: tuple[int, int]) -> None:
    """The end of a piece is the start of the next."""
    size, overlap = sizes
    pieces = list(split(text, size, overlap))
    for (start, piece), (following, _) in pairwise(pieces):
        assert start + len(piece) - following == overlap
        assert following > start


@given(TEXTS, SIZES)
def test_the_same_text_gives_the_same_pieces(text: str, sizes: tuple[int, int]) -> None:
    """Nothing but the text decides."""
    assert list(split(text, *sizes)) == list(split(text, *sizes))


def test_pieces_end_at_paragraphs_before_sentences_before_words() -> None:
    """A reader, and an embedding, gets whole thoughts where the length allows it."""
    text = "One two three. Four five.\n\nSix seven eight nine ten eleven"
    assert [piece for _, piece in split(text, 32, 0)] == [
        "One two three. Four five.\n\n",
        "Six seven eight nine ten eleven",
    ]
    assert [piece for _, piece in split("One two a. Three four five", 12, 0)] == ["One two a. ", "Three four ", "five"]
    assert [piece for _, piece in split("abcdefghij", 4, 0)] == ["abcd", "efgh", "ij"]


@pytest.mark.parametrize("overlap", [-1, 6, 10, 11])
def test_an_overlap_that_would_not_end_is_refused(overlap: int) -> None:
    """More than half of a piece."""
    with pytest.raises(ValueError, match="expected 0 to 5, half of the size 10"):
        list(split("some text", 10, overlap))
