"""Make an account ready for the landing zone, once, and say what to type next.

Owns: the CloudFormation stack ``llmlz-bootstrap`` of one account.
Does not own: what is in it (``bootstrap.yaml``), the files of the estate (``estate``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, WaiterError

from llmlz.errors import BadInputError, LlmlzError
from llmlz.start.template import template_text

STACK = "llmlz-bootstrap"
GITHUB_ISSUER = "token.actions.githubusercontent.com"
POLL_SECONDS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class BootstrapSettings:
    """What a bootstrap is made with."""

    account: str
    """Twelve digits; another account's credentials are refused."""

    region: str
    """Region of the state bucket; the account has one bootstrap, whatever regions it uses later."""

    repository: str
    """GitHub repository of the estate, as owner/name."""

    apply_environment: str = "llmlz-apply"
    """Protected GitHub environment whose jobs may apply."""

    branch: str = "main"
    """Branch whose jobs may preview."""

    endpoint: str | None = None
    """URL of an AWS emulator; the real cloud if left out."""

    oidc_provider_arn: str | None = None
    """Provider of GitHub that the account has; looked up if left out."""

    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of everything in the stack; none if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bootstrap:
    """A bootstrapped account."""

    changed: bool
    """False when everything was there already."""

    outputs: Mapping[str, str]
    """Outputs of the stack: bucket, key, boundaries and roles."""

    region: str
    """Where the stack is."""

    def secrets_provider(self) -> str:
        """What goes into a stack file as ``secretsprovider``."""
        return f"awskms://alias/llmlz-secrets?region={self.region}"

    def next_commands(self, stack: str, team_stack: str) -> tuple[str, ...]:
        """What to type next, in this order, from the root of the repository; ``llmlz.start.estate`` made the files."""
        return (
            f"pulumi login 's3://{self.outputs['StateBucketName']}?region={self.region}&awssdk=v2'",
            f"pulumi stack init {stack} --secrets-provider '{self.secrets_provider()}'",
            f"pulumi up --stack {stack}",
            f"pulumi stack init {team_stack} --secrets-provider '{self.secrets_provider()}'",
            f"pulumi up --stack {team_stack}",
        )


def bootstrap(settings: BootstrapSettings, progress: Callable[[str], None], session: Any = None) -> Bootstrap:
    """Create or update the stack; the second run changes nothing.

    ``session`` is a boto3 session, the default one if left out. Raises ``BadInputError`` when the credentials belong to
    another account, before anything is done, and ``LlmlzError`` with the reason when AWS refuses.
    """
    session = session or boto3.Session(region_name=settings.region)

    def client(service: str) -> Any:
        return session.client(service, region_name=settings.region, endpoint_url=settings.endpoint)

    try:
        _check_account(client("sts"), settings.account)
        progress(f"account {settings.account}, region {settings.region}: looking at stack {STACK}")
        cloudformation = client("cloudformation")
        now = _stack(cloudformation)
        provider = _oidc_provider(client("iam"), settings, now)
        changed = _deploy(cloudformation, settings, provider, now, progress)
        outputs = (_stack(cloudformation) or {}).get("Outputs", [])
        if changed:
            cloudformation.update_termination_protection(StackName=STACK, EnableTerminationProtection=True)
    except WaiterError as error:
        raise LlmlzError(f"stack {STACK} was not finished\n{_reasons(client('cloudformation'))}") from error
    except NoCredentialsError as error:
        raise BadInputError(
            "no AWS credentials were found\n"
            f"  fix: sign in as an administrator of {settings.account} (aws sso login), or set AWS_PROFILE"
        ) from error
    except (BotoCoreError, ClientError) as error:
        raise LlmlzError(f"AWS refused: {error}\n  fix: run this as an administrator of {settings.account}") from error
    return Bootstrap(
        changed=changed, outputs={o["OutputKey"]: o["OutputValue"] for o in outputs}, region=settings.region
    )


def _check_account(sts: Any, wanted: str) -> None:
    found = sts.get_caller_identity()
    if found["Account"] != wanted:
        raise BadInputError(
            f"these credentials belong to account {found['Account']} ({found['Arn']}), not to {wanted}; "
            "nothing was done\n"
            f"  fix: use credentials of {wanted}, or correct the account"
        )


def _stack(cloudformation: Any) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return found


def _oidc_provider(iam: Any, settings: BootstrapSettings, now: Mapping[str, Any] | None) -> str:
    """The provider to use; empty for one of the stack's own. An account can hold only one per issuer."""
    if settings.oidc_provider_arn is not None:
        return settings.oidc_provider_arn
    if now is not None:
        given = {p["ParameterKey"]: p["ParameterValue"] for p in now.get("Parameters", [])}
        if "OidcProviderArn" in given:
            return str(given["OidcProviderArn"])
    listed = [p["Arn"] for p in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]]
    return next((arn for arn in listed if arn.endswith(f"/{GITHUB_ISSUER}")), "")


def _deploy(
    cloudformation: Any,
    settings: BootstrapSettings,
    provider: str,
    now: Mapping[str, Any] | None,
    progress: Callable[[str], None],
) -> bool:
    parameters = {
        "ApplyEnvironment": settings.apply_environment,
        "Branch": settings.branch,
        "OidcProviderArn": provider,
        "Repository": settings.repository,
    }
    request = {
        "StackName": STACK,
        "TemplateBody": template_text(),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        "Tags": [{"Key": k, "Value": v} for k, v in sorted(settings.tags.items())],
    }
    if now is None:
        progress(f"creating stack {STACK} (about two minutes)")
        cloudformation.create_stack(**request)
        _wait(cloudformation, "stack_create_complete")
        return True
    try:
        cloudformation.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            progress(f"stack {STACK}: nothing changes")
            return False
        raise
    progress(f"updating stack {STACK}")
    _wait(cloudformation, "stack_update_complete")
    return True


def _wait(cloudformation: Any, state: str) -> None:
    cloudformation.get_waiter(state).wait(StackName=STACK, WaiterConfig={"Delay": POLL_SECONDS, "MaxAttempts": 120})


def _reasons(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [e for e in events if str(e.get("ResourceStatus", "")).endswith("FAILED")]
    return "\n".join(
        f"  {e['LogicalResourceId']} ({e['ResourceType']}): {e.get('ResourceStatusReason', 'no reason given')}"
        for e in reversed(failed)
    )
