"""What the step inside the vector collection promises, against a server on this machine that answers like one."""

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from botocore.credentials import Credentials

from components.vector_space import LONGEST_TEAM, TEAM
from components.vector_store.data_plane import index_handler
from components.vector_store.data_plane.index_handler import (
    TRIES,
    WAIT_SECONDS,
    Collection,
    index_body,
    run,
)

CLAIMS = {"step": "index", "team": "claims", "dimensions": 1024, "metric": "cosine"}
VECTOR = {
    "type": "knn_vector",
    "dimension": 1024,
    "method": {"engine": "faiss", "name": "hnsw", "space_type": "cosinesimil"},
}
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""SHA-256 of nothing."""


class Service(ThreadingHTTPServer):
    """A collection: indexes by name, every request that came, and answers that the test puts in front."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.indexes: dict[str, Any] = {}
        self.requests: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.first: list[tuple[str, int, str]] = []
        """Method, status and body: used up one by one by requests of that method."""

    def calls(self, method: str) -> int:
        """How many requests of a method came."""
        return sum(one == method for one, _ in self.requests)


class Answer(BaseHTTPRequestHandler):
    """One request."""

    server: Service

    def do_HEAD(self) -> None:
        """Whether the index is there."""
        self._answer("HEAD", lambda name, _: (200 if name in self.server.indexes else 404, ""))

    def do_GET(self) -> None:
        """What the index is."""
        self._answer(
            "GET",
            lambda name, _: (
                (200, json.dumps({name: self.server.indexes[name]}))
                if name in self.server.indexes
                else (404, "no such index")
            ),
        )

    def do_PUT(self) -> None:
        """Make the index."""

        def make(name: str, body: str) -> tuple[int, str]:
            if name in self.server.indexes:
                return 400, json.dumps({"error": {"type": "resource_already_exists_exception"}})
            self.server.indexes[name] = json.loads(body)
            return 200, json.dumps({"acknowledged": True})

        self._answer("PUT", make)

    def _answer(self, method: str, usual: Any) -> None:
        self.server.requests.append((method, self.path))
        self.server.headers.append({key.lower(): value for key, value in self.headers.items()})
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        status, text = usual(self.path[1:], body) if not self._planned(method) else self.planned
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if method != "HEAD":
            self.wfile.write(text.encode())

    def _planned(self, method: str) -> bool:
        found = next((one for one in self.server.first if one[0] == method), None)
        if found:
            self.server.first.remove(found)
            self.planned = found[1:]
        return found is not None

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service(loopback: None) -> Iterator[Service]:
    """A collection without indexes."""
    with Service() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def collection(service: Service, waits: list[float] | None = None) -> Collection:
    """The collection behind ``service``, which nobody really waits for."""
    waited = waits if waits is not None else []
    return Collection(
        credentials=Credentials("AKIDEXAMPLE", "not-a-secret", "token"),
        endpoint=f"http://127.0.0.1:{service.server_port}",
        region="eu-central-1",
        sleep=waited.append,
    )


def test_an_index_is_made_with_what_it_can_never_change(service: Service) -> None:
    """Named like the team, with the vectors of its embedding model, and text beside them for hybrid search."""
    assert run(CLAIMS, collection(service)) == {"step": "index", "team": "claims", "index": "claims"}
    assert service.indexes == {
        "claims": {
            "settings": {"index": {"knn": True}},
            "mappings": {"properties": {"vector": VECTOR, "text": {"type": "text"}, "metadata": {"type": "object"}}},
        }
    }
    assert service.requests == [("HEAD", "/claims"), ("PUT", "/claims"), ("GET", "/claims")]


def test_an_index_of_a_knowledge_base_has_the_fields_that_bedrock_fills(service: Service) -> None:
    """Below the name of the team, with two dashes, which no team has; what Bedrock notes is a text that is not searched."""
    made = run({**CLAIMS, "knowledge": "handbook"}, collection(service))
    assert made == {"step": "index", "team": "claims--handbook", "index": "claims--handbook"}
    fields = service.indexes["claims--handbook"]["mappings"]["properties"]
    assert fields == {"vector": VECTOR, "text": {"type": "text"}, "metadata": {"type": "text", "index": False}}


@pytest.mark.parametrize("knowledge", ["", None, "Handbook", "a--b", "../x", "h*", 7])
def test_names_of_knowledge_bases_are_as_strict(service: Service, knowledge: Any) -> None:
    """They become part of the same path."""
    with pytest.raises(ValueError, match="expected up to 40 lower-case"):
        run({**CLAIMS, "knowledge": knowledge}, collection(service))
    assert service.requests == []


def test_a_second_run_changes_nothing_and_answers_the_same(service: Service) -> None:
    """What is there is looked at, and not made again."""
    first = run(CLAIMS, collection(service))
    before = json.dumps(service.indexes)
    service.requests.clear()
    assert run(CLAIMS, collection(service)) == first
    assert service.requests == [("HEAD", "/claims"), ("GET", "/claims")]
    assert json.dumps(service.indexes) == before


@pytest.mark.parametrize("change", [{"dimensions": 256}, {"metric": "euclidean"}])
def test_another_shape_is_an_error_and_never_a_new_index(service: Service, change: dict[str, Any]) -> None:
    """The message says what is there, what was asked for, and what to do; the index stays."""
    run(CLAIMS, collection(service))
    before = json.dumps(service.indexes)
    with pytest.raises(ValueError, match="index claims has dimension and space") as caught:
        run({**CLAIMS, **change}, collection(service))
    assert "keep the old ones in the team file" in str(caught.value)
    assert (json.dumps(service.indexes), service.calls("PUT")) == (before, 1)


