"""Kinds of bad input about networks: zones, hubs, endpoints, addresses, names that may be looked up."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.stacks.bad_input import PLATFORM, Change, copy, setting
from tests.stacks.bad_organizations import PILOTS, organization

yaml = YAML(typ="safe", pure=True)
KINDS = ("public", "private", "data", "model")
HUB = {"transit_gateway_id": "tgw-0123456789abcdef0"}


def own(second: int = 9, **changes: Any) -> dict[str, Any]:
    """An existing network in 10.<second>.0.0/16."""
    ids = {kind: {zone: f"subnet-{n}{z}bcdef01" for z, zone in enumerate("abc")} for n, kind in enumerate(KINDS)}
    rows = enumerate(KINDS)
    cidrs = {kind: {zone: f"10.{second}.{10 * n + z}.0/24" for z, zone in enumerate("abc")} for n, kind in rows}
    return {"existing": {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ids, "subnet_cidrs": cidrs, **changes}}


def at(tier: str, **values: Any) -> Change:
    """The example's platform at a tier, in a unit of it, with these settings; ``None`` is written as null."""

    def change(folder: Path) -> None:
        on_call = ["arn:aws:iam::999900002222:user/on-call"]
        organization(tier=tier, units={"pilots": {**PILOTS, "tier": tier}}, break_glass=on_call)(folder)
        content = yaml.load((folder / PLATFORM).read_text())
        content["config"]["llmlz:settings"] |= values
        yaml.dump(content, folder / PLATFORM)

    return change


def new(**values: Any) -> dict[str, Any]:
    """Settings of a new network."""
    return {"new": values}


def crossing() -> dict[str, Any]:
    """An existing network with a block that was written down twice."""
    network = own()
    network["existing"]["subnet_cidrs"]["data"]["b"] = "10.9.0.0/25"
    return network


def beside_an_existing(**values: Any) -> Change:
    """The example's platform in an existing network, and a second platform with a new one."""

    def change(folder: Path) -> None:
        setting(PLATFORM, network=own())(folder)
        copy(PLATFORM, "Pulumi.platform-two.yaml", account="444455556666", network=new(**values))(folder)

    return change


