"""The real Pulumi engine behind a provider that only echoes: preview, up, refresh and destroy without a cloud."""
