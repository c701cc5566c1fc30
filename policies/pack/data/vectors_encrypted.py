"""A vector bucket is born with a customer's key: AWS cannot change its encryption later."""

from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._values import mappings, text

INDEX = "aws:s3/vectorsIndex:VectorsIndex"


def decide(resource: Resource, context: Context) -> Result:
    """The one encryption setting is ``aws:kms`` with a key; an index may leave it to its bucket."""
    settings = mappings(resource.inputs, "encryptionConfigurations")
    if not settings and resource.type != INDEX:
        return violated("encryptionConfigurations is not set: the bucket would use a key of AWS")
    return together(
        require(
            text(s, "sseType") == "aws:kms" and text(s, "kmsKeyArn") is not None,
            f"encryption is {s.get('sseType')!r} with key {s.get('kmsKeyArn')!r}",
        )
        for s in settings
    )
