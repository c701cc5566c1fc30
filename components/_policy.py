"""Statements that several components write the same way: pure functions over plain values."""

from collections.abc import Mapping, Sequence
from typing import Any

Statement = dict[str, Any]
"""One statement of an IAM policy document."""


def document(statements: Sequence[Statement]) -> dict[str, Any]:
    """A policy document around ``statements``."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Mapping[str, Any] | None = None
) -> Statement:
    """An Allow of an identity policy."""
    return _statement("Allow", sid, actions, resources, condition)


def deny(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Mapping[str, Any] | None = None
) -> Statement:
    """A Deny of an identity policy."""
    return _statement("Deny", sid, actions, resources, condition)


def _statement(
    effect: str, sid: str, actions: Sequence[str], resources: Sequence[str], condition: Mapping[str, Any] | None
) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": effect, "Action": list(actions), "Resource": list(resources)}
    return {**statement, "Condition": dict(condition)} if condition else statement


def service_trust(services: Sequence[str], account_id: str) -> dict[str, Any]:
    """Trust policy for AWS services that act for this account alone.

    The condition keeps another account from using the service against the role (the confused deputy):
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html (2026-11).
    """
    return document(
        [
            {
                "Sid": "ServicesActForThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": sorted(services)},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
            }
        ]
    )
