"""What the real engine does with programs: the promises of a deployment, proved without a cloud."""

import json
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmlz.engine.echo import EchoError
from llmlz.engine.outcome import EngineError, Outcome, read_outcome
from llmlz.engine.workspace import Workspace
from llmlz.graph.export import Pending, load_export
from tests.engine import programs
from tests.engine.conftest import Faults, working_in

pytestmark = pytest.mark.ring(3)

KEY = "urn:pulumi:prod::platform::llmlz:test:Store$aws:kms/key:Key::store-key"


def names(urns: tuple[str, ...]) -> list[str]:
    """Logical names of URNs."""
    return [urn.rpartition("::")[2] for urn in urns]


class TestLife:
    """A stack from its first preview to its end."""

    def test_a_stack_is_created_kept_read_and_destroyed(self, workspace: Workspace) -> None:
        """Preview, up, second up, refresh and destroy each do what they say, and a second up changes nothing."""
        program = programs.topics("orders", "refunds")
        assert workspace.preview(program, "platform", "dev").changes == {"create": 4}
        assert workspace.up(program, "platform", "dev").changes == {"create": 4}
        assert workspace.up(program, "platform", "dev").changes == {"same": 4}
        assert workspace.refresh("platform", "dev").changes == {"same": 4}
        assert workspace.destroy("platform", "dev").changes == {"delete": 4}
        assert workspace.export("platform", "dev")["deployment"].get("resources", []) == []

    def test_a_preview_does_not_know_what_only_a_cloud_knows(self, workspace: Workspace) -> None:
        """As on a first deployment: ids and computed outputs are unknown, so documents built from them are too."""
        outcome = workspace.preview(programs.platform(), "platform", "prod")
        inputs = {step["urn"].rpartition("::")[2]: step["newState"].get("inputs") for step in outcome.digest["steps"]}
        unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
        assert inputs["store-policy"] == {"bucket": unknown, "policy": unknown}
        assert inputs["store-bucket"]["bucket"] == "llmlz-claims"

    def test_outputs_are_plausible_and_stable(self, workspace: Workspace) -> None:
        """The same resource gets the same ARN in every life of its stack."""
        arns = []
        for _ in range(2):
            workspace.up(programs.unprotected(), "platform", "dev")
            state = load_export(workspace.export("platform", "dev"))
            arns.append(state.graph.named("key").outputs["arn"])
            workspace.destroy("platform", "dev")
        assert arns[0] == arns[1]
        assert arns[0].startswith("arn:aws:kms:eu-central-1:111122223333:key/")

    def test_kubernetes_objects_go_to_their_explicit_provider(self, workspace: Workspace) -> None:
        """One echo provider serves two packages; a cluster is not needed."""
        workspace.up(programs.runtime, "runtime", "dev")
        graph = load_export(workspace.export("runtime", "dev")).graph
        limits = graph.named("limits")
        assert limits.provider == "urn:pulumi:dev::runtime::pulumi:providers:kubernetes::cluster"
        assert limits.inputs["data"] == {"tokens": "1000"}
        assert workspace.up(programs.runtime, "runtime", "dev").changes == {"same": 3}


class TestIdentity:
    """What keeps a resource the same resource."""

    def test_an_alias_keeps_a_renamed_resource(self, workspace: Workspace) -> None:
        """With the alias nothing is made again."""
        workspace.up(programs.unprotected(), "platform", "dev")
        assert workspace.up(programs.renamed(aliased=True), "platform", "dev").changes == {"same": 3}

    def test_without_the_alias_it_is_another_resource(self, workspace: Workspace) -> None:
        """The control of the test above."""
        workspace.up(programs.unprotected(), "platform", "dev")
        outcome = workspace.preview(programs.renamed(aliased=False), "platform", "dev")
        assert outcome.changes == {"create": 1, "delete": 1, "same": 2}

    def test_a_stack_reads_the_outputs_of_another(self, workspace: Workspace) -> None:
        """A team's topic is encrypted with the key that the platform exports."""
        workspace.up(programs.platform(), "platform", "prod")
        workspace.up(programs.team, "team", "claims")
        key = load_export(workspace.export("platform", "prod")).graph.outputs["keyArn"]
        team = load_export(workspace.export("team", "claims")).graph
        assert team.named("claims-topic").inputs["kmsMasterKeyId"] == key
        assert team.named("organization/platform/prod").kind == "read"
        assert team.outputs == {"platformBucket": "llmlz-claims"}

    def test_a_reference_to_a_stack_that_is_not_there_fails(self, workspace: Workspace) -> None:
        """The message names the stack that is missing."""
        with pytest.raises(EngineError, match="organization/platform/prod"):
            workspace.preview(programs.team, "team", "claims")

    def test_a_resource_without_explicit_provider_fails(self, workspace: Workspace) -> None:
        """Default providers are off: nothing lands in whatever account the shell points to."""
        with pytest.raises(EngineError, match="Default provider for 'aws' disabled"):
            workspace.preview(programs.stray, "platform", "dev")

    def test_another_account_fails(self, engine: Path, tmp_path: Path) -> None:
        """The provider's allowed accounts hold."""
        refused = pytest.raises(EngineError, match="AWS account ID not allowed: 999999999999")
        with Workspace(tmp_path, account="999999999999", region="eu-central-1", engine=engine) as elsewhere, refused:
            elsewhere.up(programs.unprotected(), "platform", "dev")


