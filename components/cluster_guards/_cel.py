"""Pieces of the Common Expression Language that several guards are made of.

https://kubernetes.io/docs/reference/using-api/cel/ (2026-11)
"""

import json
from collections.abc import Iterable
from typing import Any

from components._kubernetes import GPU, POOL, TEAM

NODE_PREFIX = "node.kubernetes.io/"
"""Taints that the control plane sets for a while; controllers tolerate them for their pods."""


def texts(values: Iterable[str]) -> str:
    """A list of texts; JSON's quoting is CEL's too."""
    return json.dumps(list(values))


def validation(expression: str, says: str) -> dict[str, Any]:
    """What must hold, and a CEL expression of the sentence that a person reads when it does not."""
    return {"expression": expression, "messageExpression": says, "reason": "Forbidden"}


def variable(name: str, expression: str) -> dict[str, str]:
    """A name for an expression."""
    return {"name": name, "expression": expression}


def pod_variables() -> list[dict[str, str]]:
    """What guards of pods speak of: the template, its spec, its team, its containers, images, GPUs and pools."""
    return [
        variable("kind", "request.kind.kind"),
        variable(
            "template",
            "variables.kind == 'Pod' ? dyn(object) : variables.kind == 'CronJob' ?"
            " dyn(object).spec.jobTemplate.spec.template : dyn(object).spec.template",
        ),
        variable("spec", "variables.template.spec"),
        variable("labels", "variables.template.?metadata.?labels.orValue({})"),
        variable("space", "namespaceObject.metadata.?labels.orValue({})"),
        variable("team", f"'{TEAM}' in variables.space ? variables.space['{TEAM}'] : ''"),
        variable(
            "containers",
            "variables.spec.containers + variables.spec.?initContainers.orValue([])"
            " + variables.spec.?ephemeralContainers.orValue([])",
        ),
        variable(
            "images",
            "variables.containers.map(c, string(c.?image.orValue(''))) + variables.spec.?volumes.orValue([])"
            ".filter(v, has(v.image)).map(v, string(v.image.?reference.orValue('')))",
        ),
        variable(
            "gpus",
            "variables.containers.exists(c, c.?resources.?limits.orValue({}).exists(k, k.startsWith('nvidia.com/')"
            " && quantity(string(c.resources.limits[k])).isGreaterThan(quantity('0'))))",
        ),
        variable("tolerations", "variables.spec.?tolerations.orValue([])"),
        variable("poolTolerations", f"variables.tolerations.filter(t, t.?key.orValue('') == '{POOL}')"),
        variable("tolerated", "variables.poolTolerations.map(t, string(t.?value.orValue('')))"),
        variable("selected", f"string(variables.spec.?nodeSelector.orValue({{}})[?'{POOL}'].orValue(''))"),
        variable(
            "pools",
            "variables.tolerated + (variables.selected in [''] + variables.tolerated ? [] : [variables.selected])",
        ),
        variable(
            "otherTolerations",
            f"variables.tolerations.filter(t, !(t.?key.orValue('') in ['{POOL}', '{GPU}'])"
            f" && !t.?key.orValue('').startsWith('{NODE_PREFIX}'))",
        ),
    ]
