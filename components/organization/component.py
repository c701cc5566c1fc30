"""One organizational unit with its accounts and the policies on it.

Owns: a new unit and its new accounts, one policy per document, and their attachment to the unit.
Does not own: what the documents say (``service_control``, ``resource_control``, ``declarative``), the organization and the
types of policies that are switched on in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components.organization.limits import AI_OPT_OUT, BEDROCK, LIMITS, RESOURCE_CONTROL, SERVICE_CONTROL
from components.organization.packer import PolicyTooLongError


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUnit:
    """A unit to make."""

    accounts: Mapping[str, str]
    """Name of a new account to the address of its root user, unique among all AWS accounts. The name is identity."""

    parent_id: pulumi.Input[str]
    """The root, or the unit above."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganizationUnitArgs:
    """What a unit is made of. Raises ``ValueError`` unless exactly one of ``existing`` and ``new`` is given, and
    ``PolicyTooLongError`` when more documents are given than one target takes.
    """

    name_prefix: str
    """Start of every physical name."""

    unit: str
    """Name of the unit; part of every physical name."""

    ai_opt_out: str | None = None
    """AI services opt-out policy as JSON text; none if left out."""

    bedrock: pulumi.Input[str] | None = None
    """Bedrock policy as JSON text; none if left out."""

    existing: str | None = None
    """Id of a unit that is there already; a new one is made if left out."""

    new: NewUnit | None = None
    """The unit to make; the existing one is used if left out."""

    resource_control: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Name of a resource control document to its JSON text. The name is identity. None if left out."""

    service_control: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Name of a service control document to its JSON text. The name is identity. None if left out."""

    def __post_init__(self) -> None:
        """Refuse what contradicts itself, and what AWS would refuse half-way."""
        if (self.existing is None) == (self.new is None):
            raise ValueError(f"unit {self.unit!r} needs exactly one of existing and new")
        for kind, documents in ((SERVICE_CONTROL, self.service_control), (RESOURCE_CONTROL, self.resource_control)):
            if len(documents) > LIMITS[kind].free:
                raise PolicyTooLongError(
                    f"unit {self.unit!r} has {len(documents)} documents of type {kind}, {LIMITS[kind].free} fit beside AWS's own"
                )


class OrganizationUnit(pulumi.ComponentResource):
    """One unit and the policies that hold for every account in it."""

    account_ids: dict[str, pulumi.Output[str]]
    """Name to id of the new accounts."""

    policy_ids: dict[str, pulumi.Output[str]]
    """``<type>-<document>`` to policy; ready when it is attached."""

    unit_id: pulumi.Output[str]
    """The unit, new or existing."""

    def __init__(self, name: str, args: OrganizationUnitArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the unit, or take the existing one, and attach a policy per document."""
        super().__init__("llmlz:index:OrganizationUnit", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        self.account_ids = {}
        if args.new:
            unit = aws.organizations.OrganizationalUnit(
                f"{name}-unit",
                name=physical_name("organizational-unit", args.unit),
                parent_id=args.new.parent_id,
                opts=pulumi.ResourceOptions(parent=self, protect=True),
            )
            self.unit_id = unit.id
            self.account_ids = {
                account: _account(f"{name}-account-{account}", account, email, unit, self).id
                for account, email in args.new.accounts.items()
            }
        else:
            self.unit_id = pulumi.Output.from_input(args.existing or "")

        self.policy_ids = {}
        for role, kind, content in _documents(args):
            policy = aws.organizations.Policy(
                f"{name}-{role}",
                name=physical_name("organization-policy", args.name_prefix, args.unit, role),
                description=f"LLM landing zone: {role} of {args.unit}",
                content=content,
                type=kind,
                opts=child,
            )
            attachment = aws.organizations.PolicyAttachment(
                f"{name}-{role}-attachment", policy_id=policy.id, target_id=self.unit_id, opts=child
            )
            self.policy_ids[role] = pulumi.Output.all(policy.id, attachment.id).apply(lambda made: str(made[0]))
        self.register_outputs({"account_ids": self.account_ids, "policy_ids": self.policy_ids, "unit_id": self.unit_id})


def _documents(args: OrganizationUnitArgs) -> Iterator[tuple[str, str, pulumi.Input[str]]]:
    """Role, type and JSON text of every document; how many there are is known before anything exists."""
    for document, text in args.service_control.items():
        yield f"service-control-{document}", SERVICE_CONTROL, text
    for document, text in args.resource_control.items():
        yield f"resource-control-{document}", RESOURCE_CONTROL, text
    if args.ai_opt_out is not None:
        yield "ai-opt-out", AI_OPT_OUT, args.ai_opt_out
    if args.bedrock is not None:
        yield "bedrock", BEDROCK, args.bedrock


def _account(
    logical: str, account: str, email: str, unit: aws.organizations.OrganizationalUnit, parent: pulumi.Resource
) -> aws.organizations.Account:
    """An account that nothing here closes. AWS never tells its first role and its access to bills again:
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html (2026-11).
    """
    return aws.organizations.Account(
        logical,
        name=physical_name("account", account),
        email=email,
        parent_id=unit.id,
        close_on_deletion=False,
        opts=pulumi.ResourceOptions(
            parent=parent, protect=True, ignore_changes=["role_name", "iam_user_access_to_billing"]
        ),
    )
