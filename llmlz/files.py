"""Files that are there whole, or not at all; and what several of them hold, as one text."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path


def write_whole(folder: Path, texts: Mapping[str, str | bytes]) -> tuple[Path, ...]:
    """Write contents (by file name; texts as UTF-8) into ``folder``, made where it is missing; the paths, in the same order.

    Every text is on the disk before the first old file is replaced. Raises ``OSError``; nothing is left beside the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as parts:
        written = []
        for name, text in texts.items():
            handle, path = tempfile.mkstemp(dir=folder, suffix=".part")
            part = Path(path)
            parts.callback(part.unlink, missing_ok=True)
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode() if isinstance(text, str) else text)
            part.chmod(0o644)
            written.append((part, folder / name))
        return tuple(part.replace(path) for part, path in written)


def digest(paths: Iterable[Path]) -> str:
    """Hash of the content of files, whatever order they come in: of the version of a program, for what it keeps."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()
