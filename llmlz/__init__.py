"""The command line and the readers of the graph."""
