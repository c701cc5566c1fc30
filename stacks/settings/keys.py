"""Settings of keys: made here, or brought along."""

from typing import Annotated

from pydantic import Field, model_validator

from stacks.settings.base import KEY_ARN, Settings

KeyArn = Annotated[str, Field(pattern=KEY_ARN)]


class NewKeys(Settings):
    """Keys that the platform makes; in a second region, replicas of the primary's. There is nothing to choose."""


class Keys(Settings):
    """Exactly one of new keys and existing ones."""

    new: NewKeys | None = None
    """Make one key per purpose."""
    existing: dict[str, KeyArn] | None = None
    """Purpose to the ARN of a key in the platform's region, for every purpose. The platform changes nothing of them."""

    @model_validator(mode="after")
    def _exactly_one(self) -> "Keys":
        if (self.new is None) == (self.existing is None):
            raise ValueError("exactly one of new and existing")
        return self
