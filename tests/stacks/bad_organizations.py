"""Kinds of bad input about organizations and the platforms in their units."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.stacks.bad_input import PLATFORM, Change, config, copy

ORGANIZATION = "Pulumi.organization.yaml"
PILOTS: Mapping[str, Any] = {"tier": "repeatable", "existing": {"id": "ou-ab12-12345678", "accounts": ["111122223333"]}}
WHOLE: Mapping[str, Any] = {
    "management_account": "999900001111",
    "organization_id": "o-exampleorg1",
    "root_id": "r-ab12",
    "region": "eu-central-1",
    "owner": "governance@example.com",
    "cost_centre": "governance",
    "units": {"pilots": PILOTS},
}
VAULT = "999900003333"
EMPTY: Mapping[str, Any] = {"tier": "repeatable", "existing": {"id": "ou-ab12-12345678", "accounts": []}}
PRODUCTION: Mapping[str, Any] = {
    "units": {"pilots": {**PILOTS, "tier": "reliable"}},
    "break_glass": ["arn:aws:iam::999900002222:user/on-call"],
}
yaml = YAML(typ="safe", pure=True)


def organization(tier: str = "repeatable", **values: Any) -> Change:
    """An organization with the example's platform in its one unit, and that platform at a tier."""

    def change(folder: Path) -> None:
        config(PLATFORM, tier=tier)(folder)
        settings = {"llmlz:kind": "organization", "llmlz:settings": {**WHOLE, **values}}
        yaml.dump({"config": settings}, folder / ORGANIZATION)

    return change


def twice(folder: Path) -> None:
    """The same organization in a second stack file."""
    organization()(folder)
    (folder / "Pulumi.second.yaml").write_text((folder / ORGANIZATION).read_text())


def _both(first: Change, **values: Any) -> Change:
    """A change, and then values of the platform."""

    def change(folder: Path) -> None:
        first(folder)
        _set(folder, **values)

    return change


SECOND = "Pulumi.platform-second.yaml"


def two_regions(tier: str = "repeatable", **values: Any) -> Change:
    """As above, and a second platform in another region of the same account."""

    def change(folder: Path) -> None:
        organization(tier, **values)(folder)
        copy(PLATFORM, SECOND, region="eu-west-1", network={"new": {"cidr": "10.1.0.0/16"}})(folder)

    return change


def _set(folder: Path, **values: Any) -> None:
    content = yaml.load((folder / PLATFORM).read_text())
    content["config"]["llmlz:settings"] |= values
    yaml.dump(content, folder / PLATFORM)


CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "two platforms that claim one singleton": (
        two_regions(),
        SECOND,
        "llmlz:settings.detectors.config",
        '"managed"',
        f"the role that Config works with: account 111122223333 has it once, and {PLATFORM} makes it",
    ),
    "two platforms with one role for emergencies": (
        two_regions(tier="reliable", **PRODUCTION),
        SECOND,
        "llmlz:settings.watches",
        '["backups", "break_glass", "findings", "keys", "tamper"]',
        f"the role for emergencies: account 111122223333 has it once, and {PLATFORM} makes it",
    ),
    "a tier that needs an organization": (
        config(PLATFORM, tier="repeatable"),
        PLATFORM,
        "llmlz:settings.account",
        "111122223333",
        "tier repeatable needs its policies, and no stack file of kind organization names this account",
    ),
    "a second organization": (
        twice,
        "Pulumi.second.yaml",
        "llmlz:kind",
        "organization",
        "no second organization stack beside",
    ),
    "a platform in the management account": (
        organization(
            tier="foundation",
            management_account="111122223333",
            units={"none": EMPTY},
        ),
        PLATFORM,
        "llmlz:settings.account",
        "111122223333",
        "no policy binds there",
    ),
    "a platform in a unit of another tier": (
        organization(tier="reliable"),
        PLATFORM,
        "llmlz:tier",
        "reliable",
        "repeatable, the tier of unit pilots in Pulumi.organization.yaml",
    ),
    "a unit of a tier that does not exist": (
        organization(units={"pilots": {**PILOTS, "tier": "repeatible"}}),
        ORGANIZATION,
        "llmlz:settings.units.pilots.tier",
        "repeatible",
        "closest: repeatable",
    ),
    "a unit both new and existing": (
        organization(units={"pilots": {**PILOTS, "new": {"accounts": {}}}}),
        ORGANIZATION,
        "llmlz:settings.units.pilots",
        "",
        "exactly one of new and existing",
    ),
    "an account in two units": (
        organization(units={"pilots": PILOTS, "others": PILOTS}),
        ORGANIZATION,
        "llmlz:settings.units.pilots",
        "111122223333",
        "this one is in units.others",
    ),
    "the management account in a unit": (
        organization(management_account="111122223333"),
        ORGANIZATION,
        "llmlz:settings.units.pilots",
        "111122223333",
        "the management account, where no policy binds",
    ),
    "nobody for break-glass": (
        organization(tier="reliable", units={"pilots": {**PILOTS, "tier": "reliable"}}),
        ORGANIZATION,
        "llmlz:settings.break_glass",
        "",
        "platforms in pilots have a break-glass role",
    ),
    "somebody on call in an account of a unit": (
        organization(tier="reliable", **{**PRODUCTION, "break_glass": ["arn:aws:iam::111122223333:user/on-call"]}),
        ORGANIZATION,
        "llmlz:settings.break_glass[0]",
        "arn:aws:iam::111122223333:user/on-call",
        "stands in a unit, beside what the role is to help",
    ),
    "somebody on call in the management account": (
        organization(tier="reliable", **{**PRODUCTION, "break_glass": ["arn:aws:iam::999900001111:user/on-call"]}),
        ORGANIZATION,
        "llmlz:settings.break_glass[0]",
        "arn:aws:iam::999900001111:user/on-call",
        "is bound by no policy",
    ),
    "a role on call": (
        organization(tier="reliable", **{**PRODUCTION, "break_glass": ["arn:aws:iam::999900002222:role/on-call"]}),
        ORGANIZATION,
        "llmlz:settings.break_glass[0]",
        '"arn:aws:iam::999900002222:role/on-call"',
        "user/",
    ),
    "a copy without a log archive": (
        _both(organization(), logs={"replica": "log_archive"}),
        PLATFORM,
        "llmlz:settings.logs.replica",
        "log_archive",
        "an organization that has a log archive",
    ),
    "a copy without an organization": (
        _both(lambda _: None, logs={"replica": "log_archive"}),
        PLATFORM,
        "llmlz:settings.logs.replica",
        "log_archive",
        "an organization that has a log archive",
    ),
    "a copy in another region": (
        _both(
            organization(region="eu-west-1", log_archive={"account": VAULT, "regions": ["eu-west-1"]}),
            logs={"replica": "log_archive"},
        ),
        PLATFORM,
        "llmlz:settings.logs.replica",
        "log_archive",
        "a log archive of the organization in eu-central-1; it has eu-west-1",
    ),
    "a log archive in the management account": (
        organization(log_archive={"account": "999900001111", "regions": ["eu-central-1"]}),
        ORGANIZATION,
        "llmlz:settings.log_archive.account",
        "999900001111",
        "this one is the management account",
    ),
    "a log archive in an account of a unit": (
        organization(log_archive={"account": "111122223333", "regions": ["eu-central-1"]}),
        ORGANIZATION,
        "llmlz:settings.log_archive.account",
        "111122223333",
        "this one stands in units.pilots",
    ),
    "a log archive away from the trail": (
        organization(log_archive={"account": VAULT, "regions": ["us-east-1"]}),
        ORGANIZATION,
        "llmlz:settings.log_archive.regions",
        "us-east-1",
        "eu-central-1 among them",
    ),
    "a log archive in an unknown region": (
        organization(log_archive={"account": VAULT, "regions": ["eu-central-1", "eu-central-9"]}),
        ORGANIZATION,
        "llmlz:settings.log_archive.regions[1]",
        "eu-central-9",
        "a region of the catalogue",
    ),
    "no masking in production": (
        _both(organization(tier="reliable", **PRODUCTION), logs={"masking": None}),
        PLATFORM,
        "llmlz:settings.logs.masking",
        "null",
        "not one of null: locked at tier reliable",
    ),
    "masking of too little in production": (
        _both(organization(tier="reliable", **PRODUCTION), logs={"masking": {"identifiers": ["EmailAddress"]}}),
        PLATFORM,
        "llmlz:settings.logs.masking.identifiers",
        '["EmailAddress"]',
        "with items Address, AwsSecretKey",
    ),
    "data that nobody records in production": (
        _both(organization(tier="reliable", **PRODUCTION), logs={"data_events": []}),
        PLATFORM,
        "llmlz:settings.logs.data_events",
        "[]",
        "with items agents",
    ),
    "a tier on an organization": (
        lambda folder: (organization()(folder), config(ORGANIZATION, tier="scaled")(folder), None)[-1],
        ORGANIZATION,
        "llmlz:tier",
        '"scaled"',
        "each of its units has one",
    ),
    "no id of an organization": (
        organization(organization_id="exampleorg"),
        ORGANIZATION,
        "llmlz:settings.organization_id",
        '"exampleorg"',
        "^o-",
    ),
    "a global route in production": (
        _both(organization(tier="reliable", **PRODUCTION), routing=["global", "eu"]),
        PLATFORM,
        "llmlz:settings.routing",
        '["global", "eu"]',
        "only items regional, eu, us, apac: locked at tier reliable",
    ),
}
