"""Ask AWS what is attached to the root, the units and the accounts of an organization.

Owns: the calls. Does not own: what the answers mean (``snapshot``, ``compare``).
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from llmlz.errors import LlmlzError
from llmlz.organization.planned import LONGEST, Kind
from llmlz.organization.snapshot import Attached, Snapshot, Target


class Clients(Protocol):
    """Makes a boto3 client of a service, in a region or in the one of the session."""

    def __call__(self, service: str, region: str | None = None) -> Any:
        """The client."""


def read_deployed(client_factory: Clients, units: Iterable[str]) -> Snapshot:
    """What is deployed on the given units (by id), on everything above them up to the root, and on all below.

    The root counts as a unit, and has all below it; of a root that is not given, only its own accounts are read.
    Needs the management account, or a delegated administrator of Organizations. Raises ``LlmlzError`` with the reason
    when AWS refuses, also for a unit that does not exist.
    """
    try:
        return _Reader(client_factory("organizations")).snapshot(tuple(dict.fromkeys(units)))
    except (BotoCoreError, ClientError) as error:
        raise LlmlzError(
            f"the organization could not be read: {error}\n"
            "  fix: use credentials of the management account that may read Organizations, and ids of its units"
        ) from error


class _Reader:
    """One run of questions; every policy is read once, on however many targets it is."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.content: Callable[[str], str] = functools.cache(self._content)

    def snapshot(self, units: tuple[str, ...]) -> Snapshot:
        organization = self.client.describe_organization()["Organization"]
        (root,) = self._all("list_roots", "Roots")
        found = {root["Id"]: self._target(root["Id"], "Root", "root", None)}
        for unit in units:
            for node, parent in self._above(unit):
                if node not in found:
                    found[node] = self._unit(node, parent)
            for target in self._below(unit):
                found.setdefault(target.id, target)
        for account in self._all("list_accounts_for_parent", "Accounts", ParentId=root["Id"]):
            found.setdefault(account["Id"], self._target(account["Id"], account["Name"], "account", root["Id"]))
        return Snapshot(
            organization_id=organization["Id"],
            management_account=organization["MasterAccountId"],
            enabled=tuple(sorted(kind["Type"] for kind in root["PolicyTypes"] if kind["Status"] == "ENABLED")),
            targets=tuple(found.values()),
        )

    def _above(self, unit: str) -> list[tuple[str, str]]:
        """The unit and the units above it, each with what it stands in, from the top."""
        path = []
        node = unit
        while not node.startswith("r-"):
            (parent,) = self._all("list_parents", "Parents", ChildId=node)
            path.append((node, parent["Id"]))
            node = parent["Id"]
        return path[::-1]

    def _below(self, unit: str) -> Iterator[Target]:
        for account in self._all("list_accounts_for_parent", "Accounts", ParentId=unit):
            yield self._target(account["Id"], account["Name"], "account", unit)
        for child in self._all("list_organizational_units_for_parent", "OrganizationalUnits", ParentId=unit):
            yield self._target(child["Id"], child["Name"], "unit", unit)
            yield from self._below(child["Id"])

    def _unit(self, unit: str, parent: str) -> Target:
        described = self.client.describe_organizational_unit(OrganizationalUnitId=unit)["OrganizationalUnit"]
        return self._target(unit, described["Name"], "unit", parent)

    def _target(self, target: str, name: str, kind: Kind, parent: str | None) -> Target:
        policies = [
            Attached(
                id=policy["Id"],
                name=policy["Name"],
                type=policy["Type"],
                content=self.content(policy["Id"]),
                aws_managed=policy["AwsManaged"],
            )
            for type_ in LONGEST
            for policy in self._all("list_policies_for_target", "Policies", TargetId=target, Filter=type_)
        ]
        return Target(id=target, name=name, kind=kind, parent=parent, policies=tuple(policies))

    def _content(self, policy: str) -> str:
        return str(self.client.describe_policy(PolicyId=policy)["Policy"]["Content"])

    def _all(self, operation: str, key: str, **asked: str) -> Iterator[dict[str, Any]]:
        """Every item of every page: a page may be empty although more follow."""
        for page in self.client.get_paginator(operation).paginate(**asked):
            yield from page[key]
