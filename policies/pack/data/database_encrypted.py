"""A database is encrypted with a customer's key; neither can be changed after birth."""

from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import flag, text


def decide(resource: Resource, context: Context) -> Result:
    """``storageEncrypted`` is set, and the key is not one that AWS manages."""
    key = text(resource.inputs, "kmsKeyId")
    return together(
        [
            require(flag(resource.inputs, "storageEncrypted") is True, "storageEncrypted is not set"),
            require(key is not None and "alias/aws/" not in key, f"kmsKeyId is {key!r}, not a customer's key"),
        ]
    )
