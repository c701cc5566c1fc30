"""Moves: what a change of tier or release does to what is deployed, and whether anything is lost."""
