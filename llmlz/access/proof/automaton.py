"""All patterns of one key as one automaton: a bit for every place in a wildcard pattern, and a tree of plain words.

A state says how far every pattern has come. The number of states can double with every pattern that begins with a
wildcard, so whoever walks them keeps to ``LIMIT``.
"""

from collections.abc import Sequence

from llmlz.access.proof.tokens import MANY, MANY_INSIDE, ONE, ONE_INSIDE, WILD, Pattern

LIMIT = 30_000
"""States of one key: several times what the widest known world needs, and a second of work."""

NONE = -1
"""Node of no word: the text has left the tree."""

SPARE = "zyxwvuqjkgtpfmhblcnoisdrea0123456789_~-+=@,./"
"""Candidates for the character that no pattern names, in the order of preference."""

State = tuple[int, int, int]
"""Places reached in the wildcard patterns, as bits; the node in the tree of words; and the predicates, as bits, that any
text from here on fits. What else would lead to these is forgotten, so that long lists of patterns stay small."""

Signature = frozenset[int]
"""Numbers of the predicates that a text fits."""


class TooManyStatesError(Exception):
    """The patterns of one key together need more than ``LIMIT`` states; the message names the key."""


class Automaton:
    """Which of ``predicates``, each a list of patterns, a text fits, one character at a time.

    ``reserved`` are characters that somebody else tells apart. Where all patterns ignore case, texts must be given in
    lower case (``folded``).
    """

    def __init__(self, predicates: Sequence[Sequence[Pattern]], reserved: str = "") -> None:
        owners: dict[Pattern, int] = {}
        for number, predicate in enumerate(predicates):
            for found in predicate:
                owners[found] = owners.get(found, 0) | 1 << number
        self.folded = bool(owners) and all(found.fold for found in owners)
        self._count = len(predicates)
        self._tree: list[dict[str, int]] = [{}]
        self._letters: dict[str, int] = {}
        self._one = self._one_inside = self._many = self._many_inside = 0
        self._words: dict[int, int] = {}
        self._accepting: dict[int, int] = {}
        self._lasting: dict[int, int] = {}
        self._places: list[tuple[int, int]] = []
        start = width = 0
        for found, owner in owners.items():
            if found.fold == self.folded and not any(token in WILD for token in found.tokens):
                self._plant(found.tokens, owner)
                continue
            first, start = width, start | 1 << width
            for token in found.tokens:
                self._place(token, 1 << width, both=found.fold and not self.folded)
                width += 1
            self._accepting[1 << width] = owner
            if found.tokens[-1:] == (MANY,):
                self._lasting[1 << width - 1] = owner
            width += 1
            self._places.append(((1 << width) - (1 << first), owner))
        self._stars = self._many | self._many_inside
        self._ends, self._lasts = sum(self._accepting), sum(self._lasting)
        self._inside = self._one_inside | self._many_inside
        used = {*self._letters, *(char for node in self._tree for char in node), ":", *reserved}
        self.other = next((c for c in SPARE if c not in used), None) or _beyond(used)
        self._moves = {char: self._move(char) for char in (*self._letters, ":", self.other)}
        self._apart: dict[int, set[str]] = {}
        self._kept: dict[int, int] = {}
        self.start = self._settled(start | (start & self._stars) << 1, 0, 0)

    def _plant(self, word: Sequence[str], owner: int) -> None:
        node = 0
        for char in word:
            if char not in self._tree[node]:
                self._tree.append({})
                self._tree[node][char] = len(self._tree) - 1
            node = self._tree[node][char]
        self._words[node] = owner

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
        bits, node, settled = state
        moving, staying = self._moves.get(char) or self._moves[self.other]
        bits = (bits & moving) << 1 | bits & staying
        bits |= (bits & self._stars) << 1
        return self._settled(bits, self._tree[node].get(char, NONE) if node != NONE else NONE, settled)

    def _settled(self, bits: int, node: int, settled: int) -> State:
        """The state without patterns that only lead to what is settled: all that follows fits it anyway."""
        if bits & self._lasts:
            for bit, owner in self._lasting.items():
                if bits & bit:
                    settled |= owner
        if settled and settled not in self._kept:
            self._kept[settled] = ~sum(places for places, owner in self._places if owner & ~settled == 0)
        return bits & self._kept[settled] if settled else bits, node, settled

    def run(self, text: str) -> State:
        """The state after a whole text, in whatever case."""
        state = self.start
        for char in text.lower() if self.folded else text:
            state = self.step(state, char)
        return state

    def letters(self, state: State) -> set[str]:
        """Characters that may lead elsewhere than ``other`` does."""
        bits, node, _ = state
        found = self._apart.get(bits)
        if found is None:
            found = {char for char, places in self._letters.items() if places & bits}
            if bits & self._inside:
                found.add(":")
            self._apart[bits] = found
        return found.union(self._tree[node]) if node != NONE else found

    def signature(self, state: State) -> Signature:
        """The predicates that a text fits when it ends here."""
        bits, node, settled = state
        settled |= self._words.get(node, 0)
        if bits & self._ends:
            for bit, owner in self._accepting.items():
                if bits & bit:
                    settled |= owner
        return frozenset(number for number in range(self._count) if settled >> number & 1)


def _beyond(used: set[str]) -> str:
    return next(char for char in map(chr, range(0x4E00, 0x9FFF)) if char not in used)
