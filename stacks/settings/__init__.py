"""What people write in YAML, as strict and frozen models; these types stop at ``stacks``."""
