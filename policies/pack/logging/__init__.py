"""Logs and their integrity."""
