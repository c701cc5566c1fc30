"""Who may do what in a cluster stands in one place that AWS logs, and nobody is its administrator in passing."""

from collections.abc import Iterator

from policies.pack._documents import matches
from policies.pack._grants import ROLE
from policies.pack._kubernetes import name_of
from policies.pack._relations import name_in, targets
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._values import UnreadableError, flag, mapping, part, text, texts

CLUSTER, ENTRY = "aws:eks/cluster:Cluster", "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
ACCESS_POLICY = ":cluster-access-policy/"
SYSTEM = "kube-system"
"""A pattern of namespaces that reaches this one reaches the whole cluster."""


def decide(resource: Resource, context: Context) -> Result:
    """Mode API without a creator's rights; cluster-wide power for ``needs.administrators`` alone."""
    if resource.type == CLUSTER:
        return together(_modes(resource))
    if resource.type == ENTRY:
        groups = [g for g in texts(resource.inputs, "kubernetesGroups") if g.startswith("system:")]
        return require(not groups, f"kubernetesGroups names {', '.join(groups)}, a group of the system's own")
    return _association(resource, context) if resource.type == ASSOCIATION else _binding(resource, context)


def _modes(cluster: Resource) -> Iterator[Result]:
    config = part(cluster.inputs, "accessConfig")
    mode = text(config, "authenticationMode")
    yield require(mode == "API", f"accessConfig.authenticationMode is {mode!r}, not API")
    # Left out means true: docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html (2026-11)
    creator = flag(config, "bootstrapClusterCreatorAdminPermissions")
    yield require(creator is False, "whoever creates the cluster stays its administrator")


def _association(resource: Resource, context: Context) -> Result:
    arn = text(resource.inputs, "policyArn") or ""
    if ACCESS_POLICY not in arn:
        raise UnreadableError(f"policyArn is {arn!r}, the ARN of an access policy is expected")
    name = arn.rpartition("/")[2]
    scope = mapping(resource.inputs, "accessScope") or {}
    names = texts(scope, "namespaces")
    narrow = text(scope, "type") == "namespace" and bool(names) and not any(matches(n, SYSTEM) for n in names)
    allowed = name not in context.needs["never"] if narrow else name in context.needs["wide"]
    if allowed or _administers(resource, context):
        return HOLDS
    principal = resource.inputs.get("principalArn")
    return require(False, f"{principal} has {name} {'in a namespace' if narrow else 'in the whole cluster'}")


def _administers(resource: Resource, context: Context) -> bool:
    arn = text(resource.inputs, "principalArn") or ""
    made = targets(resource, "principalArn", context, ROLE)
    name = text(made[0].inputs, "name") if made else name_in(arn)
    return f":iam::{context.stack.account}:role/" in arn and name in context.needs["administrators"]


def _binding(resource: Resource, context: Context) -> Result:
    # a patch of somebody else's binding does not repeat the role; the built-in one is called like it
    role = text(part(resource.inputs, "roleRef"), "name") or (
        name_of(resource) if resource.type.endswith("Patch") else None
    )
    if role is None:
        raise UnreadableError("roleRef.name is missing")
    everywhere = ":ClusterRoleBinding" in resource.type
    refused = context.needs["roles"] + (context.needs["roles_everywhere"] if everywhere else [])
    return require(role not in refused, f"the binding gives {role}{' in every namespace' if everywhere else ''}")
