"""What a platform offers to the team stacks of the estate: names are an API, and secrets are not among them.

What it offers to projects, tools and applications is in ``stacks/documents.py``: a document in Parameter Store, since
nobody but stacks of the estate can read a state.
"""

from dataclasses import dataclass, fields
from typing import Any

import pulumi

CONTRACT_VERSION = 1
"""Raised when a name vanishes or changes its meaning; new names do not raise it."""


class Outputs:
    """Base of what stacks of one kind offer: a dataclass whose fields are the names."""

    __slots__ = ()

    def export(self) -> None:
        """Make these the outputs of the stack that runs."""
        pulumi.export("contract_version", CONTRACT_VERSION)
        for name in self.names():
            pulumi.export(name, getattr(self, name))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Every name of the contract."""
        return tuple(field.name for field in fields(cls))  # type: ignore[arg-type]  # only dataclasses derive from this


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformOutputs(Outputs):
    """The outputs of a platform stack, by their names."""

    alarm_topic: pulumi.Input[Any]
    """Where alarms are reported, as ``arn``; an empty mapping where nobody is called."""

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

    registry: pulumi.Input[Any]
    """The table that prompts and embeddings are found in, as ``table_arn`` and ``table_name``; empty without one."""

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

    weight_store: pulumi.Input[Any]
    """Bucket and key of the private store of weights; empty without one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RuntimeOutputs(Outputs):
    """The outputs of a runtime stack, by their names."""

    cluster_arn: pulumi.Input[str]
    """The cluster, as policies name it."""

    cluster_certificate_authority: pulumi.Input[str]
    """What the certificate of the cluster's API is signed with, in base64."""

    cluster_endpoint: pulumi.Input[str]
    """Address of the cluster's API."""

    cluster_name: pulumi.Input[str]
    """The cluster, as callers name it."""

    qdrant: pulumi.Input[Any]
    """Address of Qdrant as ``url``, each team's secret with its token in ``token_arns``, and the key of these as
    ``kms_key_arn``; empty without it."""


class Reference:
    """The outputs of another stack of the estate, read through a stack reference."""

    CONTRACT: type[Outputs]
    """What the other stack offers."""

    def __init__(self, stack: str) -> None:
        """Reference ``stack`` by the name that a self-managed backend gives it."""
        self._reference = pulumi.StackReference(stack, stack_name=f"organization/{pulumi.get_project()}/{stack}")

    def read(self, name: str) -> pulumi.Output[Any]:
        """One output by its name in the contract; raises ``KeyError`` for another name."""
        if name not in self.CONTRACT.names():
            raise KeyError(name)
        return self._reference.require_output(name)


class PlatformReference(Reference):
    """The outputs of a platform."""

    CONTRACT = PlatformOutputs


class RuntimeReference(Reference):
    """The outputs of a runtime."""

    CONTRACT = RuntimeOutputs
