"""Provider blocks: few, signed in as nobody, and in the right region."""

from typing import Any

import pulumi
import pulumi_aws as aws

from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import Rendered, render
from llmlz.rehearsal.schema import Schema
from tests.rehearsal.program import ACCOUNT, REGION, recorded


def _blocks(rendered: Rendered) -> list[dict[str, Any]]:
    return list(rendered.document["provider"]["aws"])


def _two(second: dict[str, Any]) -> Rendered:
    """Three topics: two on one provider, one on another."""

    def program() -> None:
        one = aws.Provider("one", region=REGION, allowed_account_ids=[ACCOUNT], default_tags={"tags": {"owner": "a"}})
        two = aws.Provider("two", **{"region": REGION, "default_tags": {"tags": {"owner": "a"}}, **second})
        for name, provider in (("first", one), ("second", one), ("third", two)):
            aws.sns.Topic(name, name=name, opts=pulumi.ResourceOptions(provider=provider))

    graph = recorded(program)
    return render(graph, ProviderBlock.offline(REGION, ACCOUNT), known=())


def test_providers_that_differ_only_in_signing_in_share_a_block() -> None:
    """A role to assume means nothing offline, and each block is a process."""
    rendered = _two({"assume_roles": [{"role_arn": f"arn:aws:iam::{ACCOUNT}:role/apply"}]})
    (block,) = _blocks(rendered)
    assert (block["region"], block["default_tags"]) == (REGION, [{"tags": {"owner": "a"}}])
    assert (block["access_key"], block["skip_requesting_account_id"]) == ("nobody", True)
    assert "allowed_account_ids" not in block
    assert "assume_role" not in block
    assert rendered.unverified == ()


def test_another_region_is_a_block_of_its_own() -> None:
    """The one in use most is the default; the other has an alias, and its resource names it."""
    rendered = _two({"region": "eu-west-1"})
    default, other = _blocks(rendered)
    assert (default["region"], other["region"], other["alias"]) == (REGION, "eu-west-1", "p1")
    topics = rendered.document["resource"]["aws_sns_topic"]
    assert sorted(topic.get("provider", "") for topic in topics.values()) == ["", "", "aws.p1"]


def test_a_resource_with_its_own_region_gets_a_block_for_it() -> None:
    """An argument of the newer provider, shown to this one as a block."""

    def program() -> None:
        aws.sns.Topic("here", name="here", region=REGION)
        aws.sns.Topic("there", name="there", region="us-east-1")

    rendered = render(recorded(program), ProviderBlock.offline(REGION, ACCOUNT), known=())
    assert sorted(block["region"] for block in _blocks(rendered)) == [REGION, "us-east-1"]
    assert rendered.unverified == ()


def test_a_setting_the_provider_does_not_have_is_listed() -> None:
    """Provider settings are verified like anything else."""
    rendered = _two({"tag_policy_compliance": "error"})
    assert [str(row) for row in rendered.unverified] == ["dropped pulumi:providers:aws tagPolicyCompliance"]


def test_an_emulator_serves_every_service() -> None:
    """Every service of the provider, S3 by path, and still nobody's credentials."""
    block = ProviderBlock.endpoint("http://127.0.0.1:4566", REGION).arguments(Schema.committed(), REGION)
    (endpoints,) = block["endpoints"]
    assert set(endpoints.values()) == {"http://127.0.0.1:4566"}
    assert {"bedrock", "kms", "s3", "sts"} <= set(endpoints)
    assert (block["s3_use_path_style"], block["access_key"]) == (True, "nobody")


def test_a_program_without_resources_still_has_a_block() -> None:
    """An empty stack is a valid document."""
    rendered = render(recorded(lambda: None), ProviderBlock.offline(REGION, ACCOUNT), known=())
    assert [block["region"] for block in _blocks(rendered)] == [REGION]
