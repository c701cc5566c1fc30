"""Asks one account in one region, and keeps what was not answered: a refusal is a finding, never an empty list."""

from collections.abc import Callable, Mapping
from typing import Any

import jmespath  # type: ignore[import-untyped]  # comes with boto3 and has no types
from botocore.exceptions import BotoCoreError, ClientError

from llmlz.inventory.model import Finding
from llmlz.organization.deployed import Clients

Answer = Mapping[str, Any]

PREFIXES = {"service-quotas": "servicequotas"}
"""How permissions of a service begin, where that is not the name of its client.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_servicequotas.html (2026-11)
"""


class Questions:
    """One account and region. Throttled calls are repeated by the clients, as often as these are set to."""

    def __init__(self, clients: Clients, account: str, region: str) -> None:
        """Ask with these clients; the region is named to each of them."""
        self.account, self.region = account, region
        self.findings: list[Finding] = []
        self._clients = clients
        self._made: dict[str, Any] = {}

    @property
    def where(self) -> str:
        """The place, as findings name it."""
        return f"{self.account} {self.region}"

    def client(self, service: str) -> Any:
        """The client of a service, made once."""
        if service not in self._made:
            self._made[service] = self._clients(service, self.region)
        return self._made[service]

    def fresh(self, service: str) -> Callable[[], Any]:
        """Makes a new client of a service each time, for whoever changes it."""
        return lambda: self._clients(service, self.region)

    def one(self, service: str, operation: str, /, **asked: Any) -> Answer | None:
        """One answer, or ``None`` with a finding."""
        try:
            answer: Answer = getattr(self.client(service), operation)(**asked)
        except (BotoCoreError, ClientError) as error:
            self.refused(service, operation, error)
            return None
        return answer

    def all(self, service: str, operation: str, path: str, /, **asked: Any) -> list[Any] | None:
        """What lies at ``path`` in every page, or ``None`` with a finding: half a list is no list."""
        try:
            client = self.client(service)
            pages = (
                client.get_paginator(operation).paginate(**asked)
                if client.can_paginate(operation)
                else [getattr(client, operation)(**asked)]
            )
            return [one for page in pages for one in jmespath.search(path, page) or ()]
        except (BotoCoreError, ClientError) as error:
            self.refused(service, operation, error)
            return None

    def refused(self, service: str, operation: str, error: Exception) -> None:
        """Keep that a question was not answered."""
        action = f"{PREFIXES.get(service, service)}:{''.join(word.title() for word in operation.split('_'))}"
        self.unreadable(
            f"{action} was not answered: {error}",
            f"repeat it with credentials that have {action}; if they do, what AWS says above is the reason",
        )

    def unreadable(self, what: str, fix: str, where: str = "") -> None:
        """Keep that something cannot be said."""
        place = f"{self.where} {where}".rstrip()
        self.findings.append(Finding(kind="unreadable", outcome="indeterminate", what=what, where=place, fix=fix))


def tags_of(listed: list[Any]) -> dict[str, str]:
    """Tags as EC2 (``Key``) or Bedrock (``key``) lists them."""
    return {str(tag.get("Key", tag.get("key"))): str(tag.get("Value", tag.get("value"))) for tag in listed}


def team_of(tags: Mapping[str, str]) -> str:
    """The team in tags, as every stack of the landing zone sets it; empty without one."""
    return tags.get("team", "")
