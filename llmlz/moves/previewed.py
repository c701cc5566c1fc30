"""What ``pulumi preview --json`` of a live stack says it would do: the engine's own words, judged by the same rules."""

from collections.abc import Iterator, Mapping
from typing import Any

from llmlz.errors import BadInputError
from llmlz.graph.record import ROOT
from llmlz.graph.states import is_default_provider, resource
from llmlz.moves.model import Action, Change, Finding, Move
from llmlz.moves.rules import Rules

WORDS: Mapping[str, Action] = {
    "create": "create",
    "create-replacement": "replace",
    "delete": "delete",
    "delete-replaced": "replace",
    "discard": "delete",
    "replace": "replace",
    "update": "update",
}
QUIET = frozenset({"same", "read", "refresh", "read-discard", "read-replacement", "remove-pending-replace", "import"})
"""Operations that change nothing in the cloud."""


def previewed(digest: Mapping[str, Any], rules: Rules) -> Move:
    """The move in a preview; raises ``BadInputError`` for something else than one, and for an operation nobody knows."""
    if "steps" not in digest:
        raise BadInputError("this is no preview: expected what pulumi preview --json prints, with its steps")
    changes: dict[str, Change] = {}
    findings: list[Finding] = []
    for step in digest["steps"]:
        operation, urn = str(step.get("op")), str(step["urn"])
        if operation in QUIET or is_default_provider(urn):
            continue
        if operation not in WORDS:
            raise BadInputError(f"the preview says {operation!r} of {urn}: expected {', '.join(sorted(WORDS))}")
        change = _change(step, WORDS[operation])
        if change.type.startswith("pulumi:") or ":" not in change.type:
            continue
        changes[urn] = change
        findings += _findings(step, change, rules)
    made = sorted(changes.values(), key=lambda change: (change.action, change.urn))
    return Move(changes=tuple(made), findings=tuple(dict.fromkeys(findings)))


def _change(step: Mapping[str, Any], action: Action) -> Change:
    urn = str(step["urn"])
    reasons = step.get("replaceReasons") if action == "replace" else step.get("diffReasons")
    detailed = step.get("detailedDiff") or {}
    named = reasons or [path for path, diff in detailed.items() if action != "replace" or "replace" in diff["kind"]]
    token = urn.split("::")[2].rpartition("$")[2]
    return Change(urn=urn, type=token, action=action, properties=tuple(sorted(set(named))), judged_by="preview")


def _findings(step: Mapping[str, Any], change: Change, rules: Rules) -> Iterator[Finding]:
    old, new = step.get("oldState") or {}, step.get("newState") or {}
    source = resource(new or old, root=ROOT, project_folder=ROOT).source if new or old else None
    if change.action in ("replace", "delete"):
        lost, kept = rules.stateful.get(change.type), bool(old.get("retainOnDelete"))
        if not kept and (lost or old.get("protect")):
            rule = "protected" if lost is None else "replaced" if change.action == "replace" else "deleted"
            yield Finding(
                rule=rule,  # type: ignore[arg-type]
                urn=change.urn,
                type=change.type,
                properties=change.properties,
                because=f"lost would be {lost}" if lost else "the engine refuses: it is protected",
                way_out="look at the same move without a cloud (llmlz move --from), which names a way for each input",
                source=source,
            )
    for row in rules.met(change.type, old.get("inputs") or {}, new.get("inputs") or {}) if old and new else ():
        if row.effect in ("refused", "irreversible"):
            yield Finding(
                rule=row.effect,
                urn=change.urn,
                type=change.type,
                properties=(row.property,),
                because=row.because,
                way_out=row.way_out,
                source=source,
            )
