"""Clients of AWS that answer what a test says; botocore itself holds questions and answers against its models."""

from typing import Any

import boto3
from botocore.stub import Stubber

ACCOUNT, REGION = "111122223333", "eu-central-1"


class Cloud:
    """Stubbed clients by service; a question that no test expected fails."""

    def __init__(self) -> None:
        session = boto3.Session("test", "test", region_name=REGION)
        self._session = session
        self._stubs: dict[str, Stubber] = {}

    def __call__(self, service: str, region: str | None = None) -> Any:
        """The client of a service."""
        return self.stub(service).client

    def stub(self, service: str) -> Stubber:
        """The stub of a service, made when it is first named."""
        if service not in self._stubs:
            self._stubs[service] = Stubber(self._session.client(service))
            self._stubs[service].activate()
        return self._stubs[service]

    def answers(self, service: str, operation: str, answer: dict[str, Any], **asked: Any) -> "Cloud":
        """Next, the service is asked this and answers that."""
        self.stub(service).add_response(operation, answer, asked)
        return self

    def fails(self, service: str, operation: str, code: str, said: str = "no", status: int = 400) -> "Cloud":
        """Next, the service is asked this and refuses."""
        self.stub(service).add_client_error(operation, code, said, http_status_code=status)
        return self

    def exhausted(self) -> None:
        """Fails when something that a test expected was not asked."""
        for stub in self._stubs.values():
            stub.assert_no_pending_responses()
