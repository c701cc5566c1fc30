"""What an organization puts around its accounts, read from the graph of its stack."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.access.documents import Document
from llmlz.access.evaluate import decide
from llmlz.access.organization import ACCOUNT as ACCOUNT_TYPE
from llmlz.access.organization import ATTACHMENT as ATTACHMENT_TYPE
from llmlz.access.organization import IMPLICIT, OrganizationLayers, read_organization
from llmlz.access.organization import POLICY as POLICY_TYPE
from llmlz.access.organization import UNIT as UNIT_TYPE
from llmlz.access.request import Request
from llmlz.access.world import Levels, World
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Resource

Recorded = Callable[[Callable[[], None]], Graph]

PROD, DEV, LONE = "111122223333", "444455556666", "777788889999"
ROOT, UNIT = "r-ab12", "ou-ab12-11112222"
ROLE = f"arn:aws:iam::{PROD}:role/app"


def policy(name: str, *sids: str, kind: str = "SERVICE_CONTROL_POLICY", **elements: Any) -> aws.organizations.Policy:
    """A policy that denies invented operations of Bedrock, one per Sid."""
    statements = [
        {"Sid": sid, "Effect": "Deny", "Action": f"bedrock:{sid}", "Resource": "*", **elements} for sid in sids
    ]
    content = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return aws.organizations.Policy(name, content=content, type=kind)


def attach(name: str, made: aws.organizations.Policy, target: pulumi.Input[str]) -> None:
    """One attachment."""
    aws.organizations.PolicyAttachment(name, policy_id=made.id, target_id=target)


def tree() -> None:
    """Root, two units one in the other, an account in the inner one; policies everywhere."""
    top = aws.organizations.OrganizationalUnit("workloads", name="workloads", parent_id=ROOT)
    inner = aws.organizations.OrganizationalUnit("production", name="production", parent_id=top.id)
    account = aws.organizations.Account("prod", name="prod", email="prod@example.com", parent_id=inner.id)
    everyone = {"Principal": "*"}
    attach("a", policy("for-all", "All"), ROOT)
    attach("b", policy("for-workloads", "Work"), top.id)
    attach("c", policy("for-production", "Prod"), inner.id)
    attach("d", policy("for-production-too", "ProdToo"), inner.id)
    attach("e", policy("for-one", "One"), account.id)
    attach("f", policy("for-number", "Number"), PROD)
    attach("g", policy("perimeter", "Outside", kind="RESOURCE_CONTROL_POLICY", **everyone), top.id)
    attach("h", policy("elsewhere", "Elsewhere"), UNIT)
    attach("i", policy("opt-out", kind="AISERVICES_OPT_OUT_POLICY"), ROOT)
    attach("j", policy("guardrail", kind="BEDROCK_POLICY"), inner.id)
    attach("k", policy("tags", kind="TAG_POLICY"), ROOT)
    aws.organizations.PolicyAttachment("l", policy_id="p-FullAWSAccess", target_id=ROOT)


def read(graph: Graph, **places: str) -> OrganizationLayers:
    """What reaches the account of one place."""
    (found,) = read_organization(graph, places={PROD: places["place"]}, organization_id="o-a1b2c3d4e5").values()
    return found


def names(levels: Levels) -> list[list[str]]:
    """Level to names of documents."""
    return [[document.origin.name for document in level] for level in levels]


FULL, RCP_FULL = "FullAWSAccess", "RCPFullAWSAccess"


def test_an_account_is_reached_by_everything_above_it(recorded: Recorded) -> None:
    """Root, outer unit, inner unit, account; each with what AWS attaches itself; nothing of another unit."""
    found = read(recorded(tree), place="prod")
    assert names(found.service_control) == [
        [FULL, "for-all"],
        [FULL, "for-workloads"],
        [FULL, "for-production", "for-production-too"],
        [FULL, "for-one", "for-number"],
    ]
    assert names(found.resource_control) == [[RCP_FULL], [RCP_FULL, "perimeter"], [RCP_FULL], [RCP_FULL]]
    assert (found.ai_opt_out, found.bedrock) == (("opt-out",), ("guardrail",))
    assert found.context == {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}


def test_a_place_may_be_a_unit_an_existing_unit_or_the_root(recorded: Recorded) -> None:
    """The account's own level is there in each case, with what is attached to its number."""
    graph = recorded(tree)
    own = [FULL, "for-number"]
    assert names(read(graph, place="workloads").service_control) == [[FULL, "for-all"], [FULL, "for-workloads"], own]
    assert names(read(graph, place=UNIT).service_control) == [[FULL, "for-all"], [FULL, "elsewhere"], own]
    assert names(read(graph, place=ROOT).service_control) == [[FULL, "for-all"], own]
    assert read(graph, place=ROOT).bedrock == ()


