"""``llmlz try``."""


def trial() -> None:
    """Placeholder."""
