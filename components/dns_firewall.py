"""Which names a network may look up: DNS Firewall with an allow-list on one VPC, and a log of every query.

Owns: lists of domains, rules, their association with the VPC, what happens when the firewall does not answer, the log.
Does not own: the VPC, queries to other resolvers than the VPC's own (they need a route to the internet), and traffic
to an address that nobody looked up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow, document

AWS_DOMAINS: Sequence[str] = (
    "*.amazonaws.com",
    "*.api.aws",
    "*.compute.internal",
    "*.ec2.internal",
)
"""What works in every VPC without being asked for: the two domains of AWS's service endpoints, private ones included
(https://docs.aws.amazon.com/general/latest/gr/rande.html), and the names of private addresses
(https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html). The firewall looks at these names too:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html (2026-11)."""

ANY_DOMAIN = "*"
"""https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_UpdateFirewallDomains.html (2026-11)"""

GROUP_PRIORITY = 101
"""The lowest that a rule group of one's own may have on a VPC; groups of Firewall Manager come before and after:
https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_AssociateFirewallRuleGroup.html (2026-11)"""

AWS_FIRST, ALLOWED_NEXT, OTHERWISE_LAST = 100, 200, 900
"""Priorities of rules, with room between them: a smaller number is asked first, and the first match decides."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DnsFirewallArgs:
    """What a DNS firewall is made of."""

    account_id: str
    """Twelve digits; query logs are delivered for this account alone."""

    allowed_domains: Sequence[str]
    """Domains besides AWS's own; ``*.example.com`` is everything below, and not ``example.com`` itself."""

    kms_key_arn: pulumi.Input[str]
    """Key of the log group; its policy must let CloudWatch Logs use it."""

    name_prefix: str
    """Start of every physical name."""

    otherwise: Literal["alert", "block"]
    """What happens to every other name: it is answered and marked in the log, or does not exist."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the VPC is."""

    retention_days: int
    """How long the log group keeps queries; CloudWatch accepts certain numbers only."""

    vpc_id: pulumi.Input[str]
    """The VPC; it belongs to the account."""

    fail_open: bool = field(default=False)
    """Whether names are answered while the firewall itself does not respond. If left out they are not, as AWS does by
    default: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-vpc-configuration.html
    (2026-11)."""


class DnsFirewall(pulumi.ComponentResource):
    """An allow-list of domains for one VPC."""

    log_group_name: pulumi.Output[str]
    """Every query of the VPC, with what the firewall did; ready when queries are logged."""

    def __init__(self, name: str, args: DnsFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the log first, then the rules, and put them on the VPC when they are whole."""
        super().__init__("llmlz:index:DnsFirewall", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.log_group_name = _query_log(name, args, parent=self)
        group = aws.route53.ResolverFirewallRuleGroup(
            f"{name}-rules", name=physical_name("dns-firewall", args.name_prefix, "dns"), opts=child
        )
        lists = {
            role: aws.route53.ResolverFirewallDomainList(
                f"{name}-{role}-domains",
                name=physical_name("dns-firewall", args.name_prefix, role, "domains"),
                domains=list(domains),
                opts=child,
            )
            for role, domains in (("aws", AWS_DOMAINS), ("allowed", args.allowed_domains), ("other", [ANY_DOMAIN]))
            if domains
        }

        allowing = [
            _rule(name, role, args, group=group, domains=lists[role], priority=priority, opts=child)
            for role, priority in (("aws", AWS_FIRST), ("allowed", ALLOWED_NEXT))
            if role in lists
        ]
        last = pulumi.ResourceOptions(parent=self, depends_on=allowing)
        otherwise = _rule(name, "other", args, group=group, domains=lists["other"], priority=OTHERWISE_LAST, opts=last)
        aws.route53.ResolverFirewallRuleGroupAssociation(
            f"{name}-association",
            name=physical_name("dns-firewall", args.name_prefix, "dns"),
            firewall_rule_group_id=group.id,
            priority=GROUP_PRIORITY,
            vpc_id=args.vpc_id,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[otherwise]),
        )
        aws.route53.ResolverFirewallConfig(
            f"{name}-config",
            resource_id=args.vpc_id,
            firewall_fail_open="ENABLED" if args.fail_open else "DISABLED",
            opts=child,
        )
        self.register_outputs({"log_group_name": self.log_group_name})


def _rule(
    name: str,
    role: str,
    args: DnsFirewallArgs,
    *,
    group: aws.route53.ResolverFirewallRuleGroup,
    domains: aws.route53.ResolverFirewallDomainList,
    priority: int,
    opts: pulumi.ResourceOptions,
) -> aws.route53.ResolverFirewallRule:
    """One rule; ``other`` does what ``args.otherwise`` says, and the rest allows.

    Whoever owns an allowed domain says where it points; every step of its way would have to be listed otherwise, and most
    services are behind somebody's edge. A blocked name does not exist, which every program understands at once.
    """
    action = {"block": "BLOCK", "alert": "ALERT"}[args.otherwise] if role == "other" else "ALLOW"
    return aws.route53.ResolverFirewallRule(
        f"{name}-{role}",
        name=physical_name("dns-firewall", args.name_prefix, role),
        action=action,
        block_response="NXDOMAIN" if action == "BLOCK" else None,
        firewall_domain_list_id=domains.id,
        firewall_domain_redirection_action="TRUST_REDIRECTION_DOMAIN",
        firewall_rule_group_id=group.id,
        priority=priority,
        opts=opts,
    )


def _query_log(name: str, args: DnsFirewallArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    child = pulumi.ResourceOptions(parent=parent)
    group = aws.cloudwatch.LogGroup(
        f"{name}-queries",
        name=f"/{args.name_prefix}/dns-queries",
        kms_key_id=args.kms_key_arn,
        retention_in_days=args.retention_days,
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
    policy = aws.cloudwatch.LogResourcePolicy(
        f"{name}-queries-policy",
        policy_name=physical_name("log-policy", args.name_prefix, "dns-queries"),
        policy_document=group.arn.apply(lambda arn: json.dumps(deliver_queries(arn, args))),
        opts=child,
    )
    log = aws.route53.ResolverQueryLogConfig(
        f"{name}-log",
        name=physical_name("dns-firewall", args.name_prefix, "dns"),
        destination_arn=group.arn,
        # Without the policy, AWS would write one of its own when the log is made.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[policy]),
    )
    logged = aws.route53.ResolverQueryLogConfigAssociation(
        f"{name}-log-association", resolver_query_log_config_id=log.id, resource_id=args.vpc_id, opts=child
    )
    return pulumi.Output.all(group.name, logged.id).apply(lambda made: str(made[0]))


def deliver_queries(log_group_arn: str, args: DnsFirewallArgs) -> dict[str, Any]:
    """AWS's delivery of logs writes here, for this account and region alone.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html (2026-11)
    """
    own = {
        "StringEquals": {"aws:SourceAccount": args.account_id},
        "ArnLike": {"aws:SourceArn": f"arn:{args.partition}:logs:{args.region}:{args.account_id}:*"},
    }
    write = ["logs:CreateLogStream", "logs:PutLogEvents"]
    statement: Statement = allow("DeliverQueryLogs", write, [f"{log_group_arn}:log-stream:*"], own)
    return document([{**statement, "Principal": {"Service": "delivery.logs.amazonaws.com"}}])
