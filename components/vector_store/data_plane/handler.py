"""Steps inside the vector database, as plain events: ``{"step": "space", "team": "claims"}``.

Owns: the extension, and per team a schema and a role that signs in with IAM and reaches its own schema only.
Does not own: tables and indexes; teams make their own.

Each step is idempotent and runs in one transaction, one run at a time. Statements go through the RDS Data API, so the
function needs no place in the network. This file is deployed alone: it imports the runtime's own libraries only.
"""

import json
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

TEAM = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_TEAM = 40
"""Characters; ``team_`` and this fit PostgreSQL's 63 bytes for a name with room to spare."""

RESUME_SECONDS, RESUME_TRIES = 5, 12
"""A paused database takes about 15 seconds to resume, up to 30 when it slept for more than a day:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html (2026-11)"""

LOCK = 4115
"""Any number, always this one: concurrent runs of different teams would collide on the shared extension."""


def handle(event: Mapping[str, Any], _context: object) -> dict[str, str]:
    """Run the step that ``event`` names; raises ``ValueError`` for an event that is not exactly one of a step."""
    database = Database(
        client=boto3.client("rds-data"),
        cluster_arn=os.environ["CLUSTER_ARN"],
        secret_arn=os.environ["SECRET_ARN"],
        name=os.environ["DATABASE"],
    )
    return run(event, database)


def run(event: Mapping[str, Any], database: "Database") -> dict[str, str]:
    """The step of ``event`` against ``database``; the answer names what exists now, whether or not it did before."""
    if set(event) != {"step", "team"} or event["step"] not in STEPS:
        raise ValueError(f"expected step ({', '.join(STEPS)}) and team, got {json.dumps(event, default=str)}")
    place = team_schema(event["team"])
    database.begin()
    done = False
    try:
        database.execute("SELECT 1 FROM pg_advisory_xact_lock(:lock)", {"lock": LOCK})
        STEPS[event["step"]](database, place)
        database.commit()
        done = True
    finally:
        if not done:
            database.rollback()
    LOG.info("step %s of team %s is done", event["step"], event["team"])
    return {"step": event["step"], "team": event["team"], "schema": place, "role": place}


def team_schema(team: object) -> str:
    """Name of a team's schema and role; raises ``ValueError`` for a name that is not plain lower case.

    Names cannot be bound as parameters, so this check is what keeps SQL out of them.
    """
    if not isinstance(team, str) or len(team) > LONGEST_TEAM or not TEAM.fullmatch(team):
        raise ValueError(
            f"team {team!r}: expected up to {LONGEST_TEAM} lower-case letters and digits in words joined by dashes"
        )
    return "team_" + team.replace("-", "_")


def space(database: "Database", place: str) -> None:
    """The extension, and a schema that only the team's role reaches."""
    database.execute("CREATE EXTENSION IF NOT EXISTS vector")
    if not database.execute("SELECT 1 FROM pg_roles WHERE rolname = :role", {"role": place}):
        database.execute(f'CREATE ROLE "{place}" LOGIN')
    database.execute(f'GRANT rds_iam TO "{place}"')
    database.execute(f'CREATE SCHEMA IF NOT EXISTS "{place}"')
    database.execute(f'REVOKE ALL ON SCHEMA "{place}" FROM PUBLIC')
    database.execute(f'GRANT USAGE, CREATE ON SCHEMA "{place}" TO "{place}"')
    database.execute(f'ALTER ROLE "{place}" SET search_path = "{place}", public')


STEPS: Mapping[str, Callable[["Database", str], None]] = {"space": space}


@dataclass(kw_only=True, slots=True)
class Database:
    """One transaction of one database through the Data API."""

    client: Any
    """The ``rds-data`` client."""

    cluster_arn: str
    """The cluster."""

    name: str
    """The database in it."""

    secret_arn: str
    """Where the Data API finds the administrator's password; it never passes through here."""

    sleep: Callable[[float], None] = field(default=time.sleep)
    """Waits between tries while the database resumes."""

    transaction: str = field(default="")
    """Identifier of the open transaction."""

    def begin(self) -> None:
        """Open the transaction, waiting for a paused database; the last refusal is raised as it is."""
        for tries_left in reversed(range(RESUME_TRIES)):
            try:
                answer = self.client.begin_transaction(**self._target(), database=self.name)
            except ClientError as error:
                if error.response["Error"]["Code"] != "DatabaseResumingException" or not tries_left:
                    raise
                self.sleep(RESUME_SECONDS)
            else:
                self.transaction = answer["transactionId"]
                return

    def execute(self, statement: str, values: Mapping[str, str | int] | None = None) -> bool:
        """Whether ``statement`` returned a row; ``values`` are bound, never written into the text."""
        answer = self.client.execute_statement(
            **self._target(),
            database=self.name,
            transactionId=self.transaction,
            sql=statement,
            parameters=[_parameter(name, value) for name, value in (values or {}).items()],
        )
        return bool(answer.get("records"))

    def commit(self) -> None:
        """Keep everything."""
        self.client.commit_transaction(**self._target(), transactionId=self.transaction)

    def rollback(self) -> None:
        """Keep nothing."""
        self.client.rollback_transaction(**self._target(), transactionId=self.transaction)

    def _target(self) -> dict[str, str]:
        return {"resourceArn": self.cluster_arn, "secretArn": self.secret_arn}


def _parameter(name: str, value: str | int) -> dict[str, Any]:
    kind = "longValue" if isinstance(value, int) else "stringValue"
    return {"name": name, "value": {kind: value}}
