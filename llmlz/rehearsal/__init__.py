"""Rehearse a deployment without the engine: the real provider validates and plans what a program registers."""
