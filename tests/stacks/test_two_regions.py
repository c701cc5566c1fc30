"""A platform in two regions: what the second one shares, what it has of its own, and what is made only once."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from llmlz.cli.recording import record_with_platform
from llmlz.cost.fixed import fixed_cost
from llmlz.cost.prices import load
from llmlz.graph.model import Graph
from stacks.estate import load_estate
from stacks.kinds import PlatformStack, beneath
from stacks.parts.keys import key_purposes
from stacks.problems import SettingsError
from stacks.read_pairs import paired
from tests import two_regions
from tests.two_regions import ACCOUNT, FIRST, OTHER_REGION, REGION, SECOND

KEY, REPLICA = "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"
UNIQUE_IN_AN_ACCOUNT = (
    "aws:budgets/budget:Budget",
    "aws:cloudwatch/dashboard:Dashboard",
    "aws:iam/role:Role",
    "aws:s3/bucket:Bucket",
)
"""Types whose names are unique in an account, or in the world, and not only in a region."""


def platform(name: str) -> PlatformStack:
    """A platform of the estate."""
    stack = two_regions.estate().stack(name)
    assert isinstance(stack, PlatformStack)
    return stack


@pytest.fixture(scope="module")
def first() -> Graph:
    """The first region."""
    return two_regions.graphs()[FIRST]


@pytest.fixture(scope="module")
def second() -> Graph:
    """The second region."""
    return two_regions.graphs()[SECOND]


def test_the_first_region_is_recorded_first() -> None:
    """Although its stack comes later by name: the second one reads its outputs."""
    assert list(two_regions.graphs())[:2] == [FIRST, SECOND]
    assert [stack.name for stack in beneath(two_regions.estate().stack("team-second"))] == [FIRST, SECOND]
    assert [graph.stack for graph in record_with_platform(two_regions.estate(), "team-second")] == [
        FIRST,
        SECOND,
        "team-second",
    ]


def test_every_key_is_a_replica_of_the_key_of_the_same_purpose(first: Graph, second: Graph) -> None:
    """Each names the primary's ARN, which it reads from the outputs of the first region."""
    assert second.of_type(KEY) == ()
    replicas = {key.name: key.inputs["primaryKeyArn"] for key in second.of_type(REPLICA)}
    assert replicas == {f"keys-{purpose}": arn for purpose, arn in first.outputs["key_arns"].items()}
    assert set(first.outputs["key_arns"]) == {"backup", "data", "guardrail", "logs", "secrets", "vectors"}


def test_a_replica_lets_in_the_services_of_its_own_region(second: Graph) -> None:
    """The policy of a key is not replicated."""
    policy = second.named("keys-logs").inputs["policy"]
    assert f"logs.{OTHER_REGION}.amazonaws.com" in policy
    assert f"logs.{REGION}.amazonaws.com" not in policy
    assert "cloudtrail" not in policy


def test_what_an_account_has_once_is_not_made_twice(first: Graph, second: Graph) -> None:
    """The budget, the trail of all regions, the role for emergencies."""
    once = {"cost-budget", "logs-trail", "break-glass-role"}
    assert once <= {r.name for r in first.custom()}
    assert once & {r.name for r in second.custom()} == set()
    assert second.outputs["trail_arn"] == first.outputs["trail_arn"]


def test_no_name_is_taken_twice() -> None:
    """Roles, budgets and dashboards of both platforms and of the team on each."""
    taken: dict[tuple[str, Any], str] = {}
    for name, graph in two_regions.graphs().items():
        for resource in graph.of_type(*UNIQUE_IN_AN_ACCOUNT):
            physical = next(
                resource.inputs[key] for key in ("bucket", "dashboardName", "name") if key in resource.inputs
            )
            assert (resource.type, physical) not in taken, name
            taken[resource.type, physical] = name


def test_a_platform_without_a_primary_keeps_its_names(first: Graph, second: Graph) -> None:
    """Adding a second region changes nothing in the first but where its backups are copied to."""
    assert platform(FIRST).name_prefix == "llmlz-prod"
    assert platform(SECOND).name_prefix == "llmlz-prod-euw1"


