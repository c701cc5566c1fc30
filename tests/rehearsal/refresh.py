"""Write the schema extract, and the list of arguments that only the SDK has, again: ``python -m tests.rehearsal.refresh``."""

import functools
from collections.abc import Mapping
from pathlib import Path

from llmlz.rehearsal.schema import EXTRACT, Schema, extract, extract_text, wanted_types
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal import structure

BY_HAND: Mapping[str, str] = {
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


NEWER = Path(__file__).parent / "data" / "newer_arguments.txt"
"""Token and property path, one a line."""


def newer() -> str:
    """Properties of the SDK that the provider of the committed extract has no argument for."""
    return "".join(f"{row.token} {row.property}\n" for row in structure.rendered(structure.TYPES).unverified)


if __name__ == "__main__":
    EXTRACT.write_text(fresh(Terraform.find()), encoding="utf-8")
    NEWER.parent.mkdir(exist_ok=True)
    NEWER.write_text(newer(), encoding="utf-8")
