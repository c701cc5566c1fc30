"""State machines as far as the pipeline's has need of them, with the order in which AWS applies paths.

InputPath, Parameters, the task, ResultSelector, ResultPath, OutputPath:
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html (2026-11). What is not known
here fails the test.
"""

from collections.abc import Callable, Mapping
from typing import Any

KNOWN = {
    "Task": {"Type", "Resource", "Parameters", "ResultPath", "OutputPath", "Retry", "Next", "End"},
    "Map": {"Type", "ItemsPath", "ItemSelector", "MaxConcurrency", "ItemProcessor", "ResultPath", "Next", "End"},
}

Call = Callable[[str, Mapping[str, Any]], dict[str, Any]]


def execute(machine: Mapping[str, Any], given: Any, context: Mapping[str, Any], call: Call) -> Any:
    """The output of ``machine``; ``call`` gets the name and the payload of every function that is invoked."""
    name: str | None = machine["StartAt"]
    visited = set()
    while name is not None:
        state = machine["States"][name]
        visited.add(name)
        assert set(state) <= KNOWN[state["Type"]], name
        if state["Type"] == "Map":
            result: Any = [
                execute(
                    state["ItemProcessor"],
                    filled(state["ItemSelector"], given, {**context, "Map": {"Item": {"Value": item}}}),
                    context,
                    call,
                )
                for item in at(state["ItemsPath"], given, context)
            ]
        else:
            asked = filled(state["Parameters"], given, context)
            result = {"StatusCode": 200, "Payload": call(asked["FunctionName"], asked["Payload"])}
        output = given if state.get("ResultPath", "$") is None else result
        given = at(state.get("OutputPath", "$"), output, context)
        assert ("Next" in state) != (state.get("End") is True), name
        name = state.get("Next")
    assert visited == set(machine["States"]), "a state that is never reached"
    return given


def filled(template: Any, given: Any, context: Mapping[str, Any]) -> Any:
    """A template with its paths replaced."""
    if not isinstance(template, Mapping):
        return template
    return {
        key.removesuffix(".$"): at(value, given, context) if key.endswith(".$") else filled(value, given, context)
        for key, value in template.items()
    }


def at(path: str, given: Any, context: Mapping[str, Any]) -> Any:
    """What stands at a path; one that leads nowhere is an error, as it is on AWS."""
    root, rest = (context, path.removeprefix("$$")) if path.startswith("$$") else (given, path.removeprefix("$"))
    for name in [part for part in rest.split(".") if part]:
        root = root[name]
    return root
