"""From an estate to proofs: what ought to hold comes from the settings, what is judged from the graphs."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from llmlz.access.bundle import Bundle
from llmlz.access.intent import Intent, PlatformIntent, TeamIntent
from llmlz.access.organization import OrganizationLayers
from llmlz.access.proof.listed import listed_profiles
from llmlz.access.proof.run import Proof, prove
from llmlz.access.proof.subjects import Subject, subjects
from llmlz.access.proof.wording import lines, summary
from llmlz.access.resolve import resolved
from llmlz.access.vet import problems as document_problems
from llmlz.cli.accessing import boundaries, places
from llmlz.errors import BadInputError, ChecksFailedError
from llmlz.graph.model import Graph
from llmlz.organization.snapshot import Snapshot, snapshot_documents
from stacks.access_list import Approval, approvals, foundation_models, unit_models
from stacks.estate import Estate
from stacks.kinds import OrganizationStack, PlatformStack, RuntimeStack, UnitPlan
from stacks.network_problems import MODELS

PROCESSES = 2

Proofs: TypeAlias = tuple[Proof, ...]


def bundle(estate: Estate, graphs: Mapping[str, Graph]) -> Bundle:
    """Graphs and intent of an estate."""
    return Bundle(graphs=dict(graphs), intent=intent(estate))


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """What is known of the live estate; nothing without arguments."""

    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Stack to its published outputs, which take the place of stand-ins."""

    deployed: Mapping[str, OrganizationLayers] | None = None
    """Account to what the organization has really put around it, instead of what its stack would."""


NOTHING_REAL = Real()


def subjects_of(found: Bundle, real: Real = NOTHING_REAL) -> tuple[Subject, ...]:
    """Whom properties are proved for."""
    return subjects(resolved(found.graphs.values(), real.outputs), found.intent, real.deployed)


def intent(estate: Estate) -> Intent:
    """What ought to hold: the one list, the levels and the places of an estate."""
    above = next(iter(estate.organizations()), None)
    listed = approvals(estate.stacks.values())
    return Intent(
        platforms=tuple(
            _platform(platform, estate.runtime_on(platform.name), above, listed) for platform in estate.platforms()
        ),
        boundaries={arn: text for platform in estate.platforms() for arn, text in boundaries(platform).items()},
        **({"bootstrap_roles": tuple(above.settings.bootstrap_roles)} if above else {}),
        break_glass=tuple(above.settings.break_glass) if above else (),
        organization_id=above.settings.organization_id if above else "",
        organization_stack=above.name if above else "",
        places=places(above) if above else {},
    )


def _platform(
    platform: PlatformStack,
    runtime: RuntimeStack | None,
    above: OrganizationStack | None,
    listed: Sequence[Approval],
) -> PlatformIntent:
    units = above.units.values() if above else ()
    unit: UnitPlan | None = next((unit for unit in units if platform in unit.platforms), None)
    together = unit_models(unit.platforms if unit else [platform], platform.region, unit.unit.regions if unit else ())
    network = platform.settings.network.existing
    return PlatformIntent(
        stack=platform.name,
        account=platform.account,
        region=platform.region,
        partition=platform.partition,
        level=platform.level,
        models=foundation_models(platform),
        unit_models=together.models,
        unit_unguarded=together.unguarded,
        unit_regions=together.regions,
        unit_destinations=together.destinations,
        through_endpoint=platform.settings.invoke_from == "endpoints",
        unit=unit.name if unit else "",
        endpoint_id=network.endpoint_ids.get(MODELS) if network else None,
        runtime=runtime.name if runtime else "",
        teams=_teams([approval for approval in listed if approval.platform == platform.name]),
    )


def _teams(listed: Sequence[Approval]) -> tuple[TeamIntent, ...]:
    found: dict[str, list[Approval]] = {}
    for approval in listed:
        found.setdefault(approval.stack, []).append(approval)
    return tuple(
        TeamIntent(
            stack=stack,
            team=of_team[0].team,
            models=tuple(sorted({arn for approval in of_team for arn in approval.route.foundation_models})),
            unguarded=tuple(sorted({arn for a in of_team if not a.guarded for arn in a.route.foundation_models})),
            profiles={f"{approval.team}-{approval.profile}": approval.route.copy_from for approval in of_team},
        )
        for stack, of_team in found.items()
    )


def real(outputs: Path | None, snapshot: Path | None) -> Real:
    """What files say of the live estate: ``<stack>.json`` in a folder, and a snapshot of the organization.

    Raises ``BadInputError`` for a file that is not what it should be.
    """
    try:
        files = sorted(outputs.glob("*.json")) if outputs else []
        known = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}
        taken = Snapshot.from_json(snapshot.read_text(encoding="utf-8")) if snapshot else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInputError(f"{outputs or snapshot}: {error}") from None
    if outputs and not known:
        raise BadInputError(f"{outputs}: no file <stack>.json; pulumi stack output --json writes one")
    return Real(outputs=known, deployed=snapshot_documents(taken) if taken else None)


def problems_of(found: Bundle, everybody: Sequence[Subject]) -> tuple[str, ...]:
    """What is wrong with the documents before anything is proved by them, one message each."""
    documents = dict.fromkeys(document for subject in everybody for document in subject.world.documents())
    accounts = {graph.account for graph in found.graphs.values()} | {
        arn.split(":")[4] for arn in found.intent.break_glass
    }
    return document_problems(tuple(documents), accounts=accounts)


def vetted(found: Bundle, real: Real = NOTHING_REAL) -> tuple[Subject, ...]:
    """Whom properties are proved for; raises ``BadInputError`` when a document says what AWS would not accept."""
    everybody = subjects_of(found, real)
    if problems := problems_of(found, everybody):
        raise BadInputError("\n".join(problems))
    return everybody


def all_proofs(found: Bundle, everybody: Sequence[Subject], *, processes: int, remembered: Path | None) -> Proofs:
    """Every property for everybody, and every profile against the list."""
    proofs = prove(everybody, processes=processes, remembered=remembered)
    return (*listed_profiles(found.graphs, found.intent), *proofs)


def proved(estate: Estate, graphs: Mapping[str, Graph]) -> Mapping[str, int]:
    """Verdict to how many proofs there are of it; raises ``ChecksFailedError`` with the first that is not proved."""
    found = bundle(estate, graphs)
    proofs = all_proofs(found, vetted(found), processes=PROCESSES, remembered=memory())
    failed = [proof for proof in proofs if proof.verdict != "proved"]
    if failed:
        raise ChecksFailedError("\n".join([f"{len(failed)} of {len(proofs)} proofs failed", *lines(failed[0])]))
    return summary(proofs)


def memory() -> Path:
    """Folder of earlier answers, in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "llmlz" / "proofs"
