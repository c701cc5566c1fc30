"""The provider's schema, and the extract of it that is committed."""

import pytest

from llmlz.rehearsal.schema import EXTRACT, LEFT_OUT, Schema, parse
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal.refresh import fresh


def test_blocks_and_attributes_go_by_pulumi_names() -> None:
    """Nested blocks are members too, in the plural where there can be several."""
    block = Schema.committed().block("aws_bedrock_guardrail")
    content = block.properties["contentPolicyConfig"]
    assert content.name == "content_policy_config"
    assert content.block is not None
    assert content.block.properties["filtersConfigs"].name == "filters_config"
    assert block.properties["kmsKeyArn"].type == "string"


def test_what_only_the_provider_fills_in_cannot_be_set() -> None:
    """A computed attribute is an output, not an input."""
    block = Schema.committed().block("aws_kms_key")
    assert (block.arguments["arn"].settable, block.arguments["policy"].settable) == (False, True)


def test_a_nested_attribute_is_read_as_a_block() -> None:
    """Newer types of the provider describe nesting as attributes."""
    nested = {"attributes": {"size": {"type": "number", "optional": True}}, "nesting_mode": "list"}
    rule = parse({"attributes": {"rule": {"nested_type": nested, "optional": True}}}).properties["rules"]
    assert rule.type == ["list", ["object", {"size": "number"}]]
    assert rule.block is not None
    assert rule.block.properties["size"].optional


def test_an_argument_called_description_is_kept() -> None:
    """Descriptions are left out of the extract, arguments of that name are not."""
    assert Schema.committed().block("aws_kms_key").arguments["description"].optional


@pytest.mark.ring(2)
def test_the_committed_extract_is_the_providers_own_word(terraform: Terraform) -> None:
    """If this fails: python -m tests.rehearsal.refresh, and review what changed."""
    assert EXTRACT.read_text(encoding="utf-8") == fresh(terraform)


@pytest.mark.ring(2)
def test_a_type_too_large_to_commit_is_asked_for(
    terraform: Terraform, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider answers once; the answer is kept in the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    assert LEFT_OUT[0] not in terraform.schema()
    asked = terraform.schema(LEFT_OUT)
    assert LEFT_OUT[0] in asked
    monkeypatch.setattr(Terraform, "ask_schema", lambda _: pytest.fail("asked twice"))
    assert asked.types == terraform.schema(LEFT_OUT).types
