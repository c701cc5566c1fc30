"""Two programs that make the same teams: with our components, and flat, as the SDK's documentation does it."""