def test_backups_are_copied_to_the_vault_of_the_second_region(first: Graph, second: Graph) -> None:
    """The ARN is known before the vault exists, so that the two stacks do not wait for each other."""
    (rule,) = first.named("backup-plan").inputs["rules"]
    (copy,) = rule["copyActions"]
    vault = second.named("backup-vault").inputs["name"]
    assert copy["destinationVaultArn"] == f"arn:aws:backup:{OTHER_REGION}:{ACCOUNT}:backup-vault:{vault}"
    alias = second.named("keys-backup-alias").inputs["name"]
    statements = json.loads(first.named("backup-jobs-role-policy").inputs["policy"])["Statement"]
    (use,) = [s for s in statements if s["Sid"] == "UseKeyOfCopies"]
    assert use["Condition"] == {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}


def test_vectors_in_postgres_are_backed_up_and_tried(first: Graph, second: Graph) -> None:
    """The cluster is covered where there is one, and nothing is missed where there is none."""
    assert [r.name for r in first.custom() if r.name.startswith("backup-restore-test-")] == [
        "backup-restore-test-bucket",
        "backup-restore-test-database",
    ]
    (selection,) = second.of_type("aws:backup/selection:Selection")
    assert len(selection.inputs["resources"]) == 1


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_both_stay_under_the_ceiling_of_the_tier(name: str) -> None:
    """Each region idle, every resource priced; replicas cost what keys cost."""
    cost = fixed_cost(two_regions.graphs()[name], load())
    assert cost.unpriced == ()
    assert cost.total <= platform(name).tier_data.fixed_cost_ceiling_usd


ARNS = {
    purpose: f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-{number:012d}"
    for number, purpose in enumerate(["backup", "data", "guardrail", "logs", "secrets", "vectors"])
}
"""Keys of one region, for every purpose."""

