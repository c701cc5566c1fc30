"""Controls as checks of checkov: ``checkov -f plan.json --external-checks-dir policies/checkov``.

``plan.json`` is what ``terraform show -json`` writes of a plan; of a configuration as it stands every check fails, since
nobody knows its values. ``LLMLZ_LEVEL`` is the assurance level, 1 to 4; without it everything is asked that level 4 asks.
"""

import importlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import (
    BaseResourceCheck,
)

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # checkov knows this folder alone
try:
    _judge, _record, _planned, _arriving = (
        importlib.import_module(f"policies.pack.{name}") for name in ("_judge", "_record", "_planned", "_arriving")
    )
finally:
    sys.path.remove(str(HERE.parents[2]))

POLICIES = HERE.parents[1]
ONLY_A_PLAN = "__change_actions__"
"""What checkov notes of a resource of a plan, and of no other."""

STRICTEST = 4


def level() -> int:
    """The assurance level; the strictest for anything that is none."""
    said = os.environ.get("LLMLZ_LEVEL", "")
    return int(said) if said in ("1", "2", "3", "4") else STRICTEST


class Control(BaseResourceCheck):  # type: ignore[misc]
    """One control."""

    def __init__(self, record: Any, tokens: Mapping[str, str], types: Mapping[str, Any]) -> None:
        """``tokens`` is Terraform type to Pulumi token, ``types`` Terraform type to its arguments."""
        self.record, self.tokens, self.types = record, tokens, types
        super().__init__(
            name=record.title,
            id=f"CKV_LLMLZ_{record.id.replace('-', '_')}",
            categories=[CheckCategories.GENERAL_SECURITY],
            supported_resources=list(tokens),
        )

    def scan_resource_conf(self, conf: Mapping[str, Any]) -> CheckResult:
        """Passed where the rule holds; failed for everything else, with the reason in ``details``."""
        try:
            wrong = self._wrong(conf)
        except Exception as error:  # what cannot be read is never passed
            wrong = f"cannot be decided: {type(error).__name__}: {error}"
        self.evaluated_keys: list[str] = []
        self.details = [wrong, f"Fix: {self.record.remediation}"] if wrong else []
        return CheckResult.FAILED if wrong else CheckResult.PASSED

    def _wrong(self, conf: Mapping[str, Any]) -> str:
        """What is wrong; empty where the rule holds."""
        if ONLY_A_PLAN not in conf:
            return "cannot be decided: only a plan is read, as terraform show -json writes it"
        found = _planned.inputs(conf, self.types[self.entity_type])
        resource = _planned.Planned(str(conf.get("__address__")), self.tokens[self.entity_type], found)
        at = level()
        alone = _arriving.Alone(level=at, needs=self.record.parameters(at))
        try:
            result = _judge.decide(self.record, resource, alone).result
        except _judge.LooksAroundError:
            return "cannot be decided: the rule looks at more than this resource"
        return "" if result.verdict == "holds" else result.message or result.verdict


def register() -> list[Control]:
    """Make every check; checkov notes each as it is made."""
    offered = json.loads((POLICIES / "terraform.json").read_text(encoding="utf-8"))
    records = {r.id: r for r in _record.load((POLICIES / "records.json").read_text(encoding="utf-8"))}
    return [
        Control(records[id_], tokens, offered["types"])
        for id_, tokens in offered["controls"].items()
        if level() >= records[id_].advisory_from
    ]


checks = register()
