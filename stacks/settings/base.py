"""What all settings share: strictness, and the types that turn up everywhere."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Account = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Name = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", min_length=3, max_length=20),
]
TagText = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9 .:/=+@_-]+$", max_length=256),
]
DataClass = Literal["public", "internal", "confidential", "restricted"]
DATA_CLASSES: tuple[DataClass, ...] = ("public", "internal", "confidential", "restricted")
"""From least to most sensitive."""


class Settings(BaseModel):
    """Base of everything that is read from YAML: unknown keys and loose types are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)
