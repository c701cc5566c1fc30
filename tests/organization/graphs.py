"""Hand-written graphs of organization stacks, and snapshots that fit them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from llmlz.access.organization import AI_OPT_OUT, ATTACHMENT, POLICY, SERVICE_CONTROL, UNIT
from llmlz.graph.model import Graph, Reference, Resource, Source
from llmlz.organization.snapshot import Attached, Snapshot, Target

ROOT, OLD_UNIT, NEW_UNIT = "r-ab12", "ou-ab12-existing1", "ou-ab12-madehere1"
MANAGEMENT, MEMBER, NEW_MEMBER = "999900001111", "111122223333", "444455556666"
TYPES = (SERVICE_CONTROL, "RESOURCE_CONTROL_POLICY", AI_OPT_OUT, "BEDROCK_POLICY")
"""All types that are planned."""

NO_MANTLE = {"Sid": "NoMantle", "Effect": "Deny", "Action": ["bedrock-mantle:*", "bedrock:Batch*"], "Resource": "*"}
LOGS_STAY = {
    "Sid": "LogsStay",
    "Effect": "Deny",
    "Action": "cloudtrail:StopLogging",
    "Resource": "*",
    "Condition": {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/a", "arn:aws:iam::*:role/b"]}},
}
OPT_OUT = {"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}
FULL = Attached(
    id="p-FullAWSAccess",
    name="FullAWSAccess",
    type=SERVICE_CONTROL,
    content='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    aws_managed=True,
)


def document(*statements: Mapping[str, Any]) -> str:
    """JSON text of a policy with these statements, with white space in it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)


def urn(token: str, name: str) -> str:
    """Of a resource in the hand-written stack."""
    return f"urn:pulumi:organization::llmlz::{token}::{name}"


def resource(token: str, name: str, inputs: Mapping[str, Any], **other: Any) -> Resource:
    """One registration below the component ``unit``."""
    kind = "component" if token.startswith("llmlz:") else "custom"
    return Resource(
        urn=urn(token, name),
        type=token,
        name=name,
        kind=kind,  # type: ignore[arg-type]
        parent=urn("llmlz:index:OrganizationUnit", "unit"),
        inputs=inputs,
        source=Source(file="components/organization/component.py", line=7),
        **other,
    )


def policy(name: str, content: str, type_: str = SERVICE_CONTROL, target: str = OLD_UNIT) -> tuple[Resource, Resource]:
    """A policy and its attachment; ``new-unit`` is the unit that the stack makes, anything else an id."""
    references = [Reference(at="policyId", to=urn(POLICY, name), output="id")]
    if target == "new-unit":
        references.append(Reference(at="targetId", to=urn(UNIT, "new-unit"), output="id"))
    return (
        resource(POLICY, name, {"name": f"llmlz-{name}", "content": content, "type": type_}),
        resource(ATTACHMENT, f"{name}-attachment", {"targetId": target}, references=tuple(references)),
    )


def graph(*policies: tuple[Resource, Resource]) -> Graph:
    """A stack with one new unit and these policies."""
    component = resource("llmlz:index:OrganizationUnit", "unit", {})
    unit = resource(UNIT, "new-unit", {"name": "team-accounts", "parentId": ROOT})
    found: Sequence[Resource] = [component, unit, *(part for pair in policies for part in pair)]
    return Graph(
        project="llmlz", stack="organization", account=MANAGEMENT, region="eu-central-1", resources=tuple(found)
    )


def attached(name: str, content: str, type_: str = SERVICE_CONTROL) -> Attached:
    """A policy as AWS has it."""
    return Attached(id=f"p-{name}", name=f"llmlz-{name}", type=type_, content=content, aws_managed=False)


def snapshot(
    *, old: Sequence[Attached] = (), new: Sequence[Attached] = (), root: Sequence[Attached] = (), **other: Any
) -> Snapshot:
    """The root with two units and their accounts; AWS's own policy is everywhere."""

    def target(id_: str, name: str, kind: Any, parent: str | None, *policies: Attached) -> Target:
        return Target(id=id_, name=name, kind=kind, parent=parent, policies=(FULL, *policies))

    given: dict[str, Any] = {
        "organization_id": "o-exampleorg1",
        "management_account": MANAGEMENT,
        "enabled": TYPES,
        "targets": (
            target(ROOT, "Root", "root", None, *root),
            target(OLD_UNIT, "theirs", "unit", ROOT, *old),
            target(MEMBER, "member", "account", OLD_UNIT),
            target(NEW_UNIT, "team-accounts", "unit", ROOT, *new),
            target(NEW_MEMBER, "new-member", "account", NEW_UNIT),
            target(MANAGEMENT, "management", "account", ROOT),
        ),
    }
    return Snapshot(**{**given, **other})
