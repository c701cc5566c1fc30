"""The first hour: what an account needs before the first ``pulumi up``, and the first files of an estate."""