class TestReplacement:
    """A change replaces exactly what the provider says it replaces."""

    def test_a_change_in_the_table_replaces(self, workspace: Workspace) -> None:
        """A key cannot become a multi-Region key."""
        workspace.up(programs.unprotected(multi_region=False), "platform", "dev")
        outcome = workspace.up(programs.unprotected(multi_region=True), "platform", "dev")
        assert outcome.changes == {"replace": 1, "same": 2}
        replaced = [step for step in outcome.steps if step.operation == "replace"]
        assert [(names((s.urn,)), s.replacing) for s in replaced] == [(["key"], ("multiRegion",))]

    def test_a_change_outside_the_table_updates(self, workspace: Workspace) -> None:
        """A description is changed in place."""
        workspace.up(programs.unprotected(description="old"), "platform", "dev")
        outcome = workspace.up(programs.unprotected(description="new"), "platform", "dev")
        assert outcome.changes == {"same": 2, "update": 1}
        assert [step.changed for step in outcome.steps if step.operation == "update"] == [("description",)]


class TestProtection:
    """Protected resources outlive mistakes."""

    def test_a_protected_resource_stops_a_destroy(self, workspace: Workspace) -> None:
        """Nothing at all is deleted."""
        workspace.up(programs.platform(), "platform", "prod")
        before = workspace.export("platform", "prod")["deployment"]["resources"]
        with pytest.raises(EngineError, match=r"store-key.*cannot be deleted"):
            workspace.destroy("platform", "prod")
        after = workspace.export("platform", "prod")["deployment"]["resources"]
        assert KEY in {r["urn"] for r in after}
        assert len(after) == len(before)

    def test_a_protected_resource_stops_its_removal_from_the_program(self, workspace: Workspace) -> None:
        """The preview says so already."""
        workspace.up(programs.platform(), "platform", "prod")
        with pytest.raises(EngineError, match=r"store-key.*cannot be deleted"):
            workspace.preview(programs.topics("orders"), "platform", "prod")


