"""Roles, policies and who may use them."""
