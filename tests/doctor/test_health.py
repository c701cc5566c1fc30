"""States as the engine leaves them, and damaged ones: none passes, and nothing is written."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmlz.doctor.backend import BucketStore, StackKeys, open_store
from llmlz.doctor.finding import Finding
from llmlz.doctor.health import Health, examine_state, examine_store
from llmlz.errors import BadInputError
from tests.doctor import states
from tests.doctor.states import BUCKET, KEY, KEYS, PROVIDER, checkpoint, damaged, deployment, judge, store
from tests.doctor.stubs import Cloud
from tests.engine.fixtures import DATA

Change = Callable[[dict[str, Any]], Any]


def by_id(health: Health) -> dict[str, Finding]:
    """The findings, when there is one of each."""
    return {one.id: one for one in health.findings}


def of(state: bytes) -> dict[str, Finding]:
    """What is found in a file."""
    return by_id(examine_state(state, "state.json", KEYS))


def test_a_sound_state_has_four_good_findings(tmp_path: Path) -> None:
    """Locks, state, operations; and what is protected or left behind is listed."""
    found = by_id(examine_store(store(tmp_path), KEYS, judge(), release=False))
    assert {one.outcome for one in found.values()} == {"ok"}
    assert found["state"].what.startswith("4 resources")
    assert found["guarded"].what == "1 protected (key); 1 left behind when deleted (bucket)"
    assert found["copy"].what.startswith("no copy yet")


def move(made: dict[str, Any], start: int, end: int) -> None:
    """Move a resource."""
    made["resources"].insert(end, made["resources"].pop(start))


DAMAGE: dict[str, tuple[Change, str, bool]] = {
    "dependency later": (lambda m: move(m, 3, 2), f"its dependency {KEY} comes after it", True),
    "dependency lost": (lambda m: m["resources"].pop(2), f"its dependency of kmsKeyId {KEY} is missing", True),
    "parent lost": (lambda m: m["resources"][3].update(parent="urn:none"), "its parent urn:none is missing", True),
    "parent later": (lambda m: move(m, 0, 3), "its parent urn:pulumi:dev::llmlz::pulumi:pulumi:Stack::llmlz-dev", True),
    "provider lost": (lambda m: m["resources"].pop(1), f"there is no provider {PROVIDER}::id-1 before it", False),
    "provider another": (lambda m: m["resources"][1].update(id="id-2"), "there is no provider", False),
    "deleted with a ghost": (lambda m: m["resources"][3].update(deletedWith="urn:g"), "owner in deletion urn:g", True),
    "twice": (lambda m: m["resources"].append(m["resources"][3]), f"{BUCKET} is there twice", False),
    "no URN": (lambda m: m["resources"][3].pop("urn"), "resource 3 has no URN", False),
    "no type": (lambda m: m["resources"][3].pop("type"), "resource 3 has no type", False),
    "id of a component": (lambda m: m["resources"][0].update(id="x"), "has an id and is no custom resource", False),
    "edited": (lambda m: m["manifest"].update(version="v3.1.0"), "the magic number", False),
}


@pytest.mark.parametrize("damage", DAMAGE, ids=str)
def test_a_damaged_state_is_a_problem_that_is_named(damage: str) -> None:
    """Repair is offered only where it can help: it sorts, and drops references."""
    change, told, repair = DAMAGE[damage]
    found = of(checkpoint(damaged(change)))["state"]
    assert found.outcome == "problem"
    assert told in found.what
    assert ("pulumi state repair" in found.fix) is repair


STRANGERS: dict[str, tuple[StackKeys, Change]] = {
    "stack": (StackKeys("llmlz", "prod"), lambda m: None),
    "project": (StackKeys("other", "dev"), lambda m: None),
    "one resource": (
        KEYS,
        lambda m: m["resources"].append({"urn": "urn:pulumi:prod::llmlz::t:t:T::x", "type": "t:t:T"}),
    ),
    "one operation": (
        KEYS,
        lambda m: m.update(
            pending_operations=[{"type": "creating", "resource": {"urn": BUCKET.replace("dev", "old")}}]
        ),
    ),
}


@pytest.mark.parametrize("case", STRANGERS)
def test_a_state_of_another_stack_is_a_problem(case: str) -> None:
    """Stack and project are in every URN; nothing of it is taken for this stack's, and no fix is for the wrong one."""
    keys, change = STRANGERS[case]
    health = examine_state(checkpoint(damaged(change)), "state.json", keys)
    (found,) = health.findings
    assert (found.id, found.outcome, health.deployment) == ("state", "problem", None)
    assert f"expected {keys.stack} of project {keys.project} alone" in found.what


