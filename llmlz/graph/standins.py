"""Stand-ins: texts and numbers that a program can work with before anything exists.

A stand-in looks like what the cloud would answer (an ARN has six parts, an endpoint has a port), so that ordinary
code runs on it, and holds a core that is unique in any text, so that every place where it ends up can be found again.
The core is a hash of resource and output: the same program gives the same stand-ins, in whatever order it registers.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from llmlz.graph.model import Standin

CORE = re.compile(r"ref[0-9a-f]{12}q")
NUMBER_BASE, NUMBER_STEP, NUMBERS = 7_000_000_000_000_000, 1000, 1_000_000_000_000
"""Numbers are spaced, so that arithmetic on one (a port plus one) never hits another, and fit a double exactly."""
NUMBER = re.compile(r"(?<!\d)7\d{12}000(?!\d)")

ARN_SHAPES: Mapping[str, str] = {
    "aws:backup/vault:Vault": "backup:{region}:{account}:backup-vault:{core}",
    "aws:bedrock/agentKnowledgeBase:AgentKnowledgeBase": "bedrock:{region}:{account}:knowledge-base/{core}",
    "aws:bedrock/guardrail:Guardrail": "bedrock:{region}:{account}:guardrail/{core}",
    "aws:bedrock/inferenceProfile:InferenceProfile": "bedrock:{region}:{account}:application-inference-profile/{core}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:{region}:{account}:log-group:{core}",
    "aws:dynamodb/table:Table": "dynamodb:{region}:{account}:table/{core}",
    "aws:iam/policy:Policy": "iam::{account}:policy/{core}",
    "aws:iam/role:Role": "iam::{account}:role/{core}",
    "aws:kms/alias:Alias": "kms:{region}:{account}:alias/{core}",
    "aws:kms/key:Key": "kms:{region}:{account}:key/{core}",
    "aws:kms/replicaKey:ReplicaKey": "kms:{region}:{account}:key/{core}",
    "aws:lambda/function:Function": "lambda:{region}:{account}:function:{core}",
    "aws:opensearch/serverlessCollection:ServerlessCollection": "aoss:{region}:{account}:collection/{core}",
    "aws:rds/cluster:Cluster": "rds:{region}:{account}:cluster:{core}",
    "aws:s3/bucket:Bucket": "s3:::{core}",
    "aws:s3/vectorsIndex:VectorsIndex": "s3vectors:{region}:{account}:bucket/any/index/{core}",
    "aws:s3/vectorsVectorBucket:VectorsVectorBucket": "s3vectors:{region}:{account}:bucket/{core}",
    "aws:scheduler/schedule:Schedule": "scheduler:{region}:{account}:schedule/default/{core}",
    "aws:secretsmanager/secret:Secret": "secretsmanager:{region}:{account}:secret:{core}",
    "aws:sfn/stateMachine:StateMachine": "states:{region}:{account}:stateMachine:{core}",
    "aws:sns/topic:Topic": "sns:{region}:{account}:{core}",
}
"""Token to the part of its ARN after the partition; the AWS service authorization reference lists the shapes."""

ID_SHAPES: Mapping[str, str] = {
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplate.html (2026-11)
    "aws:ec2/launchTemplate:LaunchTemplate": "lt-{core}",
    # https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html (2026-11)
    "aws:organizations/organizationalUnit:OrganizationalUnit": "ou-0000-{core}",
}
"""Token to the shape of its id, where the provider checks ids that it is given."""

PORT_OWNERS = ("rds", "elasticache", "docdb")
"""Services whose ``endpoint`` output is host and port."""


@dataclass
class Standins:
    """Makes stand-ins for one stack and remembers them; raises ``ValueError`` if two outputs ever share a core."""

    account: str
    region: str
    partition: str
    made: dict[str, Standin] = field(default_factory=dict)

    def text(self, urn: str, token: str, path: str) -> str:
        """A text for the output ``path`` of a resource."""
        core = f"ref{_digest(urn, path)[:12]}q"
        value = self._shape(token, path.rpartition(".")[2], core)
        self._keep(core, Standin(urn=urn, path=path, value=value))
        return value

    def number(self, urn: str, path: str) -> int:
        """A number for the output ``path`` of a resource."""
        value = NUMBER_BASE + int(_digest(urn, path)[:16], 16) % NUMBERS * NUMBER_STEP
        self._keep(str(value), Standin(urn=urn, path=path, value=value))
        return value

    def _shape(self, token: str, leaf: str, core: str) -> str:
        if leaf == "id" and token in ID_SHAPES:
            return ID_SHAPES[token].format(core=core)
        service = token.split(":")[1].partition("/")[0]
        low = re.sub(r"\[\d+\]$", "", leaf).lower()
        if low.endswith(("arn", "arns")):
            own = token.rpartition(":")[2].lower().endswith(low.removesuffix("arn"))
            rest = ARN_SHAPES.get(token, "") if own else ""  # ``arn``, or ``guardrailArn`` of a guardrail
            rest = rest or service + ":{region}:{account}:thing/{core}"
            return f"arn:{self.partition}:" + rest.format(region=self.region, account=self.account, core=core)
        if low == "endpoint" and service in PORT_OWNERS:
            return f"{core}:5432"
        if low.endswith(("issuer", "endpointurl")) or low == "url":
            return f"https://{core}.example/id"
        return core

    def _keep(self, core: str, standin: Standin) -> None:
        if self.made.setdefault(core, standin) != standin:
            raise ValueError(f"{standin.urn} {standin.path} and {self.made[core].urn} share a stand-in; rename one")


def cores(text: str) -> Iterator[str]:
    """Every core in a text, in order; numbers count as their digits."""
    yield from CORE.findall(text)
    yield from NUMBER.findall(text)


def _digest(urn: str, path: str) -> str:
    return hashlib.sha256(f"{urn}#{path}".encode()).hexdigest()
