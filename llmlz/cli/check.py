"""``llmlz check``: controls, and the well-formedness of every document, over the graph of a stack."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmlz.cli.loading import estate_at, require_stack
from llmlz.cli.options import DEFAULT_STACK, EXAMPLE, EstateOption, JsonOption, StackOption, console
from llmlz.errors import BadInputError, ChecksFailedError

if TYPE_CHECKING:
    from llmlz.checks.evaluate import Evaluation


def check(  # noqa: PLR0917  # Typer reads options from the signature
    stack: StackOption = DEFAULT_STACK,
    estate: EstateOption = EXAMPLE,
    level: Annotated[
        int | None, typer.Option(min=1, max=4, help="Assurance level.", show_default="the stack's own")
    ] = None,
    sarif: Annotated[Path | None, typer.Option(help="Write the findings to this file as SARIF 2.1.0.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the findings to this file as JUnit XML.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the findings to this file as Markdown.")] = None,
    pack: Annotated[
        Path | None, typer.Option(help="Write the policy pack's settings for this stack into this folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say which controls do not hold. A mandatory control that fails, or cannot be decided, exits with 1."""
    from llmlz.checks import output  # noqa: PLC0415
    from llmlz.checks.markdown import as_markdown  # noqa: PLC0415
    from llmlz.cli.checking import evaluated, waivers_of  # noqa: PLC0415
    from llmlz.cli.pack_settings import write_pack_settings  # noqa: PLC0415

    found = estate_at(estate)
    require_stack(found, stack)
    graphs, evaluation, at = evaluated(found, stack, level)
    if pack:
        write_pack_settings(graphs, stack, at, waivers_of(found), pack)
    if markdown:
        _write(markdown, as_markdown(evaluation, stack=stack, level=at))
    if sarif:
        _write(sarif, output.as_sarif(evaluation.findings))
    if junit:
        _write(junit, output.as_junit(evaluation.findings, evaluation.coverage, name=stack))
    if as_json:
        typer.echo(output.as_json(evaluation.findings, evaluation.coverage), nl=False)
    else:
        _print(evaluation, stack, at)
    blocking = [finding for finding in evaluation.findings if finding.mandatory]
    if blocking:
        raise ChecksFailedError(f"{stack}: {len(blocking)} findings block at level {at}")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{path}: expected a file that can be written ({error.strerror}); choose another") from None


def _print(evaluation: "Evaluation", stack: str, level: int) -> None:
    for finding in evaluation.findings:
        weight = "waived" if finding.waived else "blocks" if finding.mandatory else "advice"
        name = finding.urn.rpartition("::")[2]
        console().print(
            f"{weight}  {finding.control}  {finding.severity}  {finding.source or stack}  {name}", highlight=False
        )
        console().print(f"        {finding.verdict}: {finding.message}", highlight=False)
        console().print(f"        {finding.waived or f'fix: {finding.remediation}'}", highlight=False)
    idle = [entry.control for entry in evaluation.coverage if not entry.looked_at]
    blocking = sum(finding.mandatory for finding in evaluation.findings)
    console().print(
        f"{stack}, level {level}: {len(evaluation.coverage)} controls, {blocking} findings block,"
        f" {len(evaluation.findings) - blocking} advise"
        + (f"; {len(idle)} had nothing to look at (--json names them)" if idle else ""),
        highlight=False,
    )
