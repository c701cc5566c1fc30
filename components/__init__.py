"""What can be built: Pulumi components. They know no tiers and read no files."""
