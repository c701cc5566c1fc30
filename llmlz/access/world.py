"""Every document that takes part in decisions about one principal: its world.

How the Allows are combined (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html,
2026-11):

- ``service_control`` and ``resource_control``: at every level, from the root to the account, one document must allow.
- ``endpoint``: the policy of the endpoint that the request comes through must allow, where it comes through one.
- ``boundary`` and ``session``: must allow, where there is one.
- ``identity``: must allow, or a resource policy of the same account must name the principal itself.
- ``resource``: see ``Guard``. Across accounts, identity and resource policy must both allow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from llmlz.access.documents import Document

Levels = tuple[tuple[Document, ...], ...]
"""From the root of the organization down to the account."""

ENDPOINT_KEY = "aws:sourcevpce"
"""Condition key, in lower case, that names the endpoint a request comes through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A policy on resources, and the requests that AWS asks it about."""

    actions: tuple[str, ...]
    """Patterns, such as ``kms:*``."""

    resources: tuple[str, ...]
    """Patterns of ARNs."""

    document: Document
    gate: bool = False
    """True where the policy must allow as well, as the policy of a KMS key must; otherwise it may grant, and deny."""

    grants: bool = True
    """False where naming the principal is not enough and IAM must allow too, as with OpenSearch Serverless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All layers around one principal, for requests to resources of one account."""

    account: str
    """Account of the principal."""

    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    session: Document | None = None
    service_control: Levels = ()
    """None in an account outside any organization."""

    resource_control: Levels = ()
    """Of the account that owns the resource."""

    endpoints: Mapping[str, Document] = field(default_factory=dict)
    """Id of a VPC endpoint to its policy. Any other endpoint is somebody else's, who may let everything through."""

    guards: tuple[Guard, ...] = ()
    resource_account: str = ""
    """Account that owns the resource; the principal's own if left out."""

    @property
    def same_account(self) -> bool:
        """Whether the resource belongs to the principal's account."""
        return self.resource_account in ("", self.account)

    def documents(self) -> tuple[Document, ...]:
        """Every document, each once, in the order of the layers."""
        single = [document for document in (self.boundary, self.session) if document]
        levels = [document for level in (*self.service_control, *self.resource_control) for document in level]
        guards = [guard.document for guard in self.guards]
        return tuple(dict.fromkeys([*levels, *self.endpoints.values(), *single, *self.identity, *guards]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every principal of one account shares: the layers that are not its own policies."""

    service_control: Levels = ()
    resource_control: Levels = ()
    endpoints: Mapping[str, Document] = field(default_factory=dict)
    guards: tuple[Guard, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    """Condition keys that every request from the account carries, such as ``aws:PrincipalOrgID``."""

    invoke_endpoint: str | None = None
    """Id of the endpoint for model calls; ``None`` where calls need none."""


def alone(identity: Sequence[Document], boundary: Document | None = None, account: str = "") -> World:
    """A principal with nothing around it but its own policies and a boundary."""
    return World(account=account, identity=tuple(identity), boundary=boundary)
