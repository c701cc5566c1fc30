"""From stand-ins to outputs of the SDK: what a program built from an output is built again from the real one.

Owns: the way from plain values of a graph to inputs of the SDK.
Does not own: registering resources (``replay``), or the same way into Terraform's language (``llmlz.rehearsal``).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from llmlz.errors import LocalCloudError
from llmlz.graph.model import Resource, Standin
from llmlz.graph.plain import ARCHIVE, ASSET, is_file
from llmlz.graph.record import ROOT
from llmlz.graph.standins import cores

STEP = re.compile(r"[^.\[\]]+|\[\d+\]")
HTTPS = "https://"
Cut = Callable[[str], str]
CUTS: Sequence[tuple[tuple[str, ...], Cut]] = (
    ((HTTPS,), lambda real: real.removeprefix(HTTPS)),
    (("arn:", "/"), lambda real: real.rpartition("/")[2]),
    (("arn:",), lambda real: real.rpartition(":")[2]),
    ((":5432",), lambda real: real.partition(":")[0]),
)
"""What a stand-in must hold, and the cut that programs make in it: host of a URL, end of an ARN, host of an endpoint."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text that stands in an input, and how it comes from an output."""

    text: str
    output: pulumi.Output[Any]
    standin: Standin
    cut: Cut | None = None

    def of(self, real: Any, where: str) -> str:
        """The text in the real value; raises ``LocalCloudError`` when the provider answered nothing."""
        if real is None:
            owner = self.standin.urn.rpartition("::")[2]
            raise LocalCloudError(f"{where} is built from {self.standin.path} of {owner}, which was made without it")
        if isinstance(real, float) and real.is_integer():
            real = int(real)  # whole numbers travel as floats
        return self.cut(str(real)) if self.cut else str(real)


