"""Steps inside Qdrant, as a program of its own for pods: keys, configuration, collections, backups.

It needs Python 3.11 or later and boto3, and knows nothing of the rest of the project.
"""
