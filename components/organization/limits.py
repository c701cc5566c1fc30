"""What AWS accepts of each type of organization policy, as data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """Size and number of policies of one type."""

    longest: int
    """Characters of one document. White space counts when a document comes through the API, so none is sent."""

    most: int
    """Policies that may be attached to one root, unit or account, AWS's own included."""

    own: int
    """Policies that AWS attaches to every target by itself."""

    @property
    def free(self) -> int:
        """Policies of ours that fit on a target which carries nothing but AWS's own."""
        return self.most - self.own


SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
RESOURCE_CONTROL = "RESOURCE_CONTROL_POLICY"
AI_OPT_OUT = "AISERVICES_OPT_OUT_POLICY"
BEDROCK = "BEDROCK_POLICY"

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (2026-11)
LIMITS: Mapping[str, Limit] = {
    # Doubled on 2026-05-15, from 5,120 characters and five policies; FullAWSAccess is one of the ten:
    # https://sjramblings.io/aws-organizations-scp-quotas-doubled-what-now/ (2026-11)
    SERVICE_CONTROL: Limit(longest=10_240, most=10, own=1),
    RESOURCE_CONTROL: Limit(longest=5_120, most=5, own=1),  # RCPFullAWSAccess is one of the five
    AI_OPT_OUT: Limit(longest=2_500, most=5, own=0),
    # As the other declarative types; no public page names Bedrock policies in this table (2026-11).
    BEDROCK: Limit(longest=10_000, most=10, own=0),
}
"""Type of policy, as the API names it, to limit."""
