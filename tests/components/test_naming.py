"""Physical names fit what AWS accepts, or are refused with the numbers."""

import pytest

from components._naming import RULES, physical_name


def test_parts_are_joined_by_dashes() -> None:
    """One formula for every name."""
    assert physical_name("role", "llmlz-sandbox", "claims") == "llmlz-sandbox-claims"


def test_a_name_that_is_too_long_is_refused_with_both_lengths() -> None:
    """Nothing is cut: a cut name could be somebody else's."""
    with pytest.raises(ValueError, match="has 69 characters, 64 are allowed"):
        physical_name("role", "llmlz", "x" * 63)


@pytest.mark.parametrize(
    ("kind", "part"), [("bucket", "Upper"), ("database", "1first"), ("guardrail", "a b"), ("secret", "a b")]
)
def test_a_name_that_aws_refuses_is_refused_here(kind: str, part: str) -> None:
    """Before anything is deployed."""
    with pytest.raises(ValueError, match="does not match"):
        physical_name(kind, part)


def test_the_longest_names_of_settings_fit_everywhere() -> None:
    """Twenty characters each for environment and team, the longest region: no name of the landing zone breaks."""
    prefix, team, place = f"llmlz-{'e' * 20}", "t" * 20, ("111122223333", "ap-southeast-2")
    for role in ("logs", "data"):
        assert len(physical_name("bucket", prefix, role, *place)) <= RULES["bucket"].longest
    physical_name("guardrail", prefix, "guardrail")
    physical_name("inference-profile", team, "m" * 20, "regional")
    physical_name("role", prefix, team)
    physical_name("role", prefix, "bedrock-logging")
