"""Names follow the bridge's rule, and the tables hold what does not."""

import pytest

from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema, wanted_types
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal import sdk
from tests.rehearsal.refresh import BY_HAND, full_schema


@pytest.mark.parametrize(
    ("terraform_name", "pulumi_name"),
    [("arn", "arn"), ("kms_key_arn", "kmsKeyArn"), ("cidr_ipv4", "cidrIpv4"), ("s3_bucket_name", "s3BucketName")],
)
def test_underscores_become_camel_case(terraform_name: str, pulumi_name: str) -> None:
    """And back."""
    assert names.camel(terraform_name) == pulumi_name
    assert names.snake(pulumi_name) == terraform_name


@pytest.mark.parametrize(
    ("one", "several"),
    [("filter", "filters"), ("policy", "policies"), ("address", "addresses"), ("index", "indices"), ("key", "keys")],
)
def test_collections_get_english_plurals(one: str, several: str) -> None:
    """Six endings are enough for every type in the table."""
    assert names.spelt({one: ["list", "string"]})[several] == one


def test_a_misspelt_name_does_not_pass_for_a_plural() -> None:
    """A single value has no plural."""
    assert "definitions" not in names.spelt({"definition": "string"})


def test_an_exact_name_wins_over_a_plural() -> None:
    """Both ``tag`` and ``tags`` may be there."""
    found = names.spelt({"tag": ["list", "string"], "tags": ["map", "string"]})
    assert (found["tag"], found["tags"]) == ("tag", "tags")


def test_every_exception_names_a_real_property_and_argument() -> None:
    """A row that the SDK or the provider has outgrown fails."""
    schema = Schema.committed()
    for token in sdk.classes():
        for property_, argument in names.properties(token).items():
            assert property_ in sdk.properties(sdk.arguments(token)), token
            assert argument is None or argument in schema.block(names.types()[token]).arguments, token
        for argument in names.outputs(token).values():
            assert argument in schema.block(names.types()[token]).arguments, token


@pytest.mark.ring(2)
def test_every_token_is_found_again_by_its_properties(terraform: Terraform) -> None:
    """The table is what a comparison of SDK and provider says, save a few rows that are set by hand."""
    schema = full_schema(terraform)
    found = {t: BY_HAND.get(t) or sdk.matching_type(t, schema) for t in names.types()}
    assert found == dict(names.types())


@pytest.mark.ring(2)
def test_the_types_set_by_hand_are_near_ties_or_newer_than_the_provider(terraform: Terraform) -> None:
    """A row by hand that the comparison now finds itself is to go."""
    schema = full_schema(terraform)
    assert {t for t, type_ in BY_HAND.items() if sdk.matching_type(t, schema) == type_} == set()
    assert [t for t in wanted_types() if t not in schema] == [
        "aws_s3vectors_index",
        "aws_s3vectors_vector_bucket",
        "aws_s3vectors_vector_bucket_policy",
    ]
