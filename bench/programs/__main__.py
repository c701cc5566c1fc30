"""Run one of the two programs against the SDK's own mocks, in a process of its own, and write down what it made.

``python -m bench.programs <ours|raw> <default|tuned|off> <teams> <file>``: the last argument takes one line per leaf.
Standard output tells how much processor time the writing took, for it is no part of the program's cost.
"""

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks

from bench.programs.leaves import leaf_line


class Mocks(mocks.Mocks):
    """Answers every registration with its inputs, an id and the ARNs that the programs read."""

    def __init__(self) -> None:
        """Start with nothing registered."""
        self.seen: list[mocks.MockResourceArgs] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Remember what was registered."""
        self.seen.append(args)
        arn = f"arn:aws:test:::{args.name}"
        return f"{args.name}-id", {**args.inputs, "arn": arn, "indexArn": arn}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        """No program here asks a provider for anything."""
        raise AssertionError(f"unexpected call of {args.token}")


def main(which: str, collector: str, teams: int, file: Path) -> None:
    """Run, then write the leaves."""
    set_collector(collector)
    seen = Mocks()
    mocks.set_mocks(seen, project="bench", stack="bench", preview=False)
    if which == "ours":
        from bench.programs.ours import program  # noqa: PLC0415  # each process loads its own program only
    else:
        from bench.programs.raw import program  # noqa: PLC0415
    pulumi.runtime.test(lambda: program(teams))()  # type: ignore[no-untyped-call]

    before = time.process_time()
    file.write_text("".join(f"{leaf_line(leaf.typ, leaf.name, leaf.inputs)}\n" for leaf in seen.seen if leaf.custom))
    sys.stdout.write(json.dumps({"writing": time.process_time() - before, "registered": len(seen.seen)}))


def set_collector(kind: str) -> None:
    """The cyclic garbage collector as Python has it, as our entry points set it, or off."""
    match kind:
        case "tuned":
            from stacks.collector import tune  # noqa: PLC0415  # nothing of ours in the peer's process

            tune()
        case "off":
            gc.disable()
        case "default":
            pass
        case _:
            raise ValueError(f"collector {kind!r}, expected default, tuned or off")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
