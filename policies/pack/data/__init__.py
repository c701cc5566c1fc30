"""Stores of data and vectors."""
