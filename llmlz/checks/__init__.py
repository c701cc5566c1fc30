"""Controls over a graph, and structural mistakes that only the cloud would find."""
