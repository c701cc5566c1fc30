"""The inventory: counting, judging, asking."""
