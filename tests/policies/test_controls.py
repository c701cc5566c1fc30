"""Every control sees what its record says: named passes, named failures, and its mutation."""

import importlib
import inspect
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pulumi_aws
import pulumi_kubernetes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import policies
from llmlz.checks.evaluate import Finding, evaluate
from llmlz.checks.fixtures import Fixture
from llmlz.checks.records import POLICIES, Control, controls, taggable
from llmlz.graph.model import Graph, Options, Reference, Resource
from policies.pack._judge import BROKEN

BY_ID = {control.id: control for control in controls()}
BY_CODE = [control for control in controls() if control.evaluator == "code"]
CASES = [(c, f) for c in BY_CODE for f in (*c.passes, *c.fails)]
HELPERS = (
    "attachments",
    "documents",
    "grammar",
    "grants",
    "kubernetes",
    "organization",
    "origin",
    "places",
    "relations",
    "reports",
    "roles",
    "rule",
    "tags",
    "teams",
    "use",
    "values",
)
CUSTOM_RESOURCES = (
    "kubernetes:eks.amazonaws.com/v1:NodeClass",
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    "kubernetes:karpenter.sh/v1:NodePool",
    "kubernetes:kyverno.io/v1:ClusterPolicy",
    "kubernetes:v1:Namespace",
    "kubernetes:v1:Pod",
)
"""Tokens of kinds that a cluster learns from others, and of core kinds made as such: no SDK has a class for them."""

READS_DOCUMENTS = {
    "MOD-01": ("aws:iam/rolePolicy:RolePolicy", "policy"),
    "MOD-10": ("aws:iam/policy:Policy", "policy"),
    "IAM-03": ("aws:iam/rolePolicy:RolePolicy", "policy"),
    "IAM-05": ("aws:iam/role:Role", "assumeRolePolicy"),
    "KEY-01": ("aws:kms/key:Key", "policy"),
}


def judged(control: Control, fixture: Fixture) -> tuple[Finding, ...]:
    """Findings of one control over one fixture."""
    level = fixture.level or control.mandatory_from
    return evaluate(fixture.graph(), level, fixture.other_graphs(), [control]).findings


def names(findings: Sequence[Finding]) -> list[str]:
    """Names of what fails; ``stack`` for the stack itself."""
    return ["stack" if "pulumi:pulumi:Stack" in f.urn else f.urn.rpartition("::")[2] for f in findings]


def stack(*resources: Resource) -> Graph:
    """A graph of hand-written resources."""
    return Graph(project="p", stack="s", resources=resources, account="111122223333", region="eu-central-1")


def resource(type_: str, inputs: dict[str, Any], name: str = "one", **more: Any) -> Resource:
    """A protected resource with these inputs."""
    urn = f"urn:pulumi:s::p::{type_}::{name}"
    more.setdefault("options", Options(protect=True))
    return Resource(urn=urn, type=type_, name=name, kind="custom", parent=None, inputs=inputs, **more)


@pytest.mark.parametrize(("control", "fixture"), CASES, ids=[f"{c.id}: {f.name}" for c, f in CASES])
def test_exactly_the_named_resources_fail(control: Control, fixture: Fixture) -> None:
    """A rule that is too wide or too narrow blames another set of names than its record."""
    found = judged(control, fixture)
    assert sorted(names(found)) == sorted(fixture.blames)
    assert {f.verdict for f in found} <= {fixture.verdict}
    assert all(f.message and f.mandatory == ((fixture.level or 4) >= control.mandatory_from) for f in found)


@pytest.mark.parametrize("control", BY_CODE, ids=lambda c: c.id)
def test_every_fixture_is_looked_at(control: Control) -> None:
    """A passing fixture that the control never looks at would prove nothing."""
    for fixture in (*control.passes, *control.fails):
        (coverage,) = evaluate(fixture.graph(), 4, fixture.other_graphs(), [control]).coverage
        assert coverage.looked_at, fixture.name


