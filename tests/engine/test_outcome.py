"""What is read from the engine's event log."""

import json
from pathlib import Path
from typing import Any

from llmlz.engine.outcome import Diagnostic, Outcome, Step, read_outcome

TOPIC = "urn:pulumi:dev::platform::aws:sns/topic:Topic::orders"


def log(folder: Path, *events: dict[str, Any], cut: str = "") -> Outcome:
    """The outcome of these events."""
    path = folder / "events.json"
    path.write_text("".join(json.dumps(event) + "\n" for event in events) + cut, encoding="utf-8")
    return read_outcome("up", path, {}, {})


def begun(operation: str, **more: Any) -> dict[str, Any]:
    """The event before a step."""
    return {"resourcePreEvent": {"metadata": {"op": operation, "urn": TOPIC, **more}}}


def test_steps_name_what_changed_and_what_replaces(tmp_path: Path) -> None:
    """Both sorted."""
    outcome = log(tmp_path, begun("replace", diffs=["name", "arn"], keys=["name"]))
    assert outcome.steps == (Step(operation="replace", urn=TOPIC, changed=("arn", "name"), replacing=("name",)),)
    assert outcome.of("replace", "create-replacement") == (TOPIC,)


def test_a_failed_step_is_marked(tmp_path: Path) -> None:
    """The engine says so in an event of its own."""
    outcome = log(tmp_path, begun("create"), {"resOpFailedEvent": {"metadata": {"urn": TOPIC}}})
    assert [step.failed for step in outcome.steps] == [True]


def test_messages_lose_their_colours_and_passing_ones_are_left_out(tmp_path: Path) -> None:
    """What a person reads."""
    outcome = log(
        tmp_path,
        {"diagnosticEvent": {"severity": "error", "message": "<{%fg 1%}>error: <{%reset%}>no\n", "urn": TOPIC}},
        {"diagnosticEvent": {"severity": "info", "message": "waiting", "ephemeral": True}},
        {"diagnosticEvent": {"severity": "debug", "message": "registering"}},
    )
    assert outcome.diagnostics == (Diagnostic(severity="error", message="error: no", urn=TOPIC),)


def test_a_log_that_was_cut_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """A killed engine does not finish its line, and counts nothing."""
    outcome = log(tmp_path, begun("create"), cut='{"resourcePreEv')
    assert [step.urn for step in outcome.steps] == [TOPIC]
    assert outcome.changes == {}


def test_no_log_is_no_steps(tmp_path: Path) -> None:
    """An engine that fails before it begins writes none."""
    assert read_outcome("up", tmp_path / "none.json", {}, {}).steps == ()
