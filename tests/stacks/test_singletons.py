"""What exists once is known, found with a call that exists, and made by one stack at most."""

import importlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import botocore.session
import pytest
from botocore.model import ListShape, OperationModel, Shape

from llmlz.graph.model import Graph
from stacks.kinds import PlatformStack
from stacks.singleton_claims import CLAIMS, claim_problems, claims
from stacks.singletons import Singleton, made_by, singletons
from tests import estates, generated, two_regions

ROWS = singletons()
LATER = {"aws:bedrock/enforcedGuardrailConfiguration:EnforcedGuardrailConfiguration": "7.52"}
"""Tokens that the locked SDK does not have yet, with the version that brings them."""

MANY = frozenset(
    {
        "aws:bedrock/guardrail:Guardrail",
        "aws:backup/plan:Plan",
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "aws:backup/restoreTestingSelection:RestoreTestingSelection",
        "aws:backup/selection:Selection",
        "aws:backup/vault:Vault",
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        "aws:backup/vaultPolicy:VaultPolicy",
        "aws:budgets/budgetAction:BudgetAction",
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy",  # one for each log group
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",  # ten in a Region
        "aws:costexplorer/anomalySubscription:AnomalySubscription",
        "aws:ec2/flowLog:FlowLog",
        "aws:iam/policy:Policy",
        "aws:route53/resolverFirewallConfig:ResolverFirewallConfig",  # one for each network
        "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup",
        "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
        "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig",
        "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        "aws:ssm/parameter:Parameter",
        "aws:budgets/budget:Budget",
        "aws:cloudtrail/trail:Trail",  # five in a Region; the copies of the second are billed
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",  # one in each network
        "aws:ec2/eip:Eip",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/natGateway:NatGateway",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/vpc:Vpc",
        "aws:s3/vectorsIndex:VectorsIndex",
        "aws:s3/vectorsVectorBucket:VectorsVectorBucket",
        "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
        "aws:secretsmanager/secret:Secret",
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }
)
"""Types of which our stacks make one, although an account may have many."""


def recorded() -> Mapping[str, Graph]:
    """Every stack of the example estate and of a generated one with every tier."""
    return {**{f"example/{name}": graph for name, graph in estates.recorded().items()}, **generated.recorded(4)}


def platforms() -> Iterator[tuple[PlatformStack, Graph]]:
    """Every platform of both, with its graph."""
    yield from ((stack, estates.recorded()[stack.name]) for stack in estates.example().platforms())
    yield from ((stack, generated.recorded(4)[stack.name]) for stack in generated.generated(4).platforms())


def in_graph(graph: Graph) -> Counter[tuple[str, str]]:
    """Singleton and token to how often a stack makes it."""
    return Counter((name, r.type) for r in graph.custom() for name in made_by(r.type, r.inputs))


@pytest.mark.parametrize("token", sorted({token for row in ROWS.values() for token in row.tokens}))
def test_every_type_is_one_that_pulumi_has(token: str) -> None:
    """By the name that the class itself registers; one that is newer than the locked SDK is named here."""
    package, _, rest = token.partition("/")
    module, cls = importlib.import_module(f"pulumi_aws.{package.removeprefix('aws:')}"), rest.rpartition(":")[2]
    if token in LATER:
        assert not hasattr(module, cls), f"the SDK has it now, so it needs no exception: {token}"
    else:
        assert getattr(module, cls).pulumi_type == token


def operation(row: Singleton) -> OperationModel:
    """The call of a row, in the models that botocore brings; nothing is sent."""
    model = botocore.session.get_session().get_service_model(row.detect.service)
    return model.operation_model(row.detect.operation)


@pytest.mark.parametrize("name", ROWS)
def test_it_is_found_by_a_call_that_exists(name: str) -> None:
    """The parameters are among those of the call, the field is one of the answer, and the call changes nothing."""
    row = ROWS[name]
    call = operation(row)
    assert row.detect.operation.startswith(("Describe", "Get", "List"))
    assert row.detect.field in call.output_shape.members
    known = call.input_shape.members if call.input_shape else {}
    required = call.input_shape.required_members if call.input_shape else []
    assert set(required) <= set(row.detect.params) <= set(known)
    assert row.detect.sent("111122223333", "eu-central-1").keys() == row.detect.params.keys()


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.detect.absent])
def test_errors_that_mean_absent_are_errors_of_the_call(name: str) -> None:
    """A misspelt one would make every account without the thing look broken."""
    row = ROWS[name]
    codes = {s.metadata.get("error", {}).get("code", s.name) for s in operation(row).error_shapes}
    assert set(row.detect.absent) <= codes


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.import_id and "{" in row.import_id])
def test_what_is_imported_is_a_part_of_the_answer_or_of_the_place(name: str) -> None:
    """``{value}`` is a member of a list of texts; everything else is a field of the answer, of the field, or of its members."""
    row = ROWS[name]
    members = operation(row).output_shape.members
    found: Shape = members[row.detect.field]
    inner = found.member if isinstance(found, ListShape) else found
    parts = {"account", "region", row.detect.field} | set(getattr(inner, "members", {}))
    parts |= {f"{row.detect.field}.{part}" for part in getattr(found, "members", {})}
    parts |= {"value"} if isinstance(found, ListShape) and inner.type_name == "string" else set()
    assert set(re.findall(r"{([^}]*)}", str(row.import_id))) <= parts
    if row.detect.where:
        assert row.detect.where.field in inner.members


