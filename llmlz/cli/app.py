"""The commands and their names; each loads what it needs when it runs, so that ``--help`` is quick."""

import typer

from llmlz.cli import access, check, cost, doctor, inventory, move, organization, record, report, start, trial

app = typer.Typer(
    help="A place to run large language models safely, and a path to grow.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
app.command("try")(trial.trial)
app.command("start")(start.start)
app.command("record")(record.record)
app.command("check")(check.check)
app.command("access")(access.access)
app.command("cost")(cost.cost)
app.command("move")(move.move)
app.command("report")(report.report)
app.command("doctor")(doctor.doctor)
app.command("inventory")(inventory.inventory)
app.add_typer(organization.app, name="organization")
