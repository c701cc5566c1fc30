"""What ``pulumi preview --json`` of a live stack says it would do: the engine's own words, judged by the same rules."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from llmlz.errors import BadInputError
from llmlz.graph.model import token_of
from llmlz.graph.record import ROOT
from llmlz.graph.states import is_default_provider, resource
from llmlz.moves.doubts import SAID
from llmlz.moves.losses import loss
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
    _whole(digest)
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


def _whole(digest: Mapping[str, Any]) -> None:
    """A preview that failed, or shows a part, says less than the deployment does: deletions come last."""
    if "steps" not in digest:
        raise BadInputError("this is no preview: expected what pulumi preview --json prints, with its steps")
    wrong = [d for d in digest.get("diagnostics") or () if d.get("severity") == "error"]
    if wrong:
        raise BadInputError(
            f"the preview failed, so it does not show everything: {str(wrong[0].get('message')).strip()}"
        )
    said = digest.get("changeSummary")
    if said is None:
        raise BadInputError("the preview has no changeSummary, so it did not come to its end")
    shown = Counter(str(step.get("op")) for step in digest["steps"])
    for operation, count in said.items():
        if operation in WORDS and shown[operation] < int(count):
            raise BadInputError(f"the preview counts {count} of {operation!r} and shows {shown[operation]}: it is cut")


def _change(step: Mapping[str, Any], action: Action) -> Change:
    urn = str(step["urn"])
    reasons = step.get("replaceReasons") if action == "replace" else step.get("diffReasons")
    detailed = step.get("detailedDiff") or {}
    named = reasons or [path for path, diff in detailed.items() if action != "replace" or "replace" in diff["kind"]]
    token = token_of(urn)
    return Change(urn=urn, type=token, action=action, properties=tuple(sorted(set(named))), judged_by="preview")


def _findings(step: Mapping[str, Any], change: Change, rules: Rules) -> Iterator[Finding]:
    old, new = step.get("oldState") or {}, step.get("newState") or {}
    source = resource(new or old, root=ROOT, project_folder=ROOT).source if new or old else None
    rule, because = loss(change, rules, protected=bool(old.get("protect")), retained=bool(old.get("retainOnDelete")))
    if rule is not None:
        yield Finding(
            rule=rule,
            urn=change.urn,
            type=change.type,
            properties=change.properties,
            because=because,
            way_out="look at the same move without a cloud (llmlz move --from), which names a way for each input",
            source=source,
        )
    for row in rules.met(change.type, old.get("inputs") or {}, new.get("inputs") or {}) if old and new else ():
        if row.effect in SAID:
            yield Finding(
                rule=SAID[row.effect],
                urn=change.urn,
                type=change.type,
                properties=(row.property,),
                because=row.because,
                way_out=row.way_out,
                source=source,
            )
