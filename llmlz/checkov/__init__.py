"""Let checkov judge a recorded graph, and say what it could not judge."""
