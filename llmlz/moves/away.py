"""What goes away without a plan: everything, in a destroy; and what a live state is still about to delete or to make."""

from collections.abc import Iterable, Iterator

from llmlz.graph.export import State
from llmlz.graph.model import Graph
from llmlz.moves.model import Change, Finding, Move
from llmlz.moves.rules import Rules


def whole(graphs: Iterable[Graph], rules: Rules) -> Move:
    """The destruction of some stacks: what is protected, and what would be lost."""
    changes, findings = [], []
    for graph in graphs:
        for resource in graph.custom():
            changes.append(Change(urn=resource.urn, type=resource.type, action="delete", judged_by="rows"))
            lost, protected = rules.stateful.get(resource.type), resource.options.protect
            if not protected and (resource.options.retain_on_delete or not lost):
                continue
            findings.append(
                Finding(
                    rule="protected" if protected else "deleted",
                    urn=resource.urn,
                    type=resource.type,
                    properties=(),
                    because=f"lost would be {lost}" if lost else "the engine refuses: it is protected",
                    way_out=f"pulumi state unprotect '{resource.urn}'" if protected else "save what is in it",
                    source=resource.source,
                )
            )
    return Move(changes=tuple(changes), findings=tuple(findings))


def unsettled(state: State, rules: Rules) -> Iterator[Finding]:
    """What the last deployment left to the next one: old resources to delete, and operations that never ended."""
    for urn in state.condemned:
        token = _token(urn)
        if token in rules.stateful or token not in rules.stateless:
            lost = rules.stateful.get(token, "nobody knows what")
            says = f"it was replaced, and the next deployment deletes the old one; lost would be {lost}"
            yield _finding("deleted", urn, says, "save what is in the old one, or take it out: pulumi state delete")
    for pending in state.pending:
        says = f"{pending.operation} was begun and never ended, so nobody knows whether it is there"
        yield _finding("undecided", pending.urn, says, "mend the state first: llmlz doctor --state says how")


def _token(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _finding(rule: str, urn: str, because: str, way_out: str) -> Finding:
    return Finding(
        rule=rule,  # type: ignore[arg-type]
        urn=urn,
        type=_token(urn),
        properties=(),
        because=because,
        way_out=way_out,
    )
