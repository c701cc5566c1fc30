"""What is forbidden: controls as records, and the rules that decide them. Imports nothing of the rest."""
