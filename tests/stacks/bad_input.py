"""Kinds of bad input: how each is made from the example estate, and where the message must point."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import stacks

PLATFORM, CLAIMS = "Pulumi.platform-sandbox.yaml", "teams/claims.yaml"
CATALOGUE = Path(stacks.__file__).with_name("catalogue")
yaml = YAML(typ="safe", pure=True)

Change = Callable[[Path], None]


def setting(file: str, **values: Any) -> Change:
    """Set values in a stack's settings; ``None`` removes the key."""

    def change(folder: Path) -> None:
        content = yaml.load((folder / file).read_text())
        where = content["config"]["llmlz:settings"] if file.startswith("Pulumi.") else content
        for key, value in values.items():
            where[key] = value
            if value is None:
                del where[key]
        yaml.dump(content, folder / file)

    return change


def config(file: str, **values: Any) -> Change:
    """Set keys beside the settings."""

    def change(folder: Path) -> None:
        content = yaml.load((folder / file).read_text())
        content["config"] |= {f"llmlz:{key}": value for key, value in values.items()}
        yaml.dump(content, folder / file)

    return change


def text(file: str, content: str) -> Change:
    """Write a whole file."""

    def change(folder: Path) -> None:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(content)

    return change


def copy(source: str, target: str, **values: Any) -> Change:
    """Copy a file and change settings of the copy."""

    def change(folder: Path) -> None:
        shutil.copy(folder / source, folder / target)
        setting(target, **values)(folder)

    return change


