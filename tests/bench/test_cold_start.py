"""The gate of ``cold-start``: what the starts load."""

from pathlib import Path

import pytest

from bench import cold_start, starts
from bench.process import Run

SERVICES = ["iam", "s3"]
LOADED = {
    starts.HELP: ["typer"],
    starts.SDK: ["pulumi"],
    starts.SERVICES: ["pulumi", "pulumi_aws.iam.role", "pulumi_aws.s3.bucket"],
    starts.EXAMPLE: ["pulumi", "pulumi_aws.iam.role", "pulumi_aws.s3.bucket"],
    starts.RECORD: ["pulumi", "pulumi_aws.iam.role", "pulumi_aws.s3.bucket"],
}


def test_help_loads_no_pulumi() -> None:
    """The real ``llmlz --help``, in a process of its own."""
    code = starts.snippets([])[starts.HELP]
    modules = starts.modules_of(code)
    assert "typer" in modules
    assert "pulumi" not in modules


def test_a_probe_sees_what_is_loaded_and_not_what_stands_by() -> None:
    """A service that was touched is loaded; the others are placeholders and do not count."""
    modules = starts.modules_of(starts.snippets(["budgets"])[starts.SERVICES])
    assert starts.services_among(modules) == ["budgets"]
    assert "pulumi_aws.budgets" in modules
    assert "pulumi_aws.s3" not in modules


def test_the_gate_is_open_when_every_start_loads_what_it_should() -> None:
    """Nothing is found where nothing is wrong."""
    assert cold_start.gate(LOADED, SERVICES) == {}


def test_each_condition_shuts_the_gate_for_its_start() -> None:
    """``--help`` with pulumi, a peer without it, a peer with fewer services, and no services at all."""
    assert cold_start.gate({**LOADED, starts.HELP: ["pulumi"]}, SERVICES) == {starts.HELP: "loads pulumi"}
    assert cold_start.gate({**LOADED, starts.SDK: []}, SERVICES) == {starts.SDK: "does not load pulumi"}
    fewer = {**LOADED, starts.SERVICES: ["pulumi", "pulumi_aws.iam.role"]}
    assert cold_start.gate(fewer, SERVICES) == {starts.SERVICES: "does not load s3"}
    assert set(cold_start.gate(LOADED, [])) == {starts.SERVICES, starts.EXAMPLE, starts.RECORD}


def test_a_missing_peer_is_left_out_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without checkov its row says how to get it, and every other comparison stands; nothing fails."""
    ran = Run(cpu=2.0, wall=3.0, peak_mb=1.0, out="")
    monkeypatch.setattr(starts, "CHECKOV_BIN", Path("nowhere"))
    monkeypatch.setattr(starts, "services_of_the_example", lambda: SERVICES)
    monkeypatch.setattr(starts, "modules_of", lambda _: ["pulumi", "pulumi_aws.iam.role", "pulumi_aws.s3.bucket"])
    monkeypatch.setattr(cold_start, "run", lambda _: ran)
    result = cold_start.cold_start(quick=True, say=print)
    by_peer = {row.what.rpartition(" / ")[2]: row for row in result.rows}
    assert by_peer[starts.CHECKOV].verdict == "left out"
    assert "make environments" in by_peer[starts.CHECKOV].note
    assert by_peer[starts.SERVICES].value == 1.0
    assert result.broken == ("llmlz --help loads pulumi",)
    assert by_peer["llmlz --help, seconds"].verdict == "void"
