"""What Bedrock keeps of prompts, rules and documents is under a key that its owner can cut off."""

import re
from collections.abc import Mapping, Sequence

from policies.pack._rule import HOLDS, Context, Resource, Result, require
from policies.pack._use import handed_on
from policies.pack._values import mapping, part, shown, text

KEYS: Mapping[str, Sequence[str]] = {
    "aws:bedrock/agentAgent:AgentAgent": ["customerEncryptionKeyArn"],
    "aws:bedrock/agentDataSource:AgentDataSource": ["serverSideEncryptionConfiguration", "kmsKeyArn"],
    "aws:bedrock/agentFlow:AgentFlow": ["customerEncryptionKeyArn"],
    "aws:bedrock/agentPrompt:AgentPrompt": ["customerEncryptionKeyArn"],
    "aws:bedrock/agentcoreEvaluator:AgentcoreEvaluator": ["kmsKeyArn"],
    "aws:bedrock/agentcoreGateway:AgentcoreGateway": ["kmsKeyArn"],
    "aws:bedrock/agentcoreMemory:AgentcoreMemory": ["encryptionKeyArn"],
    "aws:bedrock/agentcorePolicyEngine:AgentcorePolicyEngine": ["encryptionKeyArn"],
    "aws:bedrock/customModel:CustomModel": ["customModelKmsKeyId"],
    "aws:bedrock/evaluationJob:EvaluationJob": ["customerEncryptionKeyId"],
    "aws:bedrock/guardrail:Guardrail": ["kmsKeyArn"],
    "aws:bedrockmodel/invocationJob:InvocationJob": ["outputDataConfig", "s3OutputDataConfig", "s3EncryptionKeyId"],
}
"""Type to the path of its key."""

KNOWLEDGE_BASE = "aws:bedrock/agentKnowledgeBase:AgentKnowledgeBase"
MANAGED = ["knowledgeBaseConfiguration", "managedKnowledgeBaseConfiguration"]
"""A knowledge base that Bedrock stores itself; any other keeps its text in a store of its own."""

CUSTOMERS = re.compile(
    r"arn:[^:]+:kms:[^:]*:\d{12}:(?!alias/aws/)\w+/.+|alias/(?!aws/).+|mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


def decide(resource: Resource, context: Context) -> Result:
    """The key is set and is none of AWS's own.

    A guardrail of the organization is left out: its key would have to be open to every caller of every member.
    """
    if resource.type == KNOWLEDGE_BASE:
        config = part(resource.inputs, MANAGED[0])
        managed = mapping(config, MANAGED[1]) is not None or text(config, "type") == "MANAGED"
        return _has_key(resource, [*MANAGED, "serverSideEncryptionConfiguration", "kmsKeyArn"]) if managed else HOLDS
    return HOLDS if handed_on(resource, context) else _has_key(resource, KEYS[resource.type])


def _has_key(resource: Resource, path: Sequence[str]) -> Result:
    *parents, last = path
    key = text(part(resource.inputs, *parents), last)
    made = any(r.at == ".".join(path) and "aws:kms/" in r.to for r in resource.references)
    return require(
        bool(key and "alias/aws/" not in key and (made or CUSTOMERS.fullmatch(key))),
        f"{'.'.join(path)} is {shown(key)}, not a key of the customer's own",
    )
