"""Faults planted in the evaluator and in the formulas, one at a time, and the test that must see each.

A fault is a small edit of a module's source. The edited functions run in place of the real ones, wherever these were
imported, until the fault is taken out again.
"""

import inspect
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from llmlz.access import conditions, evaluate, patterns, principals
from llmlz.access.proof import automaton, classes, domain, encode, formula, points, prover, shrink, space, tokens
from tests.access.proof import test_encoder, test_meaning, test_partition, test_questions

MODULES = (
    conditions,
    evaluate,
    patterns,
    principals,
    automaton,
    classes,
    domain,
    encode,
    formula,
    points,
    space,
    tokens,
)


def operators() -> None:
    """Every row of the table of operators."""
    for row in test_meaning.OPERATORS:
        test_meaning.test_operators(*row)


def case() -> None:
    """Both readings."""
    test_meaning.test_case("documented")


def literals() -> None:
    """Every row of the table of classes that a literal could hide."""
    for predicates, classes_ in test_partition.HIDDEN:
        test_partition.test_a_literal_hides_no_class(predicates, classes_)


def resources() -> None:
    """Every row of the table of resources."""
    for value, expected in test_partition.RESOURCES:
        test_partition.test_what_a_resource_is(value, expected)


def random_worlds() -> None:
    """A few hundred random worlds; the first disagreement ends it."""
    test_encoder.compare(range(300), requests=10)


@dataclass(frozen=True, slots=True)
class Fault:
    """One edit, and the test that must fail with it."""

    name: str
    module: types.ModuleType
    old: str
    new: str
    seen_by: Callable[[], None]


