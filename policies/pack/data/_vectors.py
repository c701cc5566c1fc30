"""Vector buckets of S3 Vectors and the policies on them.

Source: docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-access-management.html and
s3-vectors-resource-based-policies.html (2026-11).
"""

from policies.pack._documents import Statement, parse
from policies.pack._relations import pointing_at
from policies.pack._rule import Context, Resource

BUCKET = "aws:s3/vectorsVectorBucket:VectorsVectorBucket"
BUCKET_POLICY = "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy"
VECTORS = tuple(f"s3vectors:{verb}Vectors" for verb in ("Delete", "Get", "List", "Put", "Query"))
"""What reads and writes vectors."""


def policies_of(bucket: Resource, context: Context) -> tuple[Resource, ...]:
    """Policies on a bucket of this context's stack, by reference or by the bucket's name in their ARN."""
    return pointing_at(context, bucket, BUCKET_POLICY, "vectorBucketArn", "vectorBucketName")


def statements(policy: Resource) -> tuple[Statement, ...]:
    """The statements of one policy; raises ``UnreadableError``."""
    return parse(policy.inputs.get("policy"), "resource", f"policy of {policy.name}")


def whole(statement: Statement) -> bool:
    """The statement is about the bucket and every index in it; the service takes no policy on another bucket."""
    named = set(statement.resources)
    return "*" in named or any(f"{r}/*" in named for r in named if r.count("/") == 1 and "*" not in r)
