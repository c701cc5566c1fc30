"""Each workload in a cluster has an identity of its own; the machine it runs on lends it none."""

from collections.abc import Iterator, Sequence

from policies.pack._documents import POSITIVE, Statement, matches
from policies.pack._places import known
from policies.pack._relations import name_in, pointing_at
from policies.pack._roles import ATTACHMENT, Grants, grants, trust
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import UnreadableError, text, texts
from policies.pack.identity._pipelines import PODS, claims, pods

ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
POD_IDENTITY, MACHINES = "pods.eks.amazonaws.com", "ec2.amazonaws.com"
TAGS = ("aws:requesttag/kubernetes-namespace", "aws:requesttag/kubernetes-service-account")
"""Whose pod asks, as EKS tags the session:
https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html (2026-11)"""

NODES = {
    "aws:eks/nodeGroup:NodeGroup": "nodeRoleArn",
    "aws:eks/cluster:Cluster": "computeConfig.nodeRoleArn",
    "aws:eks/fargateProfile:FargateProfile": "podExecutionRoleArn",
    "aws:eks/accessEntry:AccessEntry": "principalArn",
}
"""Type to the input that names the role of machines. An access entry of another kind than these is a person's."""

ACCESS_ENTRY, MACHINE_ENTRIES = "aws:eks/accessEntry:AccessEntry", ("EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX")
NODE_POLICY = "AmazonEKSWorkerNode*"


def decide(resource: Resource, context: Context) -> Result:
    """A role of pods is one service account's; a role of machines has ``needs.node_policies`` and no ``needs.data``."""
    allows = trust(resource)
    by_token = [s for s in allows if pods(s)]
    by_agent = [s for s in allows if POD_IDENTITY in s.principals.get("Service", ())]
    results = [_one_account(s, context.needs["audiences"]) for s in by_token]
    if by_agent:
        results.append(_associated(resource, by_agent, context))
    if _on_machines(resource, allows, context):
        results += _bare(grants(resource, context), context)
        results.append(require(not (by_token or by_agent), "machines and pods share the role"))
    return together(results)


def _one_account(statement: Statement, audiences: Sequence[str]) -> Result:
    subjects, heard = claims(statement, "sub"), claims(statement, "aud")
    one = len(subjects) == 1 and _exact(subjects[0].removeprefix(PODS), 2) and subjects[0].startswith(PODS)
    return together(
        [
            require(one, f"{', '.join(subjects) or 'every service account'} may take the role, one is expected"),
            require(
                bool(heard) and set(heard) <= set(audiences), f"the audience is {', '.join(heard) or 'not asked for'}"
            ),
        ]
    )


def _exact(name: str, parts: int) -> bool:
    return len(name.split(":")) == parts and all(name.split(":")) and "*" not in name and "?" not in name


def _associated(role: Resource, allows: Sequence[Statement], context: Context) -> Result:
    """By the tags that the trust asks for, or by every association that names the role, in whichever known stack."""
    if all(_tagged(s) for s in allows):
        return HOLDS
    found = {
        _account(each) for there in known(context) for each in pointing_at(there, role, ASSOCIATION, "roleArn", "name")
    }
    if not found:
        return indeterminate("no association that names the role is known, so nobody can tell whose it is")
    names = ", ".join(sorted("/".join(each) for each in found))
    return require(len(found) == 1, f"{names} have the role, one service account is expected")


def _tagged(statement: Statement) -> bool:
    return all(
        any(
            op in POSITIVE and key == tag and len(values) == 1 and _exact(values[0], 1)
            for (op, key), values in statement.conditions.items()
        )
        for tag in TAGS
    )


def _account(association: Resource) -> tuple[str, str]:
    found = text(association.inputs, "namespace"), text(association.inputs, "serviceAccount")
    if found[0] is None or found[1] is None:
        raise UnreadableError(f"{association.name} names no namespace or no service account")
    return found[0], found[1]


def _on_machines(role: Resource, allows: Sequence[Statement], context: Context) -> bool:
    """A part of a cluster names the role for its machines, or it may start there and has the policy of nodes."""
    for token, at in NODES.items():
        named = pointing_at(context, role, token, at, "name")
        if any(token != ACCESS_ENTRY or text(each.inputs, "type") in MACHINE_ENTRIES for each in named):
            return True
    starts = any(MACHINES in s.principals.get("Service", ()) for s in allows)
    attached = [text(each.inputs, "policyArn") or "" for each in pointing_at(context, role, ATTACHMENT, "role", "name")]
    return starts and any(
        matches(NODE_POLICY, name_in(arn)) for arn in (*attached, *texts(role.inputs, "managedPolicyArns"))
    )


def _bare(granted: Grants, context: Context) -> Iterator[Result]:
    """Every pod of a machine can use what the machine may do."""
    others = [name for name in granted.aws if name not in context.needs["node_policies"]]
    if others:
        yield violated(f"machines have {', '.join(others)}")
    data = [action for action in context.needs["data"] if any(s.covers(action) for s in granted.allows)]
    if data:
        yield violated(f"machines may call {', '.join(data)}")