def test_documents_keep_where_they_come_from(recorded: Recorded) -> None:
    """Layer, name, resource and line; what AWS attaches has a name and no line."""
    levels = read(recorded(tree), place="prod").service_control
    implicit, own = levels[1]
    assert own.origin.layer == "service_control"
    assert own.origin.urn.endswith("aws:organizations/policy:Policy::for-workloads")
    assert str(own.origin.source).startswith("tests/access/test_organization.py:")
    assert implicit is IMPLICIT["service_control"]
    assert (implicit.origin.source, implicit.undecided) == (None, None)
    assert IMPLICIT["resource_control"].undecided is None


def test_a_deny_on_any_level_reaches_a_role(recorded: Recorded) -> None:
    """Levels go into a world as they are read: one Deny each, found by name; the rest is let through."""
    found = read(recorded(tree), place="prod")
    identity = Document(origin=IMPLICIT["service_control"].origin, statements=IMPLICIT["service_control"].statements)
    world = World(
        account=PROD,
        identity=(identity,),
        service_control=found.service_control,
        resource_control=found.resource_control,
    )
    layers = {
        "Outside": "resource_control",
        **dict.fromkeys(("All", "Work", "ProdToo", "One", "Number"), "service_control"),
    }
    for sid, layer in layers.items():
        decision = decide(Request(ROLE, f"bedrock:{sid}", "*"), world)
        assert decision.statement is not None
        assert (decision.statement.sid, decision.layer) == (sid, layer)
    for action in ("bedrock:Elsewhere", "bedrock:InvokeModel"):
        assert decide(Request(ROLE, action, "*"), world).outcome == "allowed"


def test_the_root_may_be_named_by_the_organization(recorded: Recorded) -> None:
    """An organization that the stack makes is named by an output of it."""

    def program() -> None:
        organization = aws.organizations.Organization("organization")
        root = organization.roots[0].id
        unit = aws.organizations.OrganizationalUnit("unit", name="unit", parent_id=root)
        attach("a", policy("for-all", "All"), root)
        attach("b", policy("for-unit", "Unit"), unit.id)

    found = read(recorded(program), place="unit")
    assert names(found.service_control) == [[FULL, "for-all"], [FULL, "for-unit"], [FULL]]


def test_a_live_graph_is_read_by_its_ids(recorded: Recorded) -> None:
    """Without references, and with the ids that AWS gave, the same policies reach the account."""
    graph = recorded(tree)
    ids = {"workloads": "ou-ab12-aaaa1111", "production": "ou-ab12-bbbb2222", "prod": PROD}
    texts = {
        standin.value: ids.get(graph.by_urn[standin.urn].name, f"p-{graph.by_urn[standin.urn].name}")
        for standin in graph.standins.values()
    }
    live = tuple(
        replace(
            r,
            inputs={
                key: texts.get(value, value) if isinstance(value, str) else value for key, value in r.inputs.items()
            },
            outputs={"id": ids.get(r.name, f"p-{r.name}")},
            references=(),
        )
        for r in graph.resources
    )
    before, after = read(graph, place="prod"), read(replace(graph, resources=live, standins={}), place="prod")
    assert after.service_control == before.service_control
    assert after.bedrock == ("guardrail",)


def test_policies_that_nobody_can_read_leave_their_level_undecided(recorded: Recorded) -> None:
    """Content that is no policy, and a policy that somebody else made and that could be of either kind."""

    def program() -> None:
        broken = aws.organizations.Policy("broken", content="{", type="SERVICE_CONTROL_POLICY")
        attach("a", broken, ROOT)
        aws.organizations.PolicyAttachment("b", policy_id="p-elsewhere", target_id=UNIT)

    found = read(recorded(program), place=UNIT)
    (_, broken), (_, foreign), _ = found.service_control
    assert (broken.undecided or "").startswith("not JSON")
    assert foreign.undecided == "stack 'teams-dev' attaches policy p-elsewhere and does not make it"
    assert [document.undecided is None for level in found.resource_control for document in level] == [
        True,
        True,
        False,
        True,
    ]


