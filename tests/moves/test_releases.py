"""From every earlier release to this one: nothing that holds state is replaced or deleted, and no identity vanishes."""

from pathlib import Path

import pytest

from llmlz.cli.moving import rules
from llmlz.errors import BadInputError
from llmlz.graph.inventory import identities, vanished
from llmlz.moves.judge import judged
from llmlz.moves.kept import read_kept, write_kept
from llmlz.moves.planned import over, plan
from llmlz.rehearsal.merge import merged
from llmlz.rehearsal.terraform import Terraform
from stacks.tier import TIERS
from tests import ladder
from tests.releases import kept, release

EVERY = kept()
STATEFUL = set(rules().stateful)


def ends() -> tuple[tuple[str, str], ...]:
    """Of every release the lowest tier and the highest; the tiers between are tried in the wide run."""
    tags = dict.fromkeys(tag for tag, _ in EVERY)
    return tuple(dict.fromkeys((tag, tiers[n]) for tag in tags for n in (0, -1) if (tiers := tiers_of(tag))))


def tiers_of(tag: str) -> list[str]:
    """Tiers that a release had."""
    return [tier for one, tier in EVERY if one == tag]


def test_there_are_three_releases_to_climb_from() -> None:
    """The first had foundation alone; since then there are four tiers."""
    tags = list(dict.fromkeys(tag for tag, _ in EVERY))
    assert len(tags) >= 3
    assert tiers_of(tags[0]) == ["foundation"]
    assert all(tiers_of(tag) == list(TIERS) for tag in tags[1:])


@pytest.mark.parametrize(("tag", "tier"), EVERY)
def test_no_identity_of_a_release_vanishes_without_an_alias(tag: str, tier: str) -> None:
    """Of what holds state: type, name and parent are how the engine finds it again."""
    for name, graph in release(tag, tier).graphs.items():
        gone = vanished(identities(graph), ladder.recorded(tier)[name])
        assert [line for line in gone if line.split(" ")[0] in STATEFUL] == [], name


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The lowest and the highest tier of every release; with ``--wide`` all, and release and tier changed at once."""
    if "upgrade" in metafunc.fixturenames:
        wide = [(tag, tier, tier) for tag, tier in EVERY] + [(tag, TIERS[0], TIERS[-1]) for tag, _ in EVERY]
        some = [(tag, tier, tier) for tag, tier in ends()]
        metafunc.parametrize("upgrade", list(dict.fromkeys(wide)) if metafunc.config.getoption("--wide") else some)


@pytest.mark.ring(2)
def test_an_upgrade_replaces_nothing_that_holds_state(
    terraform: Terraform, tmp_path: Path, upgrade: tuple[str, str, str]
) -> None:
    """The provider's plan of this release over the state that the earlier one left."""
    tag, tier, to = upgrade
    past = release(tag, tier)
    before = merged(list(past.graphs.values()))
    after = merged([graph for name, graph in ladder.recorded(to).items() if to != tier or name in past.graphs])
    move = judged(before, after, plan(over(before, past.state, terraform), after, terraform, tmp_path), rules())
    assert [str(finding) for finding in move.findings if finding.blocks] == []
    assert [change for change in move.of("replace", "delete") if change.type in STATEFUL] == []


def test_a_kept_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Byte for byte the same when written again."""
    past = release(*EVERY[0])
    write_kept(past, tmp_path / "a.json.gz")
    assert read_kept(tmp_path / "a.json.gz") == past
    write_kept(read_kept(tmp_path / "a.json.gz"), tmp_path / "b.json.gz")
    assert (tmp_path / "a.json.gz").read_bytes() == (tmp_path / "b.json.gz").read_bytes()


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"{}"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """Never taken for an empty state."""
    (tmp_path / "a.json.gz").write_bytes(content)
    with pytest.raises(BadInputError, match="expected the state of a release"):
        read_kept(tmp_path / "a.json.gz")
