"""Whose credentials these are, and whether the region can be used."""

from typing import Any

from botocore.exceptions import NoCredentialsError, PartialCredentialsError

from llmlz.doctor.finding import ApiError, Finding, code, ok, problem, refused

OPEN = ("opt-in-not-required", "opted-in")
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Region.html (2026-11)"""

CLOSED = ("AuthFailure", "InvalidClientTokenId", "OptInRequired", "UnrecognizedClientException")
"""What a region says in which credentials that are good elsewhere do not count: it is not enabled.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html (2026-11)
"""


def examine_credentials(sts: Any, account: str) -> Finding:
    """Whether there are credentials, and whether they are of ``account``; without either no other question counts."""
    sign_in = f"sign in to {account} (aws sso login), or set AWS_PROFILE; --offline leaves out what needs an account"
    try:
        found = sts.get_caller_identity()
    except (NoCredentialsError, PartialCredentialsError) as error:
        return problem("account", f"no AWS credentials: {error}", account, sign_in)
    except ApiError as error:
        if code(error) in ("ExpiredToken", "ExpiredTokenException", *CLOSED):
            return problem("account", f"credentials were not accepted: {error}", account, sign_in)
        return refused("account", error, account, "sts:GetCallerIdentity")
    if found["Account"] != account:
        return problem(
            "account",
            f"the credentials are of account {found['Account']} ({found['Arn']}), not of {account}",
            account,
            f"use credentials of {account}, or correct the account in the stack file",
        )
    return ok("account", f"signed in as {found['Arn']}", account)


def examine_region(ec2: Any, region: str) -> Finding:
    """Whether the account has the region; asked in the region itself, as policies may close all others."""
    enable = f"enable {region} (aws account enable-region --region-name {region}; it takes minutes to hours)"
    try:
        (found,) = ec2.describe_regions(RegionNames=[region], AllRegions=True)["Regions"]
    except ApiError as error:
        if code(error) in CLOSED:
            return problem("region", f"{region} does not know the account: {error}", region, enable)
        return refused("region", error, region, "ec2:DescribeRegions")
    status = str(found.get("OptInStatus", "of no known status"))
    if status not in OPEN:
        return problem("region", f"{region} is {status}", region, enable)
    return ok("region", f"{region} is enabled", region)
