"""Steps inside the vector collection, as plain events:
``{"step": "index", "team": "claims", "dimensions": 1024, "metric": "cosine"}``, and with ``"knowledge": "handbook"`` for an
index that a knowledge base of the team fills.

Owns: one index per team, with what can never be changed later. Does not own: who reads it, and the documents in it;
the role of this function may make and look at indexes, and nothing else.

The step is idempotent: an index that is there stays as it is, and one of another shape is an error, never a new index.
Requests are signed and go over HTTPS. This file is deployed alone: it imports the runtime's own libraries only.
"""

import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

TEAM = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_TEAM = 40
BELOW = "--"
"""Between a team and its knowledge base; no name of a team has two dashes in a row."""

SPACES: Mapping[str, str] = {"cosine": "cosinesimil", "euclidean": "l2"}
"""A metric as we call it, to how OpenSearch does:
https://docs.opensearch.org/latest/field-types/supported-field-types/knn-spaces/ (2026-11)"""

MOST_DIMENSIONS = 16_000
"""https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-vector-search.html (2026-11)"""

VECTOR, TEXT, METADATA = "vector", "text", "metadata"
"""Fields of every document; other fields that a document brings can be searched too."""

WAIT_SECONDS, TRIES = 5, 16
"""For one run. A policy that admits this function, and an index that was made, are seen a moment later, and a collection
may be busy: about a minute, so the function waits a little longer, and less than it may run."""

SOON = frozenset({403, 408, 429, 500, 502, 503, 504})
"""Answers that may be others in a moment. A refusal is among them, for a while: a new policy has to get around."""

EXISTS = "resource_already_exists_exception"
"""How a 400 reads where another run made the index in between."""

OK, BAD_REQUEST, NOT_FOUND, NO_ANSWER = 200, 400, 404, 503

CONNECT_SECONDS, READ_SECONDS = 2, 10


def handle(event: Mapping[str, Any], _context: object) -> dict[str, str]:
    """Run the step that ``event`` names; raises ``ValueError`` for an event that is not exactly one of a step."""
    session = boto3.Session()
    collection = Collection(
        credentials=session.get_credentials(), endpoint=os.environ["ENDPOINT"], region=os.environ["AWS_REGION"]
    )
    return run(event, collection)


def run(event: Mapping[str, Any], collection: "Collection") -> dict[str, str]:
    """The index of ``event`` in ``collection``; the answer names it, whether or not it was there before."""
    if set(event) - {"knowledge"} != {"step", "team", "dimensions", "metric"} or event["step"] != "index":
        raise ValueError(f"expected step (index), team, dimensions and metric, got {json.dumps(event, default=str)}")
    team = index_name(event["team"])
    if "knowledge" in event:
        team = f"{team}{BELOW}{index_name(event['knowledge'])}"
    wanted = index_body(event["dimensions"], event["metric"], by_bedrock="knowledge" in event)
    path = f"/{team}"
    if collection.ask("HEAD", path, {OK, NOT_FOUND})[0] == NOT_FOUND:
        status, said = collection.ask("PUT", path, {OK, BAD_REQUEST}, body=wanted)
        if status == BAD_REQUEST and EXISTS not in said:
            raise RuntimeError(f"PUT {path}: {said[:500]}")
    _, found = collection.ask("GET", path, {OK}, again={NOT_FOUND})
    _same(team, json.loads(found), wanted)
    LOG.info("step index of team %s is done", team)
    return {"step": "index", "team": team, "index": team}


def index_name(team: object) -> str:
    """Name of a team's index; raises ``ValueError`` for a name that is not plain lower case.

    It becomes part of a path, so this check is what keeps other indexes and operations out of it.
    """
    if not isinstance(team, str) or len(team) > LONGEST_TEAM or not TEAM.fullmatch(team):
        raise ValueError(
            f"team {team!r}: expected up to {LONGEST_TEAM} lower-case letters and digits in words joined by dashes"
        )
    return team


