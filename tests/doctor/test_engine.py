"""The doctor beside the real engine: its locks, its interrupted operations, and what it refuses as a state."""

import json
import shlex
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from llmlz.doctor.backend import FolderStore, StackKeys, open_store
from llmlz.doctor.checkpoint import faults, read_deployment
from llmlz.doctor.drift import CHANGES, judged
from llmlz.doctor.finding import Finding
from llmlz.doctor.health import examine_store
from llmlz.doctor.host import Host
from llmlz.doctor.locks import Judge
from llmlz.doctor.singletons import Singleton, examine_singletons
from llmlz.engine import language
from llmlz.engine.outcome import EngineError
from llmlz.engine.process import Finished
from llmlz.engine.workspace import Workspace
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.doctor.states import NOW
from tests.engine import programs
from tests.engine.conftest import Faults

pytestmark = pytest.mark.ring(3)
KEYS = StackKeys("platform", "dev")
JUDGE = Judge(host=Host(), now=lambda: NOW)
NAME = "organization/platform/dev"
Change = Callable[[list[dict[str, Any]]], Any]


def store(workspace: Workspace) -> FolderStore:
    """The backend of the workspace."""
    made = open_store(f"file://{workspace.folder / 'state'}", lambda _: None)
    assert isinstance(made, FolderStore)
    return made


def examined(workspace: Workspace, *, release: bool = False) -> dict[str, Finding]:
    """What the doctor finds, one of each."""
    return {one.id: one for one in examine_store(store(workspace), KEYS, JUDGE, release=release).findings}


def pulumi(workspace: Workspace, *arguments: str) -> None:
    """One more command in the workspace."""
    workspace._pulumi([*arguments, "--stack", NAME], workspace.project_folder("platform"))


def test_what_the_engine_leaves_is_sound(workspace: Workspace) -> None:
    """After an up there is no lock, nothing pending, and the copy is whole; the key is protected."""
    workspace.up(programs.platform(), "platform", "dev")
    found = examined(workspace)
    assert {one.outcome for one in found.values()} == {"ok"}
    assert found["guarded"].what == "1 protected (store-key)"
    assert "resources" in found["copy"].what


