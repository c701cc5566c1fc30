"""The gate of ``cold-start``: what the starts load."""

from bench import cold_start, starts

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
