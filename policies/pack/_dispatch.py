"""Decides for the engine: each resource once when it arrives, and at the end what needs a look around."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.pack import _judge
from policies.pack._arriving import Alone, Arriving
from policies.pack._record import Record
from policies.pack._rule import Context, Index, Resource
from policies.pack._settings import Settings
from policies.pack._stack import PROVIDER, Known, KnownStack, references
from policies.pack._values import NOT_YET


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A control that does not hold, or cannot be decided."""

    record: Record
    urn: str
    """Empty for the stack as a whole."""

    message: str
    blocks: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Registered:
    """What the engine tells of a resource at the end."""

    urn: str
    outputs: Mapping[str, Any]
    dependencies: Mapping[str, Sequence[str]]
    """Input to URNs that it depends on."""

    arriving: Arriving
    """The resource as far as the engine tells, for one that never arrived: in a saved state nothing does."""


class Dispatcher:
    """Rules by type, and what has arrived so far. Resources arrive on several threads."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Nothing has arrived."""
        self.rules = _judge.Rules(records)
        self.configure(Settings())
        self.dry_run = False
        self._lock = threading.Lock()
        self._arrived: dict[str, Arriving] = {}
        self._put_off: dict[str, list[Record]] = {}

    def configure(self, settings: Settings) -> None:
        """Decide by these settings from now on."""
        self.settings = settings
        self._ready: dict[str, tuple[tuple[Record, Alone], ...]] = {}

    def arrives(self, resource: Arriving) -> list[Finding]:
        """Findings that need nothing but the resource; the rest is put off."""
        verdicts, put_off = [], []
        if _is_made(resource):
            for record, alone in self._of_type(resource.type):
                try:
                    verdicts.append(_judge.decide(record, resource, alone))
                except _judge.LooksAroundError:
                    put_off.append(record)
        with self._lock:
            self._arrived[resource.urn], self._put_off[resource.urn] = resource, put_off
        return self._findings(verdicts)

    def ends(self, registered: Sequence[Registered]) -> list[Finding]:
        """Findings that needed the whole stack."""
        outputs = {each.urn: each.outputs for each in registered}
        resources = [self._known(each, outputs) for each in registered]
        stack = KnownStack(resources, self.settings.account, self.settings.region)
        index = Index(resources)
        findings = []
        for resource in resources:
            for record in self._late(resource):
                context = self._context(record, stack, index)
                verdict = _judge.decide(record, resource, context)
                findings += self._findings([verdict])
        made = [r for r in resources if _is_made(r)]
        of_stacks = [r for r in self.rules.of_stacks(self.settings.level) if self._weight(r) != "disabled"]
        for record in of_stacks:
            subjects = made if record.types is None else [r for r in made if r.type in record.types]
            if subjects:
                verdict = _judge.decide_stack(record, subjects, self._context(record, stack, index))
                findings += self._findings([verdict])
        return findings

    def _of_type(self, token: str) -> tuple[tuple[Record, Alone], ...]:
        if token not in self._ready:
            level = self.settings.level
            wanted = [r for r in self.rules.about(token, level) if self._weight(r) != "disabled"]
            self._ready[token] = tuple((r, Alone(level=level, needs=r.parameters(level))) for r in wanted)
        return self._ready[token]

    def _late(self, resource: Known) -> list[Record]:
        """What was put off; everything, for a resource that never arrived."""
        if resource.urn in self._put_off:
            return self._put_off[resource.urn]
        return [record for record, _ in self._of_type(resource.type)] if _is_made(resource) else []

    def _weight(self, record: Record) -> str | None:
        return self.settings.weights.get(record.id)

    def _context(self, record: Record, stack: KnownStack, index: Index) -> Context:
        level = self.settings.level
        needs = record.parameters(level)
        return Context(stack=stack, level=level, needs=needs, others=self.settings.others, index=index)

    def _known(self, registered: Registered, outputs: Mapping[str, Mapping[str, Any]]) -> Known:
        arrived = self._arrived.get(registered.urn, registered.arriving)
        return Known(
            urn=arrived.urn,
            type=arrived.type,
            name=arrived.name,
            inputs=arrived.inputs,
            options=arrived.options,  # type: ignore[arg-type]  # has what the protocol asks for
            provider=arrived.provider,
            references=references(arrived.inputs, registered.dependencies, outputs),
            secrets=tuple(arrived.secrets),
        )

    def _findings(self, verdicts: Iterable[_judge.Verdict]) -> list[Finding]:
        return [
            Finding(
                record=verdict.record,
                urn=verdict.resource.urn if verdict.resource else "",
                message=verdict.result.message,
                blocks=self._blocks(verdict),
            )
            for verdict in verdicts
            if verdict.result.verdict != "holds"
        ]

    def _blocks(self, verdict: _judge.Verdict) -> bool:
        record, settings, result = verdict.record, self.settings, verdict.result
        waits = self.dry_run and result.verdict == "indeterminate" and NOT_YET in result.message
        name = verdict.resource.name if verdict.resource else "stack"
        if f"{record.id} {name}" in settings.waived:
            return False
        if self._weight(record) == "advisory" or (waits and settings.unknown_is_advice):
            return False
        return settings.level >= record.mandatory_from


def _is_made(resource: Arriving | Resource) -> bool:
    """A provider makes the resource: it is no component, no provider and no stack."""
    return resource.provider is not None and not resource.type.startswith((PROVIDER, "pulumi:pulumi:"))
