"""From stand-ins to outputs of the SDK: what a program built from an output is built again from the real one.

Owns: the way from plain values of a graph to inputs of the SDK.
Does not own: registering resources (``replay``), or the same way into Terraform's language (``llmlz.rehearsal``).
"""

import re
from collections.abc import Callable, Iterator, Mapping
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
"""Takes from a real value the part that a program took from the stand-in."""


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
            if len(value) == 1 and (whole := self._whole(value[0])):
                return whole
            return [self.value(item, f"{where}[{i}]", _below(secrets, f"[{i}]")) for i, item in enumerate(value)]
        if isinstance(value, str):
            return self._text(value, where)
        if isinstance(value, int) and not isinstance(value, bool) and str(value) in self._standins:
            return self._output(self._standins[str(value)]) or value
        return value

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
        parts = {part: both for core in cores(text) for part, both in self._parts(core)}
        longest_first = sorted(parts, key=len, reverse=True)
        pieces = re.split("(" + "|".join(map(re.escape, longest_first)) + ")", text) if parts else [text]
        left = [core for piece in pieces[::2] for core in cores(piece) if self._known(core)]
        if left:
            lost = self._standins[left[0]]
            raise LocalCloudError(
                f"{where} holds a part of {lost.path} of {lost.urn.rpartition('::')[2]} that cannot be cut out of a "
                f"real value: {text!r}; pass the output as it is, or a part after a colon or a slash"
            )
        outputs = [output.apply(cut) if cut else output for output, cut in (parts[piece] for piece in pieces[1::2])]
        if not outputs:
            return text
        if len(outputs) == 1 and pieces[0] == pieces[-1] == "":
            return outputs[0]
        literals = pieces[::2]
        return pulumi.Output.all(*outputs).apply(
            lambda got: literals[0] + "".join(f"{one}{literal}" for one, literal in zip(got, literals[1:], strict=True))
        )

    def _parts(self, core: str) -> Iterator[tuple[str, tuple[pulumi.Output[Any], Cut | None]]]:
        """Every part of a stand-in that ordinary code cuts out of it, with the output and the same cut."""
        output = self._output(self._standins[core]) if self._known(core) else None
        if output is None:
            return
        text = str(self._standins[core].value)
        yield text, (output, None)
        if text.startswith(HTTPS):
            yield text.removeprefix(HTTPS), (output, lambda real: real.removeprefix(HTTPS))
        elif text.startswith("arn:"):
            yield text.rpartition(":")[2], (output, lambda real: real.rpartition(":")[2])
            if "/" in text:
                yield text.rpartition("/")[2], (output, lambda real: real.rpartition("/")[2])
        elif ":" in text:
            yield text.partition(":")[0], (output, lambda real: real.partition(":")[0])

    def _known(self, core: str) -> bool:
        return core in self._standins and self._standins[core].urn in self.made

    def _output(self, standin: Standin, steps: int | None = None) -> pulumi.Output[Any] | None:
        """The output behind a stand-in, or the first steps of its path; ``None`` where its resource was left out."""
        owner = self.made.get(standin.urn)
        if owner is None:
            return None
        head, *rest = STEP.findall(standin.path)[:steps]
        output: pulumi.Output[Any] = owner.id if head == "id" else vars(owner)[head]  # type: ignore[attr-defined]
        return output.apply(lambda real: _walk(real, rest, standin)) if rest else output


def output_names(standins: Mapping[str, Standin], urn: str) -> set[str]:
    """Names of the outputs of one resource that some stand-in stands for."""
    return {STEP.findall(s.path)[0] for s in standins.values() if s.urn == urn} - {"id", "urn"}


def at_path(value: Any, path: str) -> Any:
    """What stands at ``path`` (``a.b[0]``) of a plain value; raises ``LookupError`` or ``TypeError`` for nothing."""
    for step in STEP.findall(path):
        value = value[int(step[1:-1])] if step.startswith("[") else value[step]
    return value


def _walk(real: Any, steps: list[str], standin: Standin) -> Any:
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
