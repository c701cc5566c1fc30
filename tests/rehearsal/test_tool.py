"""The tool is found wherever it may be, and its absence is one clear line."""

import os
from pathlib import Path

import pytest

from llmlz.errors import ToolMissingError
from llmlz.rehearsal import tool


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command that knows its version, alone on PATH, and nothing in the usual places."""
    command = tmp_path / "bin" / "tofu"
    command.parent.mkdir()
    command.write_text('#!/bin/sh\necho \'{"terraform_version": "1.9.0"}\'\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tool, "PREFIXES", ())
    monkeypatch.delenv(tool.MIRROR_VARIABLE, raising=False)
    monkeypatch.delenv("XDG_DATA_DIRS", raising=False)
    return tmp_path


def _provider(mirror: Path, version: str) -> Path:
    folder = mirror / "registry.example" / "hashicorp" / "aws" / version / tool.PLATFORM
    folder.mkdir(parents=True)
    (folder / f"terraform-provider-aws_v{version}").write_bytes(b"")
    return folder


def test_without_a_command_the_message_says_what_is_lost_and_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, for the summary of a skipped ring."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError) as caught:
        tool.find()
    message = str(caught.value)
    assert "neither terraform nor tofu is on PATH" in message
    assert "would have proved" in message
    assert "LLMLZ_PROVIDER_MIRROR" in message
    assert "\n" not in message


def test_the_newest_provider_of_a_named_mirror_is_taken(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions are compared as numbers."""
    mirror = fake / "mirror"
    _provider(mirror, "5.9.0")
    newest = _provider(mirror, "5.100.0")
    monkeypatch.setenv(tool.MIRROR_VARIABLE, str(mirror))
    found = tool.find()
    assert (found.name, found.version, found.provider_version) == ("tofu", "1.9.0", "5.100.0")
    assert (found.mirror, found.plugin) == (mirror, newest)


def test_a_named_mirror_without_a_provider_is_an_error_not_a_reason_to_look_elsewhere(
    fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sets the variable means that folder."""
    _provider(fake / "home" / ".terraform.d" / "plugins", "5.100.0")
    monkeypatch.setenv(tool.MIRROR_VARIABLE, str(fake / "empty"))
    with pytest.raises(ToolMissingError, match="which holds no AWS provider"):
        tool.find()


@pytest.mark.parametrize(
    "where", ["home/.terraform.d/plugins", "home/.local/share/tofu/plugins", "shared/terraform/plugins"]
)
def test_implied_mirrors_are_searched(where: str, fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folders that the tools themselves look into."""
    monkeypatch.setenv("XDG_DATA_DIRS", str(fake / "shared"))
    plugin = _provider(fake / where, "5.100.0")
    assert tool.find().plugin == plugin


def test_usual_install_folders_are_searched_last(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mirror beside other software, under a name nobody can know."""
    monkeypatch.setattr(tool, "PREFIXES", (str(fake / "software").lstrip("/"),))
    plugin = _provider(fake / "software" / "some-mirror", "5.100.0")
    assert tool.find().plugin == plugin


def test_a_mirror_for_another_platform_is_no_mirror(fake: Path) -> None:
    """Then a registry is the only way left."""
    folder = (
        fake / "home" / ".terraform.d" / "plugins" / "registry.example" / "hashicorp" / "aws" / "5.100.0" / "plan9_mips"
    )
    folder.mkdir(parents=True)
    found = tool.find()
    assert (found.mirror, found.plugin, found.provider_version) == (None, None, None)


def test_no_credential_and_no_setting_of_the_person_reaches_the_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rehearsal cannot call a real account by accident."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("TF_CLI_ARGS_plan", "-destroy")
    found = tool.environment()
    assert [name for name in found if name.startswith(("AWS_", "TF_"))] == [
        "TF_IN_AUTOMATION",
        "AWS_EC2_METADATA_DISABLED",
    ]
    assert found["PATH"] == os.environ["PATH"]
