"""Plant a mistake into a recorded estate, and print what the proof says: the role of a team asks for any guardrail."""

import json
from dataclasses import replace
from pathlib import Path

from llmlz.access.bundle import Bundle
from llmlz.access.proof.properties import load
from llmlz.access.proof.run import Proof, prove
from llmlz.access.proof.wording import lines
from llmlz.cli.proving import bundle, subjects_of
from llmlz.cli.recording import record_estate
from stacks.estate import load_estate

ESTATE = Path(__file__).with_name("estate")
STACK, POLICY = "team-claims-sandbox", "claims-role-policy"
STATEMENT, PROPERTY = "NoCallWithoutTheGuardrail", "accepted-guardrail"


def recorded() -> Bundle:
    """The graphs of the example estate, and what its settings promise."""
    estate = load_estate(ESTATE)
    return bundle(estate, record_estate(estate))


def with_mistake(found: Bundle) -> Bundle:
    """The same estate, where a Deny asks whether a guardrail is named, and no longer which one."""
    graph = found.graphs[STACK]
    right = graph.named(POLICY)
    document = json.loads(right.inputs["policy"])
    for statement in document["Statement"]:
        if statement["Sid"] == STATEMENT:
            statement["Condition"] = {"Null": {"bedrock:GuardrailIdentifier": "true"}}
    wrong = replace(right, inputs={**right.inputs, "policy": json.dumps(document)})
    resources = tuple(wrong if resource is right else resource for resource in graph.resources)
    return replace(found, graphs={**found.graphs, STACK: replace(graph, resources=resources)})


def proofs(found: Bundle) -> tuple[Proof, ...]:
    """One promise about one team: of all layers together, then of each layer that keeps it alone."""
    team = [subject for subject in subjects_of(found) if (subject.kind, subject.stack) == ("team", STACK)]
    promise = [row for row in load() if row.id == PROPERTY]
    return prove(team, promise, readings=("documented",))


def main() -> None:
    """Print every proof in words."""
    print("\n\n".join("\n".join(lines(proof)) for proof in proofs(with_mistake(recorded()))))


if __name__ == "__main__":
    main()
