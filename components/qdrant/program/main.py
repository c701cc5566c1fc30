"""``python -m program.main keys|config|backup``: one step, told by variables. 0: done; 1: not done, try again.

keys     makes the administrator's key where there is none, a token for each team, and each team's collection.
config   writes the server's configuration with its key; it fails until there is a key.
backup   copies a snapshot of every collection from every node into the bucket.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from .keys import administrator_key, team_secret, value
from .server import Server

TRIES, PAUSE = 30, 10
"""A server that starts, or waits for its key, needs minutes."""


def keys(told: Mapping[str, str], client: Any) -> None:
    """Keys first, since servers wait for them; then the collections, as soon as a server answers."""
    key = administrator_key(client, told["ADMIN_SECRET"])
    now, seconds = int(time.time()), int(told["TOKEN_DAYS"]) * 86_400
    teams = json.loads(told["TEAMS"])
    for team, wish in sorted(teams.items()):
        wanted = {"collection": team, "url": told["URL"]}
        if team_secret(client, key, wish["secret"], wanted, now=now, seconds=seconds):
            _say(f"{team} has a new token")
    server = Server(told["URL"], key)
    there = _patiently(server)
    for team, wish in sorted(teams.items()):
        if team not in there:
            _say(f"making the collection of {team}")
            server.make_collection(team, wish["shape"])


def config(told: Mapping[str, str], client: Any) -> None:
    """The key, and what the server reads beside it; the file lies in memory, for the server's user alone."""
    found = value(client, told["ADMIN_SECRET"])
    if found is None:
        raise OSError("there is no key yet; the job that makes keys makes it")
    whole = json.loads(told["CONFIG"])
    whole["service"]["api_key"] = json.loads(found)["key"]
    path = Path(told["CONFIG_PATH"])
    path.touch(mode=0o600)
    path.write_text(json.dumps(whole))  # JSON is YAML


def backup(told: Mapping[str, str], client: Any, s3: Any) -> None:
    """Every collection of every node; a node holds its own share, so that a restore needs all of them."""
    key = administrator_key(client, told["ADMIN_SECRET"])
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    for number, url in enumerate(json.loads(told["NODES"])):
        node = Server(url, key)
        for collection in node.collections():
            name = node.snapshot(collection)
            try:
                with node.open_snapshot(collection, name) as content:
                    s3.upload_fileobj(
                        content,
                        told["BUCKET"],
                        f"{moment}/{collection}/node-{number}.snapshot",
                        ExtraArgs={"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": told["KMS_KEY_ARN"]},
                    )
            finally:
                node.forget_snapshot(collection, name)
            _say(f"{collection} of node {number} is in the bucket")


def _patiently(server: Server) -> list[str]:
    for _ in range(TRIES - 1):
        try:
            return server.collections()
        except OSError:
            time.sleep(PAUSE)
    return server.collections()


def main(step: str, told: Mapping[str, str]) -> int:
    """Run a step; no message holds a key."""
    try:
        client = boto3.client("secretsmanager")
        if step == "backup":
            backup(told, client, boto3.client("s3"))
        else:
            {"config": config, "keys": keys}[step](told, client)
    except (OSError, ClientError, BotoCoreError) as error:
        _say(f"{step} is not done: {error}")
        return 1
    return 0


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ))
