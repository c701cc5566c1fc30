"""A proof in words: what was promised, the request that breaks it, and what lets it through."""

from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from llmlz.access.proof.run import NOTHING, TOGETHER, Proof
from llmlz.access.proof.wording import UNMODELLED, lines, summary, unmodelled

PROVED = Proof(
    property="own-secret",
    says="A team reads only its own secret",
    subject="team t001-role (team-t001)",
    kind="team",
    stack="team-t001",
    level=3,
    layer=TOGETHER,
    reading="documented",
    verdict="proved",
)
BROKEN = replace(
    PROVED,
    verdict="broken",
    request={
        "principal": "arn:aws:iam::111122223333:role/app",
        "action": "bedrock:InvokeModel",
        "resource": "arn:aws:bedrock:eu-central-1::foundation-model/m",
        "context": {
            "aws:PrincipalTag/team": "t001",
            "aws:RequestedRegion": "eu-central-1",
            "aws:SecureTransport": "true",
            "aws:SourceVpce": "vpce-1",
            "aws:TagKeys": ["a", "b"],
            "bedrock:GuardrailIdentifier": "arn:g:1",
        },
    },
    through=("Allow A of identity p (components/x.py:1)", "Allow B of boundary b"),
)


def test_what_is_proved_is_one_line() -> None:
    """Nothing more is to be said."""
    assert lines(PROVED) == ("PROVED own-secret for team t001-role (team-t001)",)


def test_a_layer_alone_is_named() -> None:
    """Its mistake may be hidden by the others."""
    alone = replace(PROVED, layer="identity")
    assert lines(alone) == ("PROVED own-secret for team t001-role (team-t001), by identity alone",)


def test_a_broken_promise_is_a_request_and_what_lets_it_through() -> None:
    """Promise, action, resource, principal, the context that matters, and every statement with its line."""
    assert lines(BROKEN) == (
        "BROKEN own-secret for team t001-role (team-t001)",
        "  promised: A team reads only its own secret",
        "  this request: bedrock:InvokeModel on arn:aws:bedrock:eu-central-1::foundation-model/m",
        "    by arn:aws:iam::111122223333:role/app, in region eu-central-1, through endpoint vpce-1, with guardrail arn:g:1",
        "    and aws:securetransport = true, aws:tagkeys = ['a', 'b']",
        "  let through by Allow A of identity p (components/x.py:1)",
        "  and Allow B of boundary b",
        "  look first at the statement named above, and at what it leaves open (documented reading)",
    )


def test_a_request_without_context_has_no_empty_line() -> None:
    """What is not there is not said."""
    assert BROKEN.request is not None
    bare = replace(BROKEN, request={**BROKEN.request, "context": {}}, layer="boundary", reading="strict")
    assert lines(bare)[3:5] == (
        "    by arn:aws:iam::111122223333:role/app",
        "  let through by Allow A of identity p (components/x.py:1)",
    )
    assert lines(bare)[-1].startswith("  look first at the statement of the boundary layer named above")
    assert lines(bare)[-1].endswith("(strict reading)")


def test_what_is_not_decided_says_why() -> None:
    """With no request there is none to show."""
    undecided = replace(PROVED, verdict="indeterminate", why="condition key q:Odd is not known")
    assert lines(undecided) == (
        "INDETERMINATE own-secret for team t001-role (team-t001)",
        "  promised: A team reads only its own secret",
        "  because condition key q:Odd is not known",
    )


def test_a_property_that_says_nothing_is_told() -> None:
    """It would hold whatever the documents say."""
    vacuous = replace(PROVED, verdict="vacuous", layer=NOTHING, why="no request fits one of its shapes")
    assert lines(vacuous)[0] == "VACUOUS own-secret for team t001-role (team-t001), by no layer alone"
    assert "  the property holds even without any layer, so it says nothing" in lines(vacuous)


def test_a_summary_counts_every_verdict() -> None:
    """Also those that did not happen."""
    assert summary([]) == {"proved": 0, "broken": 0, "indeterminate": 0, "vacuous": 0}
    assert summary([PROVED, BROKEN, PROVED])["proved"] == 2


@pytest.mark.parametrize("path", [UNMODELLED], ids=lambda path: path.name)
def test_what_is_not_modelled_is_said_with_what_follows(path: Path) -> None:
    """One sentence per row; none is empty or there twice."""
    rows = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    assert all(set(row) == {"what", "meaning"} and all(row.values()) for row in rows)
    assert unmodelled() == tuple(f"{row['what']}: {row['meaning']}" for row in rows)
    assert len(set(unmodelled())) == len(rows) > 5
