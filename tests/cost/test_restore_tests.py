"""How many restore tests a schedule makes in a month."""

from decimal import Decimal

import pulumi_aws as aws
import pytest

from llmlz.cost.quantities import QUANTITIES
from llmlz.cost.uncounted import UncountedError
from llmlz.graph.model import Graph, Resource
from llmlz.graph.record import record


def counted(schedule: str) -> Decimal:
    """Tests of one store in the longest month."""

    def program() -> None:
        plan = aws.backup.RestoreTestingPlan(
            "plan",
            name="p",
            recovery_point_selection={
                "algorithm": "LATEST_WITHIN_WINDOW",
                "include_vaults": ["*"],
                "recovery_point_types": ["SNAPSHOT"],
            },
            schedule_expression=schedule,
        )
        aws.backup.RestoreTestingSelection(
            "store", iam_role_arn="r", protected_resource_type="S3", restore_testing_plan_name=plan.name
        )

    graph: Graph = record(program, project="p", stack_name="s", account="111122223333", region="eu-central-1")
    selection: Resource = graph.named("store")
    return QUANTITIES["restore-tests"](graph, selection)


@pytest.mark.parametrize(
    ("schedule", "tests"),
    [("cron(0 5 1 * ? *)", 1), ("cron(0 5 L * ? *)", 1), ("cron(0 5 ? * SUN *)", 5), ("cron(0 5 * * ? *)", 31)],
)
def test_a_schedule_is_counted_for_the_longest_month(schedule: str, tests: int) -> None:
    """A day of the month, a day of the week, every day."""
    assert counted(schedule) == tests


@pytest.mark.parametrize("schedule", ["rate(1 day)", "cron(0/5 * * * ? *)", "cron(0 5 1,15 * ? *)"])
def test_a_schedule_that_is_not_understood_is_not_free(schedule: str) -> None:
    """Whoever writes one is told that it has no price here."""
    with pytest.raises(UncountedError, match="is not counted"):
        counted(schedule)
