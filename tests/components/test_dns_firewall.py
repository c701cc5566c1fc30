"""What the DNS firewall promises."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from components.dns_firewall import AWS_DOMAINS, DnsFirewall, DnsFirewallArgs
from llmlz.graph.model import Graph, Resource
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT

REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/logs"
VPC = "vpc-0123456789abcdef0"
RULE = "aws:route53/resolverFirewallRule:ResolverFirewallRule"


def recorded(**changes: Any) -> Graph:
    """The graph of a firewall called ``dns``."""
    args: dict[str, Any] = {
        "account_id": ACCOUNT,
        "allowed_domains": ["api.example.com", "*.example.org"],
        "kms_key_arn": KEY,
        "name_prefix": "llmlz-test",
        "otherwise": "block",
        "partition": "aws",
        "region": REGION,
        "retention_days": 365,
        "vpc_id": VPC,
        **changes,
    }

    def program() -> None:
        DnsFirewall("dns", DnsFirewallArgs(**args))

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region=REGION)


def matches(domains: Sequence[str], name: str) -> bool:
    """Whether a list holds a name: an asterisk at the start stands for anything.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-domain-lists.html (2026-11)
    """
    return any(name.endswith(d.removeprefix("*")) if d.startswith("*") else name == d for d in domains)


def decided(graph: Graph, name: str) -> Resource:
    """The rule that decides about a name: the first match by priority."""
    for rule in sorted(graph.of_type(RULE), key=lambda r: int(r.inputs["priority"])):
        (listed,) = [r.to for r in rule.references if r.at == "firewallDomainListId" and r.output]
        if matches(graph.by_urn[listed].inputs["domains"], name):
            return rule
    raise AssertionError(f"no rule decides about {name}")


@pytest.mark.parametrize(
    "name",
    [
        "bedrock-runtime.eu-central-1.amazonaws.com",
        "111122223333.dkr.ecr.eu-central-1.amazonaws.com",
        "s3vectors.eu-central-1.api.aws",
        "llmlz-data.s3.eu-central-1.amazonaws.com",
        "ip-10-0-0-9.eu-central-1.compute.internal",
        "ip-10-0-0-9.ec2.internal",
        "api.example.com",
        "deep.below.example.org",
    ],
)
def test_names_of_aws_and_of_the_list_are_answered(name: str) -> None:
    """Whatever happens to others: what endpoints are called, what a VPC calls its own addresses, what was listed."""
    for otherwise in ("alert", "block"):
        assert decided(recorded(otherwise=otherwise), name).inputs["action"] == "ALLOW"


@pytest.mark.parametrize(
    "name",
    [
        "example.org",
        "api.example.com.attacker.net",
        "notamazonaws.com",
        "c2VjcmV0.attacker.net",
        "amazonaws.com.evil.io",
    ],
)
def test_every_other_name_is_what_was_asked_for(name: str) -> None:
    """Also one that looks like a listed one, and the domain itself where only what is below it is listed."""
    blocked = decided(recorded(otherwise="block"), name).inputs
    assert (blocked["action"], blocked["blockResponse"]) == ("BLOCK", "NXDOMAIN")
    marked = decided(recorded(otherwise="alert"), name).inputs
    assert marked["action"] == "ALERT"
    assert "blockResponse" not in marked


def test_without_a_list_only_names_of_aws_are_answered() -> None:
    """An empty list is no list: AWS takes none without domains."""
    graph = recorded(allowed_domains=[])
    lists = {r.name: r.inputs["domains"] for r in graph.custom() if "domains" in r.inputs}
    assert lists == {"dns-aws-domains": list(AWS_DOMAINS), "dns-other-domains": ["*"]}
    assert decided(graph, "api.example.com").inputs["action"] == "BLOCK"


def test_a_list_comes_later_without_touching_the_rest() -> None:
    """A domain is listed in place, and the first one adds a list and a rule."""
    empty, one, two = (recorded(allowed_domains=some) for some in ([], ["a.io"], ["a.io", "b.io"]))
    assert set(one.by_urn) - set(empty.by_urn) == {one.named(n).urn for n in ("dns-allowed", "dns-allowed-domains")}
    assert set(two.by_urn) == set(one.by_urn)
    changed = [r.name for r in one.custom() if r.inputs != two.by_urn[r.urn].inputs]
    assert changed == ["dns-allowed-domains"]


def test_rules_are_whole_before_they_bind_the_network() -> None:
    """What is allowed is in place before the rest is blocked, and both before the VPC is looked at."""
    graph = recorded()
    named = {r.urn: r.name for r in graph.resources}
    waits = {r.name: {named[urn] for urn in r.options.depends_on} for r in graph.custom()}
    assert waits["dns-other"] >= {"dns-allowed", "dns-aws"}
    assert waits["dns-association"] >= {"dns-other"}
    assert graph.named("dns-association").inputs["vpcId"] == VPC


@pytest.mark.parametrize(("changes", "said"), [({}, "DISABLED"), ({"fail_open": True}, "ENABLED")])
def test_a_firewall_that_does_not_answer_refuses_unless_asked_otherwise(changes: dict[str, Any], said: str) -> None:
    """Closed is also what AWS does by default; it is written down, so that a change by hand is seen."""
    config = recorded(**changes).named("dns-config").inputs
    assert config == {"resourceId": VPC, "firewallFailOpen": said}


def test_every_query_is_logged_where_nobody_deletes_it_in_passing() -> None:
    """The log group has key and retention, the engine protects it, and the VPC's queries go there."""
    graph = recorded()
    group = graph.named("dns-queries")
    assert group.inputs["name"] == "/llmlz-test/dns-queries"
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (KEY, 365)
    assert [r.name for r in graph.resources if r.options.protect] == ["dns-queries"]
    assert graph.named("dns-log-association").inputs["resourceId"] == VPC
    assert {graph.by_urn[r.to].name for r in graph.named("dns-log").references} == {"dns-queries"}


def test_only_the_delivery_of_this_account_writes_queries() -> None:
    """The policy is there before the log: AWS would write a wider one otherwise."""
    graph = recorded()
    policy = graph.named("dns-queries-policy")
    (statement,) = json.loads(policy.inputs["policyDocument"])["Statement"]
    assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:*"},
    }
    assert [r.endswith(":log-stream:*") for r in statement["Resource"]] == [True]
    assert policy.urn in graph.named("dns-log").options.depends_on


def test_declared_outputs_are_registered() -> None:
    """Where queries are logged."""
    (component,) = [r for r in recorded().resources if r.kind == "component"]
    assert set(component.outputs) == set(DnsFirewall.__annotations__)
