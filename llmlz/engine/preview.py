"""The graph of a program as the real engine sees it, without a cloud, a network or credentials."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llmlz.engine.workspace import Program, Workspace
from llmlz.graph.model import Graph
from llmlz.graph.preview import load_preview
from llmlz.graph.record import ROOT


def preview_graph(
    program: Program,
    *,
    project: str,
    stack_name: str,
    account: str,
    region: str,
    partition: str = "aws",
    config: Mapping[str, Any] | None = None,
    calls: Mapping[str, Mapping[str, Any]] | None = None,
    root: Path = ROOT,
) -> Graph:
    """What a first deployment of ``program`` would make: outputs of other resources read ``{"$unknown": True}``.

    Takes what ``llmlz.graph.record.record`` takes, but no stacks that the program references: deploy those into a
    ``Workspace`` and preview there. Raises ``ToolMissingError`` and ``EngineError``.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with Workspace(place, account=account, region=region, partition=partition, calls=calls) as workspace:
            outcome = workspace.preview(program, project, stack_name, config)
            return load_preview(
                outcome.digest,
                plan=outcome.plan,
                account=account,
                region=region,
                partition=partition,
                root=root,
                project_folder=workspace.project_folder(project),
            )
