"""Policies on resources: who else may reach them, and who must not, whatever identity policies say.

Owns: which resources of a graph carry a policy, and the ARNs that it is about.
Does not own: the grammar of OpenSearch Serverless (``data_access``), endpoints (``endpoints``).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llmlz.access.data_access import data_access
from llmlz.access.documents import Document, Origin, parse, unknown
from llmlz.access.endpoints import ENDPOINT
from llmlz.access.endpoints import POLICY as ENDPOINT_POLICY
from llmlz.access.follow import named_at
from llmlz.access.layers import output_of
from llmlz.access.principals import Principals
from llmlz.access.world import Guard
from llmlz.graph.model import Graph, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of resource with a policy, on itself or as a resource of its own."""

    service: str
    """Start of its actions."""

    tokens: tuple[str, ...]
    policy: str
    """Type of the policy as a resource of its own."""

    at: str
    """Input of that type that names the resource."""

    arn: str = "arn"
    """Output with the ARN."""

    named: tuple[str, ...] = ("id",)
    """Further outputs that ``at`` may hold."""

    below: bool = False
    """Whether the policy is also about what is below the ARN."""

    elsewhere: str = "{text}"
    """ARN of a resource that the graph does not make, from what ``at`` holds."""

    gate: bool = False


KINDS = (
    # Nobody uses a key that its policy does not let in:
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html (2026-11)
    Kind(
        service="kms",
        tokens=("aws:kms/externalKey:ExternalKey", "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"),
        policy="aws:kms/keyPolicy:KeyPolicy",
        at="keyId",
        named=("id", "keyId"),
        elsewhere="arn:{partition}:kms:{region}:{account}:key/{text}",
        gate=True,
    ),
    Kind(
        service="s3",
        tokens=("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
        policy="aws:s3/bucketPolicy:BucketPolicy",
        at="bucket",
        named=("id", "bucket"),
        below=True,
        elsewhere="arn:{partition}:s3:::{text}",
    ),
    Kind(
        service="s3vectors",
        tokens=("aws:s3/vectorsVectorBucket:VectorsVectorBucket",),
        policy="aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
        at="vectorBucketArn",
        arn="vectorBucketArn",
        below=True,
    ),
    # The policy speaks of backups too; they are below no ARN of the vault, so it is read for the vault alone.
    Kind(
        service="backup",
        tokens=("aws:backup/vault:Vault",),
        policy="aws:backup/vaultPolicy:VaultPolicy",
        at="backupVaultName",
        named=("id", "name"),
        elsewhere="arn:{partition}:backup:{region}:{account}:backup-vault:{text}",
    ),
    Kind(
        service="secretsmanager",
        tokens=("aws:secretsmanager/secret:Secret",),
        policy="aws:secretsmanager/secretPolicy:SecretPolicy",
        at="secretArn",
    ),
    Kind(
        service="sns",
        tokens=("aws:sns/topic:Topic",),
        policy="aws:sns/topicPolicy:TopicPolicy",
        at="arn",
    ),
    Kind(
        service="sqs",
        tokens=("aws:sqs/queue:Queue",),
        policy="aws:sqs/queuePolicy:QueuePolicy",
        at="queueUrl",
        named=("id", "url"),
    ),
)

READ_ELSEWHERE = ("aws:iam/role:Role", ENDPOINT, ENDPOINT_POLICY, "aws:organizations/policy:Policy")
"""Types whose policies name principals and are read by other modules, or are the trust of a role, which decides who
becomes the role and not what it may do."""


def guards(*graphs: Graph) -> tuple[Guard, ...]:
    """Every policy on a resource of the graphs, graph by graph, then the data access of OpenSearch Serverless.

    A policy that names principals and is of no known kind is undecided for the actions that it speaks of, so that
    nothing is passed over in silence. Data access policies of one graph may be about a collection of another one: give
    all graphs of an account at once.
    """
    return (*(guard for graph in graphs for guard in resource_policies(graph)), *data_access(graphs))


def resource_policies(graph: Graph) -> Iterator[Guard]:
    """The policies on resources of one graph, without the data access of OpenSearch Serverless."""
    for kind in KINDS:
        yield from _of_kind(graph, kind)
    known = {token for kind in KINDS for token in (*kind.tokens, kind.policy)}
    for resource in graph.custom():
        if resource.type not in known and resource.type not in READ_ELSEWHERE:
            yield from _of_no_kind(resource)


def _of_no_kind(resource: Resource) -> Iterator[Guard]:
    """Undecided, for every action that the policy speaks of; none where it only lets services in."""
    origin = Origin(layer="resource", name=resource.name, urn=resource.urn, source=resource.source)
    for text in resource.inputs.values():
        if not _names_principals(text):
            continue
        read = parse(text, origin)
        if read.statements and not any(_reaches_roles(s.principals) for s in read.statements):
            continue
        actions = tuple(dict.fromkeys(action for s in read.statements for action in s.actions))
        known = actions and not any(s.not_action for s in read.statements)
        document = unknown(origin, f"policies of {resource.type} are not read")
        yield Guard(actions=actions if known else ("*",), resources=("*",), document=document)


def _reaches_roles(principals: Principals | None) -> bool:
    return principals is None or principals.anyone or bool(principals.accounts or principals.arns)


def _of_kind(graph: Graph, kind: Kind) -> Iterator[Guard]:
    made: dict[str, list[Resource]] = {}
    for resource in graph.of_type(*kind.tokens):
        made[resource.urn] = [resource] if resource.inputs.get("policy") is not None else []
    for policy in graph.of_type(kind.policy):
        holder = named_at(graph, policy, kind.at, kind.tokens, (kind.arn, *kind.named))
        if holder is None:
            yield _guard(kind, _elsewhere(graph, kind, policy), _document(policy))
        else:
            made[holder.urn].append(policy)
    for urn, carriers in made.items():
        holder = graph.by_urn[urn]
        arn = output_of(graph, holder, kind.arn)
        if len(carriers) > 1:
            origin = Origin(layer="resource", name=holder.name, urn=urn, source=carriers[-1].source)
            why = f"it has several policies: {', '.join(carrier.name for carrier in carriers)}"
            yield _guard(kind, arn, unknown(origin, why))
        elif carriers:
            yield _guard(kind, arn, _document(carriers[0]))
        elif kind.gate:
            yield _guard(kind, arn, _of_a_key(graph, holder))


def _guard(kind: Kind, arn: str | None, document: Document) -> Guard:
    resources = ("*",) if arn is None else (arn, f"{arn}/*") if kind.below else (arn,)
    return Guard(actions=(f"{kind.service}:*",), resources=resources, document=document, gate=kind.gate)


def _document(carrier: Resource) -> Document:
    origin = Origin(layer="resource", name=carrier.name, urn=carrier.urn, source=carrier.source)
    text = carrier.inputs.get("policy")
    return unknown(origin, "the policy has no text") if text is None else parse(text, origin)


def _of_a_key(graph: Graph, key: Resource) -> Document:
    """What KMS gives a key without a policy: IAM of its account decides.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html (2026-11)
    """
    statement = {"Sid": "AccountDecidesThroughIam", "Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    principal = {"AWS": f"arn:{graph.partition}:iam::{graph.account}:root"}
    origin = Origin(layer="resource", name=f"{key.name}, default policy", urn=key.urn, source=key.source)
    return parse({"Version": "2012-10-17", "Statement": {**statement, "Principal": principal}}, origin)


def _elsewhere(graph: Graph, kind: Kind, policy: Resource) -> str | None:
    """ARN of a resource that the graph does not make; ``None``, which is any, where its text does not tell."""
    text = str(policy.inputs.get(kind.at))
    if not text.startswith("arn:"):
        place = {"account": graph.account, "partition": graph.partition, "region": graph.region}
        text = kind.elsewhere.format(text=text, **place)
    return text if text.startswith("arn:") else None


def _names_principals(text: Any) -> bool:
    """Whether an input is a policy with principals."""
    if not isinstance(text, str) or '"Principal"' not in text:
        return False
    try:
        raw = json.loads(text)
    except json.JSONDecodeError:
        return False
    return isinstance(raw, Mapping) and "Statement" in raw
