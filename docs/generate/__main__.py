"""``python -m docs.generate`` writes the reference pages; ``--check`` says which are stale and exits with 1."""

import sys

from docs.generate import REFRESH, stale, write


def main(arguments: list[str]) -> int:
    """Write or check; 0 done, 1 stale, 2 an argument that is not known."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"docs.generate {' '.join(arguments)}: expected nothing, or --check\n")
        return 2
    if not arguments:
        for name in write():
            print(f"wrote docs/reference/{name}")
        return 0
    old = stale()
    for name in old:
        sys.stderr.write(f"docs/reference/{name} is stale: {REFRESH}\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
