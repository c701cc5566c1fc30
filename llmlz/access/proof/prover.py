"""Questions about all requests of one principal, answered by a solver and confirmed by the evaluator.

Never: no request of this kind is allowed. Always: every request of this kind is. An answer is "proved", or "broken" with
a smallest request that shows it, or "indeterminate": something in the documents or in the question is not known here, or
AWS does not document it. What is not known is never proved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import z3  # type: ignore[import-untyped]  # ships no types

from llmlz.access.evaluate import Outcome, decide
from llmlz.access.patterns import Reading
from llmlz.access.proof.automaton import TooManyStatesError
from llmlz.access.proof.cache import Cache
from llmlz.access.proof.domain import axioms
from llmlz.access.proof.encode import Encoder, account_of
from llmlz.access.proof.formula import Claim, Formula, no
from llmlz.access.proof.interrupts import heard_again
from llmlz.access.proof.shrink import shrink
from llmlz.access.proof.space import Space
from llmlz.access.proof.tokens import Fixed, RefusedError
from llmlz.access.proof.where import Where
from llmlz.access.request import Request
from llmlz.access.world import World

__all__ = ["Answer", "Cache", "Fixed", "Prover", "Reading"]

ACCOUNT_KEY = "aws:principalaccount"
PATIENCE_MS = 60_000
"""For one question; they take about one."""

NO_HINTS: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of one question."""

    verdict: Literal["proved", "broken", "indeterminate"]
    request: Request | None = None
    """A smallest request that breaks the promise, confirmed by the evaluator; one that shows a doubt, if there is one."""

    why: str = ""
    """For ``indeterminate``: what is not known."""


