"""What checkov's process answers, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

Verdict = Literal["passed", "failed", "unknown"]
VERDICTS: Mapping[str, Verdict] = {"PASSED": "passed", "FAILED": "failed", "UNKNOWN": "unknown"}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of checkov, or of the caller."""

    id: str
    name: str
    homes: frozenset[str]
    """``python``, ``graph``, ``kubernetes`` or ``kubernetes-graph`` for what runs here, ``data`` and ``provider`` else."""

    types: frozenset[str]
    """Terraform types that get a verdict; a ``*`` stands for any text, and ``all`` for any type."""

    sees: frozenset[str]
    """Terraform types that a check over connected resources looks at besides."""

    kinds: frozenset[str]
    """Kinds of Kubernetes manifests that get a verdict."""

    skipped: bool
    """checkov cannot tell from a plan, and never answers."""

    def judges(self, type_: str) -> bool:
        """Whether a resource of this Terraform type gets a verdict."""
        return type_ in self.types or "all" in self.types or any(fnmatchcase(type_, p) for p in self.types if "*" in p)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Checks that were asked for, by id, and what checkov reads as JSON documents."""

    version: str
    checks: Mapping[str, Check]
    documents: Mapping[str, str]
    """Terraform type to argument."""

    @property
    def providers(self) -> frozenset[str]:
        """First words of the Terraform types that some check judges; a ``*`` where one judges any type."""
        patterns = {type_ for check in self.checks.values() for type_ in check.types}
        return frozenset("*" if p == "all" or p.startswith("*") else p.partition("_")[0] for p in patterns)

    def judging(self, type_: str) -> list[Check]:
        """The checks that give a verdict on a Terraform type."""
        return [check for check in self.checks.values() if check.judges(type_)]

    def looks_at(self, type_: str) -> bool:
        """Whether some check judges a type, or needs it to judge another."""
        return any(check.judges(type_) or not check.sees.isdisjoint((type_, "all")) for check in self.checks.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict."""

    check: str
    address: str
    verdict: Verdict
    keys: tuple[str, ...]
    """What the check looked at, such as ``ingress/[0]/cidr_blocks``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdicts over one plan, or over some manifests."""

    results: tuple[Judged, ...]
    scanned: frozenset[str]
    """Addresses that at least one check looked at."""

    errors: tuple[str, ...]
    """What checkov could not read or run."""


def catalogue(raw: Mapping[str, Any]) -> Catalogue:
    """The answer to ``hello``."""
    return Catalogue(raw["checkov"], {id_: _check(id_, e) for id_, e in raw["checks"].items()}, raw["documents"])


def _check(id_: str, raw: Mapping[str, Any]) -> Check:
    homes, types, sees, kinds = (frozenset(raw[part]) for part in ("homes", "types", "sees", "kinds"))
    return Check(id_, raw["name"], homes, types, sees, kinds, skipped=bool(raw["skipped"]))


def answer(raw: Mapping[str, Any]) -> Answer:
    """The answer to ``plan`` and to ``manifests``."""
    results = tuple(Judged(check, at, VERDICTS[verdict], _texts(keys)) for check, at, verdict, keys in raw["results"])
    return Answer(results, frozenset(raw["scanned"]), tuple(raw["errors"]))


def _texts(keys: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(key) for key in keys)
