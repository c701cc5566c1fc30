"""Values that a provider might answer, for attributes that no program sets.

A value that the program works with is the stand-in that it worked with; the others only have to be of the right type.
"""

import json
import re
from typing import Any

from llmlz.rehearsal import names
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import Rendered
from llmlz.rehearsal.schema import Schema

EXPRESSION = re.compile(r"(?<!\$)\$\{(.*?)\}")
ATTRIBUTE = re.compile(r"(?:tolist\()?((aws_\w+)\.[\w-]+)\.([a-z0-9_]+)")
MOMENT = re.compile(r"(_at|_date|_time|timestamp)$")


class Invented:
    """Values for one document."""

    def __init__(self, rendered: Rendered, provider: ProviderBlock, schema: Schema) -> None:
        """``provider`` gives region and account of invented ARNs."""
        self.standins, self.provider, self.schema = rendered.standins, provider, schema
        expressions = EXPRESSION.findall(json.dumps(rendered.document.get("resource", {})))
        self.asked = {(found[1], found[3]) for text in expressions for found in ATTRIBUTE.finditer(text)}
        """Address and attribute of everything that some expression asks for."""

    def value(self, type_: Any, path: str) -> Any:
        """A value of Terraform type ``type_`` for ``path``, which is written as in expressions."""
        if path in self.standins:
            return self.standins[path]
        found = ATTRIBUTE.match(path)
        asked = found is not None and (found[1], found[3]) in self.asked
        if isinstance(type_, list):
            return self._several(type_, path, asked)
        if found and found.end() == len(path) and not asked and self._may_be_absent(found[2], found[3]):
            return None
        leaf = re.split(r"[.\]]", path)[-1]
        answers = names.answers(found[2] if found else "")
        if leaf in answers:
            return answers[leaf]
        return self._text(leaf, path) if type_ == "string" else {"number": 1, "bool": False}.get(type_)

    def _several(self, type_: list[Any], path: str, asked: bool) -> Any:
        kind, inner = type_
        if kind == "object":
            return {name: self.value(member, f"{path}.{name}") for name, member in inner.items()}
        if kind == "map":
            return {}
        at = f"tolist({path})" if kind == "set" else path
        return [self.value(inner, f"{at}[0]")] if asked else []

    def _text(self, leaf: str, path: str) -> str:
        if MOMENT.search(leaf):
            return "2025-01-01T00:00:00Z"
        if leaf.endswith("arn"):
            return f"arn:aws:service:{self.provider.region}:{self.provider.account}:known/{path}"
        return f"known-{path}"

    def _may_be_absent(self, type_: str, name: str) -> bool:
        """What a program could set and did not stays empty; the identifier never does."""
        argument = self.schema.block(type_).arguments.get(name)
        return argument is not None and argument.optional and name != "id"
