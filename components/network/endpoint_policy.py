"""What passes through a private endpoint, as pure functions over plain values.

An endpoint policy gives nobody anything: what it does not allow does not pass, whatever other policies say. String
conditions take no wildcard here, and a gateway takes no principal but ``*``:
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (2026-11).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from components._policy import Statement, allow, document
from components._team_policy import INVOKE

LONGEST = 20_480
"""Characters of an endpoint policy, white space included; same page."""


def own_principals(account_id: str) -> dict[str, Any]:
    """Whoever belongs to the account, and nobody who brought credentials of another one into the network."""
    return document([_own(account_id)])


def s3_principals(account_id: str, partition: str, region: str) -> dict[str, Any]:
    """The same for S3, and the layers of container images: ECR signs their addresses as itself.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms (2026-11)
    """
    layers = f"arn:{partition}:s3:::prod-{region}-starport-layer-bucket/*"
    return document([_own(account_id), _allow("LayersOfImages", ["s3:GetObject"], [layers])])


def sts_principals(account_id: str) -> dict[str, Any]:
    """The same for STS, and who comes in by a token from outside, which belongs to no account yet.

    The role must be of this account; its trust says whose tokens it takes. The principal as in
    https://github.com/aws-samples/data-perimeter-policy-examples (2026-11).
    """
    own_role = {"StringEquals": {"aws:ResourceAccount": account_id}}
    federated = _allow(
        "TokensForOwnRoles", ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"], ["*"], own_role
    )
    return document([_own(account_id), {**federated, "Principal": {"Federated": "*"}}])


def default_policy(service: str, *, account_id: str, partition: str, region: str) -> dict[str, Any]:
    """What an endpoint gets that nobody wrote a policy for; ``service`` is the end of its name, such as ``sts``."""
    if service == "s3":
        return s3_principals(account_id, partition, region)
    return sts_principals(account_id) if service == "sts" else own_principals(account_id)


def model_calls(
    *,
    account_id: str,
    partition: str,
    foundation_models: Sequence[str],
    guardrail_arn: str,
    guardrail_versions: Sequence[str],
    unguarded_models: Sequence[str] = (),
) -> dict[str, Any]:
    """For ``bedrock-runtime``: approved models with an accepted guardrail version, and the guardrail itself.

    ``foundation_models`` are ARNs, one for each region that may answer: a call through a cross-Region profile is
    authorised on the model in all of them. ``unguarded_models`` are those of them that no guardrail can look at. A
    profile does not say which model it is of; the model behind it is checked as well. Raises ``ValueError`` without a
    version: no call could pass.
    https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html (2026-11)
    """
    if not guardrail_versions:
        raise ValueError(f"no version of {guardrail_arn} is accepted, so no call would pass the endpoint")
    profiles = f"arn:{partition}:bedrock:*:{account_id}:application-inference-profile/*"
    own = {"aws:PrincipalAccount": account_id}
    guarded = {**own, "bedrock:GuardrailIdentifier": [f"{guardrail_arn}:{version}" for version in guardrail_versions]}
    looked_at = sorted(set(foundation_models) - set(unguarded_models))
    return document(
        [
            _allow("CallApprovedModels", INVOKE, looked_at, {"StringEquals": guarded}),
            _allow("CallProfiles", INVOKE, [profiles, *sorted(unguarded_models)], {"StringEquals": own}),
            _allow("ApplyTheGuardrail", ["bedrock:ApplyGuardrail"], [guardrail_arn], {"StringEquals": own}),
        ]
    )


def policy_text(policy: Mapping[str, Any]) -> str:
    """A document as the API gets it: white space counts, so there is none."""
    return json.dumps(policy, separators=(",", ":"))


def fitting(service: str, text: str) -> str:
    """``text`` unchanged; raises ``ValueError`` with both lengths when AWS would refuse it."""
    if len(text) > LONGEST:
        raise ValueError(
            f"the policy of the endpoint for {service} has {len(text)} characters, {LONGEST} are allowed:"
            " approve fewer models, or routes that answer in fewer regions"
        )
    return text


def _own(account_id: str) -> Statement:
    return _allow("OwnPrincipals", ["*"], ["*"], {"StringEquals": {"aws:PrincipalAccount": account_id}})


def _allow(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Mapping[str, Any] | None = None
) -> Statement:
    return {**allow(sid, actions, resources, condition), "Principal": "*"}
