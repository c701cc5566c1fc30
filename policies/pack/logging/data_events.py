"""Who used an agent, asked a knowledge base, flow or guardrail, or read an object, is written down.

CloudTrail leaves data events out unless a selector names their type. Selectors take the place of what it records by
itself, calls of models among it, which are management events:
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html (2026-11).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies.pack._places import alone, region_of
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together
from policies.pack._values import flag, mappings, text, texts
from policies.pack.logging._destinations import BUCKETS, is_destination

TRAIL = "aws:cloudtrail/trail:Trail"
OBJECTS = "AWS::S3::Object"
OPERATORS = ("equals", "notEquals", "startsWiths", "notStartsWiths", "endsWiths", "notEndsWiths")
Fields = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Field to operator to values, operators without values left out."""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Trails record every event of ``needs.types``, objects of this stack's buckets, and every management event."""
    found = [s for region in sorted({region_of(s, context) for s in subjects}) for s in [_seen(region, context)]]
    if all(not seen.trails for seen in found) and alone(context):
        return indeterminate("this stack has no trail; check it with the stack that it refers to")
    return together(result for seen in found for result in _judge(seen, context))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What trails record in one region."""

    region: str
    trails: int
    selectors: Sequence[Fields]
    management: bool
    """A trail without selectors of the advanced kind records management events."""


def _seen(region: str, context: Context) -> _Seen:
    trails = list(_trails(region, context))
    selectors = [tuple(_selectors(trail)) for trail in trails]
    plain = [_by_itself(trail) for trail, own in zip(trails, selectors, strict=True) if not own]
    return _Seen(region, len(trails), [fields for own in selectors for fields in own], any(plain))


def _trails(region: str, context: Context) -> Iterator[Resource]:
    """Trails that record this region of this account; those of an organization record all accounts."""
    for there in (context, *(Context(stack=other, level=context.level) for other in context.others)):
        for trail in there.of_type(TRAIL):
            if flag(trail.inputs, "enableLogging") is False:
                continue
            ours = there.stack.account == context.stack.account or flag(trail.inputs, "isOrganizationTrail") is True
            if ours and (flag(trail.inputs, "isMultiRegionTrail") is True or region_of(trail, there) == region):
                yield trail


def _selectors(trail: Resource) -> Iterator[Fields]:
    for selector in mappings(trail.inputs, "advancedEventSelectors"):
        fields: dict[str, Mapping[str, tuple[str, ...]]] = {}
        for field in mappings(selector, "fieldSelectors"):
            found = {operator: texts(field, operator) for operator in OPERATORS if texts(field, operator)}
            fields[text(field, "field") or ""] = found
        yield fields


def _by_itself(trail: Resource) -> bool:
    basic = mappings(trail.inputs, "eventSelectors")
    return not basic or any(
        flag(s, "includeManagementEvents") is not False and text(s, "readWriteType") in (None, "All") for s in basic
    )


def _judge(seen: _Seen, context: Context) -> Iterator[Result]:
    data = [_kind(fields) for fields in seen.selectors if fields.get("eventCategory") == {"equals": ("Data",)}]
    whole = {kind for kind, narrowed in data if not narrowed}
    missing = [kind for kind in context.needs["types"] if kind not in whole]
    yield require(not missing, f"{seen.region}: no trail records every event of {', '.join(missing)}")
    managed = seen.management or any(_all_management(f, context.needs["may_leave_out"]) for f in seen.selectors)
    yield require(managed, f"{seen.region}: no trail records every management event, such as a call of a model")
    objects = [narrowed for kind, narrowed in data if kind == OBJECTS]
    yield require(bool(objects), f"{seen.region}: no trail records every event of {OBJECTS}")
    for bucket in context.of_type(*BUCKETS) if objects else ():
        if not is_destination(bucket, context, context.needs["services"]):
            yield _read(bucket, objects)


def _kind(fields: Fields) -> tuple[str, Fields]:
    """Type of the events, and what else they are narrowed by."""
    (kind,) = fields.get("resources.type", {}).get("equals", ("",))[:1]
    return kind, {name: how for name, how in fields.items() if name not in ("eventCategory", "resources.type")}


def _all_management(fields: Fields, may_leave_out: Sequence[str]) -> bool:
    others = {name: how for name, how in fields.items() if name != "eventCategory"}
    left_out = others.pop("eventSource", {})
    return (
        fields.get("eventCategory") == {"equals": ("Management",)}
        and not others
        and set(left_out) <= {"notEquals"}
        and set(left_out.get("notEquals", ())) <= set(may_leave_out)
    )


def _read(bucket: Resource, selectors: Sequence[Fields]) -> Result:
    """Some selector takes the whole bucket; whichever takes a part is no help to whoever asks about the rest."""
    if any(not narrowed for narrowed in selectors):
        return HOLDS
    name = text(bucket.inputs, "bucket")
    if name is None:
        return indeterminate(f"{bucket.name} has no name of its own, so nobody can tell whether its objects are seen")
    taken = any(
        set(narrowed) == {"resources.ARN"} and _takes(narrowed["resources.ARN"], name) for narrowed in selectors
    )
    return require(taken, f"no trail records every event of objects in {name}")


def _takes(how: Mapping[str, tuple[str, ...]], bucket: str) -> bool:
    if not set(how) <= {"startsWiths", "notStartsWiths"}:
        return False
    starts, never = how.get("startsWiths"), how.get("notStartsWiths", ())
    objects = f":s3:::{bucket}/"
    left_out = any((found := _after(p)).startswith(objects) or objects.startswith(found) for p in never)
    return not left_out and (
        starts is None or any(len(_after(p)) > 1 and objects.startswith(_after(p)) for p in starts)
    )


def _after(arn: str) -> str:
    """The start of an ARN without its partition, or what every ARN starts with."""
    return ":" + arn.split(":", 2)[2] if arn.count(":") > 1 else ":"
