"""The graph of a stack of an estate as the real engine previews it, offline, with the echo provider for a cloud."""

import tempfile
from pathlib import Path

from llmlz.engine.workspace import Workspace
from llmlz.graph.model import Graph
from llmlz.graph.preview import load_preview
from llmlz.graph.record import ROOT
from stacks.estate import Estate
from stacks.kinds import PROJECT, beneath
from stacks.program import program


def preview_stack(estate: Estate, name: str) -> Graph:
    """What a first deployment would make; what it reads outputs of is deployed first.

    Raises ``ToolMissingError`` without an engine, and ``EngineError`` when the preview fails.
    """
    stack = estate.stack(name)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with Workspace(place, account=stack.account, region=stack.region, partition=stack.partition) as workspace:
            for platform in beneath(stack):
                workspace.up(program(platform), PROJECT, platform.name)
            outcome = workspace.preview(program(stack), PROJECT, name)
            return load_preview(
                outcome.digest,
                plan=outcome.plan,
                account=stack.account,
                region=stack.region,
                partition=stack.partition,
                root=ROOT,
                project_folder=workspace.project_folder(PROJECT),
            )
