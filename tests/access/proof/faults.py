"""Faults planted in the evaluator and in the formulas, one at a time: ``faults.yaml``, and how they are put in.

A fault is a small edit of a module's source. The edited functions run in place of the real ones, wherever these were
imported, until the fault is taken out again. ``python -m tests.access.proof.faults`` prints which test saw which.
"""

import importlib
import inspect
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.access.proof import test_encoder, test_meaning, test_partition, test_questions


def operators() -> None:
    """Every row of the table of operators."""
    for row in test_meaning.OPERATORS:
        test_meaning.test_operators(*row)


def numbers_and_addresses() -> None:
    """The rows for numbers and networks."""
    for row in test_meaning.OPERATORS:
        if row[0].startswith(("Numeric", "IpAddress")):
            test_meaning.test_operators(*row)


def case() -> None:
    """Upper and lower case of actions and resources."""
    test_meaning.test_case("documented")


def literals() -> None:
    """Every row of the table of classes that a literal could hide."""
    for predicates, classes in test_partition.HIDDEN:
        test_partition.test_a_literal_hides_no_class(predicates, classes)


def random_worlds() -> None:
    """Random worlds, until the first disagreement."""
    test_encoder.compare(range(300), requests=10)


TESTS: Mapping[str, Callable[[], None]] = {
    **{test.__name__: test for test in (operators, numbers_and_addresses, case, literals, random_worlds)},
    **{
        f"{module.__name__.rpartition('.')[2]}.{name}": test
        for module in (test_encoder, test_meaning, test_partition, test_questions)
        for name, test in vars(module).items()
        if name.startswith("test_")
    },
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One edit, and the test that must fail with it."""

    name: str
    module: str
    """Module under ``llmlz.access``."""

    old: str
    new: str
    seen_by: str

    def __str__(self) -> str:
        """What is wrong with it in."""
        return self.name


FAULTS = tuple(Fault(**row) for row in YAML(typ="safe").load(Path(__file__).with_suffix(".yaml").read_text("utf-8")))


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """The fault at work; it must be at exactly one place of its module."""
    module = importlib.import_module(f"llmlz.access.{fault.module}")
    source = inspect.getsource(module)
    assert source.count(fault.old) == 1, f"{fault}: {fault.old!r} is there {source.count(fault.old)} times"
    edited: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(source.replace(fault.old, fault.new), str(module.__file__), "exec"), edited)  # noqa: S102
    pairs = [(real, other.__code__) for real, other in _pairs(vars(module), edited, module.__name__)]
    changed = [(real, real.__code__, code) for real, code in pairs if real.__code__ != code]
    assert changed, f"{fault}: no function has changed"
    try:
        for real, _, code in changed:
            real.__code__ = code
        _forget()
        yield
    finally:
        for real, code, _ in changed:
            real.__code__ = code
        _forget()


def _pairs(
    real: Mapping[str, Any], other: Mapping[str, Any], module: str
) -> Iterator[tuple[types.FunctionType, types.FunctionType]]:
    """Functions and methods of a module or class, each with its namesake in the edited source."""
    for name in real.keys() & other.keys():
        one, two = (inspect.unwrap(getattr(found, "__func__", found)) for found in (real[name], other[name]))
        if isinstance(one, types.FunctionType) and one.__module__ == module:
            yield one, two
        elif isinstance(one, type) and one.__module__ == module:
            yield from _pairs(vars(one), vars(two), module)


def _forget() -> None:
    """What functions remember was found without, or with, the fault."""
    for name, module in list(sys.modules.items()):
        if name.startswith("llmlz.access."):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def sees(fault: Fault) -> bool:
    """Whether the fault's test fails with it."""
    with planted(fault):
        try:
            TESTS[fault.seen_by]()
        except AssertionError:
            return True
    return False


def table() -> str:
    """Every fault and the test that saw it, for a person."""
    width = max(len(fault.name) for fault in FAULTS)
    return "\n".join(f"{fault.name:{width}} -> {fault.seen_by if sees(fault) else 'NOBODY'}" for fault in FAULTS)


if __name__ == "__main__":
    print(table())
