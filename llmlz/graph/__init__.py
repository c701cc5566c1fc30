"""Every resource a program registers, as plain values: the one representation that all tools read."""
