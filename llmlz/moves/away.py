"""What goes away without a plan: everything, in a destroy; and what a live state is still about to delete or to make."""

from collections.abc import Iterable, Iterator

from llmlz.graph.export import State
from llmlz.graph.model import Graph, token_of
from llmlz.moves.losses import loss
from llmlz.moves.model import Change, Finding, Move
from llmlz.moves.rules import Rules


def whole(graphs: Iterable[Graph], rules: Rules) -> Move:
    """The destruction of some stacks: what is protected, and what would be lost."""
    changes, findings = [], []
    for graph in graphs:
        for resource in graph.custom():
            change = Change(urn=resource.urn, type=resource.type, action="delete", judged_by="rows")
            changes.append(change)
            protected = resource.options.protect
            rule, because = loss(change, rules, protected=protected, retained=resource.options.retain_on_delete)
            if rule is None or rule == "irreversible":
                continue  # everything goes: what is only gone for good need not be said one by one
            findings.append(
                Finding(
                    rule="protected" if protected else rule,
                    urn=resource.urn,
                    type=resource.type,
                    properties=(),
                    because=because,
                    way_out=f"pulumi state unprotect '{resource.urn}'" if protected else "save what is in it",
                    source=resource.source,
                )
            )
    return Move(changes=tuple(changes), findings=tuple(findings))


def unsettled(state: State, rules: Rules) -> Iterator[Finding]:
    """What the last deployment left to the next one: old resources to delete, and operations that never ended."""
    for urn in state.condemned:
        token = token_of(urn)
        if token in rules.stateful or token not in rules.stateless:
            lost = rules.stateful.get(token, "nobody knows what")
            says = f"it was replaced, and the next deployment deletes the old one; lost would be {lost}"
            yield _finding("deleted", urn, says, "save what is in the old one, or take it out: pulumi state delete")
    for pending in state.pending:
        says = f"{pending.operation} was begun and never ended, so nobody knows whether it is there"
        yield _finding("undecided", pending.urn, says, "mend the state first: llmlz doctor --state says how")


def _finding(rule: str, urn: str, because: str, way_out: str) -> Finding:
    return Finding(
        rule=rule,  # type: ignore[arg-type]
        urn=urn,
        type=token_of(urn),
        properties=(),
        because=because,
        way_out=way_out,
    )
