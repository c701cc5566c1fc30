"""The way to a cluster: pages, busy servers, odd answers; and credentials that are shown nowhere."""

import base64
import json
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from llmlz.errors import BadInputError
from llmlz.inventory import connection
from llmlz.inventory.connection import ClusterError, Connection, Endpoint, NotServedError
from llmlz.inventory.eks_access import RENEWED_SECONDS, TOKEN_START, eks_token, endpoint_of, renewed
from llmlz.inventory.kubeconfig import read_kubeconfig
from llmlz.inventory.read_clusters import EksCluster

SECRET = "k8s-aws-v1.very-secret"
Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]] | Exception


class Server:
    """Stands in for the connections of the standard library; what is sent is kept."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.closed = list(answers), 0
        self.made: list[tuple[str, int]] = []
        self.sent: list[str] = []
        self.headers: dict[str, str] = {}

    def __call__(self, host: str, port: int, **_: Any) -> "Server":
        self.made.append((host, port))
        return self

    def request(self, method: str, target: str, headers: dict[str, str]) -> None:
        """Keep what was asked."""
        assert method == "GET"
        self.sent.append(target)
        self.headers = headers

    def getresponse(self) -> Any:
        """The next answer."""
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, *more = answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()

        class Response:
            def read(self, size: int) -> bytes:
                return content[:size]

            def getheader(self, name: str, default: str) -> str:
                return more[0].get(name, default) if more else default

        Response.status = status  # type: ignore[attr-defined]
        return Response()

    def close(self) -> None:
        """Count it."""
        self.closed += 1


def listed(*names: str, more: str = "") -> dict[str, Any]:
    """One page."""
    return {"items": [{"metadata": {"name": name}} for name in names], "metadata": {"continue": more}}


@pytest.fixture
def waits() -> list[float]:
    """How long was waited."""
    return []


def ask(monkeypatch: pytest.MonkeyPatch, server: Server, waits: list[float] | None = None) -> Connection:
    """A connection to a server that answers so."""
    monkeypatch.setattr("http.client.HTTPSConnection", server)
    endpoint = Endpoint(server="https://cluster.example.com/base/", authority=None, token=lambda: SECRET)
    return Connection(endpoint, sleep=(waits if waits is not None else []).append)


def test_every_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the token in the header, to that server alone, and every connection closed."""
    server = Server((200, listed("a", "b", more="go on&x")), (200, listed("c")))
    assert [one["metadata"]["name"] for one in ask(monkeypatch, server)("/api/v1/nodes")] == ["a", "b", "c"]
    assert server.sent == ["/base/api/v1/nodes?limit=500", "/base/api/v1/nodes?limit=500&continue=go+on%26x"]
    assert server.headers["Authorization"] == f"Bearer {SECRET}"
    assert (set(server.made), server.closed) == ({("cluster.example.com", 443)}, 2)


def test_a_list_that_went_stale_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came before is thrown away; the third time the list is read in one piece."""
    server = Server(
        (200, listed("a", more="x")), (410, {}), (200, listed("a", more="x")), (410, {}), (200, listed("b"))
    )
    assert [one["metadata"]["name"] for one in ask(monkeypatch, server)("/n")] == ["b"]
    assert server.sent[-1] == "/base/n"


def test_a_busy_server_is_asked_again_and_not_for_ever(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> None:
    """As long as it says, or longer each time, and never longer than ten seconds."""
    server = Server((429, {}, {"Retry-After": "3"}), (503, b""), (429, {}, {"Retry-After": "999"}), (200, listed("a")))
    assert len(ask(monkeypatch, server, waits)("/n")) == 1
    assert waits == [3.0, 1.0, 10.0]
    with pytest.raises(ClusterError, match="answered 503 to 4 questions"):
        ask(monkeypatch, Server(*[(503, b"")] * 4))("/n")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((403, {"message": "nodes is forbidden"}), "the server answered 403: nodes is forbidden"),
        ((401, b"\xff no"), "the server answered 401"),
        ((302, b"", {"Location": "https://evil.example.com"}), "the server answered 302"),
        ((200, b"<html>"), "something that is no JSON"),
        ((200, []), "expected an object, and the server sent a list"),
        ((200, {"items": None, "metadata": {}}), "expected a list, and the server sent none"),
        ((200, {"items": [], "metadata": None}), "expected a list"),
        (TimeoutError("timed out"), "did not answer: TimeoutError timed out"),
        (ssl.SSLCertVerificationError("self-signed certificate"), "did not answer: SSLCertVerificationError"),
    ],
)
def test_whatever_else_comes_is_an_error_without_the_token(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, told: str
) -> None:
    """Never an empty list, and never a second server."""
    server = Server(answer)
    with pytest.raises(ClusterError, match=told) as error:
        ask(monkeypatch, server)("/n")
    assert SECRET not in str(error.value)
    assert len(server.made) == 1


def test_a_kind_that_is_not_served_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster without Karpenter has no pools of it, which is no refusal."""
    with pytest.raises(NotServedError):
        ask(monkeypatch, Server((404, {"message": "page not found"})))("/apis/karpenter.sh/v1/nodepools")


def test_a_page_that_leads_to_itself_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends the same token for ever does not keep the command for ever."""
    with pytest.raises(ClusterError, match="the same page again"):
        ask(monkeypatch, Server(*[(200, listed("a", more="x"))] * 9))("/n")


def test_an_endless_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte more than is believed is an error."""
    monkeypatch.setattr(connection, "LARGEST", 10)
    with pytest.raises(ClusterError, match="larger than 10 bytes"):
        ask(monkeypatch, Server((200, listed("a"))))("/n")


