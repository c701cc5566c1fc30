"""Clients of AWS that answer from a table, checked against the models of botocore; and clusters that do the same."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ParamValidationError
from botocore.validate import validate_parameters

from llmlz.inventory.connection import ClusterError, NotServedError
from llmlz.organization.deployed import Clients

Answer = dict[str, Any] | Callable[[Mapping[str, Any]], dict[str, Any]] | Exception
Answers = dict[tuple[str, str], Answer]
"""Service and operation to an answer, to what makes one out of the question, or to an error."""

SESSION, LOCK = boto3.Session("test", "test"), threading.Lock()
"""Shared, so that the models of services are read once; making clients of one session takes turns."""


def denied(operation: str = "Something", code: str = "AccessDeniedException") -> ClientError:
    """A refusal of AWS."""
    return ClientError({"Error": {"Code": code, "Message": "not allowed"}}, operation)


def clients(answers: Answers, home: str, log: list[tuple[str, str]] | None = None) -> Clients:
    """Clients whose every call is answered from the table; one that is not there fails the test."""

    def make(service: str, region: str | None = None) -> Any:
        with LOCK:
            client = SESSION.client(service, region_name=region or home)

        def keep(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
            context["asked"] = params

        def answer(model: Any, context: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
            if log is not None:
                log.append((service, model.name))
            found = answers[service, model.name]
            if isinstance(found, Exception):
                raise found
            told = found(context["asked"]) if callable(found) else found
            try:
                validate_parameters(told, model.output_shape)
            except ParamValidationError as error:  # an error of the test must not look like one of AWS
                raise AssertionError(f"{service} {model.name}: {error}") from None
            return AWSResponse(None, 200, {}, None), {**told, "ResponseMetadata": {"HTTPStatusCode": 200}}

        client.meta.events.register("before-parameter-build.*.*", keep)
        client.meta.events.register("before-call.*.*", answer)
        return client

    return make


Objects = dict[str, list[dict[str, Any]] | Exception]


def cluster(objects: Objects) -> Callable[[str], list[Mapping[str, Any]]]:
    """A cluster that lists these objects by path; a path that is not there is a kind that it does not know."""

    def lists(path: str) -> list[Mapping[str, Any]]:
        found = objects.get(path, NotServedError(f"{path}: the cluster does not know it"))
        if isinstance(found, Exception):
            raise found
        return list(found)

    return lists


__all__ = ["Answers", "ClusterError", "Objects", "clients", "cluster", "denied"]
