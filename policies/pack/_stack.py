"""A stack as the rules see it, put together from what the engine tells or from a recorded graph."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from policies.pack._rule import Resource
from policies.pack._values import UNKNOWN, UnreadableError, leaves

PROVIDER = "pulumi:providers:"
AWS_PROVIDER = "pulumi:providers:aws"
SHORTEST = 4
"""Characters from which a text that equals an output is taken for that output."""


@dataclass(frozen=True, slots=True)
class Options:
    """Engine options that rules may ask for."""

    protect: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """One input that comes from another resource."""

    at: str
    to: str
    output: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One resource with everything that rules may ask for."""

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    options: Options
    provider: str | None
    references: tuple[Reference, ...]
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class KnownStack:
    """All resources of one stack; account and region are those of most of its AWS resources, where nobody says more."""

    resources: Sequence[Resource]
    stated_account: str = ""
    stated_region: str = ""

    @cached_property  # asked once for each resource
    def account(self) -> str:
        """Twelve digits; raises ``UnreadableError`` where no provider is pinned to one account."""
        account = self.stated_account or self._of_most(_pinned_account)
        if account is None:
            raise UnreadableError("the account is not known: no AWS provider is pinned to one account")
        return account

    @cached_property
    def region(self) -> str:
        """Region of resources that name none; raises ``UnreadableError`` where no provider names one."""
        region = self.stated_region or self._of_most(_named_region)
        if region is None:
            raise UnreadableError("the region is not known: no AWS provider of the stack names one")
        return region

    def _of_most(self, setting: Callable[[Mapping[str, Any]], str | None]) -> str | None:
        """What the providers say of one setting, each as often as resources use it: what most of them say."""
        uses = Counter(r.provider for r in self.resources)
        said: Counter[str] = Counter()
        for provider in (r for r in self.resources if r.type == AWS_PROVIDER):
            value = setting(provider.inputs)
            if value is not None:
                said[value] += 1 + uses[provider.urn]
        return max(said, key=lambda value: said[value], default=None)


def _pinned_account(inputs: Mapping[str, Any]) -> str | None:
    accounts = inputs.get("allowedAccountIds")
    try:
        listed = json.loads(accounts) if isinstance(accounts, str) else accounts
    except (ValueError, RecursionError):
        return None
    return listed[0] if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], str) else None


def _named_region(inputs: Mapping[str, Any]) -> str | None:
    region = inputs.get("region")
    return region if isinstance(region, str) and region != UNKNOWN else None


def from_graph(text: str) -> "Recorded":
    """The stack in a graph that ``llmlz record`` wrote; raises ``ValueError`` or ``KeyError`` for anything else."""
    raw = json.loads(text)
    resources = tuple(
        Known(
            urn=r["urn"],
            type=r["type"],
            name=r["name"],
            inputs=r["inputs"],
            options=Options(bool(r["options"]["protect"])),
            provider=r["provider"],
            references=tuple(Reference(ref["at"], ref["to"], ref["output"]) for ref in r["references"]),
            secrets=tuple(r["secrets"]),
        )
        for r in raw["resources"]
    )
    return Recorded(raw["account"], raw["region"], resources)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stack that was recorded elsewhere."""

    account: str
    region: str
    resources: Sequence[Resource]


def references(
    inputs: Mapping[str, Any], dependencies: Mapping[str, Sequence[str]], outputs: Mapping[str, Mapping[str, Any]]
) -> tuple[Reference, ...]:
    """Where outputs of other resources stand in ``inputs``.

    The engine tells which input depends on which resources and not where inside it; ``outputs`` (URN to outputs) finds
    the place. A leaf that is not known yet may come from any of them.
    """
    found = []
    for name, urns in dependencies.items():
        for urn in urns:
            known = {leaf: path for path, leaf in leaves(outputs.get(urn, {})) if len(leaf) >= SHORTEST}
            places = [
                Reference(path, urn, None if leaf == UNKNOWN else output)
                for path, leaf in leaves(inputs.get(name), name)
                if (output := _output(leaf, known)) is not None
            ]
            found += places or [Reference(name, urn, None)]
    return tuple(sorted(set(found), key=lambda r: (r.at, r.to, r.output or "")))


def _output(leaf: str, known: Mapping[str, str]) -> str | None:
    if leaf == UNKNOWN:
        return ""
    if leaf in known:
        return known[leaf]
    inside = ((text, name) for text, name in known.items() if text in leaf)
    return next((name for text, name in inside if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", leaf)), None)
