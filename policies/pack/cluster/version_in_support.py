"""A cluster gets the fixes of Kubernetes: its version is in standard support, or AWS keeps it there."""

import re

from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, violated
from policies.pack._values import UnreadableError, part, text

VERSION = re.compile(r"1\.([1-9][0-9]{0,2})")


def decide(resource: Resource, context: Context) -> Result:
    """The version's support in ``needs.standard_until`` ends after ``needs.as_of``; STANDARD keeps what is not listed.

    With STANDARD, AWS upgrades the cluster when standard support ends; left out, it means EXTENDED
    (docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html, 2026-11).
    """
    version = text(resource.inputs, "version")
    ends, today = context.needs["standard_until"], context.needs["as_of"]
    if version is None:
        return HOLDS if _kept(resource) else violated(f"no version is named, and {_policy(resource)}")
    if version in ends:
        # the day itself counts as extended support, and dates of this form sort as texts
        return HOLDS if ends[version] > today else violated(f"standard support of {version} ended on {ends[version]}")
    if _minor(version) < max(_minor(known) for known in ends):
        return violated(f"version {version} is older than the list of versions in support")
    if _kept(resource):
        return HOLDS
    return indeterminate(f"version {version} is newer than the list of {today}, and {_policy(resource)}")


def _minor(version: str) -> int:
    found = VERSION.fullmatch(version)
    if found is None:
        raise UnreadableError(f"version is {version!r}, a version such as 1.35 is expected")
    return int(found.group(1))


def _kept(cluster: Resource) -> bool:
    return text(part(cluster.inputs, "upgradePolicy"), "supportType") == "STANDARD"


def _policy(cluster: Resource) -> str:
    found = text(part(cluster.inputs, "upgradePolicy"), "supportType")
    return f"upgradePolicy.supportType is {found!r}, not STANDARD"
