"""What one organizational unit may do, as plain values: the input of all documents about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

PIPELINE = "llmlz-apply"
PREVIEW = "llmlz-preview"
BREAK_GLASS = "llmlz-break-glass"
"""Roles that every account has, by name."""

BOUNDARIES = ("llmlz-boundary", "llmlz-platform-boundary")
"""Policies that bound every role of the landing zone, by name."""

MEMBER_ADMINISTRATOR = "OrganizationAccountAccessRole"
"""The role that Organizations makes in an account which it creates; only the management account can take it:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRules:
    """What the accounts of one unit may do. Raises ``ValueError`` when it names no region."""

    guardrails: Sequence[str]
    """Accepted guardrails as ``<ARN>:<version>``. While there are none, every model call is refused."""

    models: Sequence[str]
    """Ids of approved foundation models, such as ``amazon.nova-micro-v1:0``. While there are none, none is called."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    regions: Sequence[str]
    """Home regions of the unit's platforms."""

    bootstrap: Sequence[str] = (MEMBER_ADMINISTRATOR,)
    """Names of the roles that may run ``llmlz start``, and change what it made, with their path if they have one."""

    destinations: Sequence[str] = field(default=())
    """Regions where cross-Region inference profiles may answer; the home regions alone if left out. A global profile
    asks for the region ``unspecified``: https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
    (2026-11)."""

    evidence: Sequence[str] = field(default=())
    """ARNs of the log groups and archive buckets, with their objects, that only break-glass may take away. None if left
    out. A star crosses slashes and dashes: name a bucket in full."""

    unguarded: Sequence[str] = field(default=())
    """Ids of those models that no guardrail can look at, such as embedding models; every model can be if left out:
    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-supported.html (2026-11)"""

    def __post_init__(self) -> None:
        """Refuse rules under which not even the landing zone could be built."""
        if not self.regions:
            raise ValueError("regions is empty: a unit needs the home region of at least one platform")

    def role(self, name: str) -> str:
        """Pattern for the ARNs of the role of this name, in whichever account of the unit."""
        return f"arn:{self.partition}:iam::*:role/{name}"

    def policy(self, name: str) -> str:
        """Pattern for the ARNs of the managed policy of this name."""
        return f"arn:{self.partition}:iam::*:policy/{name}"
