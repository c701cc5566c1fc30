"""Documents and questions as formulas over a ``Space``: what ``evaluate`` does for one request, for all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network

from llmlz.access.conditions import Condition
from llmlz.access.documents import Document, Statement
from llmlz.access.patterns import RESOURCE_SHAPES, Reading, Shape
from llmlz.access.principals import Principals
from llmlz.access.proof.classes import Predicate
from llmlz.access.proof.domain import Axiom
from llmlz.access.proof.formula import UNKNOWN, Claim, Formula, every, no, some
from llmlz.access.proof.keys import FITTING, TEXTUAL, Key
from llmlz.access.proof.points import measure
from llmlz.access.proof.space import ACTION, PRINCIPAL, RESOURCE, Space
from llmlz.access.proof.tokens import COLONS, Fixed, NoValueError, RefusedError, pattern
from llmlz.access.proof.where import Clause, Where
from llmlz.access.world import ENDPOINT_KEY, Guard, World


class Encoder:
    """Translates the worlds and questions of one prover. ``account`` is the principal's."""

    def __init__(self, space: Space, account: str, reading: Reading) -> None:
        self._space, self._account, self._reading = space, account, reading
        self._statements: dict[int, tuple[Statement, Claim]] = {}

    def world(self, world: World) -> Claim:
        """Whether a request is allowed; raises ``RefusedError`` for a construct that is not known."""
        claims: list[Claim] = []
        for level in (*world.service_control, *world.resource_control):
            claims += self._needed(level)
        for id_, document in world.endpoints.items():
            claims += self._needed([document], self._texts(ENDPOINT_KEY, [id_], "exact"))
        for single in (world.boundary, world.session):
            claims += self._needed([single]) if single is not None else ()
        identity, denied = self._effects(world.identity)
        granted: list[Claim] = []
        for guard in world.guards:
            asked = self._asked(guard)
            claims += self._needed([guard.document], asked, must_allow=guard.gate)
            if guard.grants:
                allow, _ = self._effects([guard.document], itself=world.same_account)
                granted.append(Claim.every([Claim.plain(asked), allow]))
        either = Claim.some if world.same_account else Claim.every
        return Claim.every([*claims, denied.negated(), either([identity, Claim.some(granted)])])

    def where(self, where: Where) -> Formula:
        """Whether a request is one of a question; raises ``RefusedError`` as above."""
        return some(every(self._clause(clause, "resource") for clause in row) for row in where.rows)

    def axiom(self, axiom: Axiom) -> Formula:
        """Whether a request keeps to an assumption."""
        when, then = (every(self._clause(clause, "strict") for clause in row) for row in (axiom.when, axiom.then))
        return some([no(when), then])

    def _clause(self, clause: Clause, resource_shape: Shape) -> Formula:
        key = self._space.key(clause.key)
        if clause.how in ("absent", "present"):
            has = self._space.has(clause.key)
            return has if clause.how == "present" else no(has)
        if key.type not in TEXTUAL:
            raise RefusedError(f"{key.name} is a {key.type}: a question can only ask whether it is present")
        shape: Shape = resource_shape if clause.key == RESOURCE else "text"
        try:
            found = self._texts(clause.key, clause.patterns, shape, fold=clause.key == ACTION, variables=False)
        except NoValueError as error:
            raise RefusedError(str(error)) from error
        return found if clause.how == "in" else no(found)

    def _asked(self, guard: Guard) -> Formula:
        actions = self._texts(ACTION, guard.actions, "text", fold=True, variables=False)
        return every([actions, self._texts(RESOURCE, guard.resources, "resource", variables=False)])

    def _needed(
        self, documents: Iterable[Document], asked: Formula = True, *, must_allow: bool = True
    ) -> Iterator[Claim]:
        """What these documents ask for where AWS asks them: no Deny, and an Allow of one of them."""
        allow, deny = self._effects(documents)
        yield Claim.every([Claim.plain(asked), deny]).negated()
        if must_allow:
            yield Claim.some([Claim.plain(no(asked)), allow])

    def _effects(self, documents: Iterable[Document], *, itself: bool = False) -> tuple[Claim, Claim]:
        """Whether a statement of the documents allows, and whether one denies; ``itself``: only by its own name."""
        found: dict[str, list[Claim]] = {"Allow": [], "Deny": []}
        for document in documents:
            if document.undecided is not None:
                raise RefusedError(f"{document.origin}: {document.undecided}")
            for statement in document.statements:
                whom = self._names(statement.principals, itself=itself)
                if whom is not False:  # else, as of a service, not even its conditions need to be known
                    found[statement.effect].append(Claim.every([Claim.plain(whom), self._applies(statement)]))
        return Claim.some(found["Allow"]), Claim.some(found["Deny"])

    def _names(self, principals: Principals | None, *, itself: bool) -> Formula:
        if principals is None or principals.anyone:
            return True
        if not itself and self._account in principals.accounts:
            return True
        return self._texts(PRINCIPAL, principals.arns, "exact", variables=False)

    def _applies(self, statement: Statement) -> Claim:
        """Whether action, resource and all conditions of the statement match."""
        known = self._statements.get(id(statement))
        if known is None:
            try:
                known = statement, Claim.every(self._parts(statement))
            except RefusedError as error:
                raise RefusedError(f"{statement}: {error}") from error
            self._statements[id(statement)] = known
        return known[1]

    def _parts(self, statement: Statement) -> Iterator[Claim]:
        without_value = UNKNOWN if statement.effect == "Deny" else Claim.plain(False)
        actions = self._texts(ACTION, statement.actions, "text", fold=True, variables=False)
        yield Claim.plain(no(actions) if statement.not_action else actions)
        try:
            resources = self._texts(RESOURCE, statement.resources, RESOURCE_SHAPES[self._reading])
            yield Claim.plain(no(resources) if statement.not_resource else resources)
        except NoValueError:
            yield without_value
        for condition in statement.conditions:
            yield self._condition(condition, without_value)

    def _condition(self, condition: Condition, without_value: Claim) -> Claim:
        """``without_value`` is what the statement does when a policy variable has no value."""
        operator, name = condition.operator, condition.key
        key, has = self._space.key(name), self._space.has(name)
        if key.type not in FITTING[operator.shape]:
            raise RefusedError(f"{condition.written} does not fit {key.name}, which is a {key.type}")
        if operator.shape == "absent":
            return self._null(condition, key, has)
        if bool(condition.quantifier) != key.many:
            raise RefusedError(
                f"{condition.written} on {key.name}, which has {'several values' if key.many else 'one value'}"
            )
        if condition.quantifier:
            when_absent = condition.quantifier == "ForAllValues" or condition.if_exists
        else:
            when_absent = operator.negated or condition.if_exists
        absent = every([no(has), when_absent])
        try:
            predicate = self._predicate(condition)
        except NoValueError:
            return Claim.some([Claim.plain(absent), Claim.every([Claim.plain(has), without_value])])
        fits = self._space.some(name, predicate)
        if condition.quantifier:
            fits_not = self._space.some_not(name, predicate)
            if condition.quantifier == "ForAllValues":
                fits, fits_not = no(fits_not), no(fits)
            return Claim.plain(some([absent, every([has, fits_not if operator.negated else fits])]))
        return Claim.plain(some([absent, every([has, no(fits) if operator.negated else fits])]))

    def _null(self, condition: Condition, key: Key, has: Formula) -> Claim:
        """Presence; of a text that is present and empty the evaluator says nothing."""
        empty = self._texts(condition.key, [""], "exact") if key.type == "text" and not key.many else False
        absent = every([no(has), "true" in condition.values])
        filled = every([has, no(empty), "false" in condition.values])
        return Claim.some([Claim.plain(some([absent, filled])), Claim.every([Claim.plain(empty), UNKNOWN])])

    def _predicate(self, condition: Condition) -> Predicate:
        shape, fold = condition.operator.shape, condition.operator.fold
        if shape == "network":
            return tuple(ip_network(value) for value in condition.values)
        if shape in ("number", "date"):
            bounds = [(condition.operator.compare, measure(value, shape)) for value in condition.values]
            if any(bound is None for _, bound in bounds):
                raise RefusedError(f"{condition}: not a {shape}")
            return tuple((compare, bound) for compare, bound in bounds if bound is not None)
        textual: Shape = shape if shape in ("text", "arn") else "exact"
        return self._patterns(condition.key, condition.values, textual, fold=fold)

    def _texts(
        self, name: str, texts: Sequence[str], shape: Shape, *, fold: bool = False, variables: bool = True
    ) -> Formula:
        """Whether the key has a value that fits one of the texts."""
        return self._space.some(name, self._patterns(name, texts, shape, fold=fold, variables=variables))

    def _patterns(
        self, name: str, texts: Sequence[str], shape: Shape, *, fold: bool, variables: bool = True
    ) -> Predicate:
        self._space.mention(name, texts)
        fixed = self._space.fixed if variables else {}
        return tuple(dict.fromkeys(pattern(text, shape, fixed, fold=fold) for text in texts))


def account_of(worlds: Iterable[World], fixed: Mapping[str, Fixed]) -> str:
    """The principal's account: of its ARN where that is fixed, else of all worlds. Raises ``ValueError`` for several."""
    arn = fixed.get(PRINCIPAL, "")
    if isinstance(arn, str) and arn.count(":") >= COLONS:
        return arn.split(":")[4]
    accounts = {world.account for world in worlds}
    if PRINCIPAL in fixed or len(accounts) != 1 or "" in accounts:
        raise ValueError(f"the principal is {arn!r} of {sorted(accounts)}, expected an ARN, or worlds of one account")
    return accounts.pop()
