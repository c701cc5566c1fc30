"""What the steps inside the database promise. The Data API here is a fake that keeps the calls."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.vector_space import team_schema as schema_of_space
from components.vector_store.data_plane import handler
from components.vector_store.data_plane.handler import Database, run, team_schema

CLAIMS = {"step": "space", "team": "claims"}

SPACE_OF_CLAIMS = [
    "SELECT 1 FROM pg_advisory_xact_lock(:lock)",
    "CREATE EXTENSION IF NOT EXISTS vector",
    "SELECT 1 FROM pg_roles WHERE rolname = :role",
    'CREATE ROLE "team_claims" LOGIN',
    'GRANT rds_iam TO "team_claims"',
    'CREATE SCHEMA IF NOT EXISTS "team_claims"',
    'REVOKE ALL ON SCHEMA "team_claims" FROM PUBLIC',
    'GRANT USAGE, CREATE ON SCHEMA "team_claims" TO "team_claims"',
    'ALTER ROLE "team_claims" SET search_path = "team_claims", public',
]


class DataApi:
    """Answers like ``rds-data``, and remembers which roles were made."""

    def __init__(self, *, paused: int = 0, fails_at: str = "") -> None:
        self.paused, self.fails_at = paused, fails_at
        self.roles: set[str] = set()
        self.calls: list[str] = []
        self.requests: list[dict[str, Any]] = []

    def begin_transaction(self, **request: Any) -> dict[str, Any]:
        """Refuse while the database resumes."""
        self.calls.append("begin")
        if self.paused:
            self.paused -= 1
            raise ClientError({"Error": {"Code": "DatabaseResumingException"}}, "BeginTransaction")
        self.requests.append(request)
        return {"transactionId": "t1"}

    def execute_statement(self, **request: Any) -> dict[str, Any]:
        """Know the catalogue of roles, and fail where the test says so."""
        self.requests.append(request)
        self.calls.append(request["sql"])
        if request["sql"] == self.fails_at:
            raise ClientError({"Error": {"Code": "BadRequestException"}}, "ExecuteStatement")
        if request["sql"].startswith("CREATE ROLE"):
            self.roles.add(request["sql"].split('"')[1])
        if "pg_roles" in request["sql"]:
            known = request["parameters"][0]["value"]["stringValue"] in self.roles
            return {"records": [[{"longValue": 1}]] if known else []}
        return {}

    def commit_transaction(self, **request: Any) -> None:
        """Keep the call."""
        self.calls.append("commit")

    def rollback_transaction(self, **request: Any) -> None:
        """Keep the call."""
        self.calls.append("rollback")


def database(api: DataApi, waits: list[float] | None = None) -> Database:
    """A database behind ``api`` that does not really wait."""
    waited = waits if waits is not None else []
    return Database(client=api, cluster_arn="cluster", secret_arn="secret", name="vectors", sleep=waited.append)


def test_a_space_is_an_extension_a_role_and_a_schema_of_its_own() -> None:
    """The exact statements, in one transaction: the role gets rights on its own schema and on nothing else."""
    api = DataApi()
    run(CLAIMS, database(api))
    assert api.calls == ["begin", *SPACE_OF_CLAIMS, "commit"]


def test_every_statement_runs_in_the_transaction_of_the_right_database() -> None:
    """Nothing runs on its own: what fails half-way leaves nothing behind."""
    api = DataApi()
    run(CLAIMS, database(api))
    opened, *statements = api.requests
    assert opened == {"resourceArn": "cluster", "secretArn": "secret", "database": "vectors"}
    targets = {(s["resourceArn"], s["secretArn"], s["database"], s["transactionId"]) for s in statements}
    assert targets == {("cluster", "secret", "vectors", "t1")}


def test_a_second_run_changes_nothing_and_answers_the_same() -> None:
    """The role exists, so it is not made again; every other statement can be repeated as it is."""
    api = DataApi()
    first = run(CLAIMS, database(api))
    api.calls.clear()
    second = run(CLAIMS, database(api))
    assert first == second == {"step": "space", "team": "claims", "schema": "team_claims", "role": "team_claims"}
    repeated = [statement for statement in SPACE_OF_CLAIMS if not statement.startswith("CREATE ROLE")]
    assert api.calls == ["begin", *repeated, "commit"]


def test_values_are_bound_and_names_are_quoted() -> None:
    """Where SQL takes parameters, the value is not in the text."""
    api = DataApi()
    run({"step": "space", "team": "claims-ai"}, database(api))
    (lookup,) = [r for r in api.requests if "pg_roles" in r.get("sql", "")]
    assert lookup["parameters"] == [{"name": "role", "value": {"stringValue": "team_claims_ai"}}]
    assert 'CREATE SCHEMA IF NOT EXISTS "team_claims_ai"' in api.calls


def test_a_failure_takes_everything_back() -> None:
    """The error goes up to the deployment, and the transaction is rolled back, not committed."""
    api = DataApi(fails_at="CREATE EXTENSION IF NOT EXISTS vector")
    with pytest.raises(ClientError, match="BadRequestException"):
        run(CLAIMS, database(api))
    assert api.calls == ["begin", *SPACE_OF_CLAIMS[:2], "rollback"]


def test_a_paused_database_is_waited_for() -> None:
    """Capacity 0 means that the first call finds nobody at home."""
    waits: list[float] = []
    api = DataApi(paused=3)
    run(CLAIMS, database(api, waits))
    assert (api.calls[:4], waits) == (["begin"] * 4, [5, 5, 5])


def test_waiting_ends() -> None:
    """A database that does not come back is reported by its own error, before the function times out."""
    waits: list[float] = []
    api = DataApi(paused=99)
    with pytest.raises(ClientError, match="DatabaseResumingException"):
        run(CLAIMS, database(api, waits))
    assert sum(waits) == 55


@pytest.mark.parametrize(
    "team",
    [
        "",
        "Claims",
        "claims_ai",
        "-claims",
        "claims-",
        "claims--ai",
        "1claims",
        "claims ai",
        "cläims",
        "claims\n",
        'claims"; DROP SCHEMA public CASCADE; --',
        "claims'--",
        'claims" TO "team_billing',
        "claims\x00",
        "a" * 41,
        None,
        7,
        ["claims"],
    ],
)
def test_bad_names_and_injection_are_refused_before_the_database_is_called(team: Any) -> None:
    """Only plain lower-case words reach a statement."""
    api = DataApi()
    with pytest.raises(ValueError, match="expected up to 40 lower-case"):
        run({"step": "space", "team": team}, database(api))
    assert api.calls == []


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"step": "space"},
        {"step": "drop", "team": "claims"},
        {"step": "space", "team": "claims", "sql": "SELECT 1"},
    ],
)
def test_events_that_are_not_exactly_a_step_are_refused(event: dict[str, Any]) -> None:
    """There is no way to pass SQL, or to ask for something else."""
    api = DataApi()
    with pytest.raises(ValueError, match="expected step"):
        run(event, database(api))
    assert api.calls == []


def test_different_teams_never_share_a_schema() -> None:
    """Dashes become underscores, which no team name may hold, so that no two names meet."""
    teams = ["a-b", "ab", "a-b-c", "ab-c", "a-bc"]
    assert len({team_schema(team) for team in teams}) == len(teams)


def test_the_team_stack_spells_the_schema_the_same_way() -> None:
    """The function is deployed alone, so the rule stands twice; here it is the same."""
    for team in ("claims", "claims-ai", "a1-b2-c3"):
        assert team_schema(team) == schema_of_space(team)


def test_the_function_reads_its_target_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point that Lambda calls: the event chooses the team, never the cluster or the secret."""
    api = DataApi()
    for name, value in {"CLUSTER_ARN": "c", "SECRET_ARN": "s", "DATABASE": "d"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(handler, "boto3", SimpleNamespace(client=lambda service: {"rds-data": api}[service]))
    assert handler.handle(CLAIMS, None)["schema"] == "team_claims"
    assert api.requests[0] == {"resourceArn": "c", "secretArn": "s", "database": "d"}


def test_the_deployed_file_stands_alone() -> None:
    """It imports the runtime's libraries only; anything of this project would be missing there."""
    text = Path(handler.__file__).read_text(encoding="utf-8")
    assert "components" not in text
    assert "llmlz" not in text
