"""One document that a stack offers to projects, tools and applications: a plain parameter that readers find by name.

Owns: the parameter.
Does not own: what the document says, who may read it (``TeamSpace`` for a team's role, IAM for everybody else).

The parameter is not protected. It holds no state: whatever it says is made again from the stack, and an update after a
deletion writes the same text under the same name. A protected one could not leave when the next format takes over.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._parameter import fitting

KIND, TIER = "String", "Standard"
"""Never a secret, and never a tier that costs: without a tier the account's default would decide, and may be advanced."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedDocumentArgs:
    """What a published document is made of."""

    description: str
    """One sentence for whoever lists the parameters of the account."""

    parameter_name: str
    """The whole path, such as ``/llmlz/sandbox/platform/v1``; readers know it by heart."""

    text: pulumi.Input[str]
    """The document. Not a secret: it stands in plans and in the state as it is."""


class PublishedDocument(pulumi.ComponentResource):
    """A document under a name that does not change."""

    arn: pulumi.Output[str]
    """The parameter, as policies name it; ready when the document can be read."""

    parameter_name: pulumi.Output[str]
    """The same parameter, as readers name it."""

    def __init__(self, name: str, args: PublishedDocumentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Publish ``args.text``; fails when a standard parameter cannot hold it."""
        super().__init__("llmlz:index:PublishedDocument", name, {}, opts)
        parameter = aws.ssm.Parameter(
            f"{name}-parameter",
            name=physical_name("parameter", args.parameter_name),
            description=args.description,
            type=KIND,
            tier=TIER,
            # Not ``value``, which is always marked secret: a plan would then hide from reviewers what readers will see.
            insecure_value=pulumi.Output.from_input(args.text).apply(lambda text: fitting(args.parameter_name, text)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = parameter.arn
        self.parameter_name = parameter.name
        self.register_outputs({"arn": self.arn, "parameter_name": self.parameter_name})
