"""Access to models, and the guardrails on it."""
