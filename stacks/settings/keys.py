"""Settings of keys: made here, or brought along."""

from typing import Annotated

from pydantic import Field

from stacks.settings.base import KEY_ARN, OneOfTwo, Settings

KeyArn = Annotated[str, Field(pattern=KEY_ARN)]


class NewKeys(Settings):
    """Keys that the platform makes; in a second region, replicas of the primary's. There is nothing to choose."""


class Keys(OneOfTwo):
    """Exactly one of new keys and existing ones."""

    new: NewKeys | None = None
    """Make one key per purpose."""
    existing: dict[str, KeyArn] | None = None
    """Purpose to the ARN of a key in the platform's region, for every purpose. The platform changes nothing of them."""
