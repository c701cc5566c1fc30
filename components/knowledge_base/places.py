"""The index of a knowledge base: in a vector bucket, or in a collection, each below the name of its team.

No team has a dot or two dashes in its name, so that no index of one team is called like that of another.
"""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components._index_policy import index_policy
from components._naming import physical_name
from components.knowledge_base.args import KnowledgeBaseArgs, OpenSearchPlace, S3VectorsPlace

TEXT_KEYS = ("AMAZON_BEDROCK_METADATA", "AMAZON_BEDROCK_TEXT")
"""Where Bedrock puts the passage and its origin; too long for filters, and an index cannot learn names later:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-bedrock-kb.html (2026-11)"""

METRIC = "cosine"
"""How distance is measured; fixed for ever."""

MAKING = ("aoss:CreateIndex", "aoss:DescribeIndex")
"""What the step needs that makes an index:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html (2026-11)"""

READING_AND_WRITING = ("aoss:DescribeIndex", "aoss:ReadDocument", "aoss:UpdateIndex", "aoss:WriteDocument")
"""What Bedrock needs of an index that it does not make:
https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-setup.html (2026-11)"""


def vector_index(
    name: str, args: KnowledgeBaseArgs, bucket: S3VectorsPlace, opts: pulumi.ResourceOptions
) -> aws.s3.VectorsIndex:
    """An index in a vector bucket, with what can never be changed later."""
    return aws.s3.VectorsIndex(
        name,
        index_name=physical_name("vector-index", f"{args.team}.{args.knowledge}"),
        vector_bucket_name=bucket.vector_bucket_name,
        data_type="float32",
        dimension=args.embedding.dimensions,
        distance_metric=METRIC,
        metadata_configuration={"non_filterable_metadata_keys": list(TEXT_KEYS)},
        tags={"data-class": args.data_class},
        opts=opts,
    )


def collection_index(args: KnowledgeBaseArgs) -> str:
    """Name of the index in a collection, and of the policy about it."""
    return physical_name("collection", f"{args.team}--{args.knowledge}")


def made_in_collection(
    name: str, args: KnowledgeBaseArgs, place: OpenSearchPlace, role: aws.iam.Role, opts: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """An index in a collection: the platform's function may make it, and this role alone reads and writes it."""
    index = collection_index(args)
    access = aws.opensearch.ServerlessAccessPolicy(
        f"{name}-policy",
        name=index,
        type="data",
        description=f"The knowledge base {args.knowledge} of {args.team} has its own index",
        policy=pulumi.Output.all(place.collection_name, place.maker_arn, role.arn).apply(
            lambda made: json.dumps(
                [
                    *json.loads(index_policy(made[0], index, MAKING, reader_arn=made[1])),
                    *json.loads(index_policy(made[0], index, READING_AND_WRITING, reader_arn=made[2])),
                ]
            )
        ),
        opts=opts,
    )
    step = {
        "step": "index",
        "team": args.team,
        "knowledge": args.knowledge,
        "dimensions": args.embedding.dimensions,
        "metric": METRIC,
    }
    asked = aws.lambda_.Invocation(
        name,
        function_name=place.function_name,
        input=json.dumps(step),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[access])),
    )
    return [access, asked]