def index_body(dimensions: object, metric: object, *, by_bedrock: bool = False) -> dict[str, Any]:
    """Settings and fields of an index; raises ``ValueError`` for a shape that no index has.

    Bedrock writes what it notes about a piece as one text, which is not searched:
    https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-setup.html (2026-11).
    """
    whole = isinstance(dimensions, int) and not isinstance(dimensions, bool)
    if not whole or not 1 <= dimensions <= MOST_DIMENSIONS:  # type: ignore[operator]
        raise ValueError(f"dimensions {dimensions!r}: expected a whole number from 1 to {MOST_DIMENSIONS}")
    if not isinstance(metric, str) or metric not in SPACES:
        raise ValueError(f"metric {metric!r}: expected {' or '.join(SPACES)}")
    method = {"engine": "faiss", "name": "hnsw", "space_type": SPACES[metric]}
    vector = {"type": "knn_vector", "dimension": dimensions, "method": method}
    noted = {"type": "text", "index": False} if by_bedrock else {"type": "object"}
    texts = {TEXT: {"type": "text"}, METADATA: noted}
    return {"settings": {"index": {"knn": True}}, "mappings": {"properties": {VECTOR: vector, **texts}}}


def _same(team: str, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Raises ``ValueError`` where the index that is there takes other vectors than the wanted one."""

    def shape(body: Mapping[str, Any]) -> tuple[object, object]:
        vector = body["mappings"].get("properties", {}).get(VECTOR, {})
        return vector.get("dimension"), vector.get("method", {}).get("space_type") or vector.get("space_type")

    there, asked = shape(found[team]), shape(wanted)
    if there != asked:
        raise ValueError(
            f"index {team} has dimension and space {there}, asked for {asked}: they never change;"
            " keep the old ones in the team file, or make the index again after its vectors were saved"
        )


@dataclass(kw_only=True, slots=True)
class Collection:
    """One collection of OpenSearch Serverless, through signed requests."""

    credentials: Any
    """Of the function's role."""

    endpoint: str
    """Where the collection answers, with its scheme."""

    region: str
    """Part of the signature."""

    sleep: Callable[[float], None] = field(default=time.sleep)
    """Waits between tries."""

    tries: int = field(default=TRIES)
    """How many answers that may be others in a moment are left."""

    def ask(
        self,
        method: str,
        path: str,
        expected: Set[int],
        *,
        again: Set[int] = frozenset(),
        body: Mapping[str, Any] | None = None,
    ) -> tuple[int, str]:
        """Status and text of the answer to one request, once its status is an expected one.

        Waits while the status may be another one in a moment, or is in ``again``. Raises ``RuntimeError`` with what was
        answered last.
        """
        while True:
            status, said = self._send(method, path, json.dumps(body) if body is not None else "")
            if status in expected:
                return status, said
            self.tries -= 1
            if self.tries <= 0 or status not in SOON | again:
                wanted = " or ".join(map(str, sorted(expected)))
                raise RuntimeError(f"{method} {path}: expected {wanted}, got {status} {said[:500]}")
            LOG.info("%s %s: %s, waiting", method, path, status)
            self.sleep(WAIT_SECONDS)

    def _send(self, method: str, path: str, body: str) -> tuple[int, str]:
        """Status and text; no answer at all counts as unavailable.

        The service wants the hash of the body among the signed headers, also where there is no body:
        https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-clients.html (2026-11)
        """
        digest = hashlib.sha256(body.encode()).hexdigest()
        headers = {"Content-Type": "application/json", "X-Amz-Content-SHA256": digest}
        request = AWSRequest(method=method, url=self.endpoint + path, data=body, headers=headers)
        SigV4Auth(self.credentials, "aoss", self.region).add_auth(request)
        session = URLLib3Session(timeout=(CONNECT_SECONDS, READ_SECONDS))  # follows no redirection, repeats nothing
        try:
            answer = session.send(request.prepare())
        except (NoConnectionError, HTTPClientError) as error:
            return NO_ANSWER, f"no answer: {error}"
        return int(answer.status_code), str(answer.text)
