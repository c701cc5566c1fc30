"""The key that pseudonyms are made with: it never leaves KMS, and only the pipeline of its team makes codes with it."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from components._key import DELETION_WINDOW_DAYS
from components._key_policy import key_statements, only_for
from components._policy import document
from components.ingestion.args import IngestionArgs

CODES = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:GenerateMac", "kms:ReEncrypt*", "kms:VerifyMac")
"""Every use of key material that a key may be asked for."""


def pseudonym_key(name: str, args: IngestionArgs, role: aws.iam.Role, parent: pulumi.Resource) -> pulumi.Output[str]:
    """ARN of the team's key for codes.

    Its key material cannot rotate, and must not: another key is another pseudonym for everybody:
    https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html (2026-11)
    """
    key = aws.kms.Key(
        name,
        customer_master_key_spec="HMAC_256",
        deletion_window_in_days=DELETION_WINDOW_DAYS,
        description=f"LLM landing zone: pseudonyms of {args.team}",
        key_usage="GENERATE_VERIFY_MAC",
        multi_region=True,  # a key cannot become multi-Region later, and a second region needs the same pseudonyms
        policy=role.arn.apply(lambda arn: json.dumps(key_policy(arn, args))),
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
    return key.arn


def key_policy(role_arn: str, args: IngestionArgs) -> dict[str, Any]:
    """As every key; and nobody but the pipeline makes a code, or tries one: whoever could would know whose it is.

    The key encrypts nothing, and nobody is to try.
    """
    return document(
        [
            *key_statements(args.partition, args.account_id, args.break_glass_arn),
            only_for("OnlyThePipelineMakesCodes", CODES, [role_arn]),
        ]
    )
