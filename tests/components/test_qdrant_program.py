"""The program around Qdrant: one key for ever, tokens for one collection each, collections, configuration, backups."""

import base64
import hashlib
import hmac
import io
import json
import urllib.error
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from components.qdrant.program import keys, main
from components.qdrant.program.server import Server

YEAR, DAY = 31_536_000, 86_400
TEAMS = {
    team: {"secret": f"llmlz/qdrant/teams/{team}", "shape": {"vectors": {"size": 3, "distance": "Cosine"}}}
    for team in ("claims", "search")
}
TOLD = {"ADMIN_SECRET": "admin", "TEAMS": json.dumps(TEAMS), "TOKEN_DAYS": "90", "URL": "http://qdrant:6333"}


class Secrets:
    """Secrets Manager, in memory."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.puts: list[str] = []

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803
        """The value, or what AWS says where there is none yet."""
        if SecretId not in self.values:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")
        return {"SecretString": self.values[SecretId]}

    def put_secret_value(self, *, SecretId: str, SecretString: str) -> None:  # noqa: N803
        """Set the value."""
        self.values[SecretId] = SecretString
        self.puts.append(SecretId)


class Node:
    """A node of Qdrant: what it was asked, in the place of its opener."""

    def __init__(self, *collections: str, down: int = 0) -> None:
        self.there, self.down = list(collections), down
        self.asked: list[tuple[str, str, Any]] = []
        self.keys: set[str] = set()

    def open(self, request: Any, timeout: float) -> io.BytesIO:
        """Answer a call."""
        assert timeout
        if self.down:
            self.down -= 1
            raise urllib.error.URLError("starting")
        path = request.full_url.partition(":6333")[2]
        body = json.loads(request.data) if request.data else None
        self.asked.append((request.method, path, body))
        self.keys.add(request.get_header("Api-key"))
        if request.method == "GET" and path == "/collections":
            return io.BytesIO(json.dumps({"result": {"collections": [{"name": n} for n in self.there]}}).encode())
        if request.method == "GET":
            return io.BytesIO(b"snapshot")
        return io.BytesIO(json.dumps({"result": {"name": "first.snapshot"}}).encode())


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    """The one node that every address leads to."""
    found = Node("claims")
    monkeypatch.setattr(main, "Server", lambda url, key: Server(url, key, found))  # type: ignore[arg-type]
    monkeypatch.setattr(main, "PAUSE", 0)
    return found


def claims_of(token: str, key: str) -> Any:
    """What a token says, after its signature was counted again by hand."""
    head, body, signature = token.split(".")
    signed = hmac.new(key.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(signed).rstrip(b"=").decode() == signature
    header, said = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, body))
    assert header == {"alg": "HS256", "typ": "JWT"}
    return said


def test_each_team_gets_a_token_for_its_own_collection(node: Node) -> None:
    """To read and write points there, until a day that is named; a token without ``access`` would manage everything."""
    secrets = Secrets()
    main.keys(TOLD, secrets)
    key = json.loads(secrets.values["admin"])["key"]
    assert len(key) >= 43
    for team, wish in TEAMS.items():
        held = json.loads(secrets.values[wish["secret"]])  # type: ignore[index]
        said = claims_of(held["token"], key)
        assert said["access"] == [{"access": "rw", "collection": team}]
        assert said["exp"] > 0
        assert (held["collection"], held["url"]) == (team, "http://qdrant:6333")
        assert key not in secrets.values[wish["secret"]]  # type: ignore[index]


def test_collections_that_are_missing_are_made_and_others_left(node: Node) -> None:
    """With the administrator's key; a collection that is there keeps its shape."""
    secrets = Secrets()
    main.keys(TOLD, secrets)
    made = [(path, body) for method, path, body in node.asked if method == "PUT"]
    assert made == [("/collections/search", TEAMS["search"]["shape"])]
    assert node.keys == {json.loads(secrets.values["admin"])["key"]}


def test_a_second_run_changes_nothing(node: Node) -> None:
    """Neither the key, which would make every token worthless, nor a token that still has half of its life."""
    secrets = Secrets()
    main.keys(TOLD, secrets)
    before, secrets.puts = dict(secrets.values), []
    node.there.append("search")
    main.keys(TOLD, secrets)
    assert (secrets.values, secrets.puts) == (before, [])


def test_servers_that_start_are_waited_for(node: Node) -> None:
    """They wait for the key, which is there before they are asked."""
    node.down = 3
    secrets = Secrets()
    main.keys(TOLD, secrets)
    assert node.asked
    node.down = 999
    with pytest.raises(OSError, match="starting"):
        main.keys(TOLD, secrets)


