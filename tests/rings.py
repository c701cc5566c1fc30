"""Rings of proof as a pytest plugin: a required ring that skips is red, and the end says what each ring proved."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

PROVES: Mapping[int, str] = {
    1: "program: settings, components, graph, goldens, controls, access and cost, in Python alone",
    2: "rehearsal: the AWS provider's schema, validation and plan, offline",
    3: "engine: preview, up, second up, refresh, destroy and stack references in the Pulumi engine",
    4: "cluster: a Kubernetes API server with admission, quotas, pod security and the scheduler, and Karpenter over kwok",
    5: "local cloud: the provider's API calls against an emulator, and calls as a team; the report in a browser",
}
"""Number to what the ring makes real."""


RING = "ring"
"""Name of a property of each report: the number of the ring, and why the test was skipped."""


class Rings:
    """Counts outcomes per ring and turns skips of required rings into failures."""

    def __init__(self, required: set[int]) -> None:
        self.required = required
        self.outcomes: dict[int, Counter[str]] = {number: Counter() for number in PROVES}
        self.skipped: dict[int, set[str]] = {number: set() for number in PROVES}

    @staticmethod
    def of(item: pytest.Item) -> int:
        """The ring of a test."""
        marker = item.get_closest_marker("ring")
        return int(marker.args[0]) if marker else 1

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Any:
        """Write the ring into every report; a required ring's skip becomes a failure with the reason."""
        outcome = yield
        report = outcome.get_result()
        ring, reason = self.of(item), ""
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            reason = reason.removeprefix("Skipped: ")
            if ring in self.required:
                report.outcome = "failed"
                report.longrepr = f"ring {ring} is required here and skipped: {reason}"
        report.user_properties = [*report.user_properties, (RING, ring, reason)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count; with several workers this is called where the totals are printed."""
        ring, reason = _told(report.user_properties)
        if reason:
            self.skipped[ring].add(reason)
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[ring][report.outcome] += 1

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """What each ring proved, what was left out and why, and one plain line of totals."""
        terminalreporter.section("rings of proof")
        for ring, words in PROVES.items():
            counts = self.outcomes[ring]
            if not counts:
                continue
            line = ", ".join(f"{counts[kind]} {kind}" for kind in ("passed", "failed", "skipped") if counts[kind])
            terminalreporter.write_line(
                f"ring {ring} {'required' if ring in self.required else 'optional'}: {line}; {words}"
            )
            for reason in sorted(self.skipped[ring]):
                terminalreporter.write_line(f"  left out: {reason}")
        total = sum(self.outcomes.values(), Counter())
        self.line = f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped"

    def pytest_unconfigure(self) -> None:
        """The last line: totals of all rings."""
        if hasattr(self, "line"):
            print(self.line)


def _told(properties: Any) -> tuple[int, str]:
    """The ring in a report's properties, and why the test was skipped."""
    return next((int(found[1]), str(found[2])) for found in properties if found[0] == RING)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two options of our own."""
    parser.addoption("--require-rings", default="1", help="rings that may not skip, such as '1 2 3'")
    parser.addoption("--wide", action="store_true", help="run the wide matrices too")


def pytest_configure(config: pytest.Config) -> None:
    """Start counting."""
    required = {int(number) for number in config.getoption("--require-rings").split()}
    config.pluginmanager.register(Rings(required), "llmlz-rings")
