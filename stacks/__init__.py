"""What runs where: settings, tiers, catalogue, and one composition per kind of stack."""
