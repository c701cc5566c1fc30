"""The entry point: one event is one step, such as ``{"step": "take", "run": "r1", "batch": 0}``."""

import json
import os
from collections.abc import Mapping
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from .documents import Rules
from .finish import finish
from .masked import mask, pseudonym_key
from .steps import Job, plan, take
from .store import WRITERS, Store

STEPS = {
    "plan": {"step", "run"},
    "take": {"step", "run", "batch"},
    "mask": {"step", "run", "batch"},
    "finish": {"step", "run"},
}
"""Step to the names that its event has, no more and no fewer."""


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Run the step that ``event`` names; raises ``ValueError`` for an event that is not exactly one of a step."""
    step = event.get("step")
    if step not in STEPS or set(event) != STEPS[step]:
        raise ValueError(f"expected a step ({', '.join(STEPS)}) with its run and batch, got {json.dumps(event)[:200]}")
    return run(event, os.environ, client)


def run(event: Mapping[str, Any], settings: Mapping[str, str], make: Any) -> dict[str, Any]:
    """The step of ``event``; the settings choose bucket and team, never the event. ``make`` gives a client by service."""
    job = Job(
        store=Store(client=make("s3"), bucket=settings["BUCKET"], team=settings["TEAM"]),
        rules=Rules(
            accepted=frozenset(settings["ACCEPTED_CLASSES"].split()), defaults=json.loads(settings["DEFAULTS"])
        ),
        size=int(settings["CHUNK_SIZE"]),
        overlap=int(settings["CHUNK_OVERLAP"]),
    )
    name = event["run"]
    match event["step"]:
        case "plan":
            return plan(name, job)
        case "take":
            return dict(take(name, event["batch"], job))
        case "mask":
            key = pseudonym_key(make("kms"), settings["MASK_KEY_ARN"], job.store.team)
            return dict(mask(name, event["batch"], job, key))
    return dict(finish(name, job, make("cloudwatch")))


def client(service: str) -> Any:
    """A client of the SDK below boto3, which loads faster and needs nothing more here."""
    return get_session().create_client(
        service, config=Config(max_pool_connections=WRITERS, retries={"mode": "standard"})
    )
