"""What a published document promises."""

from typing import Any

import pytest

from components._parameter import LONGEST, fitting
from components.published_document import PublishedDocument, PublishedDocumentArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT

NAME = "/llmlz/test/platform/v1"


def recorded(**changes: Any) -> Graph:
    """A document with one line."""
    args: dict[str, Any] = {
        "description": "What is offered.",
        "parameter_name": NAME,
        "text": '{"format":1}',
        **changes,
    }

    def program() -> None:
        PublishedDocument("published", PublishedDocumentArgs(**args))

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region="eu-central-1")


def test_it_is_a_plain_standard_parameter_under_the_given_name() -> None:
    """Type and tier are fixed: neither a secret nor something that costs, whatever the account's default tier is."""
    (parameter,) = recorded().of_type("aws:ssm/parameter:Parameter")
    assert parameter.name == "published-parameter"
    assert dict(parameter.inputs) == {
        "description": "What is offered.",
        "insecureValue": '{"format":1}',
        "name": NAME,
        "tier": "Standard",
        "type": "String",
    }


def test_a_plan_shows_what_readers_will_see() -> None:
    """The text is not marked secret, so reviewers see it change; it is no state, so it can be taken away."""
    (parameter,) = recorded().of_type("aws:ssm/parameter:Parameter")
    assert parameter.secrets == ()
    assert not parameter.options.protect


def test_a_text_of_the_longest_length_fits_and_one_more_does_not() -> None:
    """The message has the name and both lengths; nothing is registered that AWS would refuse."""
    assert fitting(NAME, "x" * LONGEST) == "x" * LONGEST
    with pytest.raises(ValueError, match=f"{NAME} has 4097 characters, a standard parameter holds 4096"):
        recorded(text="x" * (LONGEST + 1))


@pytest.mark.parametrize(
    "name", ["llmlz/test/v1", "/llmlz//v1", "/llmlz/a b/v1", "/" + "x/" * 15 + "v1", "/" + "x" * 1011]
)
def test_a_name_that_parameter_store_refuses_is_refused_here(name: str) -> None:
    """Paths begin with a slash, have no gaps and no spaces, and neither too many levels nor too many characters."""
    with pytest.raises(ValueError, match="parameter name"):
        recorded(parameter_name=name)
