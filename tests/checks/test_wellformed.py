"""Structural mistakes that a recording accepts and AWS refuses."""

import importlib
import inspect
import json
from typing import Any

import pulumi_aws as aws
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi import _types

from llmlz.checks.wellformed import _read, _rows, wellformed
from llmlz.graph.model import Graph, Reference, Resource
from llmlz.graph.record import record

ROLE = "arn:aws:iam::111122223333:role/caller"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/abc"
PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile"
LOGGING = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration"
DATA_ACCESS = "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy"
VECTORS = "aws:s3/vectorsVectorBucket:VectorsVectorBucket"


def found(type_: str, inputs: dict[str, Any], *references: Reference) -> list[tuple[str, str, str]]:
    """Check, verdict and message for one resource."""
    one = Resource(
        urn="u", type=type_, name="n", kind="custom", parent=None, inputs=inputs, references=tuple(references)
    )
    return [(f.control, f.verdict, f.message) for f in wellformed(Graph(project="p", stack="s", resources=(one,)))]


def document(**change: Any) -> str:
    """A policy with one statement, changed."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **change}
    return json.dumps({"Version": "2012-10-17", "Statement": [{k: v for k, v in statement.items() if v is not None}]})


@pytest.mark.parametrize(
    ("type_", "inputs", "check", "message"),
    [
        (
            "aws:iam/rolePolicy:RolePolicy",
            {"policy": document(Action=None, Actions="s3:GetObject")},
            "FORM-01",
            "policy: Statement[0]: unknown element 'Actions', did you mean 'Action'?",
        ),
        (
            "aws:s3/bucket:Bucket",
            {"bucket": "Upper_Case!"},
            "FORM-02",
            "bucket is 'Upper_Case!', expected 3 to 63 lower-case letters, digits, dots and dashes",
        ),
        (
            PROFILE,
            {"name": "claims", "modelSource": {"copyFrom": "amazon.nova"}},
            "FORM-03",
            "modelSource.copyFrom is 'amazon.nova', expected the ARN of a model",
        ),
        (
            "aws:iam/role:Role",
            {"inlinePolicies": [{"policy": document()}, {"policy": document(Effect="allow")}]},
            "FORM-01",
            "inlinePolicies[1].policy: Statement[0].Effect is 'allow', expected 'Allow' or 'Deny'",
        ),
        ("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": "{'a': 1}"}, "FORM-04", "dashboardBody is not JSON"),
        (DATA_ACCESS, {"policy": "[{]"}, "FORM-04", "policy is not JSON"),
        (DATA_ACCESS, {"policy": '"all"'}, "FORM-04", "policy is not a JSON object but a str"),
        (DATA_ACCESS, {"policy": '[{"Principal": ["a"], "Principal": ["b"]}]'}, "FORM-04", "policy is"),
        (DATA_ACCESS, {"name": "claims_ai"}, "FORM-02", "name is 'claims_ai'"),
        (DATA_ACCESS, {"name": "c" * 33}, "FORM-02", "name is 'ccc"),
        ("aws:s3/bucket:Bucket", {"bucket": "192.168.0.1"}, "FORM-02", "bucket is '192.168.0.1'"),
        ("aws:s3/bucket:Bucket", {"bucket": "a..b"}, "FORM-02", "bucket is 'a..b'"),
        ("aws:s3/bucket:Bucket", {"bucket": "b" * 64}, "FORM-02", "bucket is 'bbb"),
        (
            "aws:cloudtrail/trail:Trail",
            {"cloudWatchLogsGroupArn": "arn:aws:logs:eu-central-1:111122223333:log-group:trail"},
            "FORM-03",
            "expected the ARN of a log group stream",
        ),
        ("aws:rds/cluster:Cluster", {"kmsKeyId": "alias/vectors"}, "FORM-03", "kmsKeyId is 'alias/vectors'"),
        (LOGGING, {"loggingConfig": {"cloudwatchConfig": {"roleArn": "caller"}}}, "FORM-03", "roleArn is 'caller'"),
        (
            VECTORS,
            {"encryptionConfigurations": [{"kmsKeyArn": "k"}]},
            "FORM-03",
            "encryptionConfigurations[0].kmsKeyArn",
        ),
        ("aws:kms/key:Key", {"policy": document()}, "FORM-01", "policy: Statement[0]: Principal is missing"),
        (
            "aws:iam/policy:Policy",
            {"policy": document(Resource=[f"arn:aws:s3:::bucket-{n:060}" for n in range(100)])},
            "FORM-01",
            "characters, 6144 are allowed",
        ),
    ],
)
def test_each_planted_mistake_is_found(type_: str, inputs: dict[str, Any], check: str, message: str) -> None:
    """Findings of the right kind alone, and one of them with the value."""
    findings = found(type_, inputs)
    assert {(control, verdict) for control, verdict, _ in findings} == {(check, "violated")}
    assert any(message in text for _, _, text in findings)


def test_what_aws_takes_is_taken() -> None:
    """Absent values, real names and ARNs, and the shapes that stand-ins have."""
    assert (
        found("aws:iam/role:Role", {"name": "caller", "permissionsBoundary": "arn:aws-cn:iam::111122223333:policy/b"})
        == []
    )
    assert found("aws:s3/bucket:Bucket", {}) == []
    assert found(DATA_ACCESS, {"name": "claims-reader", "policy": '[{"Rules": []}, {"Rules": []}]'}) == []
    assert found(DATA_ACCESS, {"policy": '{"Rules": []}'}) == []
    assert found("aws:s3/bucket:Bucket", {"bucket": "llmlz-docs-111122223333-eu-central-1"}) == []
    assert found("aws:lambda/function:Function", {"role": ROLE, "kmsKeyArn": KEY}) == []
    model = "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0"
    assert found(PROFILE, {"name": "claims nova", "modelSource": {"copyFrom": model}}) == []


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("aws:s3/bucket:Bucket", {"bucket": 7}),
        ("aws:s3/bucket:Bucket", {"bucket": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}),
        ("aws:iam/role:Role", {"inlinePolicies": "elsewhere"}),
        (PROFILE, {"modelSource": "elsewhere"}),
    ],
)
def test_what_cannot_be_read_is_undecided(type_: str, inputs: dict[str, Any]) -> None:
    """A value of the wrong kind, or one that nobody knows yet, is never passed."""
    assert [verdict for _, verdict, _ in found(type_, inputs)] == ["indeterminate"]


def test_an_id_in_the_place_of_an_arn_is_undecided() -> None:
    """For some types the id is the ARN; the recording cannot tell."""
    reference = Reference(at="policyArn", to="other", output="id")
    type_ = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    assert [v for _, v, _ in found(type_, {"policyArn": "refx"}, reference)] == ["indeterminate"]
    assert [v for _, v, _ in found(type_, {"policyArn": "refx"})] == ["violated"]


def test_recorded_programs_are_wellformed() -> None:
    """Stand-ins for names and ARNs pass where the real ones would."""

    def program() -> None:
        key = aws.kms.Key("key")
        trust = json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ],
            }
        )
        role = aws.iam.Role("role", assume_role_policy=trust)
        group = aws.cloudwatch.LogGroup("group", kms_key_id=key.arn)
        policy = aws.iam.Policy("policy", policy=key.arn.apply(lambda arn: document(Resource=arn)))
        aws.iam.RolePolicyAttachment("attached", role=role.name, policy_arn=policy.arn)
        aws.cloudtrail.Trail(
            "trail", s3_bucket_name="b", cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*")
        )
        guardrail = aws.bedrock.Guardrail("g", name="g", blocked_input_messaging="n", blocked_outputs_messaging="n")
        aws.bedrock.GuardrailVersion("v", guardrail_arn=guardrail.guardrail_arn)

    graph = record(program, project="p", stack_name="s", account="111122223333", region="eu-central-1")
    assert wellformed(graph) == ()


def test_every_place_in_the_data_exists_in_the_sdk() -> None:
    """A misspelt type or input would check nothing, for ever."""
    rows = [*_read("documents.yaml"), *_read("names.yaml"), *_read("arns.yaml")["inputs"]]
    missing = [(row["type"], row["at"]) for row in rows if not _is_input(row["type"], row["at"])]
    assert missing == []


def _is_input(token: str, at: str) -> bool:
    module, name = token.removeprefix("aws:").partition("/")[0], token.rpartition(":")[2]
    package = importlib.import_module(f"pulumi_aws.{module}{'_' if module == 'lambda' else ''}")
    cls = getattr(package, name)
    python = {pulumi: py for py, pulumi in _types.resource_py_to_pulumi_names(cls).items()}
    head = at.partition(".")[0].removesuffix("[]")
    return cls.pulumi_type == token and python.get(head) in inspect.signature(cls._internal_init).parameters


KEYS = sorted({part.removesuffix("[]") for rows in _rows().values() for row in rows for part in row.at.split(".")})
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "Statement"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    type_=st.sampled_from(sorted(_rows())),
    inputs=st.dictionaries(st.sampled_from(KEYS), VALUES | VALUES.map(json.dumps), max_size=6),
)
def test_no_input_makes_a_check_fall_over(type_: str, inputs: dict[str, Any]) -> None:
    """Every plain value gets an answer."""
    assert {verdict for _, verdict, _ in found(type_, inputs)} <= {"violated", "indeterminate"}
