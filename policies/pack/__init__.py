"""Rules, one per file: pure functions over plain resources that import nothing of the rest of the project."""
