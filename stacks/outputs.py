"""What a platform offers to the team stacks of the estate: names are an API, and secrets are not among them.

What it offers to projects, tools and applications is in ``stacks/documents.py``: a document in Parameter Store, since
nobody but stacks of the estate can read a state.
"""

from dataclasses import dataclass, fields
from typing import Any

import pulumi

CONTRACT_VERSION = 1
"""Raised when a name vanishes or changes its meaning; new names do not raise it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformOutputs:
    """The outputs of a platform stack, by their names."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of every role."""

    data_bucket_arn: pulumi.Input[str]
    """Bucket with one prefix per team."""

    data_bucket_name: pulumi.Input[str]
    """The same bucket by its name."""

    data_key_arn: pulumi.Input[str]
    """Key of the data bucket."""

    endpoint_ids: pulumi.Input[Any]
    """AWS service, such as ``bedrock-runtime``, to its endpoint in the network; none is in an empty mapping."""

    guardrail_arn: pulumi.Input[str]
    """Guardrail that every call carries."""

    guardrail_id: pulumi.Input[str]
    """The same guardrail, as callers name it."""

    guardrail_key_arn: pulumi.Input[str]
    """Key of the guardrail's rules."""

    guardrail_versions: pulumi.Input[list[str]]
    """Accepted versions, oldest first; callers use the last."""

    invocation_log_group_name: pulumi.Input[str]
    """Where model calls are logged."""

    key_arns: pulumi.Input[Any]
    """Purpose to key, for every purpose: what a second region makes its replicas of."""

    secrets_key_arn: pulumi.Input[str]
    """Key of the teams' secrets."""

    spending_stop: pulumi.Input[Any]
    """Policy and role with which a budget stops whoever has spent it; empty where nobody is stopped."""

    subnet_ids: pulumi.Input[Any]
    """Kind to zone to subnet."""

    trail_arn: pulumi.Input[str]
    """The trail of API calls."""

    vector_store: pulumi.Input[Any]
    """What a team's space in the vector store is made with; ``None`` without a store."""

    vpc_id: pulumi.Input[str]
    """The network."""

    def export(self) -> None:
        """Make these the outputs of the stack that runs."""
        pulumi.export("contract_version", CONTRACT_VERSION)
        for name in self.names():
            pulumi.export(name, getattr(self, name))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Every name of the contract."""
        return tuple(field.name for field in fields(cls))


class PlatformReference:
    """The outputs of another stack of the estate, read through a stack reference."""

    def __init__(self, stack: str) -> None:
        """Reference ``stack`` by the name that a self-managed backend gives it."""
        self._reference = pulumi.StackReference(stack, stack_name=f"organization/{pulumi.get_project()}/{stack}")

    def read(self, name: str) -> pulumi.Output[Any]:
        """One output by its name in ``PlatformOutputs``; raises ``KeyError`` for another name."""
        if name not in PlatformOutputs.names():
            raise KeyError(name)
        return self._reference.require_output(name)
