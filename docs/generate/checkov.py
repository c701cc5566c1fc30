"""The page of checkov: how often its verdicts over a graph are its own, check by check, and why not."""

import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from docs.generate.markdown import page, prose, table
from llmlz.checks.records import controls

ROOT = Path(__file__).parents[2]
AGREEMENT = ROOT / "llmlz" / "checkov" / "data" / "agreement.yaml"
DIFFERENCES = ROOT / "tests" / "checkov" / "data" / "oracle.yaml"

OFFERED = ROOT / "policies" / "terraform.json"

TERRAFORM = """Controls that look at one resource alone come as checks of checkov, for whoever has Terraform and no Pulumi.
They read a plan and not a configuration, need the whole folder `policies`, and were tried with Python 3.11:

```sh
terraform plan -out plan && terraform show -json plan > plan.json
checkov -f plan.json --external-checks-dir policies/checkov --check CKV_LLMLZ_DAT_05
```

Look for the ids in the output: where checkov cannot load the folder, it says so on standard error and ends with exit code 0.
`LLMLZ_LEVEL` is the assurance level, 1 to 4; without it everything is asked that level 4 asks.
A check passes where the rule holds and fails for everything else; `Details` say why.
What Terraform leaves out of a plan is not known, and a check that reads it fails: set what the provider would fill in.
A provider that is older than Pulumi's lacks arguments that rules read, which looks the same."""

INTRO = """checkov {version} has examples of its own, with a verdict each.
Their attributes were turned into Pulumi's inputs and back, and judged by the same checks.
[The decision](../adr/0017-checkov-over-graphs.md) says how a graph becomes what checkov reads.
A case is one resource and one check that passed or failed there; what a plan cannot decide is counted apart."""


def build() -> str:
    """The page."""
    found = _read(AGREEMENT)
    totals = [
        [words, str(counts["agree"]), str(counts["differ"]), str(counts["unknown"]), _share(counts)]
        for words, counts in (
            ("single resources with literal values", found["totals"]["single"]),
            ("connected resources", found["totals"]["connected"]),
        )
    ]
    checks = [
        [id_, *map(str, counts), _share(dict(zip(("agree", "differ"), counts, strict=False)))]
        for id_, counts in sorted(found["checks"].items())
    ]
    differences = [[d["check"], f"{d['folder']}: {d['address']}", prose(d["reason"])] for d in _read(DIFFERENCES)]
    head = ["agree", "differ", "not decided by a plan", "agreement"]
    return page(
        "checkov over graphs",
        INTRO.format(version=found["checkov"]),
        [
            table(["examples", *head], totals),
            "## Where it differs\n\n" + table(["check", "example", "why"], differences),
            "## Check by check\n\n" + table(["check", *head], checks),
            *_offered(),
        ],
    )


def _offered() -> list[str]:
    """Which of our own controls are checks of checkov too, and which are not."""
    found = json.loads(OFFERED.read_text(encoding="utf-8"))
    known = {control.id: control.title for control in controls()}
    rows = []
    for id_, types in found["controls"].items():
        missing = ", ".join(token.rpartition(":")[2] for token in found["not_read"].get(id_, []))
        rows.append([f"CKV_LLMLZ_{id_.replace('-', '_')}", known[id_], ", ".join(sorted(types)), missing])
    reasons: dict[str, list[str]] = {}
    for id_, reason in found["left_out"].items():
        reasons.setdefault(reason, []).append(id_)
    out = [[reason, ", ".join(ids)] for reason, ids in sorted(reasons.items(), key=lambda each: -len(each[1]))]
    return [
        f"## Our controls for Terraform\n\n{TERRAFORM}",
        table(["check", "control", "types", "types that are not read"], rows),
        "Not offered:",
        table(["why", "controls"], out),
    ]


def _share(counts: dict[str, int]) -> str:
    decided = counts["agree"] + counts["differ"]
    return f"{counts['agree'] / decided:.1%}" if decided else "-"


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