def test_a_killed_up_is_mended_as_the_doctor_says(workspace: Workspace, faults: Faults) -> None:
    """The lock is stale and goes; the creation is looked for by name, and forgotten; the next up needs no help."""
    faults.then = lambda operation, name: workspace.kill() if name == "refunds" else None
    program = programs.topics("orders", "refunds")
    with pytest.raises(EngineError, match="was ended by signal 9"):
        workspace.up(program, "platform", "dev")
    faults.then = lambda operation, name: None
    found = examined(workspace)
    assert "stale lock" in found["locks"].what
    assert found["pending"].what.startswith("creating urn:pulumi:dev::platform::aws:sns/topic:Topic::refunds")
    assert "look for 'refunds' in the account" in found["pending"].fix
    assert found["state"].outcome == "ok"

    released = examined(workspace, release=True)
    assert (released["locks:released"].outcome, released["locks"].outcome) == ("ok", "ok")
    assert "--clear-pending-creates" in released["pending"].fix
    pulumi(workspace, "refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    assert {one.outcome for one in examined(workspace).values()} == {"ok"}
    assert workspace.up(program, "platform", "dev").changes == {"create": 1, "same": 3}


def imported(workspace: Workspace, line: str) -> None:
    """Run the first line that adopts something in a text of the doctor, as it is printed but for the name of the stack.

    The engine wants a language for an import, though it generates nothing: one that runs no program will do.
    """
    words = shlex.split(line[line.index("pulumi import") :].partition(";")[0])
    assert words[0] == "pulumi"
    position = words.index("--stack")
    work = workspace.project_folder("platform")
    with language.served(lambda: None) as served:
        runtime = f"{{name: client, options: {{address: '{served.address}'}}}}"
        (work / "Pulumi.yaml").write_text(f"name: platform\nruntime: {runtime}\n")
        rest = [*words[1:position], *words[position + 2 :]]
        workspace._pulumi([*rest, "--stack", NAME, "--yes", "--skip-preview"], work)


def test_a_creation_that_was_lost_is_adopted_as_the_doctor_says(workspace: Workspace, faults: Faults) -> None:
    """With its id it comes into the state, below its component, and is not created a second time."""
    faults.then = lambda operation, name: workspace.kill() if name == "store-policy" else None
    program = programs.platform()
    with pytest.raises(EngineError):
        workspace.up(program, "platform", "dev")
    faults.then = lambda operation, name: None
    imported(workspace, examined(workspace, release=True)["pending"].fix.replace("<its id>", "llmlz-claims"))
    pulumi(workspace, "refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    assert {one.outcome for one in examined(workspace).values()} == {"ok"}
    faults.seen.clear()
    workspace.up(program, "platform", "dev")
    assert ("create", "store-policy") not in faults.seen


def test_the_option_of_the_engine_that_should_adopt_does_not(workspace: Workspace, faults: Faults) -> None:
    """Why the doctor does not name it: the operation is forgotten and nothing is in the state."""
    faults.then = lambda operation, name: workspace.kill() if name == "refunds" else None
    with pytest.raises(EngineError):
        workspace.up(programs.topics("orders", "refunds"), "platform", "dev")
    faults.then = lambda operation, name: None
    urn = examined(workspace, release=True)["pending"].what.split()[1]
    adopt = ("--import-pending-creates", urn, "--import-pending-creates", "topic-id")
    pulumi(workspace, "refresh", "--yes", "--skip-preview", *adopt)
    found = examined(workspace)
    assert found["pending"].outcome == "ok"
    assert found["state"].what.startswith("3 resources")


def test_the_lock_of_a_running_up_is_never_released(workspace: Workspace, faults: Faults) -> None:
    """In the middle of a step the lock is the engine's own, and stays."""
    seen: list[str] = []

    def look(operation: str, name: str) -> None:
        seen.append(examined(workspace, release=True)["locks"].what.partition(":")[0])

    faults.then = look
    workspace.up(programs.topics("orders"), "platform", "dev")
    assert seen == ["own lock"]
    assert examined(workspace)["locks"].outcome == "ok"


DAMAGE: dict[str, Change] = {
    "nothing": lambda r: None,
    "order": lambda r: r.insert(0, r.pop()),
    "dependency": lambda r: r.pop(2),
    "parent": lambda r: r[3].update(parent=f"{r[0]['urn']}-lost"),
    "provider": lambda r: r[3].update(provider=f"{r[1]['urn']}::another"),
    "twice": lambda r: r.append(deepcopy(r[3])),
    "URN": lambda r: r[3].pop("urn"),
    "type": lambda r: r[3].update(type=""),
    "to be deleted": lambda r: r.append({**deepcopy(r[3]), "delete": True}),
}


def test_the_doctor_refuses_what_the_engine_refuses(workspace: Workspace) -> None:
    """And nothing else; what it calls repairable is repaired by the engine, and sound for both afterwards."""
    workspace.up(programs.topics("orders", "refunds"), "platform", "dev")
    file = workspace.folder / "state" / f"{KEYS.checkpoint}.json"
    whole = json.loads(file.read_text())
    assert len(whole["checkpoint"]["latest"]["resources"]) == 4
    judged_by_both = {}
    for name, change in DAMAGE.items():
        made = deepcopy(whole)
        change(made["checkpoint"]["latest"]["resources"])
        file.write_text(json.dumps(made))
        ours = faults(read_deployment(file.read_bytes(), file.name))
        try:
            pulumi(workspace, "refresh", "--preview-only")
            theirs = False
        except EngineError:
            theirs = True
        judged_by_both[name] = (bool(ours), theirs)
        if ours and all(one.mendable for one in ours):
            pulumi(workspace, "state", "repair", "--yes")
            assert faults(read_deployment(file.read_bytes(), file.name)) == (), name
    assert {name: ours for name, (ours, _) in judged_by_both.items()} == {
        name: theirs for name, (_, theirs) in judged_by_both.items()
    }
    assert [name for name, (ours, _) in judged_by_both.items() if not ours] == ["nothing", "to be deleted"]


def test_drift_is_what_the_engine_says(workspace: Workspace) -> None:
    """The options of the doctor's preview give exit code 0 without changes and 7 with some, which are named."""
    workspace.up(programs.topics("orders"), "platform", "dev")
    ends: dict[int, Finding] = {}
    for names in (["orders"], ["orders", "refunds"]):
        said: list[Finished] = []
        original = workspace._run

        def spy(arguments: list[str], work: Any, said: list[Finished] = said, original: Any = original) -> Finished:
            done: Finished = original(arguments, work)
            said.append(done)
            return done

        workspace._run = spy  # type: ignore[method-assign]
        try:
            options = ("--refresh", "--expect-no-changes", "--json")
            workspace._operate("preview", ("platform", "dev"), options, programs.topics(*names))
        except EngineError:
            assert names == ["orders", "refunds"]
        finally:
            workspace._run = original  # type: ignore[method-assign]
        ends[said[-1].code] = judged(said[-1], "dev")
    assert ends.keys() == {0, CHANGES}
    assert (ends[0].outcome, ends[CHANGES].outcome) == ("ok", "problem")
    assert ends[CHANGES].what == "1 create: refunds"


def test_the_line_that_adopts_a_singleton_works(workspace: Workspace) -> None:
    """What was there before comes into the state under the program's URN, and the next up does not create it."""
    program = programs.platform()
    workspace.up(program, "platform", "dev")
    graph = record(program, project="platform", stack_name="dev", account=programs.ACCOUNT, region=programs.REGION)
    pulumi(workspace, "state", "delete", graph.named("store-policy").urn, "--yes")
    one = Singleton(
        id="policy",
        token="aws:s3/bucketPolicy:BucketPolicy",
        scope="account",
        owner="platform",
        service="s3",
        operation="get_bucket_policy",
        field="Policy",
        adopt="llmlz-claims",
    )

    class Client:
        def get_bucket_policy(self) -> dict[str, str]:
            return {"Policy": "{}"}

    empty = Graph(project="platform", stack="dev", resources=())
    (found,) = examine_singletons(lambda *_: Client(), [one], graph, empty)
    imported(workspace, found.fix)
    assert workspace.up(program, "platform", "dev").of("create") == ()
