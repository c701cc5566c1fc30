"""Text in pieces of bounded length that overlap: the same text always gives the same pieces."""

from collections.abc import Iterator, Sequence

BREAKS: Sequence[str] = ("\n\n", "\n", ". ", " ")
"""Where a piece would rather end, best first: paragraph, line, sentence, word."""

SEARCHED = 4
"""A break is looked for in the last quarter of a piece, so that pieces stay of about the same length."""


def split(text: str, size: int, overlap: int) -> Iterator[tuple[int, str]]:
    """Start and text of each piece: at most ``size`` characters, each beginning with the end of the one before.

    Every character of ``text`` is in a piece. Raises ``ValueError`` unless ``0 <= overlap <= size / 2``.
    """
    if not 0 <= overlap <= size // 2:
        raise ValueError(f"overlap {overlap}: expected 0 to {size // 2}, half of the size {size}")
    start = 0
    while start < len(text):
        end = _end(text, start, size)
        yield start, text[start:end]
        if end == len(text):
            return
        start = end - overlap


def _end(text: str, start: int, size: int) -> int:
    """The last good break of the piece, or its full length."""
    full = start + size
    if full >= len(text):
        return len(text)
    earliest = full - size // SEARCHED
    for separator in BREAKS:
        found = text.rfind(separator, earliest, full)
        if found != -1:
            return found + len(separator)
    return full