@pytest.mark.parametrize(
    "server",
    ["http://cluster.example.com", "cluster.example.com", "https://", "file:///etc/passwd", "https://x:y", "https://["],
)
def test_credentials_go_to_https_alone(server: str) -> None:
    """Before anything is sent."""
    with pytest.raises(ClusterError, match="expected an address"):
        Connection(Endpoint(server=server, authority=None, token=lambda: SECRET))


def test_an_odd_certificate_is_told_without_its_text(tmp_path: Path) -> None:
    """Of the server's side, and of ours, whose key must not be shown."""
    for more in ({"authority": "no PEM"}, {"authority": None, "certificate": f"{SECRET}"}):
        with pytest.raises(ClusterError, match="certificates cannot be read") as error:
            Connection(Endpoint(server="https://x", **more))
        assert SECRET not in str(error.value)


def test_an_endpoint_shows_no_credentials() -> None:
    """Whoever prints it by mistake prints an address."""
    assert SECRET not in repr(Endpoint(server="https://x", authority=None, token=lambda: SECRET, certificate=SECRET))


def test_a_token_of_eks_is_a_signed_question_for_this_cluster() -> None:
    """Signed with the header that names the cluster, for a minute, to the region's STS."""
    sts = boto3.Session("AKIAEXAMPLE", "test").client("sts", region_name="eu-central-1")
    token = eks_token(sts, "llmlz-pilot")
    assert token.startswith(TOKEN_START)
    assert "=" not in token
    packed = token.removeprefix(TOKEN_START)
    url = urlsplit(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode())
    asked = parse_qs(url.query)
    assert (url.scheme, url.hostname) == ("https", "sts.eu-central-1.amazonaws.com")
    assert asked["Action"] == ["GetCallerIdentity"]
    assert asked["X-Amz-SignedHeaders"] == ["host;x-k8s-aws-id"]
    assert asked["X-Amz-Expires"] == ["60"]


def test_a_token_is_made_anew_before_it_is_old() -> None:
    """A long list is read with a token that still counts."""
    made, clock = iter("abc"), [0.0]
    token = renewed(lambda: next(made), lambda: clock[0])
    assert (token(), token()) == ("a", "a")
    clock[0] = RENEWED_SECONDS
    assert token() == "b"


def test_a_cluster_with_an_odd_certificate_is_an_error() -> None:
    """EKS sends base64; anything else is not trusted."""
    with pytest.raises(ClusterError, match="no base64 of PEM"):
        endpoint_of(EksCluster(name="x", endpoint="https://x", authority="%%%"), lambda: None)


CONFIG = """
current-context: here
contexts: [{name: here, context: {cluster: mine, user: me}}]
clusters: [{name: mine, cluster: {server: "https://127.0.0.1:6443", certificate-authority: ca.pem}}]
users: [{name: me, user: {token: very-secret}}]
"""


def test_a_kubeconfig_is_read(tmp_path: Path) -> None:
    """Files that it names lie beside it."""
    (tmp_path / "ca.pem").write_text("PEM")
    (tmp_path / "config").write_text(CONFIG)
    name, endpoint = read_kubeconfig(tmp_path / "config")
    assert (name, endpoint.server, endpoint.authority) == ("mine", "https://127.0.0.1:6443", "PEM")
    assert endpoint.token is not None
    assert endpoint.token() == "very-secret"


def test_certificates_may_stand_in_the_file(tmp_path: Path) -> None:
    """Certificate and key come together."""
    data = base64.b64encode(b"PEM").decode()
    user = f"user: {{client-certificate-data: {data}, client-key-data: {data}}}"
    (tmp_path / "config").write_text(
        CONFIG.replace("certificate-authority: ca.pem", f"certificate-authority-data: {data}").replace(
            "user: {token: very-secret}", user
        )
    )
    _, endpoint = read_kubeconfig(tmp_path / "config")
    assert (endpoint.authority, endpoint.certificate, endpoint.token) == ("PEM", "PEM\nPEM", None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("current-context: here", "", "expected a text as current-context"),
        ("current-context: here", "current-context: there", "contexts has no entry there"),
        ("cluster: mine,", "cluster: yours,", "clusters has no entry yours"),
        ("user: me}", "user: you}", "users has no entry you"),
        ("https://127", "http://127", "expected https://"),
        ("server:", "insecure-skip-tls-verify: true, server:", "insecure-skip-tls-verify"),
        ("certificate-authority: ca.pem", "certificate-authority: gone.pem", "gone.pem: cannot be read"),
        ("certificate-authority: ca.pem", "certificate-authority-data: '%'", "expected base64"),
        ("token: very-secret", "exec: {command: aws}", "clusters of EKS are found without a kubeconfig"),
        ("token: very-secret", "client-certificate-data: eA==", "client-certificate and client-key together"),
        ("token: very-secret", "username: x, password: very-secret", "neither a token nor a client certificate"),
        (CONFIG, "- a\n- b\n", "expected a kubeconfig"),
        (CONFIG, "{", "cannot be read"),
    ],
)
def test_bad_input_is_one_message_without_secrets(tmp_path: Path, old: str, new: str, told: str) -> None:
    """It names the option and the file, and no value of a user."""
    (tmp_path / "ca.pem").write_text("PEM")
    changed = CONFIG.replace(old, new)
    assert changed != CONFIG
    (tmp_path / "config").write_text(changed)
    with pytest.raises(BadInputError) as error:
        read_kubeconfig(tmp_path / "config")
    assert told in str(error.value)
    assert str(error.value).startswith(f"--kubeconfig {tmp_path / 'config'}: ")
    assert "very-secret" not in str(error.value)
