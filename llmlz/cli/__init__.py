"""The command line: the one place where readers and stacks meet."""
