"""The catalogue of engines: rows that settings, locks and checks agree with."""

from pathlib import Path
from typing import get_args

import pytest

from llmlz.cli.recording import record_estate
from stacks.engines import FILE, load_engines
from stacks.estate import load_estate
from stacks.problems import Problem, SettingsError
from stacks.settings.base import DATA_CLASSES
from stacks.settings.platform import OpenSearch, PgVector, S3Vectors, VectorStore
from stacks.tier import TIERS, load_tier
from tests import ladder

ENGINES = {str(get_args(kind.model_fields["engine"].annotation)[0]) for kind in (OpenSearch, PgVector, S3Vectors)}
SETTINGS = {
    "s3_vectors": {"engine": "s3_vectors"},
    "pgvector": {"engine": "pgvector", "min_acu": 0.5, "max_acu": 2.0},
    "opensearch": {"engine": "opensearch"},
}


def test_every_engine_of_the_settings_has_a_row_and_no_other_row_is_the_platforms() -> None:
    """Nobody can choose what the catalogue does not describe."""
    union = get_args(get_args(VectorStore)[0])
    assert {kind.__name__ for kind in union} == {"OpenSearch", "PgVector", "S3Vectors"}
    assert {name for name, row in load_engines().items() if row.made_by == "platform"} == ENGINES == set(SETTINGS)


def test_an_engine_holds_every_class_below_the_highest_that_it_holds() -> None:
    """What may hold confidential data may hold internal data: a lower class is never refused where a higher is not."""
    for row in load_engines().values():
        assert tuple(row.data_classes) == DATA_CLASSES[: len(row.data_classes)]


@pytest.mark.parametrize("tier", TIERS)
def test_locks_and_the_catalogue_name_the_same_tiers(tier: str) -> None:
    """A tier permits exactly the engines whose row begins at it or below."""
    lock = load_tier(tier).locks.get("vector_store.engine")
    rows = load_engines()
    for engine in ENGINES:
        permitted = lock is None or lock.permits(engine)
        assert permitted == (TIERS.index(rows[engine].from_tier) <= TIERS.index(tier)), engine


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("data_class", DATA_CLASSES)
def test_settings_are_refused_exactly_where_the_row_says_so(tmp_path: Path, engine: str, data_class: str) -> None:
    """At the highest tier, where no lock is in the way: one clear message, with what may hold the data and why."""
    ladder.write(tmp_path, "scaled", vector_store=SETTINGS[engine], data_class=data_class)
    row, problems = load_engines()[engine], _problems(tmp_path)
    if data_class in row.data_classes:
        assert not problems
        return
    (problem,) = problems
    assert problem.value == engine
    assert row.because in problem.expected
    assert "an engine that may hold restricted data: pgvector;" in problem.expected
    assert "choose pgvector" in problem.fix


def _problems(folder: Path) -> list[Problem]:
    """What is said of the engine; a data class asks for other things too, which are not looked at here."""
    try:
        load_estate(folder)
    except SettingsError as error:
        return [problem for problem in error.problems if "vector_store" in problem.path]
    return []


def test_the_first_tier_refuses_what_costs_while_it_is_idle(tmp_path: Path) -> None:
    """Its lock says why, and from which tier on it would be allowed."""
    ladder.write(tmp_path, "foundation", vector_store={"engine": "opensearch"})
    with pytest.raises(SettingsError) as caught:
        load_estate(tmp_path)
    (problem,) = caught.value.problems
    assert problem.path == "llmlz:settings.vector_store.engine"
    assert "one of s3_vectors, pgvector" in problem.expected
    assert "repeatable" in problem.expected


@pytest.mark.parametrize(("length", "fits"), [(18, True), (19, False)])
def test_a_collection_has_a_short_name(tmp_path: Path, length: int, fits: bool) -> None:
    """The environment is a part of it; the message says how long it may be, before anything is made."""
    name = "e" * length
    ladder.write(tmp_path, "repeatable", vector_store={"engine": "opensearch"}, environment=name)
    team = tmp_path / "teams" / "claims.yaml"
    team.write_text(team.read_text().replace("pilots", name))
    if fits:
        load_estate(tmp_path)
        return
    with pytest.raises(SettingsError) as caught:
        load_estate(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.path, problem.value) == ("llmlz:settings.environment", name)
    assert "at most 18 characters" in problem.expected


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("from_tier: repeatable", "from_tier: sometimes", "engines.opensearch.from_tier"),
        ("  opensearch:\n", "  faiss:\n", "engines.faiss"),
        ("data_classes: [public, internal, confidential]", "data_classes: []", "engines.s3_vectors.data_classes"),
        ("    source_date: 2026-11\n", "", "engines.s3_vectors.source_date"),
        ("    isolation: an index", "    isolated: an index", "engines.s3_vectors.isolated"),
    ],
)
def test_a_row_is_whole(tmp_path: Path, old: str, new: str, path: str) -> None:
    """A wrong file is named with the place in it; nothing is taken for granted."""
    file = tmp_path / "engines.yaml"
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_engines(file)
    assert path in {problem.path for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("tier", "zones"), [("foundation", []), ("repeatable", []), ("reliable", ["b", "c"]), ("scaled", ["b", "c"])]
)
def test_a_database_has_readers_in_more_zones_from_the_third_tier_on(
    tmp_path: Path, tier: str, zones: list[str]
) -> None:
    """By the settings that the tier gives, in zones of the region."""
    ladder.write(tmp_path, tier, vector_store=SETTINGS["pgvector"])
    graph = record_estate(load_estate(tmp_path))[ladder.PLATFORM]
    found = {r.name: r.inputs.get("availabilityZone") for r in graph.of_type("aws:rds/clusterInstance:ClusterInstance")}
    assert found.pop("vectors-writer") is None
    assert found == {f"vectors-reader-{zone}": f"{ladder.REGION}{zone}" for zone in zones}


def test_a_tier_with_readers_lets_nobody_take_them_away(tmp_path: Path) -> None:
    """The lock says why."""
    ladder.write(tmp_path, "reliable", vector_store=SETTINGS["pgvector"], vector_readers=1)
    with pytest.raises(SettingsError) as caught:
        load_estate(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.path, problem.value) == ("llmlz:settings.vector_readers", "1")
    assert "a zone that fails takes no database with it" in problem.expected
