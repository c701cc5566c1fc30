"""What is deployed in an organization at one moment, as plain values and JSON, and as layers around its accounts.

Owns: the values and their JSON form, and which documents reach which account.
Does not own: asking AWS (``deployed``), comparing with a plan (``compare``).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from llmlz.access.documents import Document, Origin, parse
from llmlz.access.organization import (
    AI_OPT_OUT,
    ATTACHED_BY_AWS,
    BEDROCK,
    IMPLICIT,
    LAYERS,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    OrganizationLayers,
)
from llmlz.access.world import Levels
from llmlz.organization.planned import Kind

FORMAT = 1
"""Version of the JSON form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attached:
    """One policy on one target."""

    id: str
    name: str
    type: str
    content: str
    """JSON text, as AWS keeps it."""

    aws_managed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """The root, a unit or an account."""

    id: str
    name: str
    kind: Kind
    parent: str | None
    """Id of the root or unit above; ``None`` for the root."""

    policies: tuple[Attached, ...]
    """Attached to the target itself; what it inherits is with the targets above."""

    def __str__(self) -> str:
        return "root" if self.kind == "root" else f"{self.kind} {self.name} ({self.id})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A part of an organization: some units with everything above and below them."""

    organization_id: str
    management_account: str
    enabled: tuple[str, ...]
    """Types of policies that are in force; one that is not decides nothing."""

    targets: tuple[Target, ...]
    """The root first, every target after the one above it."""

    def to_json(self) -> str:
        """Stable text: equal snapshots give equal bytes."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Snapshot":
        """The snapshot that ``to_json`` wrote; raises ``ValueError`` for another format."""
        raw = json.loads(text)
        if raw.pop("format", None) != FORMAT:
            raise ValueError(f"not a snapshot of format {FORMAT}")
        targets = tuple(
            Target(**{**target, "policies": tuple(Attached(**policy) for policy in target["policies"])})
            for target in raw["targets"]
        )
        return cls(**{**raw, "enabled": tuple(raw["enabled"]), "targets": targets})


def snapshot_documents(snapshot: Snapshot) -> Mapping[str, OrganizationLayers]:
    """Account number to the deployed policies that reach it, level by level, for every account of the snapshot.

    Service control and resource control policies do not reach the management account:
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html and
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html (2026-11).
    """
    return {target.id: _layers(snapshot, target) for target in snapshot.targets if target.kind == "account"}


def _layers(snapshot: Snapshot, account: Target) -> OrganizationLayers:
    path = list(_path(snapshot, account))
    bound = account.id != snapshot.management_account
    return OrganizationLayers(
        service_control=_levels(snapshot, path, SERVICE_CONTROL) if bound else (),
        resource_control=_levels(snapshot, path, RESOURCE_CONTROL) if bound else (),
        ai_opt_out=_names(snapshot, path, AI_OPT_OUT),
        bedrock=_names(snapshot, path, BEDROCK),
        context={"aws:PrincipalOrgID": snapshot.organization_id},
    )


def _path(snapshot: Snapshot, account: Target) -> Iterator[Target]:
    """From the root down to the account."""
    by_id = {target.id: target for target in snapshot.targets}
    above = by_id.get(account.parent or "")
    if above is not None:
        yield from _path(snapshot, above)
    yield account


def _levels(snapshot: Snapshot, path: list[Target], kind: str) -> Levels:
    return tuple(_level(target, kind) for target in path) if kind in snapshot.enabled else ()


def _level(target: Target, kind: str) -> tuple[Document, ...]:
    """The documents on one target. That of AWS among the resource control policies is always there, and cannot be
    detached: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html (2026-11).
    """
    own = [
        parse(policy.content, Origin(layer=LAYERS[kind], name=policy.name))
        for policy in target.policies
        if policy.type == kind and (kind == SERVICE_CONTROL or policy.id not in ATTACHED_BY_AWS)
    ]
    return (*([IMPLICIT[LAYERS[kind]]] if kind == RESOURCE_CONTROL else []), *own)


def _names(snapshot: Snapshot, path: list[Target], kind: str) -> tuple[str, ...]:
    if kind not in snapshot.enabled:
        return ()
    return tuple(dict.fromkeys(policy.name for target in path for policy in target.policies if policy.type == kind))
