"""The reference is what the code says, and leaves nothing out."""

import re
import shutil
from pathlib import Path

import pytest

from docs.generate import FOLDER, __main__, stale, texts, write
from docs.generate.markdown import prose, table
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
    for path in re.findall(r"^\| `([\w.]+)` \|", reference("tiers.md"), re.MULTILINE):
        top = path.partition(".")[0]
        assert f"| `{top}` |" in settings or f"| `{path}` | not to be set" in reference("tiers.md"), path


def test_a_cell_keeps_its_bars_and_an_address_can_be_followed() -> None:
    """Types such as ``A | B`` do not break a table."""
    assert table(["type"], [["`A | B`"]]).splitlines()[-1] == "| `A \\| B` |"
    assert (
        prose("See\n``x``: https://example.com/a.html (2026-11).") == "See `x`: <https://example.com/a.html> (2026-11)."
    )
