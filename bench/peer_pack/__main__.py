"""The same rules, each as a policy of its own, as Pulumi's SDK documents it: the peer of the benchmarks.

It runs in the environment of that SDK (``environments/policy``), reads the records beside it, and gives each rule the
properties that the SDK hands to a policy.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pulumi_policy import PolicyPack, ResourceValidationPolicy, StackValidationPolicy

sys.path.insert(0, os.environ["LLMLZ_BENCH_ROOT"])

from policies.pack import _judge, _record
from policies.pack._arriving import Alone, Arriving
from policies.pack._rule import Context
from policies.pack._stack import Known, KnownStack, Options

LEVEL = 4


def of_resource(record: _record.Record) -> Callable[[Any, Any], None]:
    """A policy that looks at one resource."""

    def validate(args: Any, report: Any) -> None:
        if args.provider is None or (record.types is not None and args.resource_type not in record.types):
            return
        options = Options(args.opts.protect)
        provider = args.provider.urn
        resource = Arriving(args.urn, args.resource_type, args.name, args.props["__target"], options, provider, ())
        try:
            verdict = _judge.decide(record, resource, Alone(level=LEVEL, needs=record.parameters(LEVEL)))
        except _judge.LooksAroundError:
            return
        if verdict.result.verdict != "holds":
            report(verdict.result.message)

    return validate


def of_stack(record: _record.Record) -> Callable[[Any, Any], None]:
    """A policy that looks at the whole stack."""

    def validate(args: Any, report: Any) -> None:
        resources = [
            Known(
                urn=r.urn,
                type=r.resource_type,
                name=r.name,
                inputs=r.props["__target"],
                options=Options(r.opts.protect),
                provider=r.provider.urn if r.provider else None,
                references=(),
                secrets=(),
            )
            for r in args.resources
        ]
        made = [r for r in resources if r.provider is not None]
        subjects = [r for r in made if record.types is None or r.type in record.types]
        if subjects:
            context = Context(stack=KnownStack(resources), level=LEVEL, needs=record.parameters(LEVEL))
            verdict = _judge.decide_stack(record, subjects, context)
            if verdict.result.verdict != "holds":
                report(verdict.result.message)

    return validate


def policy(record: _record.Record) -> Any:
    """One record as a policy of the SDK."""
    if record.scope == "stack":
        return StackValidationPolicy(name=record.id, description=record.title, validate=of_stack(record))
    return ResourceValidationPolicy(name=record.id, description=record.title, validate=of_resource(record))


records = _record.load((Path(__file__).parent / "records.json").read_text(encoding="utf-8"))
PolicyPack(name="peer", policies=[policy(record) for record in records])