class TestSecrets:
    """No secret is written anywhere in clear."""

    def test_a_secret_is_encrypted_in_the_state_and_hidden_everywhere_else(
        self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every file of the workspace, the whole event logs, plan, digest and export are searched."""
        logs: list[str] = []

        def kept(command: str, log: Path, *rest: Any) -> Outcome:
            logs.append(log.read_text(encoding="utf-8"))
            return read_outcome(command, log, *rest)

        monkeypatch.setattr("llmlz.engine.workspace.read_outcome", kept)
        planned = workspace.preview(programs.platform(), "platform", "prod")
        done = workspace.up(programs.platform(), "platform", "prod")
        exported = workspace.export("platform", "prod")
        assert [("token" in log, "resOutputsEvent" in log) for log in logs] == [(True, True)] * 2
        texts = [*logs, repr(planned), repr(done), json.dumps(exported)]
        files = [path for path in workspace.folder.rglob("*") if path.is_file()]
        assert any(path.name == "prod.json" for path in files)
        texts += [path.read_text(encoding="utf-8", errors="replace") for path in files]
        assert not [text[:80] for text in texts if programs.SECRET in text]
        state = load_export(exported).graph
        assert state.named("token").secrets == ("value",)
        assert state.named("token").inputs["value"] == "[secret]"
        [token] = [r for r in exported["deployment"]["resources"] if r["urn"].endswith("::token")]
        assert token["inputs"]["value"]["ciphertext"].startswith("v1:")


class TestFaults:
    """What is left when something goes wrong."""

    def test_a_failed_step_keeps_what_was_done_and_up_goes_on_later(self, workspace: Workspace, faults: Faults) -> None:
        """The message is the cloud's; the next up makes only what is missing."""

        def refuse(operation: str, name: str) -> None:
            if name == "refunds":
                raise EchoError("ThrottlingException: Rate exceeded")

        faults.then = refuse
        with pytest.raises(EngineError, match=r"refunds: .*ThrottlingException: Rate exceeded") as failed:
            workspace.up(programs.topics("orders", "refunds"), "platform", "dev")
        assert names(tuple(s.urn for s in failed.value.outcome.steps if s.failed)) == ["refunds"]
        faults.then = lambda operation, name: None
        assert workspace.up(programs.topics("orders", "refunds"), "platform", "dev").changes == {"create": 1, "same": 3}

    def test_a_killed_up_leaves_a_pending_operation_and_a_lock(self, workspace: Workspace, faults: Faults) -> None:
        """The loader shows the operation; the lock refuses the next up until it is released; then up goes on."""
        faults.then = lambda operation, name: workspace.kill() if name == "refunds" else None
        program = programs.topics("orders", "refunds")
        with pytest.raises(EngineError, match="was ended by signal 9"):
            workspace.up(program, "platform", "dev")
        faults.then = lambda operation, name: None
        state = load_export(workspace.export("platform", "dev"))
        refunds = "urn:pulumi:dev::platform::aws:sns/topic:Topic::refunds"
        assert state.pending == (Pending(urn=refunds, operation="creating"),)
        assert [r.name for r in state.graph.custom()] == ["orders"]

        with pytest.raises(EngineError, match="currently locked"):
            workspace.up(program, "platform", "dev")
        workspace.release("platform", "dev")
        outcome = workspace.up(program, "platform", "dev")
        assert outcome.changes == {"create": 1, "same": 3}
        assert any("interrupted" in d.message for d in outcome.diagnostics if d.severity == "warning")

    def test_ctrl_c_finishes_the_step_in_flight_and_leaves_no_lock(self, workspace: Workspace, faults: Faults) -> None:
        """The engine is asked to stop, not killed: nothing is pending and the next up needs no help."""
        main = threading.main_thread().ident

        def interrupt(operation: str, name: str) -> None:
            assert main is not None
            signal.pthread_kill(main, signal.SIGINT)  # not to the process: another thread may take it
            time.sleep(2)  # the step is still in flight when the engine is asked

        faults.then = interrupt
        with pytest.raises(KeyboardInterrupt):
            workspace.up(programs.topics("orders", "refunds"), "platform", "dev")
        faults.then = lambda operation, name: None
        assert working_in(workspace.folder) == []
        assert load_export(workspace.export("platform", "dev")).pending == ()
        changes = workspace.up(programs.topics("orders", "refunds"), "platform", "dev").changes
        assert changes in ({"create": 1, "same": 3}, {"same": 4})  # one step or both were in flight

    def test_an_error_in_the_program_is_one_message(self, workspace: Workspace) -> None:
        """What the program raised is named, without a traceback, and nothing runs on."""
        with pytest.raises(EngineError) as failed:
            workspace.preview(programs.failing, "platform", "dev")
        assert str(failed.value) == "pulumi preview of dev: the program raised ValueError: no such model: claude-sonet"
        assert isinstance(failed.value.__cause__, ValueError)


@pytest.mark.parametrize("operation", ["create", "read", "delete"])
def test_the_provider_is_asked_for_what_is_really_done(workspace: Workspace, faults: Faults, operation: str) -> None:
    """Previews ask for nothing; up creates, refresh reads and destroy deletes."""
    act: dict[str, Callable[[], Outcome]] = {
        "create": lambda: workspace.up(programs.topics("orders"), "platform", "dev"),
        "read": lambda: workspace.refresh("platform", "dev"),
        "delete": lambda: workspace.destroy("platform", "dev"),
    }
    workspace.preview(programs.topics("orders"), "platform", "dev")
    assert faults.seen == []
    if operation != "create":
        act["create"]()
        faults.seen.clear()
    act[operation]()
    assert faults.seen == [(operation, "orders")]
