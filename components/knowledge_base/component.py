"""One knowledge base of one team: documents from its sources, cut, embedded and searched by Amazon Bedrock.

Owns: the knowledge base, its sources, its index, its role, who reads the secrets of its sources, and that
the team's role may retrieve.
Does not own: the store of vectors (``VectorStore``), the secrets, the profile of the embedding
model and the team's role (``TeamSpace``), and when a source is read: whoever runs it starts an ingestion job.
"""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import document
from components.knowledge_base.args import KnowledgeBaseArgs, OpenSearchPlace, S3VectorsPlace
from components.knowledge_base.connectors import S3, configuration, secret_of
from components.knowledge_base.places import collection_index, made_in_collection, vector_index
from components.knowledge_base.policy import (
    KnowledgeGrants,
    knowledge_statements,
    knowledge_trust,
    own_secret_policy,
    retrieve_statements,
)
from components.knowledge_base.shapes import chunked, embedded, sources, stored, stored_in_index


class KnowledgeBase(pulumi.ComponentResource):
    """One team's documents, found by their meaning."""

    knowledge_base_arn: pulumi.Output[str]
    """The knowledge base, as policies name it."""

    knowledge_base_id: pulumi.Output[str]
    """The knowledge base, as callers name it; ready when the team's role may retrieve."""

    source_ids: dict[str, pulumi.Output[str]]
    """Name of each source to its id, as ingestion jobs name it."""

    def __init__(self, name: str, args: KnowledgeBaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the knowledge base ``args.knowledge`` of ``args.team``."""
        super().__init__("llmlz:index:KnowledgeBase", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=True)
        trust = knowledge_trust(account_id=args.account_id, partition=args.partition, region=args.region)
        role = aws.iam.Role(
            f"{name}-role",
            # no team has a dot in its name, so that this is no name of another team's role
            name=physical_name("role", args.name_prefix, f"{args.team}.{args.knowledge}"),
            description=f"What the knowledge base {args.knowledge} of {args.team} reads and writes.",
            assume_role_policy=json.dumps(trust),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        match args.place:
            case S3VectorsPlace() as bucket:
                index = vector_index(f"{name}-index", args, bucket, kept)
                storage = stored_in_index(index.index_arn)
                vectors: dict[str, pulumi.Input[str]] = {"index": index.index_arn, "vectors_key": bucket.kms_key_arn}
                ready: list[pulumi.Resource] = [index]
            case OpenSearchPlace() as collection:
                storage, vectors = stored(collection, collection_index(args)), {"collection": collection.collection_arn}
                ready = made_in_collection(f"{name}-index", args, collection, role, child)
        policy = aws.iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=pulumi.Output.all(
                bucket=args.data_bucket_arn,
                data_key=args.data_key_arn,
                guardrail=args.guardrail_arn,
                profile=args.embedding.profile_arn,
                secrets_key=args.secrets_key_arn,
                versions=args.guardrail_versions,
                **vectors,
            ).apply(lambda got: json.dumps(document(knowledge_statements(_grants(args, got))))),
            opts=child,
        )
        ready += [policy, *_secret_policies(name, args, role, child)]
        base = aws.bedrock.AgentKnowledgeBase(
            f"{name}-base",
            name=physical_name("knowledge-base", args.name_prefix, f"{args.team}_{args.knowledge}"),
            description=f"{args.team}: {args.knowledge}",
            knowledge_base_configuration=embedded(args.embedding),
            role_arn=role.arn,
            storage_configuration=storage,
            tags={"data-class": args.data_class, "source": sources(args)},
            # Bedrock tries what the role may do before it makes anything
            opts=pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(depends_on=ready)),
        )
        self.source_ids = {
            key: aws.bedrock.AgentDataSource(
                f"{name}-source-{key}",
                name=key,
                knowledge_base_id=base.id,
                data_deletion_policy="RETAIN",  # a source that goes by mistake leaves what it brought
                data_source_configuration=configuration(
                    connector, account_id=args.account_id, bucket_arn=args.data_bucket_arn, team=args.team
                ),
                server_side_encryption_configuration={"kms_key_arn": args.data_key_arn},
                vector_ingestion_configuration={"chunking_configuration": chunked(args.chunking)},
                opts=kept,
            ).data_source_id
            for key, connector in args.connectors.items()
        }
        reader = aws.iam.RolePolicy(
            f"{name}-team-policy",
            name=f"retrieve-{args.knowledge}",
            role=args.team_role_name,
            policy=base.arn.apply(lambda arn: json.dumps(document(retrieve_statements(arn)))),
            opts=child,
        )
        self.knowledge_base_arn = base.arn
        self.knowledge_base_id = pulumi.Output.all(base.id, reader.id).apply(lambda made: str(made[0]))
        self.register_outputs(
            {
                "knowledge_base_arn": self.knowledge_base_arn,
                "knowledge_base_id": self.knowledge_base_id,
                "source_ids": self.source_ids,
            }
        )


def _grants(args: KnowledgeBaseArgs, got: dict[str, Any]) -> KnowledgeGrants:
    connectors = args.connectors.values()
    return KnowledgeGrants(
        bucket_arn=got["bucket"],
        collection_arn=got.get("collection"),
        data_key_arn=got["data_key"],
        foundation_model_arns=list(args.embedding.foundation_models),
        guardrail_arn=got["guardrail"],
        guardrail_versions=got["versions"],
        index_arn=got.get("index"),
        prefixes=sorted({f"teams/{args.team}/{one.prefix}" for one in connectors if isinstance(one, S3)}),
        profile_arn=got["profile"],
        region=args.region,
        secret_arns=[secret for one in connectors if (secret := secret_of(one))],
        secrets_key_arn=got["secrets_key"],
        vectors_key_arn=got.get("vectors_key"),
    )


def _secret_policies(
    name: str, args: KnowledgeBaseArgs, role: aws.iam.Role, opts: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Each secret is closed to everybody else; one secret is for one source."""
    return [
        aws.secretsmanager.SecretPolicy(
            f"{name}-secret-{key}",
            secret_arn=secret,
            block_public_policy=True,
            policy=role.arn.apply(lambda arn: json.dumps(own_secret_policy(arn))),
            opts=opts,
        )
        for key, connector in args.connectors.items()
        if (secret := secret_of(connector))
    ]
