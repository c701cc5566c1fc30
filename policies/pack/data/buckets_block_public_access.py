"""No bucket can be opened to the public, by policy or by access list."""

from policies.pack._relations import pointing_at
from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._values import flag

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def decide(resource: Resource, context: Context) -> Result:
    """One public access block belongs to the bucket and has all four flags set."""
    blocks = pointing_at(context, resource, BLOCK, "bucket", "bucket")
    if not blocks:
        return violated("the bucket has no public access block")
    return together(require(flag(b.inputs, f) is True, f"{b.name}: {f} is not set") for b in blocks for f in FLAGS)
