"""Kinds of bad input about evidence on a platform."""

from collections.abc import Mapping

from tests.stacks.bad_input import PLATFORM, Change, setting

AT = "llmlz:settings.logs"
KEY = "arn:aws:kms:eu-central-1:999900003333:key/11111111-2222-3333-4444-555555555555"

CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "masking of what CloudWatch does not know": (
        setting(PLATFORM, logs={"masking": {"identifiers": ["Email"]}}),
        PLATFORM,
        f"{AT}.masking.identifiers[0]",
        '"Email"',
        "'EmailAddress'",
    ),
    "masking of nothing": (
        setting(PLATFORM, logs={"masking": {"identifiers": []}}),
        PLATFORM,
        f"{AT}.masking.identifiers",
        "[]",
        "at least 1 item",
    ),
    "data events of an unknown kind": (
        setting(PLATFORM, logs={"data_events": ["AWS::Bedrock::Prompt"]}),
        PLATFORM,
        f"{AT}.data_events[0]",
        '"AWS::Bedrock::Prompt"',
        "'prompts'",
    ),
    "no way back without the sentence": (
        setting(PLATFORM, logs={"object_lock": {"compliance": {"days": 365, "confirmation": "yes"}}}),
        PLATFORM,
        f"{AT}.object_lock.compliance.confirmation",
        '"yes"',
        "'nobody can delete or shorten this, not even AWS'",
    ),
    "two kinds of object lock": (
        setting(
            PLATFORM,
            logs={
                "object_lock": {
                    "governance": {"days": 1},
                    "compliance": {"days": 1, "confirmation": "nobody can delete or shorten this, not even AWS"},
                }
            },
        ),
        PLATFORM,
        f"{AT}.object_lock",
        "",
        "exactly one of governance and compliance",
    ),
    "objects that expire while they are locked": (
        setting(PLATFORM, logs={"archive_days": 90, "object_lock": {"governance": {"days": 365}}}),
        PLATFORM,
        AT,
        "",
        "archive_days of at least 365",
    ),
    "an archive both new and existing": (
        setting(
            PLATFORM,
            logs={
                "archive": {"new": {}, "existing": {"bucket": "all-logs", "key_arn": KEY, "account": "999900003333"}}
            },
        ),
        PLATFORM,
        f"{AT}.archive",
        "",
        "exactly one of new and existing",
    ),
    "an archive with a key of another account": (
        setting(
            PLATFORM,
            logs={"archive": {"existing": {"bucket": "all-logs", "key_arn": KEY, "account": "111122223333"}}},
        ),
        PLATFORM,
        f"{AT}.archive.existing",
        "",
        "a key_arn in account 111122223333",
    ),
}
