"""The loader of model weights: a program of its own, run as a pod, that knows nothing of the rest of the project.

It takes a manifest, fetches each file that it lists, and stores them only if every one is what the manifest says and
of a kind that carries no code. It needs Python 3.11 or later and boto3.
"""
