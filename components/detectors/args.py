"""What detectors are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """What AWS Config keeps of every change of a resource."""

    kms_key_arn: pulumi.Input[str]
    """Key of the bucket; its policy must let Config use it."""

    archive_days: int | None = None
    """How long the bucket keeps what was recorded; for ever if left out."""

    global_types: bool = True
    """Whether users, roles and the like are recorded too: they are in every Region, and one Region is enough."""

    role_arn: pulumi.Input[str] | None = None
    """Role of the recorder; the service-linked role, which an account has once, is made if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DetectorsArgs:
    """Each detector that is left out is somebody else's, and nothing of it is made."""

    account_id: str
    """Twelve digits; the account that is looked at."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the detectors are; each looks at this Region alone."""

    analyzer: Literal["ACCOUNT"] | None = None
    """Zone of trust of the access analyzer: whatever is open to outsiders is reported; no analyzer if left out."""

    protections: Sequence[str] | None = None
    """What GuardDuty looks at besides its own sources, such as ``S3_DATA_EVENTS``; no detector if left out."""

    recording: Recording | None = None
    """What Config records; no recorder if left out."""

    standards: Mapping[str, str] | None = None
    """Short name to path of each standard that Security Hub checks; no Security Hub if left out. The name is identity."""
