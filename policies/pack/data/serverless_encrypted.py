"""A search collection is encrypted with a customer's key from birth: AWS cannot change its key later."""

import re
from collections.abc import Mapping
from typing import Any

from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._values import flag, mappings, text
from policies.pack.data._serverless import COLLECTION, covered, entries, kind_of

KEY_ARN = re.compile(r"arn:[^:*]+:kms:[^:*]+:[^:*]+:key/[^*]+")
"""An alias can be turned to another key, or be one of AWS's own."""


def decide(resource: Resource, context: Context) -> Result:
    """``AWSOwnedKey`` is false and ``KmsARN`` names a key; a collection has such a policy or says the same itself.

    The most specific policy decides, and the collection's own setting before it, so each must hold:
    docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-encryption.html (2026-11).
    """
    if resource.type == COLLECTION:
        own = mappings(resource.inputs, "encryptionConfigs")
        if not own:
            return covered(resource, "encryption", context)
        return together(_customers_key(setting, "awsOwnedKey", "kmsKeyArn") for setting in own)
    if kind_of(resource) != "encryption":
        return HOLDS
    return together(_customers_key(entry, "AWSOwnedKey", "KmsARN") for entry in entries(resource, "encryption"))


def _customers_key(setting: Mapping[str, Any], owned: str, arn: str) -> Result:
    found, key = flag(setting, owned), text(setting, arn)
    return together(
        [
            require(found is False, f"{owned} is {found}, not false"),
            require(key is not None and bool(KEY_ARN.fullmatch(key)), f"{arn} is {key!r}, not the ARN of a key"),
        ]
    )
