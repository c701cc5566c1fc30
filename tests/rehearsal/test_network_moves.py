"""What a network goes through on its way up, as the real provider plans it over what is deployed."""

from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.dns_firewall import DnsFirewall, DnsFirewallArgs
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.network import Network, NetworkArgs
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.rehearse import Rehearsal, changes, rehearse
from llmlz.rehearsal.render import render, write
from llmlz.rehearsal.settle import write_state
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal.program import ACCOUNT, REGION, recorded

pytestmark = pytest.mark.ring(2)

ZONES = {letter: f"{REGION}{letter}" for letter in "abc"}
HUB = "tgw-0123456789abcdef0"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
WATCHED = {
    "account_id": ACCOUNT,
    "kms_key_arn": KEY,
    "name_prefix": "llmlz-moves",
    "partition": "aws",
    "region": REGION,
    "retention_days": 180,
}
START: dict[str, Any] = {"nat_zones": ["a"], "egress_kinds": ["private", "model"], "endpoint_zones": ["a"]}


def program(
    *, otherwise: Any = "alert", allowed: tuple[str, ...] = (), traffic: Any = "reject", **network: Any
) -> None:
    """A network with its log and its firewall, on an explicit provider."""
    provider = aws.Provider("main", region=REGION, allowed_account_ids=[ACCOUNT])
    opts = pulumi.ResourceOptions(provider=provider)
    made = Network(
        "network",
        NetworkArgs(
            cidr="10.20.0.0/16",
            name_prefix="llmlz-moves",
            region=REGION,
            zones=ZONES,
            account_id=ACCOUNT,
            interface_endpoints=["kms", "sts"],
            **{**START, **network},
        ),
        opts,
    )
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"
    vpc: dict[str, Any] = {**WATCHED, "vpc_id": made.vpc_id}
    FlowLogs("flow-logs", FlowLogsArgs(**vpc, boundary_arn=boundary, traffic=traffic), opts)
    DnsFirewall("dns", DnsFirewallArgs(**vpc, allowed_domains=allowed, otherwise=otherwise), opts)


@pytest.fixture(scope="module")
def first(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """The network as it is born, deployed."""
    found = rehearse(recorded(program), terraform, tmp_path_factory.mktemp("first"))
    assert [str(finding) for finding in found.findings] == []
    return found


def after(first: Rehearsal, terraform: Terraform, folder: Path, **change: Any) -> dict[str, list[str]]:
    """Logical name to what the provider does, for a changed program over the deployed one."""
    rendered = render(recorded(lambda: program(**change)), ProviderBlock.offline(REGION, ACCOUNT))
    write(rendered, folder)
    terraform.init(folder)
    assert first.state is not None
    write_state(first.state, folder)
    planned = terraform.plan(folder)
    assert planned.errors == ()
    done = {}
    for found in changes(planned.plan):
        urn = rendered.addresses.get(found["address"])
        name = urn.rpartition("::")[2] if urn else found["address"].rpartition(".")[2]
        done[name] = found["change"]["actions"]
    return done


def test_every_zone_is_an_update_of_endpoints_and_routes(
    first: Rehearsal, terraform: Terraform, tmp_path: Path
) -> None:
    """Endpoints get addresses, two zones get gateways and turn their routes to them; nothing is taken away."""
    done = after(first, terraform, tmp_path, nat_zones=["a", "b", "c"], endpoint_zones=["a", "b", "c"])
    assert done == {
        "network-endpoint-kms": ["update"],
        "network-endpoint-sts": ["update"],
        **{f"network-nat-{zone}{part}": ["create"] for zone in "bc" for part in ("", "-address")},
        **{f"network-{kind}-{zone}-egress": ["update"] for kind in ("private", "model") for zone in "bc"},
    }


def test_a_hub_turns_routes_and_then_the_gateway_goes(first: Rehearsal, terraform: Terraform, tmp_path: Path) -> None:
    """Routes that stay are updated in place, so that no subnet is without a way out in between."""
    done = after(first, terraform, tmp_path, nat_zones=[], transit_gateway_id=HUB, egress_kinds=["private"])
    assert {name: actions for name, actions in done.items() if actions != ["delete"]} == {
        "network-hub": ["create"],
        **{f"network-private-{zone}-egress": ["update"] for zone in ZONES},
    }
    assert len(done) == 4 + len(["gateway", "address"]) + len(ZONES)  # what goes: these two, and the routes of models


def test_a_firewall_that_only_looked_starts_to_block_in_place(
    first: Rehearsal, terraform: Terraform, tmp_path: Path
) -> None:
    """With its first listed domains: two things are made, one rule changes, and the VPC stays associated."""
    done = after(first, terraform, tmp_path, otherwise="block", allowed=("api.example.com",))
    assert done == {"dns-allowed": ["create"], "dns-allowed-domains": ["create"], "dns-other": ["update"]}


def test_other_traffic_is_another_flow_log_into_the_same_group(
    first: Rehearsal, terraform: Terraform, tmp_path: Path
) -> None:
    """AWS changes no flow log: this one is replaced, and its records are not touched."""
    done = after(first, terraform, tmp_path, traffic="all")
    assert {name: sorted(actions) for name, actions in done.items()} == {"flow-logs-log": ["create", "delete"]}
