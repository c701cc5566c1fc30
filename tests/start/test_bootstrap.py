"""The bootstrap on the emulator, twice: everything is there after the first run, and the second changes nothing."""

from typing import Any

import boto3
import pytest

from llmlz.errors import BadInputError, LlmlzError
from llmlz.local.emulator import Emulator
from llmlz.local.excluded import rows
from llmlz.start.bootstrap import BootstrapSettings, bootstrap
from tests.local.conftest import ACCOUNT, REGION

pytestmark = pytest.mark.ring(5)
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"


@pytest.fixture
def session() -> Any:
    """Credentials that the emulator takes for the account's administrator."""
    return boto3.Session("test", "test", region_name=REGION)


def settings(emulator: Emulator, **other: Any) -> BootstrapSettings:
    """Settings for the emulator. It cannot make an OIDC provider, so one is said to be there."""
    given = {"account": ACCOUNT, "repository": "example/estate", "oidc_provider_arn": PROVIDER, **other}
    return BootstrapSettings(region=REGION, endpoint=emulator.endpoint, **given)


def test_the_second_run_changes_nothing(emulator: Emulator, session: Any) -> None:
    """Run it again whenever in doubt."""
    said: list[str] = []
    first = bootstrap(settings(emulator), said.append, session)
    second = bootstrap(settings(emulator), said.append, session)
    assert (first.changed, second.changed) == (True, False)
    assert said[-1] == "stack llmlz-bootstrap: nothing changes"
    assert first.outputs == second.outputs
    assert first.outputs["StateBucketName"] == f"llmlz-state-{ACCOUNT}-{REGION}"
    assert first.outputs["BoundaryArn"] == f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"


def test_everything_is_there(emulator: Emulator, session: Any) -> None:
    """Asked of the services themselves, not of the stack."""
    made = bootstrap(settings(emulator), lambda _: None, session).outputs
    s3, kms, iam = (session.client(name, endpoint_url=emulator.endpoint) for name in ("s3", "kms", "iam"))
    assert s3.get_bucket_versioning(Bucket=made["StateBucketName"])["Status"] == "Enabled"
    assert "aws:SecureTransport" in s3.get_bucket_policy(Bucket=made["StateBucketName"])["Policy"]
    key = kms.describe_key(KeyId="alias/llmlz-secrets")["KeyMetadata"]
    assert (key["Arn"], key["MultiRegion"]) == (made["SecretsKeyArn"], True)
    for role in ("llmlz-apply", "llmlz-preview"):
        assert iam.get_role(RoleName=role)["Role"]["MaxSessionDuration"] == 3600
    version = iam.get_policy(PolicyArn=made["BoundaryArn"])["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=made["BoundaryArn"], VersionId=version)["PolicyVersion"]["Document"]
    assert "NoOwnGuardrails" in str(document)


def test_another_account_is_refused_before_anything_is_done(emulator: Emulator, session: Any) -> None:
    """The wrong profile in a shell must not bootstrap the wrong account."""
    with pytest.raises(BadInputError, match=f"account {ACCOUNT} .*, not to 999988887777; nothing was done"):
        bootstrap(settings(emulator, account="999988887777"), lambda _: None, session)
    assert session.client("cloudformation", endpoint_url=emulator.endpoint).describe_stacks()["Stacks"] == []


def test_a_changed_setting_updates_the_stack(emulator: Emulator, session: Any) -> None:
    """A renamed repository reaches the trust of the roles."""
    bootstrap(settings(emulator), lambda _: None, session)
    assert bootstrap(settings(emulator, repository="example/renamed"), lambda _: None, session).changed
    role = session.client("iam", endpoint_url=emulator.endpoint).get_role(RoleName="llmlz-apply")["Role"]
    assert "repo:example/renamed:environment:llmlz-apply" in str(role["AssumeRolePolicyDocument"])


def test_the_next_commands_name_bucket_and_key(emulator: Emulator, session: Any) -> None:
    """What is printed can be pasted."""
    done = bootstrap(settings(emulator), lambda _: None, session)
    assert done.next_commands("platform-sandbox", "team-claims-sandbox")[:2] == (
        f"pulumi login 's3://llmlz-state-{ACCOUNT}-{REGION}?region={REGION}&awssdk=v2'",
        f"pulumi stack init platform-sandbox --secrets-provider 'awskms://alias/llmlz-secrets?region={REGION}'",
    )


def test_the_left_out_part_is_still_unknown_to_the_emulator(emulator: Emulator, session: Any) -> None:
    """The row for the OIDC provider goes when the emulator learns it."""
    assert "AWS::IAM::OIDCProvider" in {row.token for row in rows()}
    with pytest.raises(LlmlzError, match=r"Unrecognized resource types: \[AWS::IAM::OIDCProvider\]"):
        bootstrap(settings(emulator, oidc_provider_arn=""), lambda _: None, session)
