"""Pools of accelerated nodes."""
