"""Statements that several components write the same way: pure functions over plain values."""

from collections.abc import Mapping, Sequence
from typing import Any

Statement = dict[str, Any]
"""One statement of an IAM policy document."""

PIPELINE = "llmlz-apply"
"""The role that applies changes, as the bootstrap names it in every account."""

CALLERS_TEAM = "${aws:PrincipalTag/team, '-nobody'}"
"""The team in the tag of whoever calls, as part of a resource. A caller without the tag belongs to a team that cannot
exist, since no name of a team starts with a dash; without a default the variable would have no value, and AWS might take
a whole Deny as invalid: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (2026-11)."""


STATE_ALIAS = "alias/llmlz-secrets"
"""Key of the state of all stacks, as the bootstrap names it in every account."""


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


PASSED_ROLES = ("ec2.amazonaws.com", "lambda.amazonaws.com", "s3.amazonaws.com")
"""Services whose documentation names no origin that they send when they take a role. They take only roles that were
passed to them, and ``iam:PassRole`` reaches no role of another account:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html (2026-11). S3 takes one to replicate:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html (2026-11)."""


def service_trust(services: Sequence[str], account_id: str) -> dict[str, Any]:
    """Trust policy for AWS services that act for this account alone.

    The condition keeps another account from using a service against the role (the confused deputy):
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html (2026-11). A service that sends no origin
    could not start with it, and needs none.
    """
    passed = sorted(set(services) & set(PASSED_ROLES))
    others = sorted(set(services) - set(PASSED_ROLES))
    trust: Statement = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    statements: list[Statement] = []
    if passed:
        statements.append({"Sid": "ServicesThatRolesArePassedTo", **trust, "Principal": {"Service": passed}})
    if others:
        origin = {"StringEquals": {"aws:SourceAccount": account_id}}
        sid = "ServicesActForThisAccount"
        statements.append({"Sid": sid, **trust, "Principal": {"Service": others}, "Condition": origin})
    return document(statements)


def pod_trust(*, cluster_arn: str, namespace: str, service_account: str) -> Statement:
    """Pods of one service account, in one namespace of one cluster, take the role.

    EKS says in session tags whose pod asks: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html (2026-11).
    """
    tags = {
        "eks-cluster-arn": cluster_arn,
        "kubernetes-namespace": namespace,
        "kubernetes-service-account": service_account,
    }
    return {
        "Sid": "PodsOfOneServiceAccount",
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"StringEquals": {f"aws:RequestTag/{tag}": value for tag, value in tags.items()}},
    }
