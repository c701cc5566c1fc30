"""The administrator's key and the tokens of teams: made here, kept in Secrets Manager, and nowhere else.

Qdrant takes its own key as the secret that tokens are signed with, and a token says which collection it is for:
https://qdrant.tech/documentation/guides/security (2026-11). So a token can be made without asking the server, and another
key makes every token worthless at once.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

BYTES = 32
HEADER = {"alg": "HS256", "typ": "JWT"}


def administrator_key(client: Any, secret_id: str) -> str:
    """The key of the server; made on the first call, the same ever after."""
    found = value(client, secret_id)
    if found is None:
        found = json.dumps({"key": secrets.token_urlsafe(BYTES)})
        client.put_secret_value(SecretId=secret_id, SecretString=found)
    return str(json.loads(found)["key"])


def value(client: Any, secret_id: str) -> str | None:
    """What a secret holds; ``None`` while nobody has set it."""
    try:
        return str(client.get_secret_value(SecretId=secret_id)["SecretString"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise


def token(key: str, team: str, expires: int) -> str:
    """What a team signs in with: reads and writes points of its own collection, until a moment in seconds."""
    claims = {"access": [{"access": "rw", "collection": team}], "exp": expires}
    text = ".".join(_packed(part) for part in (HEADER, claims))
    return f"{text}.{_encoded(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest())}"


def fresh(key: str, found: str | None, wanted: Mapping[str, str], *, now: int, seconds: int) -> bool:
    """Whether a team's secret still holds what it should: its address, and a token of this key with half its life left."""
    try:
        held = json.loads(found or "{}")
        claims = json.loads(_decoded(held["token"].split(".")[1]))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return False
    same = {name: held.get(name) for name in wanted} == wanted
    genuine = hmac.compare_digest(held["token"], token(key, wanted["collection"], int(claims.get("exp", 0))))
    return same and genuine and int(claims["exp"]) - now > seconds // 2


def team_secret(client: Any, key: str, secret_id: str, wanted: Mapping[str, str], *, now: int, seconds: int) -> bool:
    """Put a token into a team's secret where the one in it is old or foreign; whether that was so."""
    if fresh(key, value(client, secret_id), wanted, now=now, seconds=seconds):
        return False
    text = json.dumps({**wanted, "token": token(key, wanted["collection"], now + seconds)})
    client.put_secret_value(SecretId=secret_id, SecretString=text)
    return True


def _packed(part: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(part, separators=(",", ":"), sort_keys=True).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
