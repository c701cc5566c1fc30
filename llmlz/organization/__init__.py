"""Policies of an organization: as files for whoever owns it, as they are deployed, and the two beside each other."""
