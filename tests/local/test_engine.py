"""Which engine is chosen, and what the person is told."""

from pathlib import Path

import pytest

from llmlz.errors import ToolMissingError
from llmlz.local import pulumi_engine
from llmlz.local.engine import UNTESTED, choose_engine
from llmlz.local.pulumi_engine import Pulumi, pulumi_plugin
from llmlz.rehearsal.terraform import Terraform

FOUND = Terraform(Path("terraform"), None, "terraform", "1.11.4", "5.100.0", None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Pulumi home without plugins, on a machine with Terraform and an engine of Pulumi."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    (tmp_path / "plugins").mkdir()
    monkeypatch.setattr(Terraform, "find", lambda: FOUND)
    monkeypatch.setattr(pulumi_engine, "find_engine", lambda: Path("pulumi"))
    monkeypatch.setattr(pulumi_engine, "version_of", lambda path: (3, 256, 0))
    return tmp_path


def missing(words: str) -> ToolMissingError:
    """A tool that is not here."""
    raise ToolMissingError(words)


def test_pulumi_with_its_plugin_comes_first(home: Path) -> None:
    """The newest plugin counts (versions are numbers, not texts), and nobody is told that this was tried with it."""
    for version in ("7.9.0", "7.51.1"):
        (home / "plugins" / f"resource-aws-v{version}").mkdir()
    choice = choose_engine()
    assert isinstance(choice.engine, pulumi_engine.Pulumi)
    assert choice.engine.plugin_version == "7.51.1"
    assert choice.reason == f"pulumi 3.256.0 with AWS plugin 7.51.1; {UNTESTED}"


def test_without_the_plugin_terraform_deploys(home: Path) -> None:
    """The person sees what deploys, and which provider it uses."""
    assert choose_engine().engine is FOUND
    assert choose_engine().reason == "terraform 1.11.4 with AWS provider 5.100.0"


def test_a_plugin_of_another_major_version_does_not_count(home: Path) -> None:
    """A graph names things as version 7 does; a file beside the plugins is none either."""
    (home / "plugins" / "resource-aws-v6.83.0").mkdir()
    (home / "plugins" / "resource-aws-v7.51.1.lock").touch()
    assert pulumi_plugin() is None
    assert choose_engine().engine is FOUND


def test_a_plugin_without_an_engine_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who installed the plugin hears why it is not used."""
    (home / "plugins" / "resource-aws-v7.51.1").mkdir()
    monkeypatch.setattr(pulumi_engine, "find_engine", lambda: missing("no pulumi 3.256.0 or newer here"))
    assert choose_engine().engine is FOUND
    assert choose_engine().reason == (
        "terraform 1.11.4 with AWS provider 5.100.0; Pulumi's AWS plugin (resource-aws-v7.51.1) is here and not used: "
        "no pulumi 3.256.0 or newer here"
    )


def test_without_an_engine_nothing_is_deployed_and_it_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No silent success."""
    monkeypatch.setattr(Terraform, "find", lambda: missing("neither terraform nor tofu is on PATH"))
    assert choose_engine().engine is None
    assert choose_engine().reason == "no local cloud: neither terraform nor tofu is on PATH"


def test_one_engine_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform though Pulumi is there; and no silent change to the other where the one asked for is missing."""
    monkeypatch.setattr(Terraform, "find", lambda: FOUND)
    monkeypatch.setattr(Pulumi, "find", lambda: missing("no plugin"))
    assert choose_engine("terraform").engine is FOUND
    refused = choose_engine("pulumi")
    assert refused.engine is None
    assert "Pulumi with its AWS plugin was asked for" in refused.reason
