"""Data access policies of OpenSearch Serverless, as text: one role, one index, and the operations that are named.

They only allow, and add up; whoever no policy names reaches nothing:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html (2026-11).
"""

import json
from collections.abc import Sequence


def index_policy(collection: str, index: str, permissions: Sequence[str], *, reader_arn: str) -> str:
    """JSON that lets the role ``reader_arn`` do what ``permissions`` say with one index of ``collection``."""
    rule = {"ResourceType": "index", "Resource": [f"index/{collection}/{index}"], "Permission": list(permissions)}
    return json.dumps([{"Rules": [rule], "Principal": [reader_arn]}])
