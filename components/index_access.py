"""Who reads and writes one index in OpenSearch Serverless: one role, and nobody else.

Owns: the data access policy. Does not own: the index (``VectorSpace``), the role (``TeamSpace``). It comes last, so that
no policy ever names a role that is not there yet, and that somebody else might make.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._index_policy import index_policy
from components._naming import physical_name

READING_AND_WRITING = ("aoss:DescribeIndex", "aoss:ReadDocument", "aoss:WriteDocument")
"""What an application needs of its index; neither make nor delete it, nor change its shape:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexAccessArgs:
    """What access to an index is made of."""

    collection_name: pulumi.Input[str]
    """The collection that the index is in."""

    reader_arn: pulumi.Input[str]
    """The role of the team."""

    team: str
    """The team's short name, which is the index's too."""


class IndexAccess(pulumi.ComponentResource):
    """One team's access to its own index."""

    index_name: pulumi.Output[str]
    """The index, as requests name it; ready when the role may read and write it."""

    def __init__(self, name: str, args: IndexAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Let ``args.reader_arn`` in."""
        super().__init__("llmlz:index:IndexAccess", name, {}, opts)

        policy = aws.opensearch.ServerlessAccessPolicy(
            f"{name}-reader",
            name=physical_name("collection", args.team, "reader"),
            type="data",
            description=f"{args.team} reads and writes its own index",
            policy=pulumi.Output.all(args.collection_name, args.reader_arn).apply(
                lambda made: index_policy(made[0], args.team, READING_AND_WRITING, reader_arn=made[1])
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.index_name = policy.id.apply(lambda _: args.team)
        self.register_outputs({"index_name": self.index_name})
