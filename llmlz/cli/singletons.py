"""The table of singletons as the doctor asks for them."""

import re

from botocore import xform_name

from llmlz.doctor.singletons import ABSENT, Singleton
from stacks.singletons import Singleton as Row
from stacks.singletons import singletons

PART = re.compile(r"\{(?!account\}|region\})([\w.]+)\}")
"""A part of the answer in the form of an id."""


def known_singletons() -> tuple[Singleton, ...]:
    """Every row that a component of ours makes, as the doctor takes it."""
    return tuple(_asked(name, row) for name, row in singletons().items() if row.owner not in ("bootstrap", "nobody"))


def _asked(name: str, row: Row) -> Singleton:
    part = PART.search(row.import_id or "")
    return Singleton(
        id=name,
        token=row.tokens[0],
        scope="region" if row.scope == "account_region" else "account",
        owner=row.owner,
        service=row.detect.service,
        operation=xform_name(row.detect.operation),
        field=_path(row, part[1] if part else ""),
        adopt=PART.sub("{found}", row.import_id or ""),
        arguments=row.detect.params,
        absent=ABSENT | set(row.detect.absent),
        inputs=row.told_apart_by,
        note=row.adopt or "",
    )


def _path(row: Row, part: str) -> str:
    """JMESPath of the part of the answer that an import names; of the whole field where it names none."""
    field, where = row.detect.field, row.detect.where
    if part in ("", "value", field) or part.startswith(f"{field}."):
        return part if part.startswith(f"{field}.") else field
    chosen = f"[?ends_with({where.field}, '{where.ends}')]" if where else "[*]"
    return f"{field}{chosen}.{part}"