FAULTS = (
    # In the evaluator
    Fault(
        "evaluator: ? takes a colon", patterns, 'yield "[^:]" if inside else "."', 'yield "."', test_meaning.test_colons
    ),
    Fault(
        "evaluator: * stays in its part",
        patterns,
        'shape == "resource" and ends_part',
        "False",
        test_meaning.test_colons,
    ),
    Fault(
        "evaluator: * leaves its part",
        patterns,
        'shape == "resource" and ends_part',
        "ends_part",
        test_meaning.test_colons,
    ),
    Fault("evaluator: case folding lost", patterns, "(re.IGNORECASE if fold else 0)", "0", case),
    Fault(
        "evaluator: a variable's star is a wildcard",
        patterns,
        "yield from ((char, False) for char in _value(found[1], keys))",
        "yield from ((char, True) for char in _value(found[1], keys))",
        test_meaning.test_variables,
    ),
    Fault(
        "evaluator: IfExists ignored",
        conditions,
        "return operator.negated or condition.if_exists",
        "return operator.negated",
        operators,
    ),
    Fault(
        "evaluator: negated needs the key",
        conditions,
        "return operator.negated or condition.if_exists",
        "return condition.if_exists",
        operators,
    ),
    Fault(
        "evaluator: ForAnyValue as ForAllValues",
        conditions,
        'return values not in ((), ("",)) and any(',
        'return values not in ((), ("",)) and all(',
        test_meaning.test_set_operators,
    ),
    Fault(
        "evaluator: Null turned around",
        conditions,
        "str(value is None).lower()",
        "str(value is not None).lower()",
        test_meaning.test_null,
    ),
    Fault(
        "evaluator: NotAction ignored", evaluate, "== statement.not_action", "is False", test_meaning.test_not_elements
    ),
    Fault(
        "evaluator: NotResource ignored",
        evaluate,
        "any(found) == statement.not_resource",
        "not any(found)",
        test_meaning.test_not_elements,
    ),
    Fault(
        "evaluator: boundary forgotten",
        evaluate,
        '("boundary", world.boundary)',
        '("boundary", None)',
        test_meaning.test_every_layer_must_allow,
    ),
    Fault(
        "evaluator: one level of an organization is enough",
        evaluate,
        "yield from (Place(kind, level, must_allow=True) for level in levels)",
        "yield from (Place(kind, sum(levels, ()), must_allow=True) for _ in levels[:1])",
        test_meaning.test_every_level_of_an_organization_must_allow,
    ),
    Fault(
        "evaluator: every endpoint is asked",
        evaluate,
        "if isinstance(through, str) and through in world.endpoints:",
        "for through in world.endpoints:",
        test_meaning.test_an_endpoint_binds_what_comes_through_it,
    ),
    Fault(
        "evaluator: gate ignored",
        evaluate,
        "must_allow=guard.gate",
        "must_allow=False",
        test_meaning.test_a_gate_must_allow_where_it_stands,
    ),
    Fault(
        "evaluator: Deny of a resource policy forgotten",
        evaluate,
        'if statement.effect == "Deny" and match.applies == "yes":',
        'if statement.effect == "Deny" and match.applies == "yes" and place.name != "resource":',
        test_meaning.test_a_deny_in_any_layer_wins,
    ),
    Fault(
        "evaluator: the account is the principal",
        principals,
        'return "account" if',
        'return "itself" if',
        test_meaning.test_who_grants,
    ),
    Fault(
        "evaluator: across accounts identity is skipped",
        evaluate,
        "    if world.same_account:\n",
        "    if True:\n",
        test_meaning.test_who_grants,
    ),
    Fault(
        "evaluator: a Deny without its variable applies",
        evaluate,
        'unknown = unknown or Match("unknown", str(error), by)\n    return',
        "pass\n    return",
        test_meaning.test_a_variable_without_a_value,
    ),
    # In the formulas
    Fault(
        "formulas: ? takes a colon",
        tokens,
        "tokens.append(ONE_INSIDE if inside else ONE)",
        "tokens.append(ONE)",
        test_meaning.test_colons,
    ),
    Fault("formulas: * stays in its part", tokens, 'shape == "resource" and', "False and", test_meaning.test_colons),
    Fault("formulas: * leaves its part", tokens, 'shape == "resource" and', "True and", test_meaning.test_colons),
    Fault("formulas: case folding lost", tokens, "char.lower() if fold else char", "char", case),
    Fault(
        "formulas: upper case not looked at",
        automaton,
        "{token, token.upper()} if both else {token}",
        "{token}",
        literals,
    ),
    Fault(
        "formulas: a variable's star is a wildcard",
        tokens,
        "yield from ((char, False) for char in _value(name, fixed))",
        "yield from ((char, True) for char in _value(name, fixed))",
        test_meaning.test_variables,
    ),
    Fault(
        "formulas: a class is lost behind a literal",
        classes,
        "following = (automaton.step(state, char), next_place)",
        "following = ((*automaton.step(state, char)[:1], 0, 0), next_place)",
        literals,
    ),
    Fault(
        "formulas: a colon is a letter like any other",
        automaton,
        "if bits & self._inside:",
        "if False:",
        test_partition.test_colons_tell_apart,
    ),
    Fault("formulas: a settled predicate settles all", automaton, "owner & ~settled == 0", "owner & settled", literals),
    Fault(
        "formulas: texts end anywhere",
        classes,
        "if place in domain.final:",
        "if True:",
        test_partition.test_colons_tell_apart,
    ),
    Fault(
        "formulas: IfExists ignored", encode, "operator.negated or condition.if_exists", "operator.negated", operators
    ),
    Fault(
        "formulas: negated needs the key",
        encode,
        "operator.negated or condition.if_exists",
        "condition.if_exists",
        operators,
    ),
    Fault(
        "formulas: ForAnyValue as ForAllValues",
        encode,
        'if condition.quantifier == "ForAllValues":',
        "if condition.quantifier:",
        test_meaning.test_set_operators,
    ),
    Fault(
        "formulas: Null turned around",
        encode,
        'every([no(has), "true" in',
        'every([no(has), "false" in',
        test_meaning.test_null,
    ),
    Fault(
        "formulas: NotAction ignored",
        encode,
        "no(actions) if statement.not_action else actions",
        "actions",
        test_meaning.test_not_elements,
    ),
    Fault(
        "formulas: NotResource ignored",
        encode,
        "no(resources) if statement.not_resource else resources",
        "resources",
        test_meaning.test_not_elements,
    ),
    Fault(
        "formulas: boundary forgotten",
        encode,
        "(world.boundary, world.session)",
        "(world.session,)",
        test_meaning.test_every_layer_must_allow,
    ),
    Fault(
        "formulas: one level of an organization is enough",
        encode,
        "for level in (*world.service_control, *world.resource_control):",
        "for level in ([d for l in world.service_control for d in l],) if world.service_control else ():",
        test_meaning.test_every_level_of_an_organization_must_allow,
    ),
    Fault(
        "formulas: every endpoint is asked",
        encode,
        'self._needed([document], self._texts(ENDPOINT_KEY, [id_], "exact"))',
        "self._needed([document])",
        test_meaning.test_an_endpoint_binds_what_comes_through_it,
    ),
    Fault(
        "formulas: gate ignored",
        encode,
        "must_allow=guard.gate",
        "must_allow=False",
        test_meaning.test_a_gate_must_allow_where_it_stands,
    ),
    Fault(
        "formulas: Deny of a resource policy forgotten",
        encode,
        "claims += self._needed([guard.document], asked, must_allow=guard.gate)",
        "claims += self._needed([guard.document], asked) if guard.gate else ()",
        test_meaning.test_a_deny_in_any_layer_wins,
    ),
    Fault(
        "formulas: the account is the principal",
        encode,
        "if not itself and self._account",
        "if self._account",
        test_meaning.test_who_grants,
    ),
    Fault(
        "formulas: across accounts identity is skipped",
        encode,
        "Claim.some if world.same_account else Claim.every",
        "Claim.some",
        test_meaning.test_who_grants,
    ),
    Fault("formulas: numbers compared the other way", classes, "b[0](found, b[1])", "b[0](b[1], found)", operators),
    Fault("formulas: IPv6 taken for IPv4", classes, "network.max_prefixlen != address[1]", "False", operators),
    Fault(
        "formulas: doubt is certainty",
        formula,
        "no(self.possible)",
        "no(self.certain)",
        test_meaning.test_a_variable_without_a_value,
    ),
    Fault(
        "formulas: doubt is no",
        encode,
        'UNKNOWN if statement.effect == "Deny" else',
        "",
        test_meaning.test_a_variable_without_a_value,
    ),
    Fault("formulas: a key is never absent", space, "(name not in ALWAYS)", "0", random_worlds),
    Fault(
        "prover: the evaluator is not asked", prover, "and all(outcomes)", "", test_questions.test_doubt_is_never_proved
    ),
    Fault(
        "prover: doubt counts as a refusal",
        prover,
        "claim.possible if outcome",
        "claim.certain if outcome",
        test_questions.test_doubt_is_never_proved,
    ),
    Fault(
        "prover: what is refused is left out",
        prover,
        "self._refused[name] = str(error)",
        "self._claims[name] = Claim.plain(False)",
        test_questions.test_an_undecided_document_is_indeterminate,
    ),
    Fault(
        "shrink: nothing is left out",
        shrink,
        "for name, value in request.context.items():",
        "for name, value in ():",
        test_questions.test_a_counterexample_is_small_and_confirmed,
    ),
)


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """The fault at work; it must be at exactly one place of its module."""
    source = inspect.getsource(fault.module)
    assert source.count(fault.old) == 1, f"{fault.name}: {fault.old!r} is there {source.count(fault.old)} times"
    edited: dict[str, Any] = {"__name__": fault.module.__name__}
    exec(compile(source.replace(fault.old, fault.new), str(fault.module.__file__), "exec"), edited)  # noqa: S102
    changed = [
        (real, real.__code__, other.__code__)
        for real, other in _pairs(vars(fault.module), edited, fault.module.__name__)
        if real.__code__ != other.__code__
    ]
    assert changed, f"{fault.name}: no function has changed"
    for real, _, code in changed:
        real.__code__ = code
    _forget()
    try:
        yield
    finally:
        for real, code, _ in changed:
            real.__code__ = code
        _forget()


def _pairs(real: Any, other: Any, module: str) -> Iterator[tuple[types.FunctionType, types.FunctionType]]:
    """Functions and methods of a module or class, each with its namesake in the edited source."""
    for name, value in dict(real).items():
        if name not in other:
            continue
        one, two = (
            inspect.unwrap(getattr(found, "__func__", found))
            if callable(found) or hasattr(found, "__func__")
            else found
            for found in (value, other[name])
        )
        if isinstance(one, types.FunctionType) and isinstance(two, types.FunctionType) and one.__module__ == module:
            yield one, two
        elif isinstance(one, type) and one.__module__ == module and isinstance(two, type):
            yield from _pairs(vars(one), vars(two), module)


def _forget() -> None:
    """What functions remember was found without, or with, the fault."""
    for module in MODULES:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def sees(fault: Fault) -> bool:
    """Whether the fault's test fails with it."""
    with planted(fault):
        try:
            fault.seen_by()
        except AssertionError:
            return True
    return False


def table() -> str:
    """Every fault and the test that saw it, for a person."""
    rows = [(fault.name, fault.seen_by.__name__ if sees(fault) else "NOBODY") for fault in FAULTS]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:{width}} -> {test}" for name, test in rows)


if __name__ == "__main__":
    print(table())
