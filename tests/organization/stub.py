"""A client of Organizations that answers from a snapshot, in pages as AWS gives them: some are empty."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from llmlz.organization.snapshot import Snapshot, Target


class Organizations:
    """As much of the client as reading needs."""

    def __init__(self, deployed: Snapshot) -> None:
        self.deployed = deployed
        self.asked: Counter[str] = Counter()

    def describe_organization(self) -> dict[str, Any]:
        """The organization."""
        organization = {"Id": self.deployed.organization_id, "MasterAccountId": self.deployed.management_account}
        return {"Organization": organization}

    def describe_organizational_unit(self, *, OrganizationalUnitId: str) -> dict[str, Any]:  # noqa: N803  # its name in boto3
        """One unit."""
        return {"OrganizationalUnit": {"Id": OrganizationalUnitId, "Name": self._target(OrganizationalUnitId).name}}

    def describe_policy(self, *, PolicyId: str) -> dict[str, Any]:  # noqa: N803
        """One policy with its text."""
        self.asked[PolicyId] += 1
        (content,) = {p.content for t in self.deployed.targets for p in t.policies if p.id == PolicyId}
        return {"Policy": {"Content": content}}

    def get_paginator(self, operation: str) -> "Organizations":
        """Itself, asked for one operation."""
        self.operation = operation
        return self

    def paginate(self, **asked: str) -> Iterator[dict[str, Any]]:
        """An empty page, then a page for each item."""
        key, items = getattr(self, f"_{self.operation}")(**asked)
        yield {key: []}
        yield from ({key: [item]} for item in items)

    def _list_roots(self) -> tuple[str, list[dict[str, Any]]]:
        types = [{"Type": kind, "Status": "ENABLED"} for kind in self.deployed.enabled]
        pending = {"Type": "TAG_POLICY", "Status": "PENDING_ENABLE"}
        return "Roots", [
            {"Id": t.id, "PolicyTypes": [*types, pending]} for t in self.deployed.targets if t.parent is None
        ]

    def _list_parents(self, *, ChildId: str) -> tuple[str, list[dict[str, Any]]]:  # noqa: N803
        return "Parents", [{"Id": self._target(ChildId).parent}]

    def _list_accounts_for_parent(self, *, ParentId: str) -> tuple[str, list[dict[str, Any]]]:  # noqa: N803
        return "Accounts", self._below(ParentId, "account")

    def _list_organizational_units_for_parent(self, *, ParentId: str) -> tuple[str, list[dict[str, Any]]]:  # noqa: N803
        return "OrganizationalUnits", self._below(ParentId, "unit")

    def _list_policies_for_target(self, *, TargetId: str, Filter: str) -> tuple[str, list[dict[str, Any]]]:  # noqa: N803
        return "Policies", [
            {"Id": p.id, "Name": p.name, "Type": p.type, "AwsManaged": p.aws_managed}
            for p in self._target(TargetId).policies
            if p.type == Filter
        ]

    def _below(self, parent: str, kind: str) -> list[dict[str, Any]]:
        return [{"Id": t.id, "Name": t.name} for t in self.deployed.targets if (t.parent, t.kind) == (parent, kind)]

    def _target(self, id_: str) -> Target:
        for target in self.deployed.targets:
            if target.id == id_:
                return target
        error = {"Error": {"Code": "TargetNotFoundException", "Message": f"no {id_}"}}
        raise ClientError(error, "ListPoliciesForTarget")
