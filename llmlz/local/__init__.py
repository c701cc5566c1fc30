"""A local cloud: an AWS emulator on this machine, and an estate deployed onto it."""
