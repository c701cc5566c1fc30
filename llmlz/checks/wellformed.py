"""Structural mistakes that a recording accepts and AWS refuses: policy grammar, names, ARNs, JSON.

Owns: where such values stand (``data/*.yaml``) and the comparison.
Does not own: the grammar of policies, which the rules of the policy pack share, and what is safe (``evaluate``).
"""

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from llmlz.checks.evaluate import Finding
from llmlz.graph.model import Graph, Resource
from policies.pack import _grammar
from policies.pack._values import UNKNOWN, shown

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of structural check."""

    id: str
    remediation: str


POLICY = Form("FORM-01", "Correct the document; the IAM user guide's policy grammar lists elements and values.")
NAME = Form("FORM-02", "Choose a name that the service accepts.")
ARN = Form("FORM-03", "Pass the ARN of the resource, not its name, id or alias.")
DOCUMENT = Form("FORM-04", "Pass the text of one JSON object, such as json.dumps gives.")

Problem = tuple[Form, str, bool]
"""What kind, the message, and whether the value was read at all."""


def wellformed(graph: Graph) -> tuple[Finding, ...]:
    """Every structural mistake of a graph, ordered by check and URN. All of them block at every level."""
    found = [(r, problem) for r in graph.custom() for problem in _problems(r)]
    findings = [
        Finding(
            control=form.id,
            severity="high",
            mandatory=True,
            urn=resource.urn,
            source=resource.source,
            message=message,
            remediation=form.remediation,
            verdict="violated" if readable else "indeterminate",
        )
        for resource, (form, message, readable) in found
    ]
    return tuple(sorted(findings, key=lambda f: (f.control, f.urn, f.message)))


def _problems(resource: Resource) -> Iterator[Problem]:
    for row in _rows().get(resource.type, ()):
        for path, value, readable in _at(resource.inputs, row.at):
            if value is None:
                continue
            if not readable or value == UNKNOWN:
                yield row.form, f"{path} is {shown(value)}, which cannot be read", False
            else:
                yield from ((row.form, m, ok) for m, ok in row.test(path, value, resource))


Test = Callable[[str, Any, Resource], Iterator[tuple[str, bool]]]


@dataclass(frozen=True, slots=True)
class _Row:
    at: str
    form: Form
    test: Test


@functools.cache
def _rows() -> Mapping[str, list[_Row]]:
    rows: dict[str, list[_Row]] = {}
    for entry in _read("documents.yaml"):
        form = DOCUMENT if entry["kind"] in ("json", "json_list") else POLICY
        test = functools.partial(_document, kind=entry["kind"], longest=entry.get("longest"))
        rows.setdefault(entry["type"], []).append(_Row(entry["at"], form, test))
    for entry in _read("names.yaml"):
        test = functools.partial(_name, pattern=re.compile(entry["pattern"]), words=entry["words"])
        rows.setdefault(entry["type"], []).append(_Row(entry["at"], NAME, test))
    arns = _read("arns.yaml")
    for entry in arns["inputs"]:
        pattern = re.compile(r"arn:aws[a-z-]*:" + arns["patterns"][entry["pattern"]])
        test = functools.partial(_arn, pattern=pattern, words=entry["pattern"])
        rows.setdefault(entry["type"], []).append(_Row(entry["at"], ARN, test))
    return rows


def _document(path: str, value: Any, _: Resource, *, kind: Any, longest: int | None) -> Iterator[tuple[str, bool]]:
    try:
        document = _listed(value) if kind == "json_list" else _grammar.load(value)
    except ValueError as error:
        yield f"{path} is {error}", True
        return
    if kind not in ("json", "json_list"):
        yield from ((f"{path}: {problem}", True) for problem in _grammar.problems(document, kind))
    size = len(json.dumps(document, separators=(",", ":")))
    if longest is not None and size > longest:
        yield f"{path} has {size} characters, {longest} are allowed", True


def _listed(value: Any) -> Any:
    """A JSON text that may be a list of objects, or one object; raises ``ValueError``, for double keys too."""
    text = value if isinstance(value, str) else json.dumps(value)
    return _grammar.load(f'{{"list": {text}}}')["list"] if text.strip().startswith("[") else _grammar.load(text)


def _name(path: str, value: Any, _: Resource, *, pattern: re.Pattern[str], words: str) -> Iterator[tuple[str, bool]]:
    if not isinstance(value, str):
        yield f"{path} is {shown(value)}, a text is expected", False
    elif not pattern.fullmatch(value):
        yield f"{path} is {value!r}, expected {words}", True


def _arn(
    path: str, value: Any, resource: Resource, *, pattern: re.Pattern[str], words: str
) -> Iterator[tuple[str, bool]]:
    if not isinstance(value, str):
        yield f"{path} is {shown(value)}, a text is expected", False
    elif not pattern.fullmatch(value):
        outputs = {r.output for r in resource.references if r.at == path and r.output}
        # The id of some resources is their ARN; a recording cannot tell which.
        by_id = "id" in outputs
        yield f"{path} is {value!r}, expected the ARN of a {words.replace('-', ' ')}", not by_id


def _at(inputs: Any, at: str, path: str = "") -> Iterator[tuple[str, Any, bool]]:
    """Values at a path such as ``inlinePolicies[].policy``, and whether everything on the way was of the right kind."""
    head, _, rest = at.partition(".")
    name, many = head.removesuffix("[]"), head.endswith("[]")
    if not isinstance(inputs, Mapping):
        yield path, inputs, False
        return
    here, value = f"{path}.{name}" if path else name, inputs.get(name)
    if value is None:
        return
    if many and not isinstance(value, list | tuple):
        yield here, value, False
        return
    for index, item in enumerate(value if many else [value]):
        spot = f"{here}[{index}]" if many else here
        yield from _at(item, rest, spot) if rest else [(spot, item, True)]


def _read(name: str) -> Any:
    return YAML(typ="safe").load((DATA / name).read_text(encoding="utf-8"))