NETWORK = {"new": {"cidr": "10.0.0.0/16"}}
CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    # what: (change, file, path, value, a part of what was expected)
    "unknown key": (setting(PLATFORM, regoin="x"), PLATFORM, "llmlz:settings.regoin", '"x"', "closest: region"),
    "unknown nested key": (
        setting(PLATFORM, logs={"retention": 90}),
        PLATFORM,
        "llmlz:settings.logs.retention",
        "90",
        "closest: retention_days",
    ),
    "unknown key in a team file": (setting(CLAIMS, modles=[]), CLAIMS, "modles", "[]", "closest: models"),
    "locked value": (
        setting(PLATFORM, logs={"retention_days": 30}),
        PLATFORM,
        "llmlz:settings.logs.retention_days",
        "30",
        "at least 90: locked at tier foundation, because",
    ),
    "locked list": (
        setting(PLATFORM, network={"new": {"nat_zones": ["a", "b"]}}),
        PLATFORM,
        "llmlz:settings.network.new.nat_zones",
        '["a", "b"]',
        "allowed from tier reliable",
    ),
    "a wish that the tier does not have": (
        setting(PLATFORM, gateway={"replicas": 2}),
        PLATFORM,
        "llmlz:settings.gateway",
        '{"replicas": 2}',
        "no tier allows it",
    ),
    "alarms where nobody is on call": (
        setting(PLATFORM, alarms={"latency_seconds": 5}),
        PLATFORM,
        "llmlz:settings.alarms",
        '{"latency_seconds": 5}',
        "one of null: locked at tier foundation, because nobody is on call",
    ),
    "a stop where only reports are": (
        setting(PLATFORM, over_budget="stop"),
        PLATFORM,
        "llmlz:settings.over_budget",
        '"stop"',
        "allowed from tier repeatable",
    ),
    "number as text": (
        setting(PLATFORM, budget_usd="500"),
        PLATFORM,
        "llmlz:settings.budget_usd",
        '"500"',
        "a valid integer",
    ),
    "account without quotes": (
        setting(PLATFORM, account=111122223333),
        PLATFORM,
        "llmlz:settings.account",
        "111122223333",
        "string",
    ),
    "account too short": (
        setting(PLATFORM, account="1234"),
        PLATFORM,
        "llmlz:settings.account",
        '"1234"',
        "twelve digits",
    ),
    "missing owner": (setting(PLATFORM, owner=None), PLATFORM, "llmlz:settings.owner", "", "it is required"),
    "missing owner of a team": (setting(CLAIMS, owner=None), CLAIMS, "owner", "", "it is required"),
    "unknown model": (
        setting(PLATFORM, models=["nova-micro", "claude-haiku-4-5", "titan-embed-v2", "nova-lit", "nova-lite"]),
        PLATFORM,
        "llmlz:settings.models[3]",
        "nova-lit",
        "closest: nova-lite",
    ),
    "model under a licence nobody accepted": (
        setting(PLATFORM, models=["nova-micro", "claude-haiku-4-5", "titan-embed-v2", "nova-lite", "cohere-embed-v4"]),
        PLATFORM,
        "llmlz:settings.models[4]",
        "cohere-embed-v4",
        "'Cohere commercial terms'",
    ),
    "region without the model": (
        setting(PLATFORM, routing=["us"]),
        PLATFORM,
        "llmlz:settings.models[0]",
        "claude-haiku-4-5",
        "can be called from eu-central-1",
    ),
    "unknown region": (
        setting(PLATFORM, region="eu-central-9"),
        PLATFORM,
        "llmlz:settings.region",
        "eu-central-9",
        "closest: eu-central-1",
    ),
    "model the platform did not approve": (
        setting(CLAIMS, models=["nova-micro", "nova-pro"]),
        CLAIMS,
        "models[1]",
        "nova-pro",
        "a model that platform-sandbox approves",
    ),
    "data class above the platform": (
        setting(CLAIMS, data_class="confidential"),
        CLAIMS,
        "data_class",
        "confidential",
        "at most internal",
    ),
    "model not allowed for the data class": (
        text("overlay/models.yaml", "nova-micro:\n  data_classes: [public]\n"),
        CLAIMS,
        "models[1]",
        "nova-micro",
        "a model approved for internal data; this one is approved for public",
    ),
    "network too small": (
        setting(PLATFORM, network={"new": {"cidr": "10.0.0.0/24"}}),
        PLATFORM,
        "llmlz:settings.network.new.cidr",
        '"10.0.0.0/24"',
        "a prefix from /16 to /20: /24 has 256 addresses",
    ),
    "network of the internet": (
        setting(PLATFORM, network={"new": {"cidr": "8.8.0.0/16"}}),
        PLATFORM,
        "llmlz:settings.network.new.cidr",
        '"8.8.0.0/16"',
        "private network",
    ),
    "host bits in the network": (
        setting(PLATFORM, network={"new": {"cidr": "10.0.0.1/16"}}),
        PLATFORM,
        "llmlz:settings.network.new.cidr",
        '"10.0.0.1/16"',
        "host bits",
    ),
    "overlapping networks": (
        copy(PLATFORM, "Pulumi.platform-two.yaml", account="444455556666", network={"new": {"cidr": "10.0.128.0/17"}}),
        "Pulumi.platform-two.yaml",
        "llmlz:settings.network.new.cidr",
        "10.0.128.0/17",
        "do not overlap with 10.0.0.0/16",
    ),
    "two platforms in one place": (
        copy(PLATFORM, "Pulumi.platform-two.yaml", network={"new": {"cidr": "10.1.0.0/16"}}),
        "Pulumi.platform-two.yaml",
        "llmlz:settings.account",
        "111122223333 in eu-central-1",
        "without a platform",
    ),
    "findings of detectors that are not there": (
        setting(PLATFORM, watches=["findings"]),
        PLATFORM,
        "llmlz:settings.watches",
        "findings",
        "detectors whose findings can be watched",
    ),
    "detectors at a tier without them": (
        setting(PLATFORM, detectors={"config": "managed"}),
        PLATFORM,
        "llmlz:settings.detectors",
        '{"config": "managed"}',
        "one of null: locked at tier foundation, because",
    ),
    "a detector of nobody": (
        setting(PLATFORM, detectors={"config": "ours"}),
        PLATFORM,
        "llmlz:settings.detectors.config",
        '"ours"',
        "'managed', 'existing' or 'organization'",
    ),
    "two teams with one name": (
        copy(CLAIMS, "teams/other.yaml"),
        "teams/other.yaml",
        "team",
        "claims",
        "a name of its own",
    ),
    "a team twice on one platform": (
        copy("Pulumi.team-claims-sandbox.yaml", "Pulumi.team-twice.yaml"),
        "Pulumi.team-twice.yaml",
        "llmlz:settings.team",
        "claims",
        "a team that is not on platform-sandbox yet",
    ),
    "team without a file": (
        setting("Pulumi.team-claims-sandbox.yaml", team="claim"),
        "Pulumi.team-claims-sandbox.yaml",
        "llmlz:settings.team",
        "claim",
        "closest: claims",
    ),
    "platform that does not exist": (
        setting("Pulumi.team-claims-sandbox.yaml", platform="platform-sand"),
        "Pulumi.team-claims-sandbox.yaml",
        "llmlz:settings.platform",
        "platform-sand",
        "closest: platform-sandbox",
    ),
    "environment the team did not name": (
        setting(CLAIMS, environments=["test"]),
        CLAIMS,
        "environments",
        "test",
        "sandbox among them",
    ),
    "tier that does not exist": (
        config(PLATFORM, tier="fundation"),
        PLATFORM,
        "llmlz:tier",
        '"fundation"',
        "closest: foundation",
    ),
    "tier on a team": (
        config("Pulumi.team-claims-sandbox.yaml", tier="foundation"),
        "Pulumi.team-claims-sandbox.yaml",
        "llmlz:tier",
        '"foundation"',
        "the tier of its platform",
    ),
    "unknown kind": (config(PLATFORM, kind="plattform"), PLATFORM, "llmlz:kind", '"plattform"', "closest: platform"),
    "broken YAML": (text(PLATFORM, "config: [\n"), PLATFORM, "line 2, column 1", "", "YAML"),
    "a key twice": (text(CLAIMS, "team: claims\nteam: claims\n"), CLAIMS, "line 2, column 1", "", "duplicate key"),
    "empty file": (text(PLATFORM, ""), PLATFORM, "(whole file)", "", "keys and values"),
    "both network shapes": (
        setting(
            PLATFORM,
            network={**NETWORK, "existing": {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": {}, "subnet_cidrs": {}}},
        ),
        PLATFORM,
        "llmlz:settings.network.existing",
        "",
        "three zones",
    ),
    "overlay that loosens a lock": (
        text("overlay/tiers.yaml", "foundation:\n  locks:\n    logs.retention_days: {at_least: 30, reason: cheaper}\n"),
        "overlay/tiers.yaml",
        "foundation.locks.logs.retention_days",
        "at least 30",
        "at least as strict as at least 90",
    ),
    "overlay that breaks a lock": (
        text("overlay/tiers.yaml", "foundation:\n  defaults:\n    guardrail: {harm_strength: LOW}\n"),
        "overlay/tiers.yaml",
        "foundation.defaults.guardrail.harm_strength",
        '"LOW"',
        "locked at tier foundation",
    ),
    "wrong engine": (
        setting(PLATFORM, vector_store={"engine": "faiss"}),
        PLATFORM,
        "llmlz:settings.vector_store",
        '{"engine": "faiss"}',
        "s3_vectors",
    ),
    "capacity upside down": (
        setting(PLATFORM, vector_store={"engine": "pgvector", "max_acu": 2, "min_acu": 4}),
        PLATFORM,
        "llmlz:settings.vector_store",
        '{"engine": "pgvector", "max_acu": 2, "min_acu": 4}',
        "a max_acu of at least min_acu (4)",
    ),
    "the id of Bedrock for a model": (
        setting(CLAIMS, models=["amazon.nova-lite-v1:0"]),
        CLAIMS,
        "models[0]",
        "amazon.nova-lite-v1:0",
        "this id is nova-lite here",
    ),
    "a team's budget above the platform's": (
        setting(CLAIMS, limits={"budget_usd": 15000}),
        CLAIMS,
        "limits.budget_usd",
        "15000",
        "at most 500, the budget of platform-sandbox",
    ),
    "no mail address": (
        setting(PLATFORM, owner="Bob"),
        PLATFORM,
        "llmlz:settings.owner",
        '"Bob"',
        "a mail address such as",
    ),
    "a zone for a region": (
        setting(PLATFORM, region="eu-central-1a"),
        PLATFORM,
        "llmlz:settings.region",
        "eu-central-1a",
        "closest: eu-central-1",
    ),
    "tabs": (
        text(CLAIMS, "team: claims\nlimits:\n\tbudget_usd: 1\n"),
        CLAIMS,
        "line 3, column 1",
        "",
        "YAML does not take tabs",
    ),
}