AT = "llmlz:settings.network"
CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "a zone for endpoints that the region does not have": (
        setting(PLATFORM, network=new(endpoint_zones=["a", "x"])),
        PLATFORM,
        f"{AT}.new.endpoint_zones[1]",
        "x",
        "a zone of eu-central-1: a, b, c",
    ),
    "endpoints in no zone": (
        setting(PLATFORM, network=new(endpoint_zones=[])),
        PLATFORM,
        f"{AT}.new.endpoint_zones",
        "[]",
        "at least 1",
    ),
    "a word for zones that is not all": (
        setting(PLATFORM, network=new(endpoint_zones="every")),
        PLATFORM,
        f"{AT}.new.endpoint_zones",
        '"every"',
        "'all'",
    ),
    "a zone that is no letter": (
        setting(PLATFORM, network=new(endpoint_zones=["eu-central-1a"])),
        PLATFORM,
        f"{AT}.new.endpoint_zones[0]",
        '"eu-central-1a"',
        "",
    ),
    "a hub where the tier has gateways": (
        setting(PLATFORM, network=new(hub=HUB)),
        PLATFORM,
        f"{AT}.new.hub",
        '{"transit_gateway_id": "tgw-0123456789abcdef0"}',
        "one of null: locked at tier foundation, because",
    ),
    "a hub beside gateways": (
        at("scaled", network=new(hub=HUB, nat_zones="all")),
        PLATFORM,
        f"{AT}.new.hub",
        "tgw-0123456789abcdef0",
        "no hub, or no NAT gateways: nat_zones is all",
    ),
    "a hub that nothing goes out through": (
        at("scaled", network=new(hub=HUB, egress_kinds=[])),
        PLATFORM,
        f"{AT}.new.hub",
        "tgw-0123456789abcdef0",
        "egress_kinds names none",
    ),
    "a hub with the platform's addresses behind it": (
        at("scaled", network=new(cidr="10.4.0.0/16", hub={**HUB, "cidrs": ["192.168.0.0/16", "10.4.128.0/20"]})),
        PLATFORM,
        f"{AT}.new.hub.cidrs[1]",
        "10.4.128.0/20",
        "do not overlap with 10.4.0.0/16",
    ),
    "no transit gateway": (
        at("scaled", network=new(hub={"transit_gateway_id": "vgw-0123456789abcdef0"})),
        PLATFORM,
        f"{AT}.new.hub.transit_gateway_id",
        '"vgw-0123456789abcdef0"',
        "tgw-",
    ),
    "gateways in some zones, where every zone has one": (
        at("reliable", network=new(nat_zones=["a"])),
        PLATFORM,
        f"{AT}.new.nat_zones",
        '["a"]',
        "one of all: locked at tier reliable",
    ),
    "gateways in some zones, where there may be none": (
        at("scaled", network=new(nat_zones=["a"])),
        PLATFORM,
        f"{AT}.new.nat_zones",
        '["a"]',
        "one of [], all: locked at tier scaled",
    ),
    "a way to the internet for models": (
        at("reliable", network=new(egress_kinds=["private", "model"])),
        PLATFORM,
        f"{AT}.new.egress_kinds",
        '["private", "model"]',
        "only items private: locked at tier reliable",
    ),
    "an existing network without what the tier demands": (
        at("repeatable", network=own(endpoint_ids={"kms": "vpce-0123456789abcdef0"})),
        PLATFORM,
        f"{AT}.existing.endpoint_ids",
        "kms",
        "endpoints for bedrock-runtime, kms, logs, secretsmanager, sts: tier repeatable demands them",
    ),
    "an existing network without the endpoint that models are called through": (
        setting(PLATFORM, network=own(), invoke_from="endpoints"),
        PLATFORM,
        f"{AT}.existing.endpoint_ids",
        "",
        "endpoints for bedrock-runtime: models are called through it alone",
    ),
    "an existing network that overlaps with itself": (
        setting(PLATFORM, network=crossing()),
        PLATFORM,
        f"{AT}.existing",
        "",
        "subnets that do not overlap: public.a is 10.9.0.0/24 and data.b is 10.9.0.0/25",
    ),
    "a new network in the addresses of an existing one": (
        beside_an_existing(cidr="10.9.0.0/16"),
        "Pulumi.platform-two.yaml",
        f"{AT}.new.cidr",
        "10.9.0.0/16",
        "do not overlap with 10.9.0.0/24 of Pulumi.platform-sandbox.yaml",
    ),
    "no flow logs, where they are kept": (
        at("repeatable", flow_logs=None),
        PLATFORM,
        "llmlz:settings.flow_logs",
        "null",
        "not one of null: locked at tier repeatable",
    ),
    "half of the traffic, where all is kept": (
        at("reliable", flow_logs={"traffic": "reject"}),
        PLATFORM,
        "llmlz:settings.flow_logs.traffic",
        '"reject"',
        "one of all: locked at tier reliable",
    ),
    "no DNS firewall, where names are listed": (
        at("reliable", dns_firewall=None),
        PLATFORM,
        "llmlz:settings.dns_firewall",
        "null",
        "not one of null: locked at tier reliable",
    ),
    "a DNS firewall that only looks, where it blocks": (
        at("scaled", dns_firewall={"otherwise": "alert"}),
        PLATFORM,
        "llmlz:settings.dns_firewall.otherwise",
        '"alert"',
        "one of block: locked at tier scaled",
    ),
    "every domain on the list": (
        setting(PLATFORM, dns_firewall={"allowed_domains": ["*"], "otherwise": "block"}),
        PLATFORM,
        "llmlz:settings.dns_firewall.allowed_domains[0]",
        '"*"',
        "a domain such as api.example.com",
    ),
    "a whole top-level domain on the list": (
        setting(PLATFORM, dns_firewall={"allowed_domains": ["api.example.com", "*.com"], "otherwise": "block"}),
        PLATFORM,
        "llmlz:settings.dns_firewall.allowed_domains[1]",
        '"*.com"',
        "a domain such as api.example.com",
    ),
}
