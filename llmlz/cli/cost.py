"""``llmlz cost``: what an idle stack costs a month."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from llmlz.cli.loading import estate_at, require_stack
from llmlz.cli.options import DEFAULT_STACK, EXAMPLE, EstateOption, JsonOption, StackOption, console, print_json

if TYPE_CHECKING:
    from llmlz.cost.ceiling import Ceiling
    from llmlz.cost.fixed import Cost


def cost(stack: StackOption = DEFAULT_STACK, estate: EstateOption = EXAMPLE, as_json: JsonOption = False) -> None:
    """Add up the fixed cost of a stack from dated list prices, in US dollars. Calls of models come on top, per use.

    For a stack with pools of machines it also says what they come to at most while they run full; that is not in the total.
    """
    from llmlz.cli.machine_prices import estate_machines  # noqa: PLC0415
    from llmlz.cli.recording import record_with_platform  # noqa: PLC0415
    from llmlz.cost.ceiling import ceilings  # noqa: PLC0415
    from llmlz.cost.fixed import fixed_cost, require_priced  # noqa: PLC0415
    from llmlz.cost.prices import load  # noqa: PLC0415

    found = estate_at(estate)
    require_stack(found, stack)
    graph, prices = record_with_platform(found, stack)[-1], load(machines=estate_machines(found.folder))
    result = fixed_cost(graph, prices)
    most = ceilings(graph, prices.machines, prices.hours_per_month)
    if as_json:
        print_json({**_plain(result), **_plain_most(most), "stack": stack, "currency": "USD", "per": "month"})
    else:
        for line in result.lines:
            mark = "" if line.confirmed else "  price not confirmed"
            name = line.urn.rpartition("::")[2]
            console().print(f"{line.month:>9.2f}  {line.what}  {name}{mark}", highlight=False)
        _tell(most)
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


def _tell(most: "tuple[Ceiling, ...]") -> None:
    """What pools come to if they run full, a line for each and one for all."""
    from llmlz.cost.ceiling import together  # noqa: PLC0415

    for one in most:
        month, hour = ("?", "?") if one.hour is None else (f"{one.month:.2f}", f"{one.hour:.2f}")
        told = f"{month:>9}  at most, pool {one.pool}, {hour} an hour: {one.why}"
        console().print(told, highlight=False, markup=False)
    known = tuple(one for one in most if one.hour is not None)
    if (whole := together(known)) and known:
        missing = "".join(f" but {one.pool}" for one in most if one.hour is None)
        told = f"{whole[1]:>9.2f}  at most, all pools{missing}, {whole[0]:.2f} an hour: machines on demand, not in the total"
        console().print(told, highlight=False, markup=False)


def _plain_most(most: "tuple[Ceiling, ...]") -> dict[str, object]:
    from llmlz.cost.ceiling import together  # noqa: PLC0415

    whole = together(most)
    pools = [
        {
            key: str(value) if key in ("hour", "month") and value is not None else value
            for key, value in asdict(one).items()
        }
        for one in most
    ]
    return {
        "ceilings": pools,
        "ceiling": None if whole is None else {"hour": str(whole[0]), "month": str(whole[1])},
    }
