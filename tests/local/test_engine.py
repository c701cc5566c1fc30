"""Which engine is chosen, and what the person is told."""

from pathlib import Path

import pytest

from llmlz.errors import ToolMissingError
from llmlz.local import engine
from llmlz.local.engine import choose_engine, pulumi_plugin
from llmlz.rehearsal.terraform import Terraform

FOUND = Terraform(Path("terraform"), None, "terraform", "1.11.4", "5.100.0", None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Pulumi home without plugins."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    (tmp_path / "plugins").mkdir()
    return tmp_path


def test_terraform_is_named_with_its_provider(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person sees what deploys."""
    monkeypatch.setattr(engine.Terraform, "find", lambda: FOUND)
    assert choose_engine().terraform is FOUND
    assert choose_engine().reason == "terraform 1.11.4 with AWS provider 5.100.0"


def test_a_plugin_of_pulumi_is_named_and_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest counts: versions are numbers, not texts."""
    for version in ("7.9.0", "7.51.1"):
        (home / "plugins" / f"resource-aws-v{version}").mkdir()
    found = pulumi_plugin()
    assert found is not None
    assert found.name == "resource-aws-v7.51.1"
    monkeypatch.setattr(engine.Terraform, "find", lambda: FOUND)
    assert "(resource-aws-v7.51.1) is here too and not used" in choose_engine().reason


def test_without_an_engine_nothing_is_deployed_and_it_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No silent success."""

    def find() -> Terraform:
        raise ToolMissingError("neither terraform nor tofu is on PATH")

    monkeypatch.setattr(engine.Terraform, "find", find)
    assert choose_engine().terraform is None
    assert choose_engine().reason == "no local cloud: neither terraform nor tofu is on PATH"
