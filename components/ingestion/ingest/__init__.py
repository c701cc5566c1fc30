"""What runs in the function: documents become chunks, masked copies and counts. Deployed alone, as this folder.

It imports the standard library and ``botocore``, which every Python runtime of Lambda brings with boto3.
"""

PIPELINE_VERSION = "1"
"""Part of every chunk's provenance. Raise it when the same document would give other chunks."""