def test_owners_are_components_the_bootstrap_or_nobody() -> None:
    """Nothing that exists once is made by something that does not exist."""
    from docs.generate.components import classes  # noqa: PLC0415  # loads every component

    known = {cls.__name__ for cls in classes()} | {"bootstrap", "nobody"}
    assert {row.owner for row in ROWS.values()} <= known


def test_two_rows_never_mean_the_same_thing() -> None:
    """Or a claim would be checked against the wrong one."""
    seen = Counter((token, *sorted(row.told_apart_by.items())) for row in ROWS.values() for token in row.tokens)
    assert [key for key, times in seen.items() if times > 1] == []


def test_a_type_that_stacks_make_once_is_in_the_table_or_known_to_be_one_of_many() -> None:
    """Whoever brings a new type looks up whether an account may have two of it."""
    most: Counter[str] = Counter()
    for graph in recorded().values():
        most |= Counter(resource.type for resource in graph.custom())
    once = {token for token, times in most.items() if times == 1}
    listed = {token for row in ROWS.values() for token in row.tokens}
    assert sorted(once - listed - MANY) == []
    assert sorted(MANY & listed) == []


def test_no_stack_makes_a_singleton_twice() -> None:
    """AWS refuses the second, or lets it overwrite the first."""
    for name, graph in recorded().items():
        assert [key for key, times in in_graph(graph).items() if times > 1] == [], name


def test_settings_claim_exactly_what_a_platform_makes() -> None:
    """So that two stacks which claim one thing are refused before either makes it; nobody makes what is nobody's."""
    for stack, graph in platforms():
        made = {name for name, _ in in_graph(graph)}
        assert made == set(claims(stack)), stack.name
    assert set(CLAIMS) == {name for name, row in ROWS.items() if row.owner not in ("bootstrap", "nobody")}


def test_platforms_alone_make_singletons_of_an_account() -> None:
    """A team's stack or an organization's that made one would claim it unseen."""
    apart = {stack.name for stack, _ in platforms()}
    for name, graph in recorded().items():
        if name.removeprefix("example/") not in apart:
            assert in_graph(graph) == {}, name


def beside(region: str) -> tuple[PlatformStack, PlatformStack]:
    """A platform of tier reliable, and a second one in another region of its account."""
    first = generated.generated(4).stack(generated.platform_of("reliable"))
    assert isinstance(first, PlatformStack)
    settings = first.settings.model_copy(update={"region": region})
    return first, replace(first, name="second", file="Pulumi.second.yaml", settings=settings)


def test_two_regions_of_an_account_do_not_both_make_what_it_has_once() -> None:
    """One problem for each setting that claims, with both files; what a region has once is not meant."""
    first, second = beside("eu-west-1")
    problems = {problem.path: problem for problem in claim_problems(first, second)}
    assert set(problems) == {f"llmlz:settings.{name}" for name in ("anomalies", "detectors.config", "watches")}
    role = problems["llmlz:settings.detectors.config"]
    assert (role.file, role.value) == (second.file, '"managed"')
    assert role.expected.startswith("the role that Config works with: ")
    assert first.file in role.expected
    assert first.file in role.fix


def test_two_platforms_of_two_accounts_share_nothing() -> None:
    """Each account has its own."""
    first, second = beside("eu-west-1")
    other = replace(second, settings=second.settings.model_copy(update={"account": "111100000009"}))
    assert claim_problems(first, other) == []


def test_a_platform_that_is_not_its_accounts_first_claims_nothing_of_the_account() -> None:
    """By the scope in the table, so that a new row is left to the first one too."""
    second = two_regions.estate().stack(two_regions.SECOND)
    assert isinstance(second, PlatformStack)
    assert {ROWS[name].scope for name in claims(second)} == {"account_region"}
