"""The reference is what the code says, and leaves nothing out."""

import re
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from docs.generate import FOLDER, __main__, stale, texts, write
from docs.generate.markdown import prose, table
from docs.generate.tier_pages import differences
from llmlz.cli.recording import record_stack
from llmlz.cost.fixed import fixed_cost
from llmlz.cost.prices import load
from stacks.estate import load_estate
from stacks.tier import built_tiers, load_tier
from tests.docs.pages import ROOT


def reference(name: str) -> str:
    """A committed page."""
    return (FOLDER / name).read_text(encoding="utf-8")


def test_the_reference_is_current() -> None:
    """Whoever changes code or data writes the pages anew."""
    assert stale() == [], "make docs"


def test_a_page_that_is_changed_missing_or_left_over_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule above is alive, and says so with an exit code."""
    folder = tmp_path / "reference"
    shutil.copytree(FOLDER, folder)
    (folder / "cli.md").write_text("changed")
    (folder / "tiers.md").unlink()
    (folder / "old.md").write_text("left over")
    assert stale(folder) == ["cli.md", "tiers.md", "old.md"]
    monkeypatch.setattr(__main__, "stale", lambda: stale(folder))
    assert __main__.main(["--check"]) == 1
    assert sorted(write(folder)) == ["cli.md", "tiers.md"]
    assert stale(folder) == ["old.md"]


def test_an_unknown_argument_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt ``--check`` must not refresh what it should judge."""
    assert __main__.main(["--chek"]) == 2
    assert "expected nothing, or --check" in capsys.readouterr().err


def test_equal_code_gives_equal_pages() -> None:
    """Twice the same bytes, without colours, and without the place of this checkout."""
    first, second = texts(), texts()
    assert first == second
    for name, text in first.items():
        assert "\x1b" not in text, name
        assert str(ROOT) not in text, name


def test_every_component_is_described() -> None:
    """Every class that registers a token of ours, found in the source and not by the generator."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "components").rglob("*.py")]
    tokens = {token for source in sources for token in re.findall(r'"llmlz:index:(\w+)"', source)}
    described = set(re.findall(r"^## (\w+)$", reference("components.md"), re.MULTILINE))
    assert len(tokens) >= 9
    assert described == tokens


def test_every_control_is_described() -> None:
    """Every record under ``policies/controls``."""
    ids = {path.stem for path in (ROOT / "policies" / "controls").rglob("*.yaml")}
    assert set(re.findall(r"^## ([A-Z]{3}-\d\d)$", reference("controls.md"), re.MULTILINE)) == ids


def test_every_property_of_access_is_described() -> None:
    """Every row of the file, and whatever a proof takes for granted or leaves out; found by their spelling."""
    proof = ROOT / "llmlz" / "access" / "proof"
    found = {
        name: re.findall(pattern, (proof / f"{name}.yaml").read_text(encoding="utf-8"), re.MULTILINE)
        for name, pattern in (
            ("properties", r"^([a-z-]+):$"),
            ("axioms", r"^- says: (.+)$"),
            ("unmodelled", r"^- what: (.+)$"),
        )
    }
    assert min(map(len, found.values())) >= 10
    text = reference("properties.md")
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)) == sorted(found["properties"])
    assert [said for said in found["axioms"] + found["unmodelled"] if f"| {said} |" not in text] == []


def test_every_command_is_described() -> None:
    """Every command that the entry registers, with every option in its own help."""
    source = (ROOT / "llmlz" / "cli" / "app.py").read_text(encoding="utf-8")
    names = re.findall(r'app\.command\("(\w+)"\)|add_typer\(\w+\.app, name="(\w+)"\)', source)
    names = [command or group for command, group in names]
    found = re.findall(r"^## llmlz (\w+)(?: \w+)?$", reference("cli.md"), re.MULTILINE)
    assert list(dict.fromkeys(found)) == names
    assert reference("cli.md").count("Usage: llmlz ") == len(found)


def test_every_setting_of_a_tier_is_described() -> None:
    """Defaults of a tier are keys of the settings page."""
    settings = reference("settings.md")
    for tier in built_tiers():
        text = reference(f"tiers/{tier}.md")
        paths = re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)
        assert len(paths) > 20
        for path in paths:
            top = path.partition(".")[0]
            assert f"| `{top}` |" in settings or f"| `{path}` | not to be set" in text, path


def test_a_cell_keeps_its_bars_and_an_address_can_be_followed() -> None:
    """Types such as ``A | B`` do not break a table."""
    assert table(["type"], [["`A | B`"]]).splitlines()[-1] == "| `A \\| B` |"
    assert (
        prose("See\n``x``: https://example.com/a.html (2026-11).") == "See `x`: <https://example.com/a.html> (2026-11)."
    )


def test_every_tier_has_a_page_that_says_what_it_holds_and_costs() -> None:
    """What is counted and billed is that of the climb's own programs, judged here by the readers themselves."""
    estate = load_estate(ROOT / "docs" / "examples" / "climb")
    assert {platform.tier for platform in estate.platforms()} == set(built_tiers())
    for platform in estate.platforms():
        text = reference(f"tiers/{platform.tier}.md")
        graph = record_stack(platform, {})
        for token, number in Counter(resource.type for resource in graph.custom()).items():
            assert f"| `{token}` | {number} |" in text
        total = f"{fixed_cost(graph, load()).total:.2f}"
        assert f"The platform costs {total} US dollars a month" in text
        assert f"| {total} | {load_tier(platform.tier).fixed_cost_ceiling_usd} |" in reference("tiers.md")


def test_the_difference_to_the_next_tier_is_all_of_it_and_nothing_else() -> None:
    """What is the same is left out; what one has alone is a dash in the other; the highest tier has no next one."""
    assert differences({"same": "1", "more": "1", "gone": "1"}, {"same": "1", "more": "2", "new": "1"}) == [
        ["`more`", "1", "2"],
        ["`gone`", "1", "-"],
        ["`new`", "-", "1"],
    ]
    for low, high in pairwise(built_tiers()):
        text = reference(f"tiers/{low}.md").partition(f"## What {high} adds")[2]
        rules = [{path: lock.says() for path, lock in load_tier(tier).locks.items()} for tier in (low, high)]
        for path in {path for path, _ in rules[0].items() ^ rules[1].items()}:
            row = f"| `{path}` | {rules[0].get(path, '-')} | {rules[1].get(path, '-')} |"
            assert row in text
    assert "adds" not in "".join(re.findall(r"^## .*", reference(f"tiers/{built_tiers()[-1]}.md"), re.MULTILINE))


def test_the_agreement_in_the_readme_is_the_measured_one() -> None:
    """The number that everybody reads first is that of the page of checkov."""
    found = YAML(typ="safe").load((ROOT / "llmlz" / "checkov" / "data" / "agreement.yaml").read_text(encoding="utf-8"))
    agree = sum(counts["agree"] for counts in found["totals"].values())
    decided = agree + sum(counts["differ"] for counts in found["totals"].values())
    assert f"{agree} of {decided} of its examples" in (ROOT / "README.md").read_text(encoding="utf-8")