class Prover:
    """All questions about one principal: its requests are told apart once, for all its worlds."""

    def __init__(
        self,
        worlds: Mapping[str, World],
        *,
        fixed: Mapping[str, Fixed],
        wheres: Sequence[Where],
        reading: Reading = "documented",
        cache: Cache | None = None,
        hints: Mapping[str, Sequence[str]] = NO_HINTS,
    ) -> None:
        """``worlds`` by name, such as ``now``, or ``old`` and ``new``; all are about one principal.

        ``fixed`` is lower-case condition key to the value that every request has; without ``aws:principalarn`` the
        principal is any role of the account. ``hints`` are values that read well in a counterexample, by key. Raises
        ``ValueError`` for worlds of several principals.
        """
        self._worlds, self._reading = dict(worlds), reading
        account = account_of(self._worlds.values(), fixed)
        self.space = Space({ACCOUNT_KEY: account, **fixed}, account, hints, cache)
        self._encoder = Encoder(self.space, account, reading)
        self._refused: dict[object, str] = {}
        self._claims: dict[str, Claim] = {}
        self._wheres: dict[Where, Formula] = {}
        for name, world in self._worlds.items():
            try:
                self._claims[name] = self._encoder.world(world)
            except RefusedError as error:
                self._refused[name] = str(error)
        for where in wheres:
            try:
                self._wheres[where] = self._encoder.where(where)
            except RefusedError as error:
                self._refused[where] = str(error)
        self._solver = z3.SolverFor("QF_FD")
        self._solver.set("timeout", PATIENCE_MS)
        self._axioms = [axiom for axiom in axioms() if axiom.keys() <= self.space.names()]
        self._stuck = ""
        try:
            taken = [self._encoder.axiom(axiom) for axiom in self._axioms]
            self._solver.add(*self.space.close(), *taken)
        except (RefusedError, TooManyStatesError) as error:
            self._stuck = str(error)
        self._literals: dict[int, tuple[Formula, Formula]] = {}

    def never(self, where: Where, world: str = "now", *, refused_by: str | None = None) -> Answer:
        """Proved when no request that fits ``where`` is allowed in ``world``, and refused in ``refused_by`` if given."""
        wanted: dict[str, Outcome] = {world: "allowed", **({refused_by: "denied"} if refused_by else {})}
        return self._answer(where, wanted)

    def always(self, where: Where, world: str = "now") -> Answer:
        """Proved when every request that fits ``where`` is allowed in ``world``."""
        return self._answer(where, {world: "denied"})

    def satisfiable(self, where: Where) -> bool:
        """Whether any request fits at all; false as well where that is not known."""
        try:
            return not self._why_not(where, ()) and self._model([self._wheres[where]]) is not None
        except _GaveUpError:
            return False

    def says(self, request: Request, world: str = "now") -> Outcome | None:
        """What the formulas say of one request: always what ``decide`` says. ``None`` for one that no proof is about.

        Raises ``ValueError`` for a world that could not be translated.
        """
        if self._stuck or world in self._refused:
            raise ValueError(self._stuck or self._refused[world])
        pins = self.space.pins(request)
        model = None if pins is None else self._model(pins)
        if model is None:
            return None
        claim = self._claims[world]
        if _true(model, claim.certain):
            return "allowed"
        return "indeterminate" if _true(model, claim.possible) else "denied"

    def _answer(self, where: Where, wanted: Mapping[str, Outcome]) -> Answer:
        if why := self._why_not(where, wanted):
            return Answer(verdict="indeterminate", why=why)
        try:
            return self._searched(where, wanted)
        except _GaveUpError as error:
            return Answer(verdict="indeterminate", why=str(error))

    def _searched(self, where: Where, wanted: Mapping[str, Outcome]) -> Answer:
        """Looks for a request that fits ``where`` and has these outcomes; a doubtful outcome counts as wanted."""
        claims = [(self._claims[name], outcome) for name, outcome in wanted.items()]
        doubtful = [claim.possible if outcome == "allowed" else no(claim.certain) for claim, outcome in claims]
        certain = [claim.certain if outcome == "allowed" else no(claim.possible) for claim, outcome in claims]

        def shows(request: Request) -> bool:
            outcomes = (decide(request, self._worlds[n], self._reading).outcome == o for n, o in wanted.items())
            return where.holds(request) and all(axiom.holds(request) for axiom in self._axioms) and all(outcomes)

        model = self._model([self._wheres[where], *doubtful])
        if model is None:
            return Answer(verdict="proved")
        request = self.space.request(model)
        if not shows(request):
            model = self._model([self._wheres[where], *certain])
            if model is None:
                reasons = (decide(request, self._worlds[name], self._reading) for name in wanted)
                doubts = [decision.reason for decision in reasons if decision.outcome == "indeterminate"]
                return Answer(verdict="indeterminate", request=request, why="; ".join(doubts) or _DISAGREE)
            request = self.space.request(model)
            if not shows(request):
                return Answer(verdict="indeterminate", request=request, why=_DISAGREE)
        return Answer(verdict="broken", request=shrink(request, shows, self.space.fixed))

    def _why_not(self, where: Where, worlds: Mapping[str, Outcome] | tuple[()]) -> str:
        """Why a question cannot be answered; empty if it can. Raises ``ValueError`` for one that was not announced."""
        if unknown := [name for name in worlds if name not in self._worlds]:
            raise ValueError(f"world {unknown[0]!r} is none of {', '.join(self._worlds)}")
        if where not in self._wheres and where not in self._refused:
            raise ValueError("the question is none of those that the prover was made for")
        reasons = [self._refused[name] for name in (*worlds, where) if name in self._refused]
        return "; ".join([self._stuck] if self._stuck else reasons)

    def _model(self, formulas: Sequence[Formula]) -> Formula:
        """A model of all formulas and of what holds for every request; ``None`` when there is none."""
        if any(one is False for one in formulas):
            return None
        try:
            answer = self._solver.check(*(self._literal(one) for one in formulas if one is not True))
        finally:
            heard_again()
        if answer == z3.unknown:
            raise _GaveUpError(f"the solver gave up: {self._solver.reason_unknown()}")
        return self._solver.model() if answer == z3.sat else None

    def _literal(self, formula: Formula) -> Formula:
        """A Boolean that stands for the formula, so that what the solver learns of it stays known."""
        if formula.get_id() not in self._literals:
            literal = z3.Bool(f"literal {len(self._literals)}")
            self._solver.add(literal == formula)
            self._literals[formula.get_id()] = formula, literal
        return self._literals[formula.get_id()][1]


class _GaveUpError(Exception):
    """The solver has no answer in the time that it gets."""


_DISAGREE = "the evaluator does not confirm what the formulas say: one of the two is wrong"


def _true(model: Formula, formula: Formula) -> bool:
    return formula if isinstance(formula, bool) else z3.is_true(model.eval(formula, True))
