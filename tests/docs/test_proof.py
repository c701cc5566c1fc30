"""What the page of proofs shows is what a proof says, and what it tells people to write works."""

import re
import shlex
import shutil
import textwrap
from pathlib import Path

import pytest

from docs.examples import break_a_promise
from llmlz.access.bundle import Bundle
from llmlz.access.proof.properties import load
from llmlz.access.proof.run import prove
from llmlz.access.proof.wording import lines
from llmlz.cli.proving import subjects_of
from tests.cli.command import environment, llmlz
from tests.docs.pages import Page, page
from tests.estates import EXAMPLE

CONCEPT = "docs/concepts/proof.md"
LINE = re.compile(r"(?<=\.py:)\d+")
TEAM = "teams/search.yaml"


@pytest.fixture(scope="module")
def concept() -> Page:
    """The page."""
    return page(CONCEPT)


@pytest.fixture(scope="module")
def estate() -> Bundle:
    """The example estate, as it should be."""
    return break_a_promise.recorded()


def said(found: Bundle) -> str:
    """What the example prints of an estate, without the numbers of lines, which move with every edit."""
    return LINE.sub("", "\n\n".join("\n".join(lines(proof)) for proof in break_a_promise.proofs(found)))


def test_the_counterexample_of_the_page_is_what_the_example_prints(concept: Page, estate: Bundle) -> None:
    """``python docs/examples/break_a_promise.py`` writes the text anew."""
    (shown,) = concept.blocks("text")
    assert LINE.sub("", shown).strip() == said(break_a_promise.with_mistake(estate))


def test_without_the_mistake_the_promise_of_the_example_is_proved(estate: Bundle) -> None:
    """It is the mistake that is found, and nothing else."""
    assert {proof.verdict for proof in break_a_promise.proofs(estate)} == {"proved"}


def test_the_row_that_the_page_adds_is_proved_and_says_something(concept: Page, estate: Bundle, tmp_path: Path) -> None:
    """Of all layers and of the one that it names, under both readings; without layers it is broken."""
    (row,) = [block for block in concept.blocks("yaml") if "promised_by" in block]
    file = tmp_path / "properties.yaml"
    file.write_text(textwrap.dedent(row), encoding="utf-8")
    assert {known.id for known in load()}.isdisjoint(added.id for added in load(file))
    teams = [subject for subject in subjects_of(estate) if subject.kind == "team"]
    proofs = prove(teams, load(file))
    assert {proof.layer for proof in proofs} == {"all layers", "identity"}
    assert {proof.verdict for proof in proofs} == {"proved"}, [lines(proof) for proof in proofs]


def test_the_additions_of_the_page_are_accepted_and_nothing_more(concept: Page, tmp_path: Path) -> None:
    """The commands as they stand: a team gets a model, which is new access until it is listed."""
    (listed,) = [block for block in concept.blocks("yaml") if "principal:" in block]
    (tmp_path / "additions.yaml").write_text(listed, encoding="utf-8")
    shutil.copytree(EXAMPLE, tmp_path / "estate")
    env = environment(LLMLZ_ESTATE=str(tmp_path / "estate"), XDG_CACHE_HOME=str(tmp_path / "cache"))
    save, against, with_list = [
        shlex.split(line)[1:] for line in concept.commands() if "--save" in line or "--against" in line
    ]
    assert llmlz(*save, cwd=tmp_path, env=env).code == 0
    wishes = (tmp_path / "estate" / TEAM).read_text(encoding="utf-8")
    (tmp_path / "estate" / TEAM).write_text(wishes.replace("[nova-lite, ", "[nova-lite, nova-micro, "), "utf-8")
    new = llmlz(*against, cwd=tmp_path, env=env)
    assert (new.code, "no-new-access for team search-role" in new.out) == (1, True)
    accepted = llmlz(*with_list, cwd=tmp_path, env=env)
    assert accepted.code == 0, accepted.out
