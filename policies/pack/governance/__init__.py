"""Ownership and cost."""
