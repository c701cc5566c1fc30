"""A unit of an organization, and what its service control policies alone say about a request."""

from collections.abc import Mapping, Sequence
from typing import Any

from components._policy import document
from components.organization import UnitRules
from components.organization.service_control import statements
from llmlz.access.documents import Document, Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.world import World

ACCOUNT = "111122223333"
HOME, ANSWERS, ELSEWHERE = "eu-central-1", "eu-west-1", "us-west-2"
MODEL, OTHER_MODEL = "amazon.nova-micro-v1:0", "amazon.nova-pro-v1:0"
PROFILE = f"arn:aws:bedrock:{HOME}:{ACCOUNT}:application-inference-profile/abc123"
SYSTEM_PROFILE = f"arn:aws:bedrock:{HOME}:{ACCOUNT}:inference-profile/eu.{MODEL}"
GUARDRAIL = f"arn:aws:bedrock:{HOME}:{ACCOUNT}:guardrail/g7h3k2"
LOGS = f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/llmlz-production/cloudtrail"
ARCHIVE = f"arn:aws:s3:::llmlz-production-logs-{ACCOUNT}-{HOME}"
RULES = UnitRules(
    guardrails=[f"{GUARDRAIL}:1", f"{GUARDRAIL}:2"],
    models=[MODEL, "amazon.titan-embed-text-v2:0"],
    partition="aws",
    regions=[HOME],
    destinations=[HOME, ANSWERS],
    evidence=["arn:aws:logs:*:*:log-group:/llmlz-*", ARCHIVE, f"{ARCHIVE}/*"],
)


def role(name: str) -> str:
    """ARN of a role in an account of the unit."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


TEAM, PIPELINE, BREAK_GLASS = role("llmlz-production-claims"), role("llmlz-apply"), role("llmlz-break-glass")
ADMINISTRATOR = role("OrganizationAccountAccessRole")
CALL = {
    "aws:RequestedRegion": HOME,
    "bedrock:GuardrailIdentifier": f"{GUARDRAIL}:1",
    "bedrock:InferenceProfileArn": PROFILE,
}


def judged(
    principal: str,
    action: str,
    resource: str = "*",
    context: Mapping[str, str] | None = None,
    *,
    rules: UnitRules = RULES,
    only: Sequence[str] = (),
) -> str | None:
    """Sid of the statement that denies a request of an all-powerful principal; ``None`` if it is allowed.

    ``only`` leaves the statements with these Sids standing, and no other.
    """
    allow_all = policy("identity", [{"Effect": "Allow", "Action": "*", "Resource": "*"}])
    level = [policy("service_control", [{"Effect": "Allow", "Action": "*", "Resource": "*"}])]
    for found in statements(rules).values():
        if kept := [s for s in found if not only or s["Sid"] in only]:
            level.append(policy("service_control", kept))
    world = World(account=ACCOUNT, identity=(allow_all,), service_control=(tuple(level),))
    keys = {"aws:RequestedRegion": HOME, **(context or {})}
    decision = decide(Request(principal, action, resource, keys), world)
    assert decision.outcome != "indeterminate", decision.reason
    return decision.statement.sid if decision.outcome == "denied" and decision.statement else None


def policy(layer: Any, found: list[dict[str, Any]]) -> Document:
    """These statements as a document of one layer."""
    return parse(document(found), Origin(layer=layer, name="test"))


def model(name: str, region: str = HOME) -> str:
    """ARN of a foundation model."""
    return f"arn:aws:bedrock:{region}::foundation-model/{name}"
