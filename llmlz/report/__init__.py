"""What was done and what was not, as one self-contained page."""
