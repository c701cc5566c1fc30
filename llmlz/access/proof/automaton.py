"""All patterns of one key as one automaton: a bit for every place in a wildcard pattern, and a tree of plain words.

A state says how far every pattern has come. The number of states can double with every pattern that begins with a
wildcard, so whoever walks them keeps to ``LIMIT``.
"""

from collections.abc import Sequence

from llmlz.access.proof.tokens import MANY, MANY_INSIDE, ONE, ONE_INSIDE, WILD, Pattern

LIMIT = 30_000
"""States of one key: about three times what the widest known world needs, and far below what a machine feels."""

NONE = -1
"""Node of no word: the text has left the tree."""

SPARE = "zyxwvuqjkgtpfmhblcnoisdrea0123456789_~-+=@,./"
"""Candidates for the character that no pattern names, in the order of preference."""

State = tuple[int, int]
"""Places reached in the wildcard patterns, as bits; and the node of the tree of words."""


class TooManyStatesError(Exception):
    """The patterns of one key together need more than ``LIMIT`` states; the message names the key."""


class Automaton:
    """Which of ``patterns`` a text fits, one character at a time.

    Where all patterns ignore case, texts must be given in lower case (``folded``).
    """

    def __init__(self, patterns: Sequence[Pattern], reserved: str = "") -> None:
        self.patterns = tuple(patterns)
        self.folded = bool(patterns) and all(pattern.fold for pattern in patterns)
        self._tree: list[dict[str, int]] = [{}]
        self._ends: dict[int, list[int]] = {}
        self._letters: dict[str, int] = {}
        self._one = self._one_inside = self._many = self._many_inside = 0
        self._accepting: dict[int, int] = {}
        start = width = 0
        for number, found in enumerate(self.patterns):
            plain = not any(token in WILD for token in found.tokens)
            if plain and found.fold == self.folded:
                self._plant(found.tokens, number)
                continue
            start |= 1 << width
            for token in found.tokens:
                self._place(token, 1 << width, both=found.fold and not self.folded)
                width += 1
            self._accepting[1 << width] = number
            width += 1
        self._stars = self._many | self._many_inside
        self._ends_mask = sum(self._accepting)
        self._inside = self._one_inside | self._many_inside
        used = {*self._letters, *(char for node in self._tree for char in node), ":", *reserved}
        self.other = next((c for c in SPARE if c not in used), None) or _beyond(used)
        self._moves = {char: self._move(char) for char in (*self._letters, ":", self.other)}
        self._known: dict[int, set[str]] = {}
        self.start: State = (start | (start & self._stars) << 1, 0)

    def _plant(self, word: Sequence[str], number: int) -> None:
        node = 0
        for char in word:
            if char not in self._tree[node]:
                self._tree.append({})
                self._tree[node][char] = len(self._tree) - 1
            node = self._tree[node][char]
        self._ends.setdefault(node, []).append(number)

    def _place(self, token: str, bit: int, *, both: bool) -> None:
        if token == ONE:
            self._one |= bit
        elif token == ONE_INSIDE:
            self._one_inside |= bit
        elif token == MANY:
            self._many |= bit
        elif token == MANY_INSIDE:
            self._many_inside |= bit
        else:
            for char in {token, token.upper()} if both else {token}:
                self._letters[char] = self._letters.get(char, 0) | bit

    def _move(self, char: str) -> tuple[int, int]:
        """The places that this character moves on from, and those that it leaves where they are."""
        colon = char == ":"
        moving = self._letters.get(char, 0) | self._one | (0 if colon else self._one_inside)
        return moving, self._many | (0 if colon else self._many_inside)

    def step(self, state: State, char: str) -> State:
        """The state after one more character."""
        bits, node = state
        moving, staying = self._moves.get(char) or self._moves[self.other]
        bits = (bits & moving) << 1 | bits & staying
        bits |= (bits & self._stars) << 1
        return bits, self._tree[node].get(char, NONE) if node != NONE else NONE

    def run(self, text: str) -> State:
        """The state after a whole text, in whatever case."""
        state = self.start
        for char in text.lower() if self.folded else text:
            state = self.step(state, char)
        return state

    def letters(self, state: State) -> set[str]:
        """Characters that may lead elsewhere than ``other`` does."""
        bits, node = state
        found = self._known.get(bits)
        if found is None:
            found = {char for char, places in self._letters.items() if places & bits}
            if bits & self._inside:
                found.add(":")
            self._known[bits] = found
        return found.union(self._tree[node]) if node != NONE else found

    def accepted(self, state: State) -> tuple[int, int]:
        """What tells apart states that fit different patterns: compare it, or give it to ``fitting``."""
        return state[0] & self._ends_mask, state[1] if state[1] in self._ends else NONE

    def fitting(self, accepted: tuple[int, int]) -> set[int]:
        """Numbers of the patterns that a text fits."""
        bits, node = accepted
        return {number for bit, number in self._accepting.items() if bits & bit}.union(self._ends.get(node, ()))


def _beyond(used: set[str]) -> str:
    return next(char for char in map(chr, range(0x4E00, 0x9FFF)) if char not in used)
