"""Write the schema extract again from the provider that is found: ``python -m tests.rehearsal.refresh``."""

import functools
from collections.abc import Mapping

from llmlz.rehearsal.schema import EXTRACT, Schema, extract, extract_text, wanted_types
from llmlz.rehearsal.terraform import Terraform

BY_HAND: Mapping[str, str] = {
    "aws:bedrock/agentFlow:AgentFlow": "aws_bedrockagent_flow",
    "aws:bedrockfoundation/modelAgreement:ModelAgreement": "aws_bedrock_foundation_model_agreement",
    "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
    "aws:s3/vectorsIndex:VectorsIndex": "aws_s3vectors_index",
    "aws:s3/vectorsVectorBucket:VectorsVectorBucket": "aws_s3vectors_vector_bucket",
    "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy": "aws_s3vectors_vector_bucket_policy",
}
"""Tokens that a comparison of properties does not decide: types with the same members, and types that are newer."""


@functools.cache
def full_schema(terraform: Terraform) -> Schema:
    """Every type of the provider."""
    answer = terraform.ask_schema()
    (provider,) = answer["provider_schemas"].values()
    return Schema(extract(answer, terraform.provider_version, provider["resource_schemas"]))


def fresh(terraform: Terraform) -> str:
    """The extract as it should be committed."""
    return extract_text(extract(terraform.ask_schema(), terraform.provider_version, wanted_types()))


if __name__ == "__main__":
    EXTRACT.write_text(fresh(Terraform.find()), encoding="utf-8")
