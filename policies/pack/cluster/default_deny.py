"""A pod talks to nobody until a policy says with whom, and something enforces it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._kubernetes import NAMESPACES, belongs, name_of
from policies.pack._places import alone, in_account
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import flag, from_json, mapping, mappings, number, part, text, texts, wider

POLICY, PATCH = "kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch"
NODE_CLASS = "kubernetes:eks.amazonaws.com/v1:NodeClass"
CLUSTER, ADDON = "aws:eks/cluster:Cluster", "aws:eks/addon:Addon"
CONFIG_MAPS = ("kubernetes:core/v1:ConfigMap", "kubernetes:v1:ConfigMap")
SIDES = (("ingress", "from", "Ingress"), ("egress", "to", "Egress"))
SWITCH = "enable-network-policy-controller"
"""In the map ``amazon-vpc-cni`` of ``kube-system``; without it Auto Mode takes policies and ignores them
(docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html, 2026-11)."""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each namespace outside ``needs.system`` denies both ways by default, and the cluster enforces it."""
    spaces = [s for s in subjects if s.type in NAMESPACES and name_of(s) not in context.needs["system"]]
    return together(
        [
            *(result for space in spaces for result in _closed(space, context)),
            *(_node_class(s, context) for s in subjects if s.type == NODE_CLASS),
            _enforced(context) if spaces else HOLDS,
        ]
    )


def _closed(space: Resource, context: Context) -> Iterator[Result]:
    policies = [p for p in context.of_type(POLICY, PATCH) if belongs(p, space)]
    for side, peers, kind in SIDES:
        whole = [part(p.inputs, "spec") for p in policies if p.type == POLICY and _selects_all(p)]
        isolating = [spec for spec in whole if kind in texts(spec, "policyTypes")]
        yield require(bool(isolating), f"{space.name}: no policy denies {side} to every pod")
        for policy in policies:
            rules = mappings(part(policy.inputs, "spec"), side)
            opens = not _picks(part(policy.inputs, "spec", "podSelector")) and any(
                _open(rule, peers, context.needs) for rule in rules
            )
            yield require(not opens, f"{space.name}: {policy.name} opens {side} for every pod again")


def _selects_all(policy: Resource) -> bool:
    selector = part(policy.inputs, "spec", "podSelector")
    return not mapping(selector, "matchLabels") and not mappings(selector, "matchExpressions")


def _picks(selector: Mapping[str, Any]) -> bool:
    """The selector takes what has a label; one for what lacks a label may take everything."""
    positive = any(text(e, "operator") in ("In", "Exists") for e in mappings(selector, "matchExpressions"))
    return positive or bool(mapping(selector, "matchLabels"))


def _open(rule: Mapping[str, Any], peers: str, needs: Mapping[str, Any]) -> bool:
    listed = mappings(rule, peers)
    everyone = not listed or any(_anyone(peer, needs["widest"]) for peer in listed)
    ports = mappings(rule, "ports")
    return everyone and (not ports or any(_many(port, needs["most_ports"]) for port in ports))


def _anyone(peer: Mapping[str, Any], widest: Mapping[str, int]) -> bool:
    block = mapping(peer, "ipBlock")
    if block is not None:
        return wider(text(block, "cidr") or "", widest)
    spaces, pods = mapping(peer, "namespaceSelector"), mapping(peer, "podSelector")
    return spaces is not None and not _picks(spaces) and not _picks(pods or {})


def _many(port: Mapping[str, Any], most: int) -> bool:
    if port.get("port") is None:
        return True
    last = number(port, "endPort")
    first = number(port, "port") if last is not None else None
    return last is not None and first is not None and last - first >= most


def _node_class(resource: Resource, context: Context) -> Result:
    mode = text(part(resource.inputs, "spec"), "networkPolicy")
    modes = context.needs["modes"]
    return require(mode in modes, f"{resource.name}: spec.networkPolicy is {mode!r}, not {' or '.join(modes)}")


def _enforced(context: Context) -> Result:
    switched = any(_switched(r) for r, _ in in_account(context, *CONFIG_MAPS))
    plugin = any(_plugin(r) for r, _ in in_account(context, ADDON))
    clusters = [flag(part(r.inputs, "computeConfig"), "enabled") is True for r, _ in in_account(context, CLUSTER)]
    if (switched or plugin) if not clusters else all(switched if auto else plugin for auto in clusters):
        return HOLDS
    if alone(context):
        return indeterminate("nothing here enforces network policies; check it with the stack that it refers to")
    if any(clusters) and not switched:
        return violated(f"Auto Mode ignores network policies until kube-system/amazon-vpc-cni has {SWITCH}")
    return violated("the network plugin does not enforce network policies")


def _switched(resource: Resource) -> bool:
    here = name_of(resource) == "amazon-vpc-cni" and part(resource.inputs, "metadata").get("namespace") == "kube-system"
    return here and text(part(resource.inputs, "data"), SWITCH) == "true"


def _plugin(addon: Resource) -> bool:
    """docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html (2026-11)."""
    if text(addon.inputs, "addonName") != "vpc-cni":
        return False
    values = from_json(text(addon.inputs, "configurationValues"), f"configurationValues of {addon.name}")
    return isinstance(values, dict) and str(values.get("enableNetworkPolicy")).lower() == "true"
