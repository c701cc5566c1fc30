"""The doctor asks a running emulator of AWS, over the network, as it asks the cloud."""

import json
from typing import Any

import boto3
import pytest

from llmlz.doctor.account import examine_credentials
from llmlz.local.emulator import Emulator
from tests.cli.command import environment, llmlz
from tests.cli.test_doctor import deployment
from tests.doctor.states import DEAD, checkpoint
from tests.local.conftest import ACCOUNT, REGION

pytestmark = pytest.mark.ring(5)
STATE = ".pulumi/stacks/llmlz/platform-sandbox.json"
LOCK = ".pulumi/locks/organization/llmlz/platform-sandbox/one.json"
SIGNED_IN = environment(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")


def client(emulator: Emulator, service: str) -> Any:
    """A client of the emulator."""
    session = boto3.Session("test", "test", region_name=REGION)
    return session.client(service, endpoint_url=emulator.endpoint)


def test_the_command_asks_an_account_and_a_bucket(emulator: Emulator) -> None:
    """Account, region, agreements and the quota of roles are answered; the emulator has no Service Quotas, which is said.

    The state in a bucket is sound, and its lock is another machine's: it stays until an age is given.
    """
    s3 = client(emulator, "s3")
    s3.create_bucket(Bucket="llmlz-state", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="llmlz-state", Key=f"some/{STATE}", Body=checkpoint(deployment()))
    taken = {"pid": DEAD, "username": "ci", "hostname": "runner-7", "timestamp": "2026-01-01T00:00:00.123456789Z"}
    s3.put_object(Bucket="llmlz-state", Key=f"some/{LOCK}", Body=json.dumps(taken).encode())

    def ask(*more: str) -> dict[str, str]:
        state = f"s3://llmlz-state/some?region={REGION}&awssdk=v2"
        done = llmlz("doctor", "--endpoint", emulator.endpoint, "--state", state, "--json", *more, env=SIGNED_IN)
        assert done.no_traceback().code == 1
        return {one["id"]: one["outcome"] for one in json.loads(done.out)["findings"]}

    def locked() -> bool:
        return "Contents" in s3.list_objects_v2(Bucket="llmlz-state", Prefix=f"some/{LOCK}")

    found = ask("--release-lock")
    expected = {"account": "ok", "region": "ok", "quota:roles": "ok", "quota:vpcs": "indeterminate", "locks": "problem"}
    assert {name: found[name] for name in expected} == expected
    assert found["agreement:nova-lite"] == "ok"
    assert (found["state"], found["pending"], locked()) == ("ok", "ok", True)

    found = ask("--release-lock", "--stale-after", "24")
    assert (found["locks:released"], found["locks"], locked()) == ("ok", "ok", False)


def test_credentials_of_another_account_are_seen(emulator: Emulator) -> None:
    """The emulator's account is not the one that was asked for."""
    found = examine_credentials(client(emulator, "sts"), "999999999999")
    assert found.outcome == "problem"
    assert ACCOUNT in found.what
