"""Judge a Terraform plan with checkov's checks.

Owns: from a plan document to verdicts: checkov's own reading of a resource, and its code over one resource.
Does not own: which checks exist (``known``), and checks over connected resources (``graphs``).

checkov's runner reads a file through a YAML parser, to know lines, and searches a list for every resource. Both cost more
than all checks together, and lines mean nothing here: only its reading of one resource is used.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import graphs
import known
import narrow
from checkov.terraform.checks.utils.base_cloudsplaining_iam_scanner import BaseTerraformCloudsplainingIAMScanner
from checkov.terraform.plan_parser import _get_resource_changes, _prepare_resource_block

narrow.install()

NEEDED = ("terraform_version", "planned_values")


def judge(plan: Mapping[str, Any], checks: Sequence[str]) -> dict[str, Any]:
    """Verdicts of the checks over a plan, the addresses that were looked at, and what could not be read."""
    BaseTerraformCloudsplainingIAMScanner.policy_document_cache.clear()
    errors: list[str] = [f"the plan has no {name}" for name in NEEDED if not plan.get(name)]
    if errors:
        return {"results": [], "scanned": [], "errors": errors}
    wanted = frozenset(checks)
    blocks = dict(_blocks(plan, wanted, errors))
    connected = graphs.Connected(blocks, wanted, errors)
    results = [*connected.results(), *_by_code(blocks, connected.graph, wanted)]
    scanned = sorted({*connected.addresses, *(found[1] for found in results)})
    return {"results": results, "scanned": scanned, "errors": errors}


def _blocks(plan: Mapping[str, Any], wanted: frozenset[str], errors: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Address and block, as checkov's parser makes it, of every managed resource that some check may look at."""
    root = plan["planned_values"].get("root_module", {})
    if root.get("child_modules"):
        errors.append("the plan has child modules, which are not read")
    configured = plan.get("configuration", {}).get("root_module", {}).get("resources", [])
    expressions = {(c["type"], c["name"]): c for c in configured}
    changes = _get_resource_changes(plan)
    planned = root.get("resources", [])
    types = {resource.get("type") or "" for resource in planned}
    looked_at = {type_ for type_ in types if known.looks_at(type_, wanted)}
    if any(known.over_others(type_, wanted) for type_ in types):
        looked_at = types  # nobody can tell what such code looks for
    seen = set()
    for resource in planned:
        address = resource.get("address")
        missing = [name for name in ("address", "type", "mode") if not resource.get(name)]
        missing += [] if isinstance(resource.get("values"), dict) else ["values"]
        if missing:  # the parser leaves it out, or takes it for empty, and says nothing
            errors.append(f"a resource has no {missing[0]}: {address or resource.get('name')}")
            continue
        if resource["type"] not in looked_at:
            continue
        conf = expressions.get((resource["type"], resource.get("name")))
        try:
            block, kind, prepared = _prepare_resource_block(resource, conf, changes)
        except Exception as error:
            errors.append(f"{address}: {type(error).__name__}: {error}")
            continue
        if address in seen:
            errors.append(f"{address} is in the plan twice")
        elif prepared and kind == "resource":
            seen.add(address)
            yield address, block


def _by_code(blocks: Mapping[str, dict[str, Any]], graph: Any, wanted: frozenset[str]) -> Iterator[graphs.Found]:
    """Verdicts of code over one resource."""
    by_type: dict[str, list[Any]] = {}
    for address, block in blocks.items():
        ((type_, named),) = block.items()
        if type_ not in by_type:
            by_type[type_] = known.python_checks(type_, wanted)
            for check in by_type[type_]:
                check.graph = graph
        ((name, configuration),) = named.items()
        for check in by_type[type_]:
            try:
                told = check.run(graphs.FILE, configuration, name, type_, {})
            except Exception:  # the check has said so on standard error
                told = {"result": None, "evaluated_keys": []}
            yield check.id, address, known.verdict(told["result"]), told["evaluated_keys"]
