"""Runs rules: each resource is given to the rules for its type, and whatever goes wrong in a rule is a verdict.

The same code decides for a recorded graph and inside the Pulumi engine, so that both give the same findings.
"""

import functools
import importlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policies.pack._record import Record
from policies.pack._rule import Context, Index, Resource, Result, Stack, indeterminate
from policies.pack._values import UnreadableError

BROKEN = "the rule failed"
"""Begins the message of a rule that fell over."""


class LooksAroundError(Exception):
    """A rule asked for more than the one resource that is known so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What one rule says."""

    record: Record
    resource: Resource | None
    """``None`` for the stack as a whole."""

    result: Result


class Rules:
    """Records by the types that they look at."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Sort them once."""
        self.records = tuple(records)
        self._all = tuple(r for r in self.records if r.types is None)
        self._by_type: dict[str, list[Record]] = {}
        for record in self.records:
            for token in record.types or ():
                self._by_type.setdefault(token, []).append(record)

    def about(self, token: str, level: int) -> tuple[Record, ...]:
        """Controls of one resource that look at a type at a level."""
        found = (*self._by_type.get(token, ()), *self._all)
        return tuple(r for r in found if r.scope == "resource" and level >= r.advisory_from)

    def of_stacks(self, level: int) -> tuple[Record, ...]:
        """Controls of a whole stack that run at a level."""
        return tuple(r for r in self.records if r.scope == "stack" and level >= r.advisory_from)


def judge(
    records: Iterable[Record], stack: Stack, custom: Sequence[Resource], level: int, others: Sequence[Stack] = ()
) -> Iterator[tuple[Record, tuple[Resource, ...], list[Verdict]]]:
    """For each control that runs at ``level``: what it looked at, and its verdicts.

    ``custom`` are the resources that a provider makes, in the stack's order.
    """
    index, by_type = Index(stack.resources), Index(custom)
    for record in records:
        if level < record.advisory_from:
            continue
        subjects = tuple(custom) if record.types is None else by_type.of_type(record.types)
        context = Context(stack=stack, level=level, needs=record.parameters(level), others=others, index=index)
        if record.scope == "resource":
            yield record, subjects, [decide(record, subject, context) for subject in subjects]
        else:
            yield record, subjects, [decide_stack(record, subjects, context)] if subjects else []


def decide(record: Record, resource: Resource, context: Context) -> Verdict:
    """The verdict about one resource; raises ``LooksAroundError`` where ``context`` does."""
    return Verdict(record=record, resource=resource, result=_answer(rule(record).decide, resource, context))


def decide_stack(record: Record, subjects: Sequence[Resource], context: Context) -> Verdict:
    """The verdict about a stack."""
    return Verdict(record=record, resource=None, result=_answer(rule(record).decide_stack, subjects, context))


@functools.cache
def _module(name: str) -> Any:
    return importlib.import_module(name)


def rule(record: Record) -> Any:
    """The module that decides a record."""
    return _module("policies.pack." + record.rule.replace("/", "."))


def _answer(rule_: Any, subject: Any, context: Context) -> Result:
    try:
        result: Result = rule_(subject, context)
    except LooksAroundError:
        raise
    except UnreadableError as error:
        return indeterminate(f"cannot be decided: {error}")
    except Exception as error:  # a rule that falls over has decided nothing
        return indeterminate(f"{BROKEN}: {type(error).__name__}: {error}")
    return result