@pytest.mark.parametrize("control", BY_CODE, ids=lambda c: c.id)
def test_the_mutation_flips_the_verdict(control: Control) -> None:
    """The first passing fixture is green, and red after the change that the record names."""
    fixture = control.passes[0]
    level = fixture.level or control.mandatory_from
    assert control.mutation is not None
    after = evaluate(control.mutation.apply(fixture.graph()), level, fixture.other_graphs(), [control]).findings
    assert judged(control, fixture) == ()
    assert [f.verdict for f in after] == ["violated"] * len(after) != []


def test_every_rule_belongs_to_a_record_and_back() -> None:
    """No rule lies unused, and no record names a rule that is not there."""
    pack = POLICIES / "pack"
    rules = {p.relative_to(pack).with_suffix("").as_posix() for p in pack.glob("*/*.py") if not p.name.startswith("_")}
    assert rules == {control.rule for control in BY_CODE}
    for control in BY_CODE:
        module = importlib.import_module("policies.pack." + (control.rule or "").replace("/", "."))
        decide = module.decide_stack if control.scope == "stack" else module.decide
        assert list(inspect.signature(decide).parameters) == [
            "subjects" if control.scope == "stack" else "resource",
            "context",
        ]


def test_rules_import_nothing_of_the_rest() -> None:
    """The pack runs inside the Pulumi engine, where the project is not installed."""
    imports = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)
    pack = POLICIES / "pack"
    rules = [*pack.glob("*/*.py"), *(pack / f"_{name}.py" for name in HELPERS)]
    found = {name for p in rules for name in imports.findall(p.read_text(encoding="utf-8"))}
    assert found <= {"collections", "dataclasses", "functools", "ipaddress", "json", "policies", "re", "typing"}
    server = [path for path in [*pack.glob("_*.py"), POLICIES / "__main__.py"] if path not in rules]
    found = {name for p in server for name in imports.findall(p.read_text(encoding="utf-8"))}
    with_pulumi = {"google", "grpc", "pulumi"}
    assert found - with_pulumi <= sys.stdlib_module_names | {"policies"}


def test_taggable_types_are_those_of_the_sdk() -> None:
    """The list is made from the SDK: a type that gains tags with a release joins it, none is kept by hand."""
    token = re.compile(r"super\(.*\).__init__\(\s*'(aws:[^']+)'")
    sdk = Path(pulumi_aws.__file__).parent
    sources = (path.read_text(encoding="utf-8") for path in sdk.rglob("*.py"))
    found = {m.group(1) for s in sources if '__props__.__dict__["tags_all"]' in s and (m := token.search(s))}
    assert taggable() == found, "rewrite policies/taggable.txt from the types named here"


def test_types_of_records_exist_in_the_sdk() -> None:
    """A misspelt type would make a control look at nothing, for ever."""
    token = re.compile(r"super\(.*\).__init__\(\s*'((?:aws|kubernetes):[^']+)'")
    known = set(CUSTOM_RESOURCES)
    for sdk in (pulumi_aws, pulumi_kubernetes):
        for path in Path(str(sdk.__file__)).parent.rglob("*.py"):
            known |= set(token.findall(path.read_text(encoding="utf-8")))
    listed = {t for c in controls() if isinstance(c.applies_to, list) for t in c.applies_to}
    listed |= {c.mutation.on for c in controls() if c.mutation and c.mutation.on} - {"pulumi:providers:aws"}
    assert listed - known == set()


def test_a_guardrail_in_a_role_of_its_own_does_not_help() -> None:
    """MOD-01 pairs grant and denial by principal: the denial of another role protects nobody."""
    deny = {
        "Effect": "Deny",
        "Action": "bedrock:InvokeModel*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"bedrock:GuardrailIdentifier": "arn:aws:bedrock:x:1:guardrail/a:1"}},
    }
    allow = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*"}

    def inline(name: str, role: str, statement: dict[str, Any]) -> Resource:
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return resource("aws:iam/rolePolicy:RolePolicy", {"role": role, "policy": document}, name)

    apart = evaluate(stack(inline("calls", "a", allow), inline("limits", "b", deny)), 2, only=[BY_ID["MOD-01"]])
    joined = evaluate(stack(inline("calls", "a", allow), inline("limits", "a", deny)), 2, only=[BY_ID["MOD-01"]])
    assert (names(apart.findings), names(joined.findings)) == (["calls"], [])


