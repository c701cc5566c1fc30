"""Whose credentials these are, and whether the region can be used."""

import boto3
import pytest

from llmlz.doctor.account import examine_credentials, examine_region
from tests.doctor.stubs import ACCOUNT, REGION, Cloud

ARN = f"arn:aws:sts::{ACCOUNT}:assumed-role/apply/me"


def identity(account: str) -> dict[str, str]:
    """What AWS says about a caller."""
    return {"Account": account, "Arn": ARN.replace(ACCOUNT, account), "UserId": "AROAEXAMPLE:me"}


def test_the_right_account_is_named(cloud: Cloud) -> None:
    """With the role that was signed in with."""
    cloud.answers("sts", "get_caller_identity", identity(ACCOUNT))
    found = examine_credentials(cloud("sts"), ACCOUNT)
    assert (found.outcome, found.what) == ("ok", f"signed in as {ARN}")


def test_another_account_is_a_problem(cloud: Cloud) -> None:
    """Both accounts are named."""
    cloud.answers("sts", "get_caller_identity", identity("999999999999"))
    found = examine_credentials(cloud("sts"), ACCOUNT)
    assert found.outcome == "problem"
    assert "999999999999" in found.what
    assert ACCOUNT in found.fix


def test_no_credentials_are_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked, and the way to sign in is said."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "nowhere")
    found = examine_credentials(boto3.Session(region_name=REGION).client("sts"), ACCOUNT)
    assert (found.outcome, found.what) == ("problem", "no AWS credentials: Unable to locate credentials")
    assert "aws sso login" in found.fix


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("ExpiredToken", "problem"), ("InvalidClientTokenId", "problem"), ("Throttling", "indeterminate")],
)
def test_what_aws_says_against_credentials_is_passed_on(cloud: Cloud, code: str, outcome: str) -> None:
    """Expired ones are a problem; no answer is undecided."""
    cloud.fails("sts", "get_caller_identity", code, "said by AWS")
    found = examine_credentials(cloud("sts"), ACCOUNT)
    assert found.outcome == outcome
    assert "said by AWS" in found.what


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("opt-in-not-required", "ok"), ("opted-in", "ok"), ("not-opted-in", "problem")],
)
def test_a_region_is_enabled_or_not(cloud: Cloud, status: str, outcome: str) -> None:
    """As EC2 says."""
    answer = {"Regions": [{"RegionName": REGION, "OptInStatus": status, "Endpoint": f"ec2.{REGION}.amazonaws.com"}]}
    cloud.answers("ec2", "describe_regions", answer, RegionNames=[REGION], AllRegions=True)
    assert examine_region(cloud("ec2"), REGION).outcome == outcome


@pytest.mark.parametrize(("code", "outcome"), [("AuthFailure", "problem"), ("UnauthorizedOperation", "indeterminate")])
def test_a_region_that_refuses_is_not_enabled_and_one_that_forbids_is_undecided(
    cloud: Cloud, code: str, outcome: str
) -> None:
    """Credentials that are good elsewhere mean nothing in a region that is not enabled; a missing permission says less."""
    cloud.fails("ec2", "describe_regions", code)
    assert examine_region(cloud("ec2"), REGION).outcome == outcome


def test_the_stub_refuses_what_aws_would_not_say(cloud: Cloud) -> None:
    """Answers of these tests have the real shapes: another one is an error of the test."""
    with pytest.raises(Exception, match="Acount"):
        cloud.answers("sts", "get_caller_identity", {"Acount": "1"})
