"""Nobody logs in to a node, nobody outside reaches one, and its disks are unreadable without a key."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._places import in_account, region_of
from policies.pack._relations import targets
from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import UnreadableError, flag, mapping, mappings, part, shown, text
from policies.pack.gpu._pools import LAUNCH_TEMPLATE, NODE_GROUP

NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
AUTO_NODE_CLASS = "kubernetes:eks.amazonaws.com/v1:NodeClass"
BY_DEFAULT, SUBNET = "aws:ebs/encryptionByDefault:EncryptionByDefault", "aws:ec2/subnet:Subnet"
PUBLIC = "associatePublicIpAddress"


def decide(resource: Resource, context: Context) -> Result:
    """No key for shells, no public address, and every volume encrypted."""
    if resource.type == NODE_GROUP:
        return together(_group(resource, context))
    if resource.type == AUTO_NODE_CLASS:
        # the disks of Auto Mode are always encrypted, and nobody logs in
        # (docs.aws.amazon.com/eks/latest/userguide/automode-learn-instances.html, 2026-11)
        networking = part(resource.inputs, "spec", "advancedNetworking")
        return require(not _on(networking, "associatePublicIPAddress"), "nodes get a public address")
    if resource.type == NODE_CLASS:
        return together(_node_class(resource, context))
    return together(_machine(resource, context))


def _group(group: Resource, context: Context) -> Iterator[Result]:
    key = text(part(group.inputs, "remoteAccess"), "ec2SshKey")
    yield require(key is None, f"remoteAccess.ec2SshKey is {key!r}")
    yield from _subnets(group, "subnetIds", context)


def _subnets(resource: Resource, at: str, context: Context) -> Iterator[Result]:
    for subnet in targets(resource, at, context, SUBNET):
        given = flag(subnet.inputs, "mapPublicIpOnLaunch") is True
        yield require(not given, f"{subnet.name} gives a public address to whatever starts in it")


def _node_class(resource: Resource, context: Context) -> Iterator[Result]:
    spec = part(resource.inputs, "spec")
    yield require(not _on(spec, "associatePublicIPAddress"), "nodes get a public address")
    yield from _user_data(text(spec, "userData"), context)
    # Karpenter encrypts its own volumes, which these replace; it has none for images that it does not know
    if mappings(spec, "blockDeviceMappings") or text(spec, "amiFamily") == "Custom":
        yield from _mapped(spec, context)


def _machine(resource: Resource, context: Context) -> Iterator[Result]:
    inputs = resource.inputs
    yield require(text(inputs, "keyName") is None, f"keyName is {inputs.get('keyName')!r}")
    interfaces = mappings(inputs, "networkInterfaces")
    yield require(not any(_on(i, PUBLIC) for i in (inputs, *interfaces)), "a public address is given")
    yield from _subnets(resource, "subnetId", context)
    if resource.type != LAUNCH_TEMPLATE:  # a template's is in base64
        yield from _user_data(text(inputs, "userData"), context)
    yield from _volumes(resource, context)


def _volumes(resource: Resource, context: Context) -> Iterator[Result]:
    if resource.type == LAUNCH_TEMPLATE:
        yield from _mapped(resource.inputs, context)
    elif not _by_default(context):
        yield _encrypted("the root volume", part(resource.inputs, "rootBlockDevice"))
        for device in mappings(resource.inputs, "ebsBlockDevices"):
            yield _encrypted(f"volume {device.get('deviceName')}", device)


def _mapped(holder: Mapping[str, Any], context: Context) -> Iterator[Result]:
    if _by_default(context):
        return
    devices = mappings(holder, "blockDeviceMappings")
    named = {text(device, "deviceName") for device in devices}
    yield require(bool(named & set(context.needs["roots"])), "the root volume is not listed, so its image decides")
    for device in devices:
        volume = mapping(device, "ebs")
        left_out = volume is None and (device.get("noDevice") is not None or device.get("virtualName") is not None)
        if not left_out:
            yield _encrypted(f"volume {device.get('deviceName')}", volume or {})


def _by_default(context: Context) -> bool:
    """The account encrypts every volume of this region."""
    for setting, there in in_account(context, BY_DEFAULT):
        if region_of(setting, there) == context.stack.region:
            return flag(setting.inputs, "enabled") is not False
    return False


def _user_data(found: str | None, context: Context) -> Iterator[Result]:
    for mark in context.needs["shells"]:
        yield require(mark not in (found or ""), f"userData holds {mark!r}, which opens a shell")


def _encrypted(what: str, volume: Mapping[str, Any]) -> Result:
    return require(_on(volume, "encrypted"), f"{what} is not encrypted")


def _on(inputs: Mapping[str, Any], key: str) -> bool:
    """A flag that some types take as a text."""
    value = inputs.get(key)
    if value in (None, "", False, "false"):
        return False
    if value is True or value == "true":
        return True
    raise UnreadableError(f"{key} is {shown(value)}, true or false is expected")