def test_a_copy_of_another_stack_is_no_way_back(tmp_path: Path) -> None:
    """It is whole, and a problem all the same."""
    made = store(tmp_path, b"{")
    strange = checkpoint(deployment()).replace(b":dev::", b":prod::")
    (tmp_path / f"{KEYS.checkpoint}.json.bak").write_bytes(strange)
    found = by_id(examine_store(made, KEYS, judge(), release=False))
    assert (found["copy"].outcome, found["copy"].what) == ("problem", "the copy holds prod of project llmlz")
    assert "earlier version" in found["state"].fix


EMPTY = {
    "nothing": b'{"version": 3}',
    "no latest": b'{"version": 3, "checkpoint": {"stack": "organization/llmlz/dev"}}',
    "null": checkpoint(None),
    "an export of nothing": b'{"version": 3, "deployment": {}}',
    "no resources": checkpoint({**deployment(), "resources": []}),
    "resources lost": checkpoint({"manifest": deployment()["manifest"]}),
}


@pytest.mark.parametrize("case", EMPTY)
def test_a_state_that_records_nothing_is_undecided(tmp_path: Path, case: str) -> None:
    """Nobody knows whether nothing was deployed or everything was lost; as a copy it is never offered."""
    assert of(EMPTY[case])["state"].outcome == "indeterminate"
    made = store(tmp_path, b"{")
    (tmp_path / f"{KEYS.checkpoint}.json.bak").write_bytes(EMPTY[case])
    assert ".bak" not in by_id(examine_store(made, KEYS, judge(), release=False))["state"].fix


def test_a_replaced_resource_may_be_there_twice() -> None:
    """The old one is still to be deleted: that is no damage."""
    made = damaged(lambda m: m["resources"].append({**m["resources"][3], "delete": True}))
    assert of(checkpoint(made))["state"].outcome == "ok"


