"""What ``llmlz try`` does, step by step; every step keeps its result for the report."""

import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from llmlz.access.matrix import Row
from llmlz.checks.evaluate import Evaluation
from llmlz.cli import accessing
from llmlz.cli.checking import evaluated_all
from llmlz.cli.first_calls import call_as_team
from llmlz.cli.machine_prices import estate_machines
from llmlz.cli.proving import proved
from llmlz.cli.recording import record_estate, record_stack
from llmlz.cli.steps import Steps
from llmlz.cost.fixed import Cost, fixed_cost, require_priced
from llmlz.cost.prices import load
from llmlz.errors import ChecksFailedError, ToolMissingError
from llmlz.graph.inventory import counts
from llmlz.graph.model import Graph
from llmlz.local.calls import Call
from llmlz.local.deploy import Deployment, deploy
from llmlz.local.emulator import Emulator
from llmlz.local.engine import choose_engine
from llmlz.rehearsal.rehearse import Rehearsal, rehearse
from llmlz.rehearsal.terraform import Terraform
from stacks.estate import Estate
from stacks.kinds import PlatformStack, beneath


class Trial:
    """One run of ``llmlz try``."""

    def __init__(self, estate: Estate, platform: str, folder: Path, console: Console) -> None:
        """Try ``platform`` and its teams; keep logs and report below ``folder``."""
        chosen = estate.stack(platform)
        assert isinstance(chosen, PlatformStack)  # noqa: S101  # the command has refused anything else
        self.estate, self.platform, self.folder = estate, chosen, folder
        self.names = [
            *(first.name for first in beneath(chosen)),
            platform,
            *(team.name for team in estate.teams_on(platform)),
        ]
        self.steps = Steps(console)
        self.graphs: dict[str, Graph] = {}
        self._whole: dict[str, Graph] = {}
        self.evaluations: dict[str, Evaluation] = {}
        self.access: tuple[Row, ...] = ()
        self.costs: dict[str, Cost] = {}
        self.rehearsals: dict[str, Rehearsal] = {}
        self.deployment: Deployment | None = None
        self.calls: tuple[Call, ...] = ()

    def offline(self, *, proofs: bool = True) -> None:
        """Everything that needs no cloud, not even a local one; ``proofs`` are what takes longest."""
        with self.steps.step("record") as say:
            for name in self.names:
                say(name)
                self.graphs[name] = record_stack(self.estate.stack(name), self.graphs)
            total = sum(len(graph.custom()) for graph in self.graphs.values())
            say(f"{len(self.names)} stacks, {total} resources")
        if self.steps.failed:
            return
        with self.steps.step("check") as say:
            self._check(say)
        with self.steps.step("access") as say:
            self._access(say)
        if proofs:
            with self.steps.step("prove") as say:
                self._prove(say)
        with self.steps.step("cost") as say:
            self._cost(say)
        if proofs:
            self._rehearse()

    def local_cloud(self, port: int | None, engine: Literal["pulumi", "terraform"] | None = None) -> None:
        """Deploy onto the emulator and call as a team; the emulator is stopped and its state thrown away."""
        if self.steps.failed:
            return self.steps.leave_out("deploy", "nothing is deployed after a failed step")
        choice = choose_engine(engine)
        if choice.engine is None:
            return self.steps.leave_out("deploy", choice.reason)
        work = self._fresh("local")
        with ExitStack() as held:
            with self.steps.step("emulator") as say:
                place = {"account": self.platform.account, "region": self.platform.region}
                emulator = held.enter_context(Emulator(work, **place, port=port, progress=say))
                say(f"listens on port {emulator.footprint.port}")
            if self.steps.failed:
                return None
            with self.steps.step("deploy") as say:
                self.deployment = deploy(list(self.graphs.values()), emulator, choice.engine, work, say)
                made = sum(len(stack.existing) for stack in self.deployment.stacks.values())
                say(f"{made} resources exist, {self.deployment.coverage:.0%} of all, made by {choice.reason}")
                self.deployment.check()
            if self.deployment and not self.steps.failed:
                with self.steps.step("calls") as say:
                    self._call(emulator, say)
            with self.steps.step("stop") as say:
                emulator.stop()
                say("the emulator is stopped and its state is gone")
        return None

    def report(self) -> Path:
        """Write the page; it shows what there is, also after a failure."""
        from llmlz.cli.reporting import write_report  # noqa: PLC0415

        return write_report(self)

    def summary(self) -> Mapping[str, Any]:
        """The run as plain values, for ``--json``."""
        return {
            "stacks": {name: counts(graph) for name, graph in self.graphs.items()},
            "steps": [
                {"name": s.name, "outcome": s.outcome, "seconds": round(s.seconds, 1), "said": s.said}
                for s in self.steps.ended
            ],
            "calls": [asdict(call) for call in self.calls],
            "coverage": self.deployment.coverage if self.deployment else None,
            "fixed_cost_usd": {name: str(cost.total) for name, cost in self.costs.items()},
        }

    def _check(self, say: Any) -> None:
        self.evaluations = evaluated_all(self.estate, self.graphs, self.platform.level)
        findings = [finding for evaluation in self.evaluations.values() for finding in evaluation.findings]
        blocking = [finding for finding in findings if finding.mandatory]
        if blocking:
            lines = [f"{f.control} {f.source or ''} {f.urn.rpartition('::')[2]}: {f.message}" for f in blocking]
            raise ChecksFailedError("\n".join([f"{len(blocking)} findings block", *lines]))
        say(f"{len(self.evaluations[self.names[0]].coverage)} controls, no finding blocks, {len(findings)} advise")

    def _access(self, say: Any) -> None:
        self.access = accessing.rows(self.estate, self.whole(), self.platform.name)
        undecided = [row for row in self.access if row.outcome == "indeterminate"]
        if undecided:
            raise ChecksFailedError(f"{len(undecided)} calls cannot be decided, such as {undecided[0].reason}")
        allowed = sum(row.outcome == "allowed" for row in self.access)
        say(f"{len(self.access)} calls evaluated, {allowed} allowed, {len(self.access) - allowed} denied")

    def whole(self) -> Mapping[str, Graph]:
        """Every stack of the estate: what an organization says, and other platforms of its units, count here too."""
        if len(self.graphs) < len(self.estate.stacks):
            self._whole = self._whole or record_estate(self.estate)
            return {**self._whole, **self.graphs}
        return self.graphs

    def _prove(self, say: Any) -> None:
        counts = proved(self.estate, self.whole())
        say(f"{counts['proved']} properties of access proved, for all requests there can be, in both readings")

    def _cost(self, say: Any) -> None:
        prices = load(machines=estate_machines(self.estate.folder))
        for name, graph in self.graphs.items():
            self.costs[name] = fixed_cost(graph, prices)
        for cost in self.costs.values():
            require_priced(cost)
        total = self.costs[self.platform.name].total
        ceiling = self.platform.tier_data.fixed_cost_ceiling_usd
        if total > ceiling:
            raise ChecksFailedError(f"{total:.2f} USD a month idle, above the ceiling of {ceiling} USD")
        say(f"{total:.2f} USD a month idle for the platform, under its ceiling of {ceiling} USD")

    def _rehearse(self) -> None:
        try:
            terraform = Terraform.find()
        except ToolMissingError as error:
            return self.steps.leave_out("rehearse", str(error))
        with self.steps.step("rehearse") as say:
            for name, graph in self.graphs.items():
                say(f"{name}: validate, plan, settle, plan again")
                self.rehearsals[name] = rehearse(graph, terraform, self._fresh(f"rehearsal/{name}"))
            findings = [str(f) for found in self.rehearsals.values() for f in found.findings]
            if findings:
                raise ChecksFailedError("\n".join([f"the AWS provider refuses {len(findings)} things", *findings]))
            gaps = sum(len(found.unverified) for found in self.rehearsals.values())
            say(
                f"AWS provider {terraform.provider_version} accepts all stacks; {gaps} properties or types it does not know"
            )
        return None

    def _call(self, emulator: Emulator, say: Any) -> None:
        assert self.deployment is not None  # noqa: S101  # called after a deployment only
        self.calls = call_as_team(self.estate, self.whole(), self.deployment, emulator)
        wrong = [
            f"{c.name}: expected {c.expected}, got {c.got} by {c.how}; {c.note}" for c in self.calls if not c.passed
        ]
        if wrong:
            raise ChecksFailedError("\n".join([f"{len(wrong)} of {len(self.calls)} calls went otherwise", *wrong]))
        told = (f"{c.name}: {c.got}" + (f" by {c.decided}" if c.decided else "") for c in self.calls)
        say(", ".join(told))

    def _fresh(self, name: str) -> Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder
