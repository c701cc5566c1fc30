"""What tags for bills promise."""

from components.cost_tags import CostTags, CostTagsArgs
from llmlz.graph.record import record


def test_each_tag_is_switched_on_under_its_own_name() -> None:
    """Another tag that comes or goes leaves it alone; annotations and registered outputs are the same."""

    def program() -> None:
        CostTags("cost-tags", CostTagsArgs(keys=["team", "cost-centre"]))

    graph = record(program, project="llmlz", stack_name="organization", account="999900001111", region="eu-central-1")
    found = {r.name: (r.inputs["tagKey"], r.inputs["status"]) for r in graph.custom()}
    assert found == {"cost-tags-team": ("team", "Active"), "cost-tags-cost-centre": ("cost-centre", "Active")}
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert set(component.outputs) == set(CostTags.__annotations__)
    assert component.outputs["keys"] == ["team", "cost-centre"]
