"""Accounts that administer an AWS service for the whole organization, so that nobody has to enter the management account.

Owns: the registrations. Does not own: the accounts, or what the services do there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class DelegationArgs:
    """Who administers what."""

    administrators: Mapping[str, str]
    """Service principal, such as ``guardduty.amazonaws.com``, to the account, twelve digits. The service is identity."""


class Delegation(pulumi.ComponentResource):
    """Delegated administrators of an organization."""

    def __init__(self, name: str, args: DelegationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register an administrator per service; the service must trust the organization already.

        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services.html (2026-11)
        """
        super().__init__("llmlz:index:Delegation", name, {}, opts)
        for service, account in args.administrators.items():
            aws.organizations.DelegatedAdministrator(
                f"{name}-{service.removesuffix('.amazonaws.com')}",
                account_id=account,
                service_principal=service,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
