"""A graph as a plan: what goes in, under which names, and what is doubtful."""

import json

from llmlz.checkov.projection import project
from tests.checkov.parts import BUCKET, OPEN_SSH, ROLE_POLICY, SECURITY_GROUP, catalogue, graph, refers, resource
from tests.checkov.projections import projected, values


def test_names_lists_and_numbers_are_terraforms() -> None:
    """Plurals are gone, single values are lists again, whole floats are whole numbers."""
    ingress = {**OPEN_SSH, "fromPort": 22.0, "toPort": "22"}
    found = values(resource(SECURITY_GROUP, "open", {"ingress": [ingress], "vpcId": "vpc-1"}))
    assert found["ingress"] == [{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}]
    assert isinstance(found["ingress"][0]["from_port"], int)
    versioning = resource(
        "aws:s3/bucketVersioning:BucketVersioning",
        "v",
        {"bucket": "b", "versioningConfiguration": {"status": "Enabled"}},
    )
    assert values(versioning)["versioning_configuration"] == [{"status": "Enabled"}]


def test_a_member_that_is_not_set_is_not_null() -> None:
    """Checkov takes a null list of prefixes for a list with prefixes in it, and lets the world in."""
    found = values(resource(SECURITY_GROUP, "open", {"ingress": [OPEN_SSH], "vpcId": "vpc-1"}))
    assert None not in found["ingress"][0].values()


def test_a_document_that_is_an_object_becomes_text() -> None:
    """Checkov reads documents from their text."""
    found = values(resource(ROLE_POLICY, "p", {"role": "r", "policy": {"Statement": []}}))
    assert json.loads(found["policy"]) == {"Statement": []}


def test_the_address_leads_back() -> None:
    """Whatever a URN holds."""
    one = resource(BUCKET, "a/b c.d", {})
    found = projected(one)
    ((address, urn),) = found.urns.items()
    assert urn == one.urn
    assert address.count(".") == 1


def test_references_stand_where_a_plan_has_them() -> None:
    """At the argument, also inside a block."""
    key = resource("aws:kms/key:Key", "key", {})
    bucket = resource(BUCKET, "data", {"bucket": "data"})
    rule = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "key-id"}}
    encrypted = resource(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "sse",
        {"bucket": "id", "rules": [rule]},
        references=(
            refers("bucket", bucket, "bucket"),
            refers("rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId", key, "arn"),
        ),
    )
    found = project(graph(key, bucket, encrypted), catalogue(["aws_s3_bucket_server_side_encryption_configuration"]))
    (configured,) = found.plan["configuration"]["root_module"]["resources"]
    told = configured["expressions"]
    assert [text.partition(".")[0] for text in told["bucket"]["references"]] == ["aws_s3_bucket", "aws_s3_bucket"]
    (inner,) = told["rule"][0]["apply_server_side_encryption_by_default"]
    assert inner["kms_master_key_id"]["references"][0].endswith(".arn")


def test_types_that_no_check_covers_stay_out() -> None:
    """And need no mapping: another provider's resource is none of an AWS check's business."""
    other = resource("random:index/randomPassword:RandomPassword", "p", {"length": 3})
    queue = resource("aws:sqs/queue:Queue", "q", {"nameOfNothing": 1})
    found = projected(other, queue)
    assert (found.urns, found.doubts) == ({}, ())
