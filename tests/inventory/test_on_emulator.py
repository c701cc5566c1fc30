"""The inventory of a running emulator of AWS, over the network, as it is taken of the cloud.

What the emulator knows: DescribeInstances, DescribeInstanceTypes (without GPUs), DescribeCapacityReservations (always
empty), the lists of EKS and its clusters, and of Bedrock profiles, throughputs, models and their tags. What it does not
know must be undecided.
"""

import json
from typing import Any

import boto3
import pytest

from llmlz.local.emulator import Emulator
from tests.cli.command import environment, llmlz
from tests.local.conftest import ACCOUNT, REGION

pytestmark = pytest.mark.ring(5)
SIGNED_IN = environment(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")


def client(emulator: Emulator, service: str) -> Any:
    """A client of the emulator."""
    session = boto3.Session("test", "test", region_name=REGION)
    return session.client(service, endpoint_url=emulator.endpoint)


def test_the_command_takes_stock_of_an_account(emulator: Emulator) -> None:
    """A team's profile is listed with its team, one without is found; a GPU instance is not passed over in silence."""
    bedrock = client(emulator, "bedrock")
    source = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-lite-v1:0"
    for name, tags in (("claims-nova-lite", [{"key": "team", "value": "claims"}]), ("nobodys", [])):
        bedrock.create_inference_profile(inferenceProfileName=name, modelSource={"copyFrom": source}, tags=tags)
    client(emulator, "ec2").run_instances(
        ImageId="ami-12345678",
        MinCount=1,
        MaxCount=1,
        InstanceType="g5.xlarge",
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "search"}]}],
    )
    done = llmlz("inventory", "--endpoint", emulator.endpoint, "--json", env=SIGNED_IN).no_traceback()
    assert done.code == 1
    told = json.loads(done.out)
    assert told["places"] == [f"{ACCOUNT} {REGION}"]
    profiles = {one["name"]: one["team"] for one in told["models"] if one["kind"] == "profile"}
    assert profiles == {"claims-nova-lite": "claims", "nobodys": ""}
    assert [one["what"] for one in told["findings"] if one["kind"] == "untagged"] == ["profile nobodys names no team"]
    unread = [one["what"] for one in told["findings"] if one["kind"] == "unreadable"]
    assert "g5.xlarge runs or is reserved here, and EC2 tells no accelerators of it" in unread
    assert {one["outcome"] for one in told["findings"] if one["kind"] == "unreadable"} == {"indeterminate"}
    silent = ("ec2:", "eks:", "bedrock:ListInferenceProfiles", "bedrock:ListProvisioned", "bedrock:ListTags", "sts:")
    assert [what for what in unread if what.startswith(silent)] == []


def test_another_account_is_undecided(emulator: Emulator) -> None:
    """The emulator is one account; the platforms of another estate are in others."""
    ran = llmlz(
        "inventory", "--estate", "docs/examples/climb", "--endpoint", emulator.endpoint, "--json", env=SIGNED_IN
    ).no_traceback()
    assert ran.code == 1
    found = json.loads(ran.out)["findings"]
    others = [one for one in found if f"the credentials are of account {ACCOUNT}" in one["what"]]
    assert others
    assert {one["outcome"] for one in others} == {"indeterminate"}
