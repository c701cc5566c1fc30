"""Whether what an engine says it made is there: ask the cloud itself.

Owns: which call reads each important type back, as a table.
Does not own: types without a row; for them the engine's state is all there is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from llmlz.graph.model import Resource
from llmlz.local.emulator import Emulator

READS: Mapping[str, tuple[str, str, str, str]] = {
    "aws:bedrock/guardrail:Guardrail": ("bedrock", "get_guardrail", "guardrailIdentifier", "guardrail_arn"),
    "aws:bedrock/inferenceProfile:InferenceProfile": (
        "bedrock",
        "get_inference_profile",
        "inferenceProfileIdentifier",
        "arn",
    ),
    "aws:cloudtrail/trail:Trail": ("cloudtrail", "get_trail", "Name", "arn"),
    "aws:iam/role:Role": ("iam", "get_role", "RoleName", "name"),
    "aws:kms/key:Key": ("kms", "describe_key", "KeyId", "arn"),
    "aws:s3/bucket:Bucket": ("s3", "head_bucket", "Bucket", "bucket"),
    "aws:secretsmanager/secret:Secret": ("secretsmanager", "describe_secret", "SecretId", "arn"),
    "aws:sns/topic:Topic": ("sns", "get_topic_attributes", "TopicArn", "arn"),
    "aws:ssm/parameter:Parameter": ("ssm", "get_parameter", "Name", "name"),
}
"""Token to service, operation, its parameter, and the attribute of the engine's state that goes into it."""


def unread(made: Iterable[tuple[Resource, Mapping[str, Any]]], emulator: Emulator) -> dict[str, str]:
    """URN to reason for every resource that the cloud does not know, of the types that have a row.

    ``made`` is each resource with its attributes in the engine's state.
    """
    session = boto3.Session(emulator.account, "local", region_name=emulator.region)
    settings = Config(retries={"total_max_attempts": 2}, proxies={}, s3={"addressing_style": "path"})
    clients: dict[str, Any] = {}
    failed: dict[str, str] = {}
    for resource, attributes in made:
        if resource.type not in READS:
            continue
        service, operation, parameter, attribute = READS[resource.type]
        if service not in clients:
            clients[service] = session.client(service, endpoint_url=emulator.endpoint, config=settings)
        try:
            getattr(clients[service], operation)(**{parameter: attributes[attribute]})
        except (BotoCoreError, ClientError) as error:
            failed[resource.urn] = f"made, but {operation} says: {error}"
    return failed
