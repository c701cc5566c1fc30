"""``llmlz record``: the graph of a stack."""

from collections import Counter
from typing import Annotated

import typer

from llmlz.cli.loading import estate_at, require_stack
from llmlz.cli.options import DEFAULT_STACK, EXAMPLE, EstateOption, JsonOption, StackOption, console


def record(
    stack: StackOption = DEFAULT_STACK,
    estate: EstateOption = EXAMPLE,
    preview: Annotated[bool, typer.Option("--preview", help="Run it through the Pulumi engine, offline.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write down every resource that a stack registers, with the line that makes it."""
    found = estate_at(estate)
    require_stack(found, stack)
    if preview:
        from llmlz.cli.previewing import preview_stack  # noqa: PLC0415

        graph = preview_stack(found, stack)
    else:
        from llmlz.cli.recording import record_with_platform  # noqa: PLC0415

        graph = record_with_platform(found, stack)[-1]
    if as_json:
        typer.echo(graph.to_json(), nl=False)
        return
    counts = Counter(resource.type for resource in graph.custom())
    width = max(map(len, counts), default=0)
    for token, count in sorted(counts.items()):
        console().print(f"{token:<{width}}  {count:>3}", highlight=False)
    components = sum(resource.kind == "component" for resource in graph.resources)
    console().print(
        f"\n{stack}: {sum(counts.values())} resources of {len(counts)} types in {components} components",
        highlight=False,
    )
