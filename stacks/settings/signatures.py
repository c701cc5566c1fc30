"""Settings of signatures of images: whose count."""

from typing import Annotated, ClassVar

from pydantic import Field

from stacks.settings.base import OneOfTwo, Settings
from stacks.settings.keys import KeyArn


class Workflow(Settings):
    """A pipeline that signs images with its own identity."""

    issuer: Annotated[str, Field(pattern=r"^https://[A-Za-z0-9./_-]+$")]
    """Who vouches for it, such as https://token.actions.githubusercontent.com."""
    subject: Annotated[str, Field(pattern=r"^https://[A-Za-z0-9./@_-]+$")]
    """Its whole identity, without wildcards: the address of a workflow file at a ref."""


class Signatures(OneOfTwo):
    """Whose signatures count: exactly one of a key and a workflow. Kyverno must run in the cluster."""

    ALTERNATIVES: ClassVar[tuple[str, str]] = ("key", "workflow")

    key: KeyArn | None = None
    """Images are signed with this key of KMS."""
    workflow: Workflow | None = None
    """Images are signed by this workflow."""
