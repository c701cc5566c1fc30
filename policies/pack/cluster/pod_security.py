"""A pod that asks for the node's rights is refused by the namespace, whoever wrote it."""

import re

from policies.pack._kubernetes import name_of
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._values import flag, part, text

RELEASE, PATCH = "kubernetes:helm.sh/v3:Release", "kubernetes:core/v1:NamespacePatch"
ENFORCE = "pod-security.kubernetes.io/enforce"
VERSION = f"{ENFORCE}-version"
"""https://kubernetes.io/docs/concepts/security/pod-security-admission/ (2026-11)"""

MINOR = re.compile(r"v1\.([0-9]{1,3})")


def decide(resource: Resource, context: Context) -> Result:
    """Enforced at ``needs.level``, or ``needs.system_level`` for ``needs.system``, in a version that is not too old."""
    if resource.type == RELEASE:
        made = flag(resource.inputs, "createNamespace") is True
        return require(not made, "createNamespace makes a namespace without a pod security level")
    labels = part(resource.inputs, "metadata", "labels")
    level = text(labels, ENFORCE)
    if resource.type == PATCH and level is None and VERSION not in labels:
        return HOLDS
    name = name_of(resource)
    allowed = [context.needs["level"], *([context.needs["system_level"]] if name in context.needs["system"] else [])]
    version = text(labels, VERSION) or "latest"
    minor = MINOR.fullmatch(version)
    recent = version == "latest" or (minor is not None and int(minor.group(1)) >= context.needs["oldest_minor"])
    return together(
        [
            require(level in allowed, f"{ENFORCE} is {level!r}, not {' or '.join(allowed)}"),
            require(recent, f"{VERSION} is {version!r}, older than v1.{context.needs['oldest_minor']}"),
        ]
    )
