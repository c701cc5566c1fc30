"""Entry of the policy pack: ``pulumi preview --policy-pack policies`` runs this file.

It only puts together: records, rules and the server. The engine reads the port from the first line of output.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if sys.path and Path(sys.path[0] or ".").resolve() == HERE:
    sys.path[0] = str(HERE.parent)  # rules import one another as policies.pack

from policies.pack import _record, _service  # noqa: E402  # only now can they be found

VERSION = next(
    line.partition(":")[2].strip()
    for line in (HERE / "PulumiPolicy.yaml").read_text(encoding="utf-8").splitlines()
    if line.startswith("version:")
)


def main() -> None:
    """Serve until the engine ends the process."""
    files = [path for name in ("records.json", "own.json") if (path := HERE / name).exists()]
    known = [record for path in files for record in _record.load(path.read_text(encoding="utf-8"))]
    records = [record for record in known if record.evaluator == "code"]
    server = _service.serve(_service.Service(records, VERSION), lambda port: print(port, flush=True))
    server.wait_for_termination()


if __name__ == "__main__":
    main()
