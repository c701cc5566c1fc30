"""What an organization puts around its accounts: the policies on the root, on the units and on each account.

Owns: the tree in the graph of an organization stack, and which policy is attached where.
Does not own: what the policies say (``documents``), how levels are combined (``world``).

Every policy of a level may allow, and a Deny in any of them counts; every level must allow:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html and
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html (2026-11).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from llmlz.access.documents import Document, Layer, Origin, parse, unknown
from llmlz.access.follow import named_at
from llmlz.access.world import Levels
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Resource

ACCOUNT = "aws:organizations/account:Account"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
ORGANIZATION = "aws:organizations/organization:Organization"
POLICY = "aws:organizations/policy:Policy"
UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit"

SERVICE_CONTROL, RESOURCE_CONTROL = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
AI_OPT_OUT, BEDROCK = "AISERVICES_OPT_OUT_POLICY", "BEDROCK_POLICY"
LAYERS: Mapping[str, Layer] = {SERVICE_CONTROL: "service_control", RESOURCE_CONTROL: "resource_control"}
"""Type of a policy to the layer it takes part in; the other types decide about no request."""

ROOT = "root"
EXISTING_UNIT = re.compile(r"ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}")
EXISTING_ROOT = re.compile(r"r-[0-9a-z]{4,32}")
EXISTING = re.compile(rf"{EXISTING_UNIT.pattern}|\d{{12}}")
"""https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html (2026-11)"""

ALLOWS_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
IMPLICIT: Mapping[Layer, Document] = {
    "service_control": parse(
        {"Version": "2012-10-17", "Statement": {"Sid": "Everything", **ALLOWS_ALL}},
        Origin(layer="service_control", name="FullAWSAccess"),
    ),
    "resource_control": parse(
        {"Version": "2012-10-17", "Statement": {"Sid": "Everything", "Principal": "*", **ALLOWS_ALL}},
        Origin(layer="resource_control", name="RCPFullAWSAccess"),
    ),
}
"""What AWS attaches to the root, every unit and every account; no stack of ours takes it away.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html and
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html (2026-11)."""

ATTACHED_BY_AWS = ("p-FullAWSAccess", "p-RCPFullAWSAccess")
"""Ids of the documents above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationLayers:
    """What reaches one account from its organization. Without arguments: an account outside any organization."""

    service_control: Levels = ()
    resource_control: Levels = ()
    ai_opt_out: tuple[str, ...] = ()
    """Names of the policies that keep AWS from learning from the account's data, from the root down."""

    bedrock: tuple[str, ...] = ()
    """Names of the policies that enforce guardrails, from the root down."""

    context: Mapping[str, str] = field(default_factory=dict)
    """Condition keys that every request from the account carries."""


def read_organization(
    graph: Graph, *, places: Mapping[str, str], organization_id: str
) -> Mapping[str, OrganizationLayers]:
    """Account number to what reaches it, for every account of ``places``.

    A place is the logical name of an account or unit that the graph makes, or the id of an existing unit or of the
    root. An existing unit is taken to stand right below the root: what others attached to it, or to units between, is
    not in the graph and can only take away. Of the management account, which service control policies do not bind,
    nothing is said here. Raises ``BadInputError`` for a place, a parent or a target that is neither.
    """
    reader = _Reader(graph, _attached(graph))
    return {account: reader.layers(account, place, organization_id) for account, place in places.items()}


@dataclass(frozen=True, slots=True)
class _Attached:
    """One policy on one target."""

    name: str
    type: str
    documents: tuple[Document, ...]
    """One; for a policy that the graph does not make one of each layer, since nobody knows which it belongs to."""


def _attached(graph: Graph) -> Mapping[str, list[_Attached]]:
    """Target (the URN of a resource, ``root``, or an id) to the policies on it."""
    found: dict[str, list[_Attached]] = {}
    for attachment in graph.of_type(ATTACHMENT):
        if attachment.inputs.get("policyId") in ATTACHED_BY_AWS:
            continue
        target = _node(graph, attachment, "targetId")
        if not (target == ROOT or target in graph.by_urn or EXISTING.fullmatch(target)):
            raise BadInputError(f"{attachment.name} attaches to {target!r}, expected a root, a unit or an account")
        found.setdefault(target, []).append(_policy(graph, attachment))
    return found


