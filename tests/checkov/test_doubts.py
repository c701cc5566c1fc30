"""What cannot be read, mapped or found again is a doubt."""

from typing import Any

import pytest

from llmlz.checkov import conserve
from llmlz.checkov.conform import conform
from llmlz.checkov.projection import project, unmapped
from llmlz.graph.states import SECRET, UNKNOWN
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema
from tests.checkov.parts import BUCKET, OPEN_SSH, ROLE_POLICY, SECURITY_GROUP, catalogue, graph, refers, resource
from tests.checkov.projections import TYPES, doubts, projected, values


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"vpc_id": "vpc-1", "ingress": [OPEN_SSH]}, "no argument for vpc_id"),
        ({"ingressRules": [OPEN_SSH]}, "no argument for ingressRules"),
        ({"ingres": [OPEN_SSH]}, "no argument for ingres"),
        ({"ingress": [OPEN_SSH], "ingresses": [{**OPEN_SSH, "toPort": 9}]}, "was lost on the way"),
        ({"ingress": [{**OPEN_SSH, "cidr_blocks": ["0.0.0.0/0"]}]}, "no argument for ingress.cidr_blocks"),
        ({"ingress": "everything"}, "ingress"),
        ({"ingress": [{**OPEN_SSH, "fromPort": "ssh"}]}, "from_port is a str where the provider has a number"),
        ({"ingress": [{**OPEN_SSH, "fromPort": {UNKNOWN: True}}]}, "ingress[0].fromPort is not known"),
        ({"ingress": [{**OPEN_SSH, "fromPort": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}]}, "fromPort is not known"),
        ({"description": SECRET}, "description is secret"),
        ({"revokeRulesOnDelete": "perhaps"}, "revoke_rules_on_delete is a str"),
    ],
)
def test_a_value_that_cannot_be_read_is_a_doubt(inputs: dict[str, Any], words: str) -> None:
    """Terraform's own name, a wrong plural, a wrong shape, a wrong type, an unknown, a secret."""
    assert words in doubts(resource(SECURITY_GROUP, "open", inputs))


def test_a_plural_that_the_rule_allows_is_the_argument_itself() -> None:
    """The rule cannot tell which of two English plurals the bridge took; either way the value is judged."""
    assert values(resource(SECURITY_GROUP, "open", {"ingresses": [OPEN_SSH]}))["ingress"][0]["to_port"] == 22


@pytest.mark.parametrize("policy", ["no json", '"text"', {UNKNOWN: True}, SECRET, "ref of a {document}"])
def test_a_document_that_cannot_be_read_is_a_doubt(policy: Any) -> None:
    """Checks of policies take what they cannot read for a good one."""
    assert "policy" in doubts(resource(ROLE_POLICY, "p", {"role": "r", "policy": policy}))


def test_a_secret_document_is_a_doubt() -> None:
    """Even where a recording has kept its text."""
    secret = resource(ROLE_POLICY, "p", {"role": "r", "policy": "{}"}, secrets=("policy",))
    assert doubts(secret) == "policy is a document, and secret"


def test_an_unknown_text_that_comes_from_another_resource_is_no_doubt() -> None:
    """A plan knows it no better, and checkov reads the reference."""
    key = resource("aws:kms/key:Key", "key", {})
    secret = resource(
        "aws:secretsmanager/secret:Secret",
        "s",
        {"kmsKeyId": {UNKNOWN: True}},
        references=(refers("kmsKeyId", key, None),),
    )
    found = project(graph(key, secret), catalogue(["aws_secretsmanager_secret"]))
    assert found.doubts == ()
    (configured,) = found.plan["configuration"]["root_module"]["resources"]
    assert configured["expressions"]["kms_key_id"]["references"]


