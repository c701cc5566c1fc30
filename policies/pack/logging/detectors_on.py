"""Somebody looks on: attacks, changes, weak settings and open doors are seen by services that are whole and on.

Each detector exists once in an account and region, so it may be the organization's, or one that was there before. What
no known stack makes counts as somebody else's only where its findings are heard. Changes and open doors have no finding
that is reported on its own: Security Hub tells of both, and of a recorder that is off:
https://docs.aws.amazon.com/securityhub/latest/userguide/config-controls.html (2026-11).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies.pack._places import in_account, region_of
from policies.pack._relations import pointing_at
from policies.pack._reports import admits, patterns
from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import flag, mapping, text
from policies.pack.logging._destinations import CONFIGURATION

DETECTOR, FEATURE = "aws:guardduty/detector:Detector", "aws:guardduty/detectorFeature:DetectorFeature"
RECORDER, RECORDING = "aws:cfg/recorder:Recorder", "aws:cfg/recorderStatus:RecorderStatus"
CHANNEL = "aws:cfg/deliveryChannel:DeliveryChannel"
HUB, STANDARD = "aws:securityhub/account:Account", "aws:securityhub/standardsSubscription:StandardsSubscription"
ANALYZER = "aws:accessanalyzer/analyzer:Analyzer"
EXTERNAL = (None, "ACCOUNT", "ORGANIZATION")
"""Analyzers of access from outside; those of unused access look at something else."""

Check = Callable[[Resource, Context], Iterator[Result]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One detector."""

    name: str
    token: str
    heard_by: str
    """Which of ``needs.findings`` tells of it where somebody else makes it."""

    check: Check


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """What this stack makes is whole; where it logs calls of models, all four are made or their findings are heard."""
    made = {kind.name: list(_made(kind, context)) for kind in KINDS}
    whole = [r for kind in KINDS for resource in context.of_type(kind.token) for r in kind.check(resource, context)]
    regions = sorted({region_of(s, context) for s in subjects if s.type == CONFIGURATION})
    return together([*whole, *(r for region in regions for r in _complete(region, made, context))])


def _complete(region: str, made: Mapping[str, list[str]], context: Context) -> Iterator[Result]:
    heard = patterns(context, region)
    for kind in KINDS:
        finding = {**context.needs["findings"][kind.heard_by], "account": context.stack.account, "region": region}
        known = region in made[kind.name] or any(admits(p, finding) for p in heard)
        told = kind.heard_by == HUB_FINDING and region in made["Security Hub"]
        yield require(known or told, f"{region}: {kind.name} is not made here, and nobody hears of its findings")


def _made(kind: _Kind, context: Context) -> Iterator[str]:
    """Regions of the account in which a known stack makes the detector."""
    for resource, place in in_account(context, kind.token):
        if kind.token != ANALYZER or text(resource.inputs, "type") in EXTERNAL:
            yield region_of(resource, place)


def _guard_duty(detector: Resource, context: Context) -> Iterator[Result]:
    yield require(flag(detector.inputs, "enable") is not False, f"GuardDuty ({detector.name}) is off")
    for feature in pointing_at(context, detector, FEATURE, "detectorId"):
        name, status = text(feature.inputs, "name"), text(feature.inputs, "status")
        off = name in context.needs["protections"] and status != "ENABLED"
        yield require(not off, f"GuardDuty ({detector.name}) does not look at {name}: {status}")


def _config(recorder: Resource, context: Context) -> Iterator[Result]:
    statuses = pointing_at(context, recorder, RECORDING, "name", "name")
    on = any(flag(s.inputs, "isEnabled") is True for s in statuses)
    yield require(on, f"Config ({recorder.name}) is not started")
    yield require(bool(context.of_type(CHANNEL)), f"Config ({recorder.name}) delivers nowhere")
    group = mapping(recorder.inputs, "recordingGroup") or {}
    yield require(flag(group, "allSupported") is not False, f"Config ({recorder.name}) records some types alone")


def _security_hub(hub: Resource, context: Context) -> Iterator[Result]:
    arns = [text(s.inputs, "standardsArn") or "" for s in context.of_type(STANDARD)]
    default = flag(hub.inputs, "enableDefaultStandards") is not False
    missing = [name for name in context.needs["standards"] if not any(f"/{name}/" in arn for arn in arns)]
    wrong = f"Security Hub ({hub.name}) does not check {', '.join(missing)}"
    yield require(default or not missing, wrong)


def _access_analyzer(analyzer: Resource, context: Context) -> Iterator[Result]:
    text(analyzer.inputs, "type")
    yield from ()


HUB_FINDING = "security_hub"
KINDS = (
    _Kind("GuardDuty", DETECTOR, "guard_duty", _guard_duty),
    _Kind("Config", RECORDER, HUB_FINDING, _config),
    _Kind("Security Hub", HUB, HUB_FINDING, _security_hub),
    _Kind("Access Analyzer", ANALYZER, HUB_FINDING, _access_analyzer),
)
