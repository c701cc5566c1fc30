"""The policy pack as it is shipped: records beside the rules, and an archive with a hash.

Owns: which files belong to the pack, and making equal archives from equal files.
Does not own: records and rules.
"""

import gzip
import hashlib
import io
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from llmlz.checks.compiled import OWN_RECORDS, RECORDS, sources_digest
from llmlz.checks.records import OWN, POLICIES, Control, controls
from llmlz.files import write_whole
from policies.pack import _record

ROOT_FILES = ("PulumiPolicy.yaml", "__init__.py", "__main__.py", "taggable.txt", RECORDS, OWN_RECORDS)
FOLDER = "policies"
"""Top folder in the archive: rules import one another by this name."""


def records_text(found: Iterable[Control], own: bool = False) -> str:
    """What the pack, and every check, reads of some records."""
    return _record.dump(tuple(control.record() for control in found), sources_digest(own=own))


def write_records(folder: Path = POLICIES) -> None:
    """Write the records beside the rules; those that an estate added are kept in a file of their own."""
    of_ours = [control for control in controls() if control.area != OWN]
    own = [control for control in controls() if control.area == OWN]
    files = {RECORDS: records_text(of_ours), **({OWN_RECORDS: records_text(own, own=True)} if own else {})}
    write_whole(folder, files)


def archive(folder: Path = POLICIES) -> bytes:
    """The pack as a gzipped tar; equal files give equal bytes, whoever packs them and when."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(_files(folder)):
            content = path.read_bytes()
            entry = tarfile.TarInfo(f"{FOLDER}/{path.relative_to(folder).as_posix()}")
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), mtime=0)


def write_archive(target: Path, folder: Path = POLICIES) -> Path:
    """Write ``llmlz-policies-<version>.tar.gz`` and its SHA-256 beside it; returns the archive's path."""
    content = archive(folder)
    path = target / f"llmlz-policies-{version(folder)}.tar.gz"
    target.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    path.with_name(path.name + ".sha256").write_text(f"{digest}  {path.name}\n", encoding="utf-8")
    return path


def version(folder: Path = POLICIES) -> str:
    """The version that the pack tells the engine."""
    lines = (folder / "PulumiPolicy.yaml").read_text(encoding="utf-8").splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith("version:"))


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for name in ROOT_FILES if (path := folder / name).exists())
    yield from (folder / "pack").rglob("*.py")


if __name__ == "__main__":
    write_records()
    print(write_archive(Path(sys.argv[1])))