def test_a_type_without_a_mapping_is_a_doubt() -> None:
    """Nobody can tell whether a check covers it; a row of the committed list says of some that none does."""
    unknown = resource("aws:ec2/instance:Nothing", "i", {})
    assert "in no table of types" in doubts(unknown)
    assert "in no table of types" in doubts(resource("aws-native:s3:Bucket", "b", {}))
    (token,) = unmapped()
    assert doubts(resource(token, "g", {})) == ""
    covered = project(graph(resource(token, "g", {})), catalogue(["aws_bedrock_enforced_guardrail_configuration"]))
    assert len(covered.doubts) == 1


def test_a_type_that_the_schema_does_not_have_is_a_doubt() -> None:
    """The committed extract leaves large types out."""
    acl = resource("aws:wafv2/webAcl:WebAcl", "acl", {"scope": "REGIONAL"})
    found = project(graph(acl), catalogue(["aws_wafv2_web_acl"]))
    assert "has no aws_wafv2_web_acl" in found.doubts[0].message


def test_equal_addresses_are_doubts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the two would be judged in the name of both."""
    monkeypatch.setattr("llmlz.checkov.projection.address", lambda urn, type_: f"{type_}.same")
    found = projected(resource(BUCKET, "a", {}), resource(BUCKET, "b", {}))
    assert len({doubt.urn for doubt in found.doubts}) == 2


@pytest.mark.parametrize("fault", ["camel", "spellings", "terraform_type", "one for two", "one for another"])
def test_a_planted_fault_in_the_mapping_is_a_doubt(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever rule breaks, the resource does not pass in silence."""
    schema = Schema(Schema.committed().raw)  # parsed anew, with the fault
    if fault == "camel":
        monkeypatch.setattr(names, "camel", lambda name: name)
    elif fault == "spellings":
        monkeypatch.setattr(names, "spellings", lambda name: iter([name + "zz"]))
        monkeypatch.setattr(names, "spelt", lambda members: {names.camel(n) + "zz": n for n in members})
    elif fault == "terraform_type":
        monkeypatch.setattr(names, "terraform_type", lambda token: "aws_s3_bucket")
    else:
        properties = schema.block("aws_security_group").properties
        assert isinstance(properties, dict)
        monkeypatch.setitem(properties, "ingress", properties["egress"])
    rules: dict[str, Any] = {"ingress": [OPEN_SSH], "vpcId": "vpc-1"}
    if fault == "one for two":
        rules["egress"] = [{**OPEN_SSH, "fromPort": 443, "toPort": 443}]
    found = project(graph(resource(SECURITY_GROUP, "open", rules)), catalogue(TYPES), schema)
    assert found.doubts


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"cidrBlocks": []}, "no argument cidrBlocks"),
        ({"ingresses": []}, "no argument ingresses"),
        ({"ingress": {"from_port": 22}}, "ingress is a dict where the provider has a set"),
        ({"ingress": [{"fromPort": 22}]}, "no argument ingress[0].fromPort"),
        ({"name": ["a"]}, "name is a list where the provider has a string"),
        ({"revoke_rules_on_delete": 1}, "revoke_rules_on_delete is a int where the provider has a bool"),
    ],
)
def test_a_second_look_does_not_trust_the_translation(given: dict[str, Any], problem: str) -> None:
    """Every key and type of a plan is held against the schema."""
    _, problems = conform(given, Schema.committed().block("aws_security_group"))
    assert any(problem in found for found in problems), problems


def test_what_is_lost_is_found() -> None:
    """A value that went in and is nowhere."""
    assert conserve.lost({"a": 1, "b": {"c": "x"}}, {"z": "x"}) == ["a"]
    assert conserve.lost({"a": {"Effect": "Allow"}, "b": True}, {"a": '{"Effect": "Allow"}', "b": "true"}) == []


def test_a_required_argument_that_is_missing_is_a_doubt() -> None:
    """It may have gone under another name."""
    assert "policy is required and missing" in doubts(resource(ROLE_POLICY, "p", {"role": "r"}))
