"""What looks on: Config, GuardDuty, Security Hub and IAM Access Analyzer, as far as this stack makes them.

Owns: the recorder of Config with its bucket, the detector of GuardDuty, Security Hub and its standards, the analyzer.
Does not own: who hears of findings (``Watch``), the key of the bucket (``KeyRing``), what an organization switches on.

Each exists once in an account and Region. So that handing one over to the organization does not switch it off, all of
them stay when the stack lets go of them, and the next owner adopts them.

Left out on purpose: an analyzer of unused access, which is billed for every role and user, and GuardDuty's agents on
machines, which come with the machines: https://aws.amazon.com/iam/access-analyzer/pricing/ and
https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring.html (2026-11).
"""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components.detectors.args import DetectorsArgs
from components.detectors.recording import record_changes


class Detectors(pulumi.ComponentResource):
    """Whatever of the four this stack makes; findings go to the account's default event bus by themselves."""

    def __init__(self, name: str, args: DetectorsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the detectors under ``name``."""
        super().__init__("llmlz:index:Detectors", name, {}, opts)
        left = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        recording = record_changes(f"{name}-config", args, args.recording, self) if args.recording else None
        if args.protections is not None:
            _guard_duty(f"{name}-guard-duty", args.protections, left)
        if args.standards is not None:
            arns = standard_arns(args.standards, args.partition, args.region)
            _security_hub(f"{name}-security-hub", arns, self, [recording] if recording else [])
        if args.analyzer is not None:
            aws.accessanalyzer.Analyzer(
                f"{name}-analyzer",
                analyzer_name=physical_name("analyzer", args.name_prefix, "external-access"),
                type=args.analyzer,
                opts=left,
            )
        self.register_outputs({})


def _guard_duty(name: str, protections: Sequence[str], left: pulumi.ResourceOptions) -> None:
    """The detector, and what it must look at.

    A new detector has every protection but runtime monitoring; what is named here is switched on again when somebody
    switches it off: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html (2026-11)
    """
    detector = aws.guardduty.Detector(
        name,
        enable=True,
        finding_publishing_frequency="FIFTEEN_MINUTES",  # of findings that come again; new ones come at once
        opts=left,
    )
    for protection in protections:
        aws.guardduty.DetectorFeature(
            f"{name}-{protection.lower().replace('_', '-')}",
            detector_id=detector.id,
            name=protection,
            status="ENABLED",
            opts=left,
        )


def _security_hub(
    name: str, standards: Mapping[str, str], parent: pulumi.Resource, after: list[pulumi.Resource]
) -> None:
    """Security Hub with these standards and no others; most of its checks read what Config records.

    https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-setup-prereqs.html (2026-11)
    """
    hub = aws.securityhub.Account(
        name,
        auto_enable_controls=True,
        control_finding_generator="SECURITY_CONTROL",
        enable_default_standards=False,
        opts=pulumi.ResourceOptions(parent=parent, retain_on_delete=True, depends_on=after),
    )
    for short, arn in standards.items():
        aws.securityhub.StandardsSubscription(
            f"{name}-{short}",
            standards_arn=arn,
            opts=pulumi.ResourceOptions(parent=parent, retain_on_delete=True, depends_on=[hub]),
        )


def standard_arns(standards: Mapping[str, str], partition: str, region: str) -> Mapping[str, str]:
    """Short name to ARN of a standard: https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html
    (2026-11).
    """
    return {short: f"arn:{partition}:securityhub:{region}::standards/{path}" for short, path in standards.items()}
