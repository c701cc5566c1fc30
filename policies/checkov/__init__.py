"""The controls that look at one resource alone, as checks of checkov for people who plan with Terraform."""
