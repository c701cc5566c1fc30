"""Clusters and what runs in them."""
