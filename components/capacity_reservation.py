"""Machines that are kept for the estate: reserved on demand, or bought as a capacity block.

Owns: the reservation. Whoever stops paying must take it out of the pools first.
Does not own: the machines that run in it (``GpuPool``), and blocks that somebody bought elsewhere.
"""

from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

PLATFORM = "Linux/UNIX"
OWNER, STARTS, ENDS, INSTANCES = "llmlz:owner", "llmlz:starts", "llmlz:ends", "llmlz:instances"
"""Tags that say whose it is and until when, to whoever finds it on a bill."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CapacityReservationArgs:
    """What a reservation is made of."""

    count: int
    """Machines. Every one is billed from the first minute, used or not."""

    ends: str
    """The moment at which it ends, as ``2026-12-31T11:30:00Z``; what runs there then goes on at the open price, or is ended
    with a block."""

    instance_type: str
    """What is reserved, such as ``p5.48xlarge``."""

    owner: str
    """Who answers for the money, as an address."""

    starts: str
    """The moment from which it is meant; an on-demand reservation is billed from its deployment."""

    zone: str
    """Availability zone, such as ``eu-central-1a``."""

    offering_id: str | None = field(default=None)
    """Offer of AWS to buy a capacity block; an on-demand reservation if left out. Buying is paid at once and cannot be
    taken back."""


class CapacityReservation(pulumi.ComponentResource):
    """Machines that nobody else gets, with an owner and an end."""

    reservation_id: pulumi.Output[str]
    """Such as ``cr-0123456789abcdef0``, which pools name."""

    def __init__(self, name: str, args: CapacityReservationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Reserve under ``name``."""
        super().__init__("llmlz:index:CapacityReservation", name, {}, opts)

        tags = {OWNER: args.owner, STARTS: args.starts, ENDS: args.ends, INSTANCES: str(args.count)}
        if args.offering_id is None:
            reserved = aws.ec2.CapacityReservation(
                f"{name}-machines",
                availability_zone=args.zone,
                end_date=args.ends,
                end_date_type="limited",
                instance_count=args.count,
                # only machines that name it: an open one is eaten by whatever starts first
                instance_match_criteria="targeted",
                instance_platform=PLATFORM,
                instance_type=args.instance_type,
                tags=tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.reservation_id = reserved.id
        else:
            bought = aws.ec2.CapacityBlockReservation(
                f"{name}-block",
                capacity_block_offering_id=args.offering_id,
                instance_platform=PLATFORM,
                tags=tags,
                # A block is neither changed nor cancelled, and an offer lives for minutes: another offer in the settings
                # would buy a second block. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-release.html
                # (2026-11)
                opts=pulumi.ResourceOptions(
                    parent=self, protect=True, retain_on_delete=True, ignore_changes=["capacityBlockOfferingId"]
                ),
            )
            self.reservation_id = bought.id
        self.register_outputs({"reservation_id": self.reservation_id})