WANTED = {"collection": "claims", "url": "u"}


def held(key: str = "k", exp: int = 90 * DAY, **changes: str) -> str:
    """A team's secret."""
    return json.dumps({**WANTED, "token": keys.token(key, "claims", exp), **changes})


@pytest.mark.parametrize(
    ("found", "now", "is_fresh"),
    [
        (held(), 0, True),
        (held(), 44 * DAY, True),
        (held(), 46 * DAY, False),
        (held(), 91 * DAY, False),
        (held(key="another"), 0, False),
        (held(url="elsewhere"), 0, False),
        (held(token=keys.token("k", "search", 90 * DAY)), 0, False),
        (held(token="rubbish"), 0, False),
        ("rubbish", 0, False),
        ("[]", 0, False),
        ("", 0, False),
        (None, 0, False),
    ],
)
def test_a_token_that_is_old_foreign_or_broken_is_replaced(found: str | None, now: int, is_fresh: bool) -> None:
    """At half of its life, of another key, for another collection, or none at all."""
    assert keys.fresh("k", found, WANTED, now=now, seconds=90 * DAY) is is_fresh


@given(st.text(max_size=60))
def test_nothing_in_a_secret_makes_the_job_fall_over(found: str) -> None:
    """And nothing but a token of this key counts as one."""
    assert not keys.fresh("k", found, WANTED, now=0, seconds=90 * DAY)


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20), st.integers(0, YEAR))
def test_tokens_of_two_collections_are_never_the_same(one: str, other: str, exp: int) -> None:
    """Whatever teams are called."""
    assert (keys.token("k", one, exp) == keys.token("k", other, exp)) is (one == other)


def test_the_configuration_gets_its_key_and_is_for_the_server_alone(tmp_path: Path) -> None:
    """Beside what was shipped; nobody else on the machine reads the file."""
    secrets, path = Secrets(), tmp_path / "config.yaml"
    secrets.values["admin"] = json.dumps({"key": "abc"})
    shipped = {"service": {"jwt_rbac": True}, "telemetry_disabled": True}
    main.config({"ADMIN_SECRET": "admin", "CONFIG": json.dumps(shipped), "CONFIG_PATH": str(path)}, secrets)
    assert json.loads(path.read_text()) == {**shipped, "service": {"jwt_rbac": True, "api_key": "abc"}}
    assert path.stat().st_mode & 0o077 == 0


def test_a_server_without_a_key_does_not_start(tmp_path: Path) -> None:
    """It would let everybody in: the first container fails until the key is there."""
    told = {"ADMIN_SECRET": "admin", "CONFIG": "{}", "CONFIG_PATH": str(tmp_path / "config.yaml")}
    with pytest.raises(OSError, match="no key yet"):
        main.config(told, Secrets())
    assert not (tmp_path / "config.yaml").exists()


class Bucket:
    """S3, as far as uploads go."""

    def __init__(self, breaks: bool = False) -> None:
        self.objects: dict[str, bytes] = {}
        self.breaks = breaks

    def upload_fileobj(self, content: Any, bucket: str, key: str, ExtraArgs: dict[str, str]) -> None:  # noqa: N803
        """Keep an object."""
        if self.breaks:
            raise ClientError({"Error": {"Code": "SlowDown"}}, "PutObject")
        assert (bucket, ExtraArgs) == ("backups", {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "key"})
        self.objects[key] = content.read()


BACKUP = {
    "ADMIN_SECRET": "admin",
    "BUCKET": "backups",
    "KMS_KEY_ARN": "key",
    "NODES": json.dumps([f"http://qdrant-{n}:6333" for n in range(3)]),
}


@pytest.mark.parametrize("breaks", [False, True])
def test_every_collection_of_every_node_is_copied_and_no_snapshot_stays(node: Node, breaks: bool) -> None:
    """On the node's disk, also when the bucket does not answer."""
    secrets, bucket = Secrets(), Bucket(breaks)
    node.there.append("search")
    try:
        main.backup(BACKUP, secrets, bucket)
    except ClientError:
        assert breaks
    else:
        assert {key.partition("/")[2] for key in bucket.objects} == {
            f"{team}/node-{n}.snapshot" for team in TEAMS for n in range(3)
        }
        assert set(bucket.objects.values()) == {b"snapshot"}
    made = [path for method, path, _ in node.asked if method == "POST"]
    gone = [path for method, path, _ in node.asked if method == "DELETE"]
    assert len(made) == len(gone) == (1 if breaks else 6)