def _policy(graph: Graph, attachment: Resource) -> _Attached:
    policy = named_at(graph, attachment, "policyId", (POLICY,))
    if policy is None:
        text = str(attachment.inputs.get("policyId"))
        origins = [Origin(layer=x, name=text, urn=attachment.urn, source=attachment.source) for x in LAYERS.values()]
        why = f"stack {graph.stack!r} attaches policy {text} and does not make it"
        return _Attached(text, "", tuple(unknown(origin, why) for origin in origins))
    kind = str(policy.inputs.get("type") or SERVICE_CONTROL)  # the provider's default
    if kind not in LAYERS:
        return _Attached(policy.name, kind, ())
    origin = Origin(layer=LAYERS[kind], name=policy.name, urn=policy.urn, source=policy.source)
    content = policy.inputs.get("content")
    document = unknown(origin, "the policy has no content") if content is None else parse(content, origin)
    return _Attached(policy.name, kind, (document,))


def _node(graph: Graph, user: Resource, at: str) -> str:
    """What ``user`` names: the URN of a unit or account of the graph, ``root``, or an id."""
    text = str(user.inputs.get(at))
    if EXISTING_ROOT.fullmatch(text):
        return ROOT
    named = named_at(graph, user, at, (ACCOUNT, ORGANIZATION, UNIT))
    if named is None:
        return text
    return ROOT if named.type == ORGANIZATION else named.urn  # an organization is named for its root


@dataclass(frozen=True, slots=True)
class _Reader:
    """A graph, and what is attached to each target."""

    graph: Graph
    attached: Mapping[str, list[_Attached]]

    def layers(self, account: str, place: str, organization_id: str) -> OrganizationLayers:
        levels = [
            [policy for key in level for policy in self.attached.get(key, ())] for level in self._path(account, place)
        ]
        every = [policy for level in levels for policy in level]
        return OrganizationLayers(
            service_control=tuple(_documents(level, "service_control") for level in levels),
            resource_control=tuple(_documents(level, "resource_control") for level in levels),
            ai_opt_out=_names(every, AI_OPT_OUT),
            bedrock=_names(every, BEDROCK),
            context={"aws:PrincipalOrgID": organization_id} if organization_id else {},
        )

    def _path(self, account: str, place: str) -> list[tuple[str, ...]]:
        """The targets of every level, from the root to the account, which has its number and maybe a resource."""
        made = [r for r in self.graph.of_type(ACCOUNT, UNIT) if r.name == place]
        if len(made) > 1:
            raise BadInputError(f"account {account}: an account and a unit are both called {place!r}; rename one")
        if not made and not (EXISTING_UNIT.fullmatch(place) or EXISTING_ROOT.fullmatch(place)):
            raise BadInputError(
                f"account {account} stands in {place!r}, expected an account or unit of stack {self.graph.stack!r},"
                " or the id of a unit, such as ou-ab12-11112222"
            )
        if made and made[0].type == ACCOUNT:
            return [*self._above(made[0]), (made[0].urn, account)]
        if made:
            return [*self._above(made[0]), (made[0].urn,), (account,)]
        return [(ROOT,), *([(place,)] if EXISTING_UNIT.fullmatch(place) else []), (account,)]

    def _above(self, resource: Resource) -> list[tuple[str, ...]]:
        """The levels above a unit or account of the graph, from the root."""
        return [(ROOT,), *((key,) for key in reversed(list(self._parents(resource))))]

    def _parents(self, resource: Resource) -> Iterator[str]:
        seen = {resource.urn}
        while resource.inputs.get("parentId") is not None:  # an account without a parent is born in the root
            parent = _node(self.graph, resource, "parentId")
            if parent == ROOT:
                return
            if parent in seen or not (parent in self.graph.by_urn or EXISTING_UNIT.fullmatch(parent)):
                raise BadInputError(f"{resource.name} stands in {parent!r}, which is no unit that leads to the root")
            yield parent
            if parent not in self.graph.by_urn:
                return
            seen.add(parent)
            resource = self.graph.by_urn[parent]


def _documents(level: list[_Attached], layer: Layer) -> tuple[Document, ...]:
    own = [document for policy in level for document in policy.documents if document.origin.layer == layer]
    return (IMPLICIT[layer], *dict.fromkeys(own))


def _names(policies: list[_Attached], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(policy.name for policy in policies if policy.type == kind))
