"""``llmlz cost``: what an idle stack costs a month."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from llmlz.cli.loading import estate_at, require_stack
from llmlz.cli.options import DEFAULT_STACK, EXAMPLE, EstateOption, JsonOption, StackOption, console, print_json

if TYPE_CHECKING:
    from llmlz.cost.fixed import Cost


def cost(stack: StackOption = DEFAULT_STACK, estate: EstateOption = EXAMPLE, as_json: JsonOption = False) -> None:
    """Add up the fixed cost of a stack from dated list prices, in US dollars. Calls of models come on top, per use."""
    from llmlz.cli.recording import record_with_platform  # noqa: PLC0415
    from llmlz.cost.fixed import fixed_cost, require_priced  # noqa: PLC0415
    from llmlz.cost.prices import load  # noqa: PLC0415

    found = estate_at(estate)
    require_stack(found, stack)
    result = fixed_cost(record_with_platform(found, stack)[-1], load())
    if as_json:
        print_json({**_plain(result), "stack": stack, "currency": "USD", "per": "month"})
    else:
        for line in result.lines:
            mark = "" if line.confirmed else "  price not confirmed"
            name = line.urn.rpartition("::")[2]
            console().print(f"{line.month:>9.2f}  {line.what}  {name}{mark}", highlight=False)
        console().print(f"{result.total:>9.2f}  USD a month, idle: {stack}", highlight=False)
    require_priced(result)


def _plain(result: "Cost") -> dict[str, object]:
    lines = [
        {
            key: str(value) if key in ("quantity", "unit_price", "month") else value
            for key, value in asdict(line).items()
        }
        for line in result.lines
    ]
    return {"lines": lines, "total": str(result.total), "unpriced": [asdict(item) for item in result.unpriced]}