@pytest.mark.parametrize("size", [0, 1, 0.5, 0.99], ids=["empty", "one byte", "half", "almost"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_state_that_was_cut_short_is_a_problem(tmp_path: Path, size: float, packed: bool) -> None:
    """However it is packed; and the whole copy is named."""
    whole = checkpoint(deployment())
    ending, content = (".json.gz", gzip.compress(whole)) if packed else (".json", whole)
    cut = content[: int(size * len(content)) if size < 1 else int(size)]
    made = store(tmp_path, cut, ending)
    copy = tmp_path / f"{KEYS.checkpoint}{ending}.bak"
    copy.write_bytes(content)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    health = examine_store(made, KEYS, judge(), release=True)
    found = by_id(health)
    assert (found["state"].outcome, found["copy"].outcome, health.deployment) == ("problem", "ok", None)
    assert str(copy) in found["state"].fix
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_packed_state_is_read(tmp_path: Path) -> None:
    """With gzip; zstd is undecided, as this Python cannot read it."""
    packed = examine_store(
        store(tmp_path / "a", gzip.compress(checkpoint(deployment())), ".json.gz"), KEYS, judge(), release=False
    )
    assert by_id(packed)["state"].outcome == "ok"
    other = examine_store(store(tmp_path / "b", b"(\xb5/\xfd", ".json.zst"), KEYS, judge(), release=False)
    assert by_id(other)["state"].outcome == "indeterminate"


def test_a_broken_copy_is_a_problem_of_its_own(tmp_path: Path) -> None:
    """And is not offered as a way back."""
    made = store(tmp_path, b"{")
    (tmp_path / f"{KEYS.checkpoint}.json.bak").write_bytes(b"{")
    found = by_id(examine_store(made, KEYS, judge(), release=False))
    assert (found["state"].outcome, found["copy"].outcome) == ("problem", "problem")
    assert "earlier version" in found["state"].fix


def test_the_state_that_was_written_last_counts(tmp_path: Path) -> None:
    """As for the engine; that there are two is a problem."""
    made = store(tmp_path)
    packed = tmp_path / f"{KEYS.checkpoint}.json.gz"
    packed.write_bytes(gzip.compress(checkpoint(damaged(lambda m: m["resources"].pop(2)))))
    os.utime(tmp_path / f"{KEYS.checkpoint}.json", (1, 1))
    found = by_id(examine_store(made, KEYS, judge(), release=False))
    assert (found["state"].outcome, found["state:variants"].outcome) == ("problem", "problem")


@pytest.mark.parametrize(
    ("kind", "inputs", "told"),
    [
        ("creating", {"bucket": "llmlz-data"}, "look for 'llmlz-data' in the account"),
        ("creating", {"description": "key"}, "look for it by its tags"),
        ("updating", {}, "reads what is there and clears this"),
        ("deleting", {}, "reads what is there and clears this"),
    ],
)
def test_an_interrupted_operation_says_what_to_do(kind: str, inputs: dict[str, str], told: str) -> None:
    """A creation is looked for by its name and adopted or forgotten; a refresh clears the others."""
    operation = {"resource": {"urn": BUCKET, "inputs": inputs}, "type": kind}
    found = of(checkpoint(damaged(lambda m: m.update(pending_operations=[operation]))))["pending"]
    assert found.outcome == "problem"
    assert found.what == f"{kind} {BUCKET} was interrupted"
    assert told in found.fix
    assert ("pulumi import aws:s3/bucket:Bucket bucket '<its id>'" in found.fix) == (kind == "creating")


def test_a_missing_stack_is_undecided(tmp_path: Path) -> None:
    """A wrong name must not pass as a healthy stack."""
    (tmp_path / ".pulumi").mkdir()
    found = by_id(examine_store(open_store(f"file://{tmp_path}", lambda _: None), KEYS, judge(), release=False))
    assert (found["locks"].outcome, found["state"].outcome) == ("ok", "indeterminate")


@pytest.mark.parametrize("content", [b"[]", b'{"version": 1}', b'"text"', b"{}"])
def test_what_is_no_state_is_undecided(content: bytes) -> None:
    """It may be of another version."""
    assert of(content)["state"].outcome == "indeterminate"


@pytest.mark.parametrize("place", ["resources", "pending_operations", "manifest"])
@pytest.mark.parametrize("junk", [5, "text", [5], [None], [{"dependencies": 5, "urn": "u", "type": "t"}]], ids=repr)
def test_junk_in_any_place_is_never_sound(place: str, junk: Any) -> None:
    """Whatever stands there, it is one finding and no crash."""
    found = examine_state(checkpoint({**deployment(), place: junk}), "state.json", KEYS).findings
    assert {one.outcome for one in found} & {"problem", "indeterminate"}


def test_an_export_of_the_engine_is_read() -> None:
    """The other form: with ``deployment`` in the place of a checkpoint."""
    export = (DATA / "platform-export.json").read_bytes()
    found = by_id(examine_state(export, "state.json", StackKeys("platform", "prod")))
    assert found["pending"].outcome == "ok"
    assert "store-key" in found["guarded"].what


@pytest.mark.parametrize("url", ["gs://bucket", "nowhere", "file:///nowhere/at/all"])
def test_an_address_that_is_none_is_bad_input(url: str) -> None:
    """Before anything is asked."""
    with pytest.raises(BadInputError, match="--state"):
        open_store(url, lambda _: None)


def test_a_bucket_is_read_through_all_pages(cloud: Cloud) -> None:
    """Below the prefix of the address, with region and profile of its query."""
    queries: list[Any] = []

    def client(query: Any) -> Any:
        queries.append(query)
        return cloud("s3")

    made = open_store("s3://llmlz-state/some/where?region=eu-central-1&awssdk=v2&profile=pilot", client)
    assert isinstance(made, BucketStore)
    assert queries == [{"region": "eu-central-1", "awssdk": "v2", "profile": "pilot"}]
    asked = {"Bucket": "llmlz-state", "Prefix": f"some/where/{KEYS.locks}"}
    one, two = ({"Key": f"some/where/{KEYS.locks}{n}.json", "LastModified": states.NOW} for n in "ab")
    first = {"Contents": [one], "IsTruncated": True, "NextContinuationToken": "more"}
    cloud.answers("s3", "list_objects_v2", first, **asked)
    cloud.answers("s3", "list_objects_v2", {"Contents": [two], "IsTruncated": False}, **asked, ContinuationToken="more")
    assert [stored.key for stored in made.list(KEYS.locks)] == [f"{KEYS.locks}{n}.json" for n in "ab"]
    cloud.fails("s3", "get_object", "NoSuchKey", status=404)
    with pytest.raises(KeyError):
        made.read("gone")
    cloud.answers("s3", "delete_object", {}, Bucket="llmlz-state", Key="some/where/x")
    made.delete("x")


def test_a_bucket_that_refuses_is_undecided(cloud: Cloud) -> None:
    """With AWS's words."""
    cloud.fails("s3", "list_objects_v2", "AccessDenied", "not for you", status=403)
    (found,) = examine_store(BucketStore(cloud("s3"), "llmlz-state"), KEYS, judge(), release=True).findings
    assert found.outcome == "indeterminate"
    assert "not for you" in found.what
