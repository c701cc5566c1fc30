"""Tags by which the bills of an organization are split.

Owns: the switch of each tag, in the account that pays.
Does not own: who carries which tag; the providers of all stacks see to that.

AWS offers a tag for switching on up to a day after the first resource carries it, and only in the account that pays:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html (2026-11). Until then the budget of a
team, which counts by the tag ``team``, counts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class CostTagsArgs:
    """Which tags are switched on."""

    keys: Sequence[str]
    """Keys of tags, such as ``team``. The key is identity."""


class CostTags(pulumi.ComponentResource):
    """Every tag that bills are split by."""

    keys: pulumi.Output[list[str]]
    """The tags that are on."""

    def __init__(self, name: str, args: CostTagsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Switch them on."""
        super().__init__("llmlz:index:CostTags", name, {}, opts)
        made = [
            aws.costexplorer.CostAllocationTag(
                f"{name}-{key}", tag_key=key, status="Active", opts=pulumi.ResourceOptions(parent=self)
            )
            for key in args.keys
        ]
        self.keys = pulumi.Output.all(*(tag.tag_key for tag in made))
        self.register_outputs({"keys": self.keys})
