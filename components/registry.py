"""What teams have made and others may find: prompts, embeddings and sets of documents, with owner, model and version.

Owns: the table, and the rule who writes and who finds what.
Does not own: what an entry says, or the thing itself; an entry names where it is.

An entry is an item with the key ``team`` and ``entry``, such as ``prompt#greeting#3``. An entry that others may find has
the attribute ``listed`` with its kind as well. Only such entries are in the index of that name, since an index holds the
items alone that have its key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-indexes-general-sparse-indexes.html
(2026-11). A confidential entry leaves it out, and nobody but its team reads it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow

LISTED = "listed"


@dataclass(frozen=True, kw_only=True, slots=True)
class RegistryArgs:
    """What a registry is made of."""

    kms_key_arn: pulumi.Input[str]
    """Key of every entry; teams that use the registry may use it already."""

    name_prefix: str
    """Start of the table's name."""


class Registry(pulumi.ComponentResource):
    """One table for the teams of a platform."""

    table_arn: pulumi.Output[str]
    """For the policies of team roles."""

    table_name: pulumi.Output[str]
    """The same table, as callers name it."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the table, billed by use, with every second of the last 35 days to go back to."""
        super().__init__("llmlz:index:Registry", name, {}, opts)
        table = aws.dynamodb.Table(
            f"{name}-table",
            name=physical_name("table", args.name_prefix, "registry"),
            attributes=[{"name": key, "type": "S"} for key in ("entry", LISTED, "team")],
            billing_mode="PAY_PER_REQUEST",
            deletion_protection_enabled=True,
            global_secondary_indexes=[
                {"name": LISTED, "hash_key": LISTED, "range_key": "entry", "projection_type": "ALL"}
            ],
            hash_key="team",
            point_in_time_recovery={"enabled": True},
            range_key="entry",
            server_side_encryption={"enabled": True, "kms_key_arn": args.kms_key_arn},
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.table_arn = table.arn
        self.table_name = table.name
        self.register_outputs({"table_arn": self.table_arn, "table_name": self.table_name})


def registry_statements(table_arn: str, team: str) -> list[Statement]:
    """Keep the team's own entries, and find what others list; never a scan, which knows no leading keys.

    The second condition is for requests without a key, which the first one alone would let through:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html (2026-11)
    """
    own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [team]}, "Null": {"dynamodb:LeadingKeys": "false"}}
    keep = [f"dynamodb:{verb}" for verb in ("DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")]
    return [
        allow("KeepOwnEntries", keep, [table_arn], own),
        allow("FindListedEntries", ["dynamodb:Query"], [f"{table_arn}/index/{LISTED}"]),
    ]
