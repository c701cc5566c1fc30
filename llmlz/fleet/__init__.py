"""Many stacks at once on one machine: a few at a time, in one process that stays warm. No command uses it yet."""