class Live:
    """The outputs of the resources that were registered so far."""

    def __init__(self, standins: Mapping[str, Standin]) -> None:
        """``standins`` are those of the graph; a stand-in of a resource that is not in ``made`` stays as it is."""
        self.made: dict[str, pulumi.Resource] = {}
        self._standins = standins

    def inputs(self, resource: Resource) -> dict[str, Any]:
        """Inputs for the SDK: with outputs for stand-ins, files for files, and every dependency that was reported.

        Raises ``LocalCloudError`` where a stand-in was cut in a way that cannot be done again.
        """
        found = {
            name: self.value(value, f"{resource.name}: {name}", _below(resource.secrets, name))
            for name, value in resource.inputs.items()
        }
        for reference in resource.references:
            if reference.output is None and reference.to in self.made and reference.at in found:
                waits = self.made[reference.to].urn
                found[reference.at] = pulumi.Output.all(found[reference.at], waits).apply(lambda both: both[0])
        return found

    def value(self, value: Any, where: str = "", secrets: frozenset[str] = frozenset()) -> Any:
        """One value; ``secrets`` are the paths in it that are secret, an empty one is the whole."""
        if "" in secrets:
            return pulumi.Output.secret(self.value(value, where, secrets - {""}))
        if is_file(value):
            return _file(value)
        if isinstance(value, Mapping):
            return self._mapping(value, where, secrets)
        if isinstance(value, list | tuple):
            return self._list(value, where, secrets)
        if isinstance(value, str):
            return self._text(value, where)
        return self._number(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _list(self, value: Sequence[Any], where: str, secrets: frozenset[str]) -> Any:
        if len(value) == 1 and (whole := self._whole(value[0])) is not None:
            return whole
        return [self.value(item, f"{where}[{i}]", _below(secrets, f"[{i}]")) for i, item in enumerate(value)]

    def _number(self, value: int) -> Any:
        standin = self._standins.get(str(value))
        output = self._output(standin) if standin else None
        return value if output is None else output

    def _mapping(self, value: Mapping[str, Any], where: str, secrets: frozenset[str]) -> Any:
        keys = [self._text(key, where) for key in value]
        values = [self.value(inner, f"{where}.{key}", _below(secrets, key)) for key, inner in value.items()]
        if all(isinstance(key, str) for key in keys):
            return dict(zip(keys, values, strict=True))
        return pulumi.Output.all(pulumi.Output.all(*keys), pulumi.Output.all(*values)).apply(
            lambda both: dict(zip(*both, strict=True))
        )

    def _whole(self, value: Any) -> pulumi.Output[Any] | None:
        """The list behind its only known element: a stand-in for a list of unknown length has one."""
        standin = next((self._standins[c] for c in cores(str(value)) if c in self._standins), None)
        if standin is None or standin.value != value or not standin.path.endswith("[0]"):
            return None
        return self._output(standin, -1)

    def _text(self, text: str, where: str) -> Any:
        """The text itself, one output, or several joined."""
        parts = {part.text: part for core in cores(text) for part in self._parts(core)}
        longest_first = sorted(parts, key=len, reverse=True)
        pieces = re.split("(" + "|".join(map(re.escape, longest_first)) + ")", text) if parts else [text]
        left = [core for piece in pieces[::2] for core in cores(piece) if self._known(core)]
        if left:
            lost = self._standins[left[0]]
            raise LocalCloudError(
                f"{where} holds a part of {lost.path} of {lost.urn.rpartition('::')[2]} that cannot be cut out of a "
                f"real value: {text!r}; pass the output as it is, or a part after a colon or a slash"
            )
        if len(pieces) == 1:
            return text
        wanted = [parts[piece] for piece in pieces[1::2]]
        if pieces == ["", text, ""] and wanted[0].cut is None:
            return wanted[0].output
        literals = pieces[::2]

        def join(got: Sequence[Any]) -> str:
            real = [part.of(one, where) for part, one in zip(wanted, got, strict=True)]
            return literals[0] + "".join(f"{one}{rest}" for one, rest in zip(real, literals[1:], strict=True))

        return pulumi.Output.all(*(part.output for part in wanted)).apply(join)

    def _parts(self, core: str) -> Iterator["Part"]:
        """Every part of a stand-in that ordinary code cuts out of it, with the same cut for the real value."""
        output = self._output(self._standins[core]) if self._known(core) else None
        if output is None:
            return
        text = str(self._standins[core].value)
        yield Part(text, output, self._standins[core])
        for cut in (c for marks, c in CUTS if all(mark in text for mark in marks)):
            yield Part(cut(text), output, self._standins[core], cut)

    def _known(self, core: str) -> bool:
        return core in self._standins and self._standins[core].urn in self.made

    def _output(self, standin: Standin, steps: int | None = None) -> pulumi.Output[Any] | None:
        """The output behind a stand-in, or the first steps of its path; ``None`` where its resource was left out."""
        owner = self.made.get(standin.urn)
        if owner is None:
            return None
        head, *rest = STEP.findall(standin.path)[:steps]
        output: pulumi.Output[Any] = owner.id if head == "id" else vars(owner)[head]  # type: ignore[attr-defined]
        return output.apply(lambda real: inside(real, rest, standin)) if rest else output


def output_names(standins: Mapping[str, Standin], urn: str) -> set[str]:
    """Names of the outputs of one resource that some stand-in stands for."""
    return {STEP.findall(s.path)[0] for s in standins.values() if s.urn == urn} - {"id", "urn"}


def at_path(value: Any, path: str) -> Any:
    """What stands at ``path`` (``a.b[0]``) of a plain value; raises ``LookupError`` or ``TypeError`` for nothing."""
    for step in STEP.findall(path):
        value = value[int(step[1:-1])] if step.startswith("[") else value[step]
    return value


def inside(real: Any, steps: Sequence[str], standin: Standin) -> Any:
    """What a real output holds below some steps of a path; raises ``LocalCloudError`` when there is nothing."""
    try:
        return at_path(real, "".join(step if step.startswith("[") else f".{step}" for step in steps))
    except (LookupError, TypeError):
        owner = standin.urn.rpartition("::")[2]
        raise LocalCloudError(f"{owner} was made without {standin.path}, which another resource needs") from None


def _below(secrets: tuple[str, ...] | frozenset[str], name: str) -> frozenset[str]:
    """Secret paths inside ``name``, as seen from there."""
    inside = (path.removeprefix(name) for path in secrets if path.startswith(name))
    return frozenset(rest.removeprefix(".") for rest in inside if rest[:1] in ("", ".", "["))


def _file(value: Mapping[str, Any], root: Path = ROOT) -> pulumi.Asset | pulumi.Archive:
    ((kind, inner),) = value.items()
    path = inner.get("path")
    if kind == ASSET:
        return pulumi.FileAsset(str(root / path)) if path is not None else pulumi.StringAsset(inner["text"])
    if isinstance(path, str):
        return pulumi.FileArchive(str(root / path))
    return pulumi.AssetArchive({name: _file(item, root) for name, item in inner.items() if kind == ARCHIVE})
