"""Who takes the role of a knowledge base, what it may do, and who reads its secrets: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components._key_policy import only_for
from components._policy import Statement, allow, document

VECTORS = ("s3vectors:DeleteVectors", "s3vectors:GetVectors", "s3vectors:PutVectors", "s3vectors:QueryVectors")
"""https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnowledgeGrants:
    """The things a knowledge base is allowed to touch, by their ARNs."""

    bucket_arn: str
    data_key_arn: str
    foundation_model_arns: Sequence[str]
    guardrail_arn: str
    guardrail_versions: Sequence[str]
    prefixes: Sequence[str]
    """In the bucket, each with a slash at its end; none where no source is in S3."""

    profile_arn: str
    region: str
    secret_arns: Sequence[str]
    secrets_key_arn: str
    collection_arn: str | None = field(default=None)
    index_arn: str | None = field(default=None)
    vectors_key_arn: str | None = field(default=None)


def knowledge_trust(*, account_id: str, partition: str, region: str) -> dict[str, Any]:
    """Bedrock, for knowledge bases of this account and Region.

    Which one cannot be said, as a knowledge base needs its role before it has an id:
    https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html (2026-11).
    """
    return document(
        [
            {
                "Sid": "KnowledgeBasesOfThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": "bedrock.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "ArnLike": {"aws:SourceArn": f"arn:{partition}:bedrock:{region}:{account_id}:knowledge-base/*"},
                    "StringEquals": {"aws:SourceAccount": account_id},
                },
            }
        ]
    )


def knowledge_statements(grants: KnowledgeGrants) -> list[Statement]:
    """One embedding model, own prefixes, own vectors, own secrets, and the keys of these."""
    return [
        *embedding_statements(grants),
        *document_statements(grants),
        *vector_statements(grants),
        *secret_statements(grants),
    ]


def embedding_statements(grants: KnowledgeGrants) -> list[Statement]:
    """The team's profile of the embedding model, and that model only through it.

    No guardrail can look at embeddings; the last statement denies whatever one could look at, should a profile ever lead
    to another model.
    """
    accepted = [f"{grants.guardrail_arn}:{version}" for version in grants.guardrail_versions]
    profiles = f"arn:{grants.guardrail_arn.split(':')[1]}:bedrock:*:*:application-inference-profile/*"
    without: Statement = {
        "Sid": "NoOtherCallWithoutTheGuardrail",
        "Effect": "Deny",
        "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        "NotResource": [*grants.foundation_model_arns, profiles],
        "Condition": {"StringNotEquals": {"bedrock:GuardrailIdentifier": accepted}},
    }
    through = {"ArnEquals": {"bedrock:InferenceProfileArn": grants.profile_arn}}
    invoke = ["bedrock:InvokeModel"]
    return [
        allow("EmbedWithOwnProfile", ["bedrock:GetInferenceProfile", *invoke], [grants.profile_arn]),
        allow("EmbedThroughOwnProfile", invoke, grants.foundation_model_arns, through),
        without,
    ]


def document_statements(grants: KnowledgeGrants) -> list[Statement]:
    """Read the documents of its prefixes; the same key encrypts documents from elsewhere while they are taken in.

    https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-kb.html (2026-11)
    """
    key = allow("UseDataKey", ["kms:Decrypt", "kms:GenerateDataKey"], [grants.data_key_arn])
    if not grants.prefixes:
        return [key]
    listed = {"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in grants.prefixes]}}
    return [
        allow("ListOwnDocuments", ["s3:ListBucket"], [grants.bucket_arn], listed),
        allow("ReadOwnDocuments", ["s3:GetObject"], [f"{grants.bucket_arn}/{prefix}*" for prefix in grants.prefixes]),
        key,
    ]


def vector_statements(grants: KnowledgeGrants) -> list[Statement]:
    """Its own index; in OpenSearch Serverless IAM knows the collection alone, and a data access policy names the index."""
    found = []
    if grants.index_arn and grants.vectors_key_arn:
        found += [
            allow("UseOwnIndex", ["s3vectors:GetIndex", *VECTORS], [grants.index_arn]),
            allow("UseVectorsKey", ["kms:Decrypt", "kms:GenerateDataKey"], [grants.vectors_key_arn]),
        ]
    if grants.collection_arn:
        found.append(allow("CallTheCollection", ["aoss:APIAccessAll"], [grants.collection_arn]))
    return found


def secret_statements(grants: KnowledgeGrants) -> list[Statement]:
    """Read the secrets that its sources name, and decrypt nothing else with their key.

    Secrets Manager names the secret in the encryption context:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html (2026-11)
    """
    if not grants.secret_arns:
        return []
    these = {
        "StringEquals": {
            "kms:EncryptionContext:SecretARN": list(grants.secret_arns),
            "kms:ViaService": f"secretsmanager.{grants.region}.amazonaws.com",
        }
    }
    return [
        allow("ReadOwnSecrets", ["secretsmanager:GetSecretValue"], grants.secret_arns),
        allow("DecryptOwnSecrets", ["kms:Decrypt"], [grants.secrets_key_arn], these),
    ]


def retrieve_statements(knowledge_base_arn: str) -> list[Statement]:
    """What the team's role may do with it: ask for passages. Answers are made by models that the team calls itself."""
    return [allow("RetrieveFromOwnKnowledge", ["bedrock:Retrieve"], [knowledge_base_arn])]


def own_secret_policy(role_arn: str) -> Mapping[str, Any]:
    """Nobody but the knowledge base reads the value, whatever identity policies allow; others may set it."""
    return document([only_for("OnlyTheKnowledgeBaseReads", ["secretsmanager:GetSecretValue"], [role_arn])])
