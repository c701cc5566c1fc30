"""A resource of any type with every property set once, for questions of structure."""

import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pulumi import _types

from llmlz.graph.model import Graph, Resource
from llmlz.graph.plain import ARCHIVE, ASSET
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import Rendered, render
from tests.rehearsal import sdk
from tests.rehearsal.program import ACCOUNT, REGION

DEPTH = 7
"""Deeper than any type in use nests."""

TYPES: Sequence[str] = (
    "aws:bedrock/guardrail:Guardrail",
    "aws:bedrock/guardrailVersion:GuardrailVersion",
    "aws:bedrock/inferenceProfile:InferenceProfile",
    "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",
    "aws:budgets/budget:Budget",
    "aws:cloudtrail/trail:Trail",
    "aws:cloudwatch/dashboard:Dashboard",
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/eip:Eip",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:iam/policy:Policy",
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:kms/alias:Alias",
    "aws:kms/key:Key",
    "aws:lambda/function:Function",
    "aws:lambda/invocation:Invocation",
    "aws:lambda/permission:Permission",
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:scheduler/schedule:Schedule",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:sfn/stateMachine:StateMachine",
    "aws:sns/topic:Topic",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:sqs/queue:Queue",
    "aws:ssm/parameter:Parameter",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
"""What every landing zone is made of, whether or not the example estate uses it yet."""


def in_use(graphs: Iterable[Graph]) -> list[str]:
    """The tokens of some graphs, and those above."""
    return sorted({r.type for graph in graphs for r in graph.custom() if r.type.startswith("aws:")} | set(TYPES))


def everything(tokens: Iterable[str]) -> Graph:
    """One resource of each type with every property of the SDK set, nested ones included."""
    resources = []
    for token in tokens:
        inputs = {name: _value(kind, DEPTH) for name, kind in sdk.properties(sdk.arguments(token)).items()}
        inputs.pop("region", None)
        urn = f"urn:pulumi:dev::rehearsal::{token}::every"
        resources.append(Resource(urn=urn, type=token, name="every", kind="custom", parent=None, inputs=inputs))
    return Graph(project="rehearsal", stack="dev", resources=tuple(resources), account=ACCOUNT, region=REGION)


def rendered(tokens: Iterable[str]) -> Rendered:
    """Such resources as Terraform reads them."""
    return render(everything(tokens), ProviderBlock.offline(REGION, ACCOUNT), known=())


def _value(kind: Any, depth: int) -> Any:
    """Something of a type; a property whose type is a choice takes the first."""
    origin, arguments = typing.get_origin(kind), [a for a in typing.get_args(kind) if a is not type(None)]
    name = getattr(origin or kind, "__name__", "")
    if name in ("Sequence", "list"):
        return [_value(arguments[0], depth)]
    if name in ("Mapping", "dict"):
        return {"key": _value(arguments[1], depth)}
    if arguments:
        return _value(arguments[0], depth)
    if isinstance(kind, type) and _types.is_input_type(kind):
        members: Mapping[str, Any] = sdk.properties(kind) if depth else {}
        return {member: _value(inner, depth - 1) for member, inner in members.items()}
    return PLAIN.get(name, "text")


PLAIN: Mapping[str, Any] = {
    "Archive": {ARCHIVE: {"index.py": {ASSET: {"text": "pass"}}}},
    "Asset": {ASSET: {"text": "text"}},
    "bool": True,
    "float": 1,
    "int": 1,
}
"""Name of a type to a value of it."""
