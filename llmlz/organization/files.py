"""Policies as files, for the owner of an organization that is not deployed from here.

Owns: one folder, written whole or not at all: a file per policy, and an index of them.
Does not own: what is in a policy, or whether somebody attached it (``compare``).
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from llmlz.access.documents import Origin, parse
from llmlz.access.organization import AI_OPT_OUT, BEDROCK, LAYERS
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph
from llmlz.organization.planned import LONGEST, Planned, planned

INDEX = "index.md"
TITLE = "# Policies for the owner of the organization"
LISTED = re.compile(r"\]\(([^)]+\.json)\)")
SAFE = re.compile(r"[\w][\w.-]*")


def write_policies(graph: Graph, folder: Path) -> tuple[Path, ...]:
    """Write ``<unit>/<type>/<name>.json`` for every policy of an organization, and ``index.md``; the paths.

    A file is what has to be sent, character by character. A policy that holds what is not known before a deployment
    gets no file, and the index says why. What was written before is replaced.

    Raises ``BadInputError``, and changes nothing, for a folder with files that the index in it does not list, for
    a policy that is too long, and for what ``planned`` refuses.
    """
    folder = folder.resolve()
    policies = planned(graph)
    _check(policies)
    texts = {_path(policy): policy.content for policy in policies if not policy.unknown}
    if len(texts) < sum(not policy.unknown for policy in policies):
        raise BadInputError(f"two policies of stack {graph.stack!r} have the same unit, type and name")
    _refuse_foreign(folder)
    texts = {INDEX: "\n".join(_index(graph.stack, policies)) + "\n", **texts}
    _replace(folder, texts)
    return tuple(folder / name for name in texts)


def _path(policy: Planned) -> str:
    return f"{policy.unit}/{policy.type}/{policy.name}.json"


def _check(policies: Sequence[Planned]) -> None:
    for policy in policies:
        for part in (policy.unit, policy.name):
            if not SAFE.fullmatch(part):
                raise BadInputError(f"{part!r} cannot be the name of a file: use letters, digits, dots and dashes")
        if len(policy.content) > LONGEST[policy.type]:
            raise BadInputError(
                f"policy {policy.name} has {len(policy.content)} characters, AWS accepts {LONGEST[policy.type]}"
                f" of type {policy.type}"
            )


def _refuse_foreign(folder: Path) -> None:
    """Only what an index of ours lists may be thrown away."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise BadInputError(f"{folder} is not a folder")
    there = sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()
    )
    index = (folder / INDEX).read_text(encoding="utf-8") if INDEX in there else ""
    ours = {INDEX, *LISTED.findall(index)} if index.startswith(TITLE) else set()
    if foreign := [name for name in there if name not in ours]:
        raise BadInputError(
            f"{folder} holds {foreign[0]}, which was not written here; nothing was changed\n"
            "  fix: name another folder, or move the file"
        )


def _replace(folder: Path, texts: Mapping[str, str]) -> None:
    """Put a new folder in the place of the old one; an error leaves the old one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        new, old = beside / "new", beside / "old"
        for name, text in texts.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(beside)


def _index(stack: str, policies: Sequence[Planned]) -> Iterator[str]:
    yield TITLE
    yield ""
    yield f"Written from stack `{stack}`. Attach each file to its target, as it is: white space counts against the limit."
    if any(policy.type == BEDROCK for policy in policies):
        yield "A Bedrock policy that names a wrong guardrail makes every model call fail: check it before it is attached."
    yield ""
    yield "| file | target | type | characters | statements |"
    yield "| --- | --- | --- | --- | --- |"
    for policy in policies:
        target = ", ".join(map(str, policy.places)) or "attached to nothing"
        size = f"{len(policy.content):,} of {LONGEST[policy.type]:,}"
        file = f"not written: {policy.name}" if policy.unknown else f"[{policy.name}]({_path(policy)})"
        yield f"| {file} | {target} | {policy.type} | {size} | {', '.join(_statements(policy))} |"
    left_out = [policy for policy in policies if policy.unknown]
    if left_out:
        yield ""
        yield "## Not written"
        yield ""
        yield from (f"- {p.name} holds {', '.join(p.unknown)}, known only after a deployment." for p in left_out)


def _statements(policy: Planned) -> Iterator[str]:
    content = json.loads(policy.content)
    if policy.type in LAYERS:
        document = parse(content, Origin(layer=LAYERS[policy.type], name=policy.name))
        if document.undecided:
            raise BadInputError(f"policy {policy.name} cannot be read: {document.undecided}")
        yield from (f"{statement.effect} {statement.sid}" for statement in document.statements)
    elif policy.type == AI_OPT_OUT:
        yield from (f"service {name}" for name in content.get("services", {}) if not name.startswith("@@"))
    else:
        yield from (f"guardrail in {name}" for name in content.get("bedrock", {}).get("guardrail_inference", {}))