LONG = "production-and-morex"
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    # what: (changes, path, a part of what was expected)
    "a primary that is missing": ({"second": {"primary": "platform-frist"}}, "primary", f"closest: {FIRST}"),
    "a primary that is a team": ({"second": {"primary": "team-first"}}, "primary", "a platform of this estate"),
    "itself": ({"second": {"primary": SECOND}}, "primary", "another stack than this one"),
    "a primary that is a second region": (
        {"first": {"primary": SECOND, "backup": {}}, "second": {}},
        "primary",
        "is a second region itself",
    ),
    "the same region": ({"second": {"region": REGION}}, "region", "another region than"),
    "another environment": ({"second": {"environment": "prod-2"}}, "environment", "prod, as in"),
    "another account": ({"second": {"account": two_regions.OTHER_ACCOUNT}}, "account", f"{ACCOUNT}, as in"),
    "a name that becomes too long": (
        {
            "first": {"environment": LONG},
            "second": {"environment": LONG, "region": "ap-northeast-1", "models": ["titan-embed-v2"]},
            "organization": {"log_archive": {"account": "999900003333", "regions": [REGION, "ap-northeast-1"]}},
        },
        "environment",
        "short enough in a second region",
    ),
    "the same names without a primary": (
        {"first": {"backup": {}}, "second": {"primary": two_regions.REMOVED}},
        "environment",
        "an environment of its own in this account",
    ),
    "copies to a platform that is not the other region": (
        {"first": {"backup": {"copy_to": FIRST}}},
        "backup.copy_to",
        f"the other region of this platform: {SECOND}",
    ),
    "keys that cannot be replicated": ({"first": {"keys": {"existing": ARNS}}}, "keys", "backup, data"),
    "a purpose without a key": (
        {"first": {"keys": {"existing": {k: v for k, v in ARNS.items() if k != "logs"}}}},
        "keys.existing.logs",
        "each purpose needs one",
    ),
    "a key for nothing": (
        {"first": {"keys": {"existing": {**ARNS, "lgos": ARNS["logs"]}}}},
        "keys.existing.lgos",
        "a purpose of this platform",
    ),
    "a key of another region": (
        {"first": {"keys": {"existing": {**ARNS, "data": ARNS["data"].replace(REGION, OTHER_REGION)}}}},
        "keys.existing.data",
        f"a key of {REGION}",
    ),
    "a key of another account": (
        {"first": {"keys": {"existing": {**ARNS, "data": ARNS["data"].replace(ACCOUNT, "1" * 12)}}}},
        "keys.existing.data",
        f"a key of account {ACCOUNT}",
    ),
    "new keys and existing ones": (
        {"first": {"keys": {"new": {}, "existing": ARNS}}},
        "keys",
        "exactly one of new and existing",
    ),
    "no backups at a tier that has them": ({"first": {"backup": None}}, "backup", "not one of null"),
    "a compliance lock without the sentence": (
        {"first": {"backup": {"vault_lock": {"mode": "compliance", "changeable_for_days": 30}}}},
        "backup.vault_lock.confirmation",
        "it is required",
    ),
    "a schedule that is none": ({"first": {"backup": {"schedule": "daily"}}}, "backup.schedule", "cron(0 3 * * ? *)"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_said_where_it_stands(what: str, tmp_path: Path) -> None:
    """One message, with file, path, what was expected and a fix."""
    changes, path, expected = WRONG[what]
    two_regions.write_estate(tmp_path, **changes)
    with pytest.raises(SettingsError) as caught:
        load_estate(tmp_path)
    found = [p for p in caught.value.problems if p.path == f"llmlz:settings.{path}"]
    assert found, str(caught.value)
    assert all(expected in problem.expected for problem in found), str(caught.value)
    assert all(problem.fix for problem in found)


def test_a_second_region_is_for_the_highest_tier(tmp_path: Path) -> None:
    """The lock says from which tier on."""
    two_regions.write_estate(tmp_path, second={"tier": "reliable"})
    with pytest.raises(SettingsError, match=r"one of null: locked at tier reliable(.|\n)*allowed from tier scaled"):
        load_estate(tmp_path)


def test_the_two_must_need_the_same_keys() -> None:
    """Locks see to it in every estate; should one be lifted, this says what would be missing."""
    without = platform(SECOND).settings.model_copy(update={"backup": None})
    _, problems = paired({FIRST: platform(FIRST), SECOND: replace(platform(SECOND), settings=without)}, frozenset())
    assert [
        "the two differ in backup" in problem.expected for problem in problems if problem.path.endswith(".backup")
    ] == [True]


def test_a_broken_first_region_does_not_blame_the_second(tmp_path: Path) -> None:
    """It has said what is wrong with it."""
    two_regions.write_estate(tmp_path, first={"budget_usd": "many"})
    with pytest.raises(SettingsError) as caught:
        load_estate(tmp_path)
    assert {Path(problem.file).name for problem in caught.value.problems} == {f"Pulumi.{FIRST}.yaml"}


def test_keys_that_are_brought_along_are_used_and_none_is_made(tmp_path: Path) -> None:
    """In the first region; the second makes replicas of them where they are multi-Region keys."""
    replicable = {
        purpose: arn.rpartition("/")[0] + f"/mrk-{number:032x}" for number, (purpose, arn) in enumerate(ARNS.items())
    }
    two_regions.write_estate(tmp_path, first={"keys": {"existing": replicable}})
    estate = load_estate(tmp_path)
    first, second = record_with_platform(estate, SECOND)
    assert first.of_type(KEY, REPLICA, "aws:kms/alias:Alias") == ()
    assert first.named("backup-vault").inputs["kmsKeyArn"] == replicable["backup"]
    assert first.outputs["key_arns"] == replicable
    assert {key.inputs["primaryKeyArn"] for key in second.of_type(REPLICA)} == set(replicable.values())
    stack = estate.stack(FIRST)
    assert isinstance(stack, PlatformStack)
    assert set(key_purposes(stack)) == set(replicable)
