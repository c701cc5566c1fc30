"""Managed policies that must not be attached."""

from collections.abc import Iterable

from policies.pack._grants import attached_arns
from policies.pack._rule import Resource, Result, require, together


def refuse(resource: Resource, names: Iterable[str]) -> Result:
    """Violated where the resource attaches an AWS managed policy with one of these names."""
    refused = set(names)
    return together(
        require(not (":iam::aws:" in arn and arn.rpartition("/")[2] in refused), f"{arn} is attached")
        for arn in attached_arns(resource)
    )
