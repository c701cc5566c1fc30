"""The lower limit of asking checkov: importing the code of some checks, and nothing else. Runs in checkov's Python.

``python needed.py list <check,check,...>`` prints the modules that hold them; ``python needed.py import <module> ...``
imports these. Packages of checkov that import every check are left empty on the way.
"""

import importlib
import importlib.util
import os
import sys
import types

os.environ["BC_SKIP_MAPPING"] = "TRUE"

EAGER = (
    "checkov.terraform",
    "checkov.terraform.checks",
    "checkov.terraform.checks.resource",
    "checkov.terraform.checks.resource.aws",
)
DEFINITIONS = "checkov.common.checks_infra.registry"
"""What reads and runs definitions over connected resources."""


def modules(checks: frozenset[str]) -> list[str]:
    """Where the code of the checks is."""
    registry = importlib.import_module("checkov.terraform.checks.resource.registry").resource_registry
    importlib.import_module("checkov.terraform.checks.resource")
    found = {type(check).__module__ for _, check in registry.all_checks() if check.id in checks}
    return sorted(found | ({DEFINITIONS} if any(id_.startswith("CKV2_") for id_ in checks) else set()))


def load(names: list[str]) -> None:
    """Import them, and what they import."""
    spec = importlib.util.find_spec("checkov")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("checkov is not here")
    for name in EAGER:
        empty = types.ModuleType(name)
        empty.__path__ = [spec.submodule_search_locations[0] + name.removeprefix("checkov").replace(".", "/")]
        sys.modules[name] = empty
    for name in names:
        importlib.import_module(name)


if __name__ == "__main__":
    if sys.argv[1] == "list":
        sys.stdout.write(" ".join(modules(frozenset(sys.argv[2].split(",")))))
    else:
        load(sys.argv[2:])
