"""A real Kubernetes control plane on this machine, and what a graph says to it."""