def test_one_unguarded_role_among_many_is_enough() -> None:
    """MOD-01: a shared policy must be guarded for each role that has it."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}]}
    policy = resource("aws:iam/policy:Policy", {"policy": json.dumps(document)}, "shared")
    role = resource("aws:iam/role:Role", {"name": "caller"}, "caller")
    link = (Reference(at="policyArn", to=policy.urn, output="arn"), Reference(at="role", to=role.urn, output="name"))
    arn = "arn:aws:iam::111122223333:policy/shared"
    attachment = resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"policyArn": arn, "role": "caller"}, references=link
    )
    found = evaluate(stack(policy, role, attachment), 2, only=[BY_ID["MOD-01"]]).findings
    assert names(found) == ["shared"]


KEYS = sorted(
    {
        key
        for c in controls()
        for f in (*c.passes, *c.fails)
        for r in f.resources
        for key in re.findall(r"'([\w:]+)':", repr({**r.inputs, **r.documents}))
    }
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["*", "{}", ""])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
INPUTS = st.dictionaries(st.sampled_from(KEYS), VALUES | VALUES.map(json.dumps), max_size=8)
TYPES = sorted({t for c in BY_CODE if isinstance(c.applies_to, list) for t in c.applies_to})


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(type_=st.sampled_from(TYPES), first=INPUTS, second=INPUTS, level=st.integers(1, 4))
def test_no_input_makes_a_rule_fall_over(type_: str, first: dict[str, Any], second: dict[str, Any], level: int) -> None:
    """Whatever plain values a program passes, every control answers, and only with the two failing verdicts."""
    graph = stack(resource(type_, first, "first"), resource(type_, second, "second"))
    found = evaluate(graph, level).findings
    assert {f.verdict for f in found} <= {"violated", "indeterminate"}
    assert [f for f in found if f.message.startswith(BROKEN)] == []


NO_DOCUMENT = (
    st.none()
    | st.text().filter(lambda t: not t.strip().startswith("{"))
    | st.sampled_from(['{"Version": "2012-10-17"', "[secret]", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[" * 100_000])
    | st.sampled_from(['{"Statement": []}', '{"Version": "2012-10-17", "Statement": [{"Effect": "allow"}]}'])
    | st.dictionaries(st.text(max_size=5), st.integers(), max_size=3).map(json.dumps)
)


@pytest.mark.parametrize("control", sorted(READS_DOCUMENTS))
@settings(max_examples=60, deadline=None)
@given(document=NO_DOCUMENT)
def test_what_cannot_be_parsed_never_holds(control: str, document: str | None) -> None:
    """An unreadable policy document is a finding of every control that rests on it."""
    type_, at = READS_DOCUMENTS[control]
    inputs = {"enableKeyRotation": True, at: document}
    found = evaluate(stack(resource(type_, inputs)), 4, only=[BY_ID[control]]).findings
    assert names(found) == ["one"]


def test_a_bucket_with_an_unreadable_policy_is_undecided() -> None:
    """DAT-15 rests on a document that another resource holds."""
    bucket = resource("aws:s3/bucket:Bucket", {"bucket": "llmlz-docs"}, "docs")
    policy = resource("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "llmlz-docs", "policy": "refab"}, "docs-policy")
    (finding,) = evaluate(stack(bucket, policy), 1, only=[BY_ID["DAT-15"]]).findings
    assert (finding.verdict, finding.urn) == ("indeterminate", bucket.urn)
    assert finding.message == "cannot be decided: policy of docs-policy is not JSON: Expecting value at character 0"


def test_the_package_of_policies_is_the_one_of_the_project() -> None:
    """Records, rules and the list of types travel together."""
    assert Path(policies.__file__).parent == POLICIES
