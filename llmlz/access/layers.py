"""The roles of a recorded stack with every document that decides for them.

Owns: how policies are attached to roles in a graph.
Does not own: what the documents say (``documents``), or what a decision is (``evaluate``).

A policy that cannot be read stays with its role as an undecided document, so that nothing about it is "allowed".
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llmlz.access.documents import Document, Layer, Origin, parse, unknown
from llmlz.access.world import Surroundings, World
from llmlz.graph.model import Graph, Resource, Source
from llmlz.graph.standins import Standins

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
SHARED_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role and the documents that decide for it."""

    urn: str
    """Empty for a role that the stack attaches a policy to, and does not make."""

    name: str
    """Logical name; for a role made elsewhere, the text that the stack knows it by."""

    arn: str
    account: str
    identity: tuple[Document, ...]
    boundary: Document | None
    """``None`` where the role has no permission boundary."""

    tags: Mapping[str, str]
    """Tags of the role, which a request carries as ``aws:PrincipalTag``; the provider's default tags included."""

    source: Source | None = None
    around: Surroundings = field(default_factory=Surroundings)
    """The layers of the role's account."""

    def world(self) -> World:
        """Every document that decides for the role, for requests to resources of its own account."""
        return World(
            account=self.account,
            identity=self.identity,
            boundary=self.boundary,
            service_control=self.around.service_control,
            resource_control=self.around.resource_control,
            endpoints=self.around.endpoints,
            guards=self.around.guards,
        )

    def context(self) -> dict[str, str]:
        """Condition keys that every request of the role carries.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (2026-11)
        """
        return {
            "aws:PrincipalAccount": self.account,
            "aws:PrincipalIsAWSService": "false",
            "aws:SecureTransport": "true",
            **self.around.context,
            **{f"aws:PrincipalTag/{key}": value for key, value in self.tags.items()},
        }


def from_graph(
    graph: Graph,
    boundaries: Mapping[str, str],
    managed: Mapping[str, str] | None = None,
    around: Surroundings | None = None,
) -> tuple[Role, ...]:
    """Every role of the graph, in its order, then roles made elsewhere that the graph attaches policies to.

    ``boundaries`` and ``managed`` are the texts of policies that the graph does not make, by ARN: permission
    boundaries, and other managed policies. A policy whose text is not given is undecided. ``around`` are the layers of
    the account that the graph is deployed to.
    """
    reader = _Reader(graph, {**(managed or {}), **boundaries}, around or Surroundings())
    found: dict[str, list[Document]] = {}
    for key, document in reader.attached():
        found.setdefault(key, []).append(document)
    roles = [reader.role(role, found.pop(role.urn, [])) for role in graph.of_type(ROLE)]
    return (*roles, *(reader.foreign(name, documents) for name, documents in sorted(found.items())))


def output_of(graph: Graph, resource: Resource, output: str = "arn") -> str:
    """One output of a resource: the live text, or the stand-in that a recording gives it."""
    live = resource.outputs.get(output)
    if isinstance(live, str):
        return live
    standins = Standins(account=graph.account, region=graph.region, partition=graph.partition)
    return standins.text(resource.urn, resource.type, output)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One graph, and the texts of the policies that it names and does not make."""

    graph: Graph
    texts: Mapping[str, str]
    around: Surroundings

    def role(self, role: Resource, attached: Sequence[Document]) -> Role:
        inputs = role.inputs
        own = [_text(role, item, f"{role.name} {item.get('name')}") for item in inputs.get("inlinePolicies") or ()]
        own += [
            self.managed(role, f"managedPolicyArns[{index}]", arn, "identity")
            for index, arn in enumerate(inputs.get("managedPolicyArns") or ())
        ]
        arn = inputs.get("permissionsBoundary")
        return Role(
            urn=role.urn,
            name=role.name,
            arn=output_of(self.graph, role),
            account=self.graph.account,
            identity=(*own, *attached),
            boundary=None if arn is None else self.managed(role, "permissionsBoundary", arn, "boundary"),
            tags=_tags(self.graph, role),
            source=role.source,
            around=self.around,
        )

    def foreign(self, name: str, documents: Sequence[Document]) -> Role:
        graph, source = self.graph, documents[0].origin.source
        why = f"role {name!r} is not made by stack {graph.stack!r}; its other policies are not known here"
        return Role(
            urn="",
            name=name,
            arn=name if name.startswith("arn:") else f"arn:{graph.partition}:iam::{graph.account}:role/{name}",
            account=graph.account,
            identity=(*documents, unknown(Origin(layer="identity", name=name, source=source), why)),
            boundary=unknown(Origin(layer="boundary", name=name, source=source), why),
            tags={},
            source=source,
            around=self.around,
        )

    def attached(self) -> Iterator[tuple[str, Document]]:
        """Role (its URN, or the text that names it) and document, for every resource that attaches one."""
        for policy in self.graph.of_type(INLINE):
            yield self.owner(policy, "role", policy.inputs.get("role")), _text(policy, policy.inputs, policy.name)
        for attachment in self.graph.of_type(ATTACHMENT, SHARED_ATTACHMENT):
            document = self.managed(attachment, "policyArn", attachment.inputs.get("policyArn"), "identity")
            for index, role in enumerate(attachment.inputs.get("roles") or ()):
                yield self.owner(attachment, f"roles[{index}]", role), document
            if attachment.type == ATTACHMENT:
                yield self.owner(attachment, "role", attachment.inputs.get("role")), document

    def owner(self, user: Resource, at: str, text: Any) -> str:
        roles = {role.urn: role for role in self.graph.of_type(ROLE)}
        referenced = [r.to for r in user.references if r.at == at and r.to in roles]
        named = [urn for urn, role in roles.items() if text is not None and text == role.inputs.get("name")]
        return next(iter(referenced + named), str(text))

    def managed(self, user: Resource, at: str, arn: Any, layer: Layer) -> Document:
        """The managed policy that ``user`` names at ``at``: one of the graph, or one whose text was given."""
        for reference in user.references:
            made = self.graph.by_urn.get(reference.to)
            if reference.at == at and made is not None and made.type == POLICY:
                return _text(made, made.inputs, made.name, layer)
        origin = Origin(layer=layer, name=str(arn), urn=user.urn, source=user.source)
        if arn in self.texts:
            return parse(self.texts[arn], origin)
        return unknown(origin, f"the text of {arn} was not given")


def _text(resource: Resource, holder: Mapping[str, Any], name: str, layer: Layer = "identity") -> Document:
    """The document that ``holder`` carries as ``policy``."""
    origin = Origin(layer=layer, name=name, urn=resource.urn, source=resource.source)
    text = holder.get("policy")
    return unknown(origin, "the policy has no text") if text is None else parse(text, origin)


def _tags(graph: Graph, role: Resource) -> Mapping[str, str]:
    provider = graph.by_urn.get(role.provider or "")
    default = provider.inputs.get("defaultTags") if provider else None
    if isinstance(default, str):  # an engine gets the inputs of a provider as JSON texts
        default = json.loads(default)
    return {**((default or {}).get("tags") or {}), **(role.inputs.get("tags") or {})}
