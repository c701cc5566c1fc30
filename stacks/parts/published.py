"""What projects, tools and applications read: a document per platform and per team, under names that they know."""

from collections.abc import Callable

import pulumi

from components.published_document import PublishedDocument, PublishedDocumentArgs
from stacks.documents import Document, platform_document_name, runtime_document_name, team_document_name
from stacks.kinds import PlatformStack, RuntimeStack, TeamStack
from stacks.outputs import PlatformOutputs, RuntimeOutputs
from stacks.published import FROM_PLATFORM, Made, platform_document, runtime_document, team_document


def publish_platform(stack: PlatformStack, outputs: PlatformOutputs, opts: pulumi.ResourceOptions) -> None:
    """The document of a platform, out of what it publishes to team stacks as well."""
    made = {name: getattr(outputs, name) for name in FROM_PLATFORM}
    PublishedDocument(
        "published",
        PublishedDocumentArgs(
            description=f"What {stack.name} offers to projects.",
            parameter_name=platform_document_name(stack.settings.environment),
            text=_text(made, lambda got: platform_document(stack, got)),
        ),
        opts,
    )


def publish_runtime(stack: RuntimeStack, outputs: RuntimeOutputs, opts: pulumi.ResourceOptions) -> None:
    """The document of a runtime, out of what it publishes to team stacks as well; Qdrant is told to those who may call it."""
    PublishedDocument(
        "published",
        PublishedDocumentArgs(
            description=f"The cluster of {stack.platform.name}.",
            parameter_name=runtime_document_name(stack.platform.settings.environment),
            text=_text(
                {name: getattr(outputs, name) for name in outputs.names() if name != "qdrant"},
                lambda got: runtime_document(stack, got),
            ),
        ),
        opts,
    )


def publish_team(stack: TeamStack, made: dict[str, pulumi.Input[object]], opts: pulumi.ResourceOptions) -> None:
    """The document of a team, out of what its stack exports."""
    team = stack.team.team
    PublishedDocument(
        f"{team}-published",
        PublishedDocumentArgs(
            description=f"What {team} has on {stack.platform.name}.",
            parameter_name=team_document_name(stack.platform.settings.environment, team),
            text=_text(made, lambda got: team_document(stack, got)),
        ),
        opts,
    )


def _text(made: dict[str, pulumi.Input[object]], fill: Callable[[Made], Document]) -> pulumi.Output[str]:
    return pulumi.Output.all(**made).apply(lambda got: fill(got).text())
