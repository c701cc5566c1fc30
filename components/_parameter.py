"""What Parameter Store takes as a plain value, as a pure function."""

LONGEST = 4096
"""Characters of a standard parameter. One more needs an advanced parameter, which costs money and cannot become a
standard one again: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
(2026-11)."""


def fitting(name: str, text: str) -> str:
    """``text`` unchanged; raises ``ValueError`` with both lengths when a standard parameter cannot hold it."""
    if len(text) > LONGEST:
        raise ValueError(
            f"the document {name} has {len(text)} characters, a standard parameter holds {LONGEST}: publish less in it"
        )
    return text
