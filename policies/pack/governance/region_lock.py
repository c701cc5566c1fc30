"""Nothing lives, and nothing is sent, outside the regions that the organization allows.

The allowed regions are the stack's own, those of ``needs``, and those that a known region lock of the organization
leaves open together with the stack's own: what SCP and program say must agree.
"""

import re
from collections.abc import Iterator

from policies.pack._organization import POLICY, SERVICE_CONTROL, kind_of
from policies.pack._places import alone, named_region
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._values import leaves
from policies.pack.governance._regions import REGION, REQUESTED, locking, locks

ARN = re.compile(r"arn:[a-z-]+:(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9*?-]*):(?P<rest>[^\s\"]*)")
HOST = re.compile(rf"\.(?P<region>{REGION.pattern})\.(?:amazonaws\.com|api\.aws|on\.aws|vpce\.)")
SERVICE_NAME = re.compile(rf"(?:com\.amazonaws|aws\.api|aws\.sagemaker)\.(?P<region>{REGION.pattern})\.")
NAMES_REGIONS = ("region", "regions", "regionname")
ANYWHERE = ("", "*")
"""A service without regions, and a pattern of a grant: where a grant reaches is the region lock's to decide."""


def decide(resource: Resource, context: Context) -> Result:
    """Region, ARNs, endpoints and named regions are allowed; a region lock names regions, and one of a stack."""
    if not resource.type.startswith("aws:"):
        return HOLDS
    region = named_region(resource, context)
    if not region:
        return violated("neither the resource nor its provider names a region, so the machine that deploys decides")
    places = [("region", region, "", ""), *_places(resource)]
    home = {context.stack.region, *ANYWHERE}
    strange = [place for place in places if place[1] not in home]
    control = _lock(resource, context) if resource.type == POLICY and kind_of(resource) == SERVICE_CONTROL else ()
    return together([*control, *_judged(strange, resource, context)])


def _places(resource: Resource) -> Iterator[tuple[str, str, str, str]]:
    """Place of an input, region named there, and service and rest where it is named by an ARN."""
    for at, value in leaves(resource.inputs):
        if at == "region" or at.startswith(("tags.", "tagsAll.")):
            continue
        for pattern in (HOST, SERVICE_NAME):
            yield from ((at, m.group("region"), "", "") for m in pattern.finditer(value))
        yield from ((at, m.group("region"), m.group("service"), m.group("rest")) for m in ARN.finditer(value))
        key = re.sub(r"\[\d+\]$", "", at).rpartition(".")[2].lower().replace("_", "")
        if key.endswith(NAMES_REGIONS) and REGION.fullmatch(value.lower()):
            yield at, value, "", ""


def _judged(strange: list[tuple[str, str, str, str]], resource: Resource, context: Context) -> Iterator[Result]:
    if not strange:
        return
    known = list(locks(context))
    allowed = set(context.needs["besides"]).union(*(lock.regions for lock in known if lock.everything))
    answering = [lock.regions for lock in known if lock.calls_models]
    for at, place, service, rest in strange:
        owner = resource.type if at == "region" else f"aws:{service}/"
        if place in allowed or owner.startswith(tuple(context.needs["elsewhere"].get(place, ()))):
            continue
        near = place.partition("-")[0] == context.stack.region.partition("-")[0]
        if service == "bedrock" and rest.startswith(":foundation-model/") and near:
            # a profile of the own geography answers here; where region locks are known, one of them must let it
            let = not answering or any(place in regions for regions in answering)
            yield require(let, f"{at}: no region lock lets a profile answer in {place}")
        else:
            yield violated(
                f"{at} names {place}, outside {context.stack.region}" if at != "region" else f"the region is {place}"
            )


def _lock(resource: Resource, context: Context) -> Iterator[Result]:
    homes = {stack.region for stack in (context.stack, *context.others)}
    for statement in locking(resource):
        regions = statement.only_condition("StringNotEquals", REQUESTED)
        exact = bool(regions) and all(REGION.fullmatch(region) for region in regions)
        yield require(
            not statement.allows and exact,
            "a statement about aws:RequestedRegion is no Deny with StringNotEquals on exact regions alone",
        )
        # a unit's accounts may be elsewhere than the organization itself, but in some stack of the estate
        agrees = not exact or alone(context) or bool(homes & set(regions))
        yield require(agrees, f"the region lock leaves {', '.join(regions)} open, where no known stack is")