def test_a_policy_attached_twice_counts_once(recorded: Recorded) -> None:
    """To the account's resource and to its number, which are the same thing."""

    def program() -> None:
        account = aws.organizations.Account("prod", name="prod", email="prod@example.com")
        made = policy("once", "Once")
        attach("a", made, account.id)
        attach("b", made, PROD)

    found = read(recorded(program), place="prod")
    assert names(found.service_control) == [[FULL], [FULL, "once"]]


@pytest.mark.parametrize("place", ["nowhere", "ou-x", "", "workloads "])
def test_a_place_that_is_none_is_refused(recorded: Recorded, place: str) -> None:
    """Without a place nobody knows which policies reach the account."""
    with pytest.raises(BadInputError, match="expected an account or unit of stack 'teams-dev'"):
        read(recorded(tree), place=place)


def test_a_target_or_parent_that_is_none_is_refused(recorded: Recorded) -> None:
    """An attachment to something unreadable would otherwise be lost."""
    with pytest.raises(BadInputError, match="a attaches to 'somewhere', expected a root, a unit or an account"):
        read(recorded(lambda: attach("a", policy("p", "P"), "somewhere")), place=ROOT)

    def lost() -> None:
        aws.organizations.OrganizationalUnit("unit", name="unit", parent_id="somewhere")

    with pytest.raises(BadInputError, match="unit stands in 'somewhere'"):
        read(recorded(lost), place="unit")

    def named_alike() -> None:
        aws.organizations.OrganizationalUnit("same", name="unit", parent_id=ROOT)
        aws.organizations.Account("same", name="account", email="a@example.com")

    with pytest.raises(BadInputError, match="an account and a unit are both called 'same'"):
        read(recorded(named_alike), place="same")


def test_several_accounts_are_read_at_once(recorded: Recorded) -> None:
    """Each by its own place; without an organization's id no key is promised."""
    found = read_organization(recorded(tree), places={PROD: "prod", DEV: "workloads", LONE: ROOT}, organization_id="")
    assert [len(layers.service_control) for layers in found.values()] == [4, 3, 2]
    assert {name for level in names(found[DEV].service_control) for name in level} == {FULL, "for-all", "for-workloads"}
    assert all(layers.context == {} for layers in found.values())


PARENTS = st.lists(st.integers(-1, 5), min_size=6, max_size=6)
TARGETS = st.lists(st.integers(-1, 6), max_size=8)


def live(token: str, name: str, id_: str, **inputs: str) -> Resource:
    """A resource as a state has it."""
    urn = f"urn:pulumi:s::p::{token}::{name}"
    return Resource(urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs, outputs={"id": id_})


@given(PARENTS, TARGETS)
def test_in_any_tree_an_account_is_reached_from_its_ancestors(parents: list[int], targets: list[int]) -> None:
    """Against a walk by hand: units hang below earlier ones or the root, policies anywhere, the account in the last."""
    ids = [f"ou-ab12-0000000{number}" for number in range(6)] + [PROD]
    up = {number: parent if parent < number else -1 for number, parent in enumerate(parents)}
    at = [ROOT if number == -1 else ids[number] for number in range(-1, 7)]
    resources = [live(UNIT_TYPE, f"u{n}", ids[n], parentId=at[up[n] + 1]) for n in range(6)]
    resources.append(live(ACCOUNT_TYPE, "account", PROD, parentId=ids[5]))
    for number, target in enumerate(targets):
        content = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}'
        resources.append(live(POLICY_TYPE, f"p{number}", f"p-{number}", content=content))
        inputs = {"policyId": f"p-{number}", "targetId": at[target + 1]}
        resources.append(live(ATTACHMENT_TYPE, f"a{number}", f"{number}", **inputs))
    path = [6, 5]
    while path[-1] != -1:
        path.append(up[path[-1]])
    expected = [[FULL, *(f"p{n}" for n, target in enumerate(targets) if target == level)] for level in reversed(path)]
    found = read(Graph(project="p", stack="s", resources=tuple(resources)), place="account")
    assert names(found.service_control) == expected
    assert names(found.resource_control) == [[RCP_FULL] for _ in expected]