def test_two_runs_at_once_make_one_index(service: Service) -> None:
    """One makes it between the other's look and its own try: that counts as made."""
    service.indexes["claims"] = index_body(1024, "cosine")
    service.first = [("HEAD", 404, "")]
    assert run(CLAIMS, collection(service))["index"] == "claims"
    assert service.calls("PUT") == 1


def test_every_request_is_signed_for_this_service_and_region(service: Service) -> None:
    """The signature is of the service that serverless has, over the hash of the body, with the role's session."""
    run(CLAIMS, collection(service))
    for (method, _), headers in zip(service.requests, service.headers, strict=True):
        signed = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-central-1/aoss/aws4_request, "
            r"SignedHeaders=(\S+), Signature=[0-9a-f]{64}",
            headers["authorization"],
        )
        assert signed
        assert {"host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"} <= set(signed[1].split(";"))
        assert (headers["x-amz-content-sha256"] == EMPTY) is (method != "PUT")
        assert "not-a-secret" not in json.dumps(headers)


def test_a_new_policy_is_waited_for(service: Service) -> None:
    """Right after the policy that admits the function it may still be refused, and the index may not be seen yet."""
    waits: list[float] = []
    service.first = [("HEAD", 403, ""), ("HEAD", 403, ""), ("PUT", 503, "busy"), ("GET", 404, "not yet")]
    run(CLAIMS, collection(service, waits))
    assert (list(service.indexes), waits) == (["claims"], [WAIT_SECONDS] * 4)


def test_waiting_ends(service: Service) -> None:
    """Who stays refused hears of it, with the answer, before the function's time is up."""
    waits: list[float] = []
    service.first = [("HEAD", 403, "")] * TRIES
    with pytest.raises(RuntimeError, match="HEAD /claims: expected 200 or 404, got 403"):
        run(CLAIMS, collection(service, waits))
    assert sum(waits) == WAIT_SECONDS * (TRIES - 1)
    assert service.indexes == {}


@pytest.mark.parametrize(
    ("status", "said"), [(400, "mapper_parsing_exception"), (401, "who"), (409, "conflict"), (301, "elsewhere")]
)
def test_what_waiting_cannot_help_fails_at_once(service: Service, status: int, said: str) -> None:
    """A refused body, an unknown caller or another place: the answer goes up as it is."""
    waits: list[float] = []
    service.first = [("PUT", status, said)]
    with pytest.raises(RuntimeError, match=rf"PUT /claims: .*{said}"):
        run(CLAIMS, collection(service, waits))
    assert (waits, service.indexes) == ([], {})


def test_nobody_at_home_is_an_error_after_a_while(loopback: None) -> None:
    """A closed port is tried again, and then reported."""
    with Service() as gone:
        port = gone.server_port
    waits: list[float] = []
    closed = Collection(
        credentials=Credentials("a", "b"),
        endpoint=f"http://127.0.0.1:{port}",
        region="eu-central-1",
        sleep=waits.append,
    )
    with pytest.raises(RuntimeError, match="no answer"):
        run(CLAIMS, closed)
    assert len(waits) == TRIES - 1


@pytest.mark.parametrize(
    "team",
    [
        "",
        "Claims",
        "claims_ai",
        "-claims",
        "claims/_doc",
        "../claims",
        "_all",
        "*",
        "cl*",
        "claims,other",
        "a" * 41,
        "claims\n",
        "claims?x",
        "cläims",
    ],
)
def test_names_that_reach_more_than_one_index_are_refused_first(service: Service, team: Any) -> None:
    """A name becomes a path: no other index, no list, no wildcard, no operation."""
    with pytest.raises(ValueError, match="expected up to 40 lower-case"):
        run({**CLAIMS, "team": team}, collection(service))
    assert service.requests == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dimensions": 0}, "from 1 to 16000"),
        ({"dimensions": 16_001}, "from 1 to 16000"),
        ({"dimensions": "1024"}, "from 1 to 16000"),
        ({"dimensions": True}, "from 1 to 16000"),
        ({"metric": "dot"}, "cosine or euclidean"),
        ({"metric": ["cosine"]}, "cosine or euclidean"),
        ({"step": "drop"}, "expected step"),
        ({"more": 1}, "expected step"),
    ],
)
def test_bad_events_are_refused_first(service: Service, change: dict[str, Any], expected: str) -> None:
    """There is no way to ask for something else, or for an index that never works."""
    with pytest.raises(ValueError, match=expected):
        run({**CLAIMS, **change}, collection(service))
    assert service.requests == []


def test_the_function_reads_its_target_from_the_environment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point that Lambda calls: the event chooses the team, never the collection."""
    monkeypatch.setenv("ENDPOINT", f"http://127.0.0.1:{service.server_port}")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert index_handler.handle(CLAIMS, None)["index"] == "claims"
    assert list(service.indexes) == ["claims"]


def test_the_deployed_file_stands_alone() -> None:
    """It imports the runtime's libraries only, and has the rule for names that the team stack has."""
    text = Path(index_handler.__file__).read_text(encoding="utf-8")
    assert "components" not in text
    assert "llmlz" not in text
    assert (index_handler.TEAM.pattern, index_handler.LONGEST_TEAM) == (TEAM.pattern, LONGEST_TEAM)
