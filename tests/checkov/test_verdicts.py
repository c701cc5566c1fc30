"""checkov's own verdicts on graphs of a few resources."""

from pathlib import Path
from typing import Any

import pytest

from llmlz.checkov.process import Checkov
from llmlz.checkov.scan import known, scan, scan_plan
from llmlz.graph.model import Graph
from tests.checkov.parts import BUCKET, OPEN, OPEN_SSH, ROLE_POLICY, SECURITY_GROUP, graph, refers, resource

pytestmark = pytest.mark.ring(2)

SSH, PUBLIC_BLOCK, ESCALATION, TAG = "CKV_AWS_24", "CKV2_AWS_6", "CKV_AWS_286", "CKV_K8S_14"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
BLOCKED = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)


def verdicts(checkov: Checkov, stack: Graph, *checks: str, **more: Any) -> dict[tuple[str, str], str]:
    """Check and logical name to verdict; no doubts."""
    found = scan(stack, checks, checkov=checkov, **more)
    assert found.doubts == ()
    return {(r.check, r.urn.rpartition("::")[2]): r.verdict for r in found.results}


def test_an_open_port_fails(checkov: Checkov) -> None:
    """Whatever the number is written like, and only where it is open."""
    text = resource(SECURITY_GROUP, "text", {"ingress": [{**OPEN_SSH, "fromPort": "22", "toPort": 22.0}]})
    closed = resource(SECURITY_GROUP, "closed", {"ingress": [{**OPEN_SSH, "cidrBlocks": ["10.0.0.0/8"]}]})
    assert verdicts(checkov, graph(OPEN, text, closed), SSH) == {
        (SSH, "open"): "failed",
        (SSH, "text"): "failed",
        (SSH, "closed"): "passed",
    }


def test_a_reference_joins_and_its_absence_does_not(checkov: Checkov) -> None:
    """A bucket is as safe as the block that refers to it."""
    one, other = resource(BUCKET, "one", {"bucket": "one"}), resource(BUCKET, "other", {"bucket": "other"})
    block = resource(BLOCK, "block", {"bucket": "one-id", **BLOCKED}, references=(refers("bucket", one),))
    found = verdicts(checkov, graph(one, other, block), PUBLIC_BLOCK)
    assert found == {(PUBLIC_BLOCK, "one"): "passed", (PUBLIC_BLOCK, "other"): "failed"}


def test_a_connection_by_a_literal_text_does_not_pass_in_silence(checkov: Checkov) -> None:
    """A bucket with bad encryption, which checkov does not see; with a reference it does."""
    bucket = resource(BUCKET, "data", {"bucket": "data"})
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "none"}}]
    token, encrypted = (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "CKV_AWS_19",
    )
    joined = resource(
        token, "sse", {"bucket": "data", "rules": rules}, references=(refers("bucket", bucket, "bucket"),)
    )
    assert verdicts(checkov, graph(bucket, joined), encrypted) == {(encrypted, "data"): "failed"}
    found = scan(
        graph(bucket, resource(token, "sse", {"bucket": "data", "rules": rules})), [encrypted], checkov=checkov
    )
    assert [r.verdict for r in found.results] == ["unknown"]
    assert "which checkov does not join" in found.doubts[0].message


def test_equal_addresses_of_two_stacks_do_not_share_a_policy(checkov: Checkov) -> None:
    """Checkov remembers policies by address for as long as it runs."""
    for policy, verdict in (("iam:*", "failed"), ("s3:GetObject", "passed"), ("iam:*", "failed")):
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": policy, "Resource": "*"}]}
        stack = graph(resource(ROLE_POLICY, "same", {"role": "r", "policy": document}))
        assert verdicts(checkov, stack, ESCALATION) == {(ESCALATION, "same"): verdict}


def test_manifests_are_judged_as_they_are(checkov: Checkov) -> None:
    """And an annotation waives nothing."""
    skip = {"checkov.io/skip1": f"{TAG}=because"}
    spec = {"containers": [{"name": "c", "image": "nginx:latest"}]}
    bad = {"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": skip}, "spec": spec}
    good = {**bad, "metadata": {"name": "n"}, "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]}}
    token = "kubernetes:core/v1:Pod"
    found = verdicts(checkov, graph(resource(token, "bad", bad), resource(token, "good", good)), TAG)
    assert found == {(TAG, "bad"): "failed", (TAG, "good"): "passed"}
    release = resource("kubernetes:helm.sh/v3:Release", "chart", {"chart": "x"})
    (doubt,) = scan(graph(release), [TAG], checkov=checkov).doubts
    assert "is no manifest" in doubt.message


OWN = """
metadata: {{id: X_AWS_1, name: Logging is on, category: LOGGING}}
scope: {{provider: aws}}
definition:
  cond_type: attribute
  resource_types: [aws_s3_bucket]
  attribute: bucket
  operator: equals
  value: {value}
"""


def test_checks_of_the_caller_are_read_when_they_change(checkov: Checkov, tmp_path: Path) -> None:
    """A warm process does not keep the old ones."""
    stack = graph(resource(BUCKET, "data", {"bucket": "data"}))
    for value, verdict in (("data", "passed"), ("other", "failed")):
        (tmp_path / "own.yaml").write_text(OWN.format(value=value))
        assert verdicts(checkov, stack, "X_AWS_1", external=tmp_path) == {("X_AWS_1", "data"): verdict}


@pytest.mark.parametrize(
    "missing", ["address", "mode", "type", "values", "root_module", "terraform_version", "planned_values"]
)
def test_a_plan_without_what_the_parser_needs_is_a_doubt(checkov: Checkov, missing: str) -> None:
    """Checkov itself says nothing, and ends with success."""
    one = {
        "address": "aws_security_group.o",
        "mode": "managed",
        "type": "aws_security_group",
        "name": "o",
        "values": {},
    }
    one["values"] = {"ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]}
    one.pop(missing, None)
    planned: dict[str, Any] = {"root_module": {"resources": [one]}}
    planned.pop(missing, None)
    plan: dict[str, Any] = {"terraform_version": "1", "planned_values": planned}
    plan.pop(missing, None)
    catalogue_ = known([SSH], checkov)
    found = scan_plan(plan, {"aws_security_group.o": OPEN.urn}, graph(OPEN), catalogue_, checkov=checkov)
    assert found.doubts or [r.verdict for r in found.results] == ["failed"]
    assert [r for r in found.results if r.verdict == "passed"] == []


def test_every_check_of_a_plan_has_a_home_and_types(checkov: Checkov) -> None:
    """The catalogue is whole: what it does not know of a check, coverage would not miss."""
    found = checkov.hello()
    runnable = [c for c in found.checks.values() if c.homes & {"python", "graph"}]
    assert len(runnable) > 900
    assert [c.id for c in runnable if not c.types] == []
    assert found.documents["aws_iam_role_policy"] == "policy"
    assert found.checks["CKV_AWS_217"].skipped
