"""``llmlz access``: the list of who may call what, and the reasons."""

import json

from tests.cli.command import seen, within

FIELDS = {"role", "action", "target", "guardrail", "outcome", "stack"}


def test_the_matrix_is_json_and_nothing_else() -> None:
    """Tools get every call that was evaluated, with its outcome."""
    ran = seen("access", "--json")
    rows = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert all(row.keys() >= FIELDS for row in rows)
    assert {row["outcome"] for row in rows} == {"allowed", "denied"}


def test_teams_call_their_own_profiles_with_a_guardrail_and_nothing_else() -> None:
    """No row is allowed without a guardrail, on a model, or on the profile of another team."""
    rows = [row for row in json.loads(within("access", "--json").out) if row["outcome"] == "allowed"]
    assert {(row["role"], row["target"]) for row in rows} == {
        ("claims-role", "claims-claude-haiku-4-5-eu"),
        ("claims-role", "claims-nova-micro-eu"),
        ("claims-role", "claims-titan-embed-v2-regional"),
        ("search-role", "search-nova-lite-eu"),
        ("search-role", "search-titan-embed-v2-regional"),
    }
    assert all(row["guardrail"] for row in rows)


def test_a_teams_matrix_is_the_platforms_without_the_others() -> None:
    """Asking for one team shows its rows alone."""
    whole = json.loads(within("access", "--json").out)
    mine = json.loads(within("access", "--stack", "team-claims-sandbox", "--json").out)
    assert mine == [row for row in whole if row["stack"] == "team-claims-sandbox"]
    assert mine


def test_the_text_counts_what_the_matrix_holds() -> None:
    """People see what is allowed, and how much was denied."""
    rows = json.loads(within("access", "--json").out)
    lines = within("access").out.splitlines()
    allowed = sum(row["outcome"] == "allowed" for row in rows)
    assert len([line for line in lines if line.startswith("allowed ")]) == allowed
    assert lines[-1].startswith(
        f"{len(rows)} calls evaluated, {allowed} allowed or undecided, {len(rows) - allowed} denied ("
    )


def test_explain_names_the_statements_that_decide() -> None:
    """An allowed call is allowed by named statements, each with the line that wrote it."""
    ran = within("access", "--explain", "claims-role", "claims-nova-micro-eu")
    assert (ran.code, ran.err) == (0, "")
    assert "Allow ApplyTheGuardrail of identity claims-role-policy (components/team_space.py:" in ran.out
    assert "of boundary arn:aws:iam::111122223333:policy/llmlz-boundary" in ran.out


def test_explain_says_why_another_teams_profile_is_out_of_reach() -> None:
    """A denied call is explained too; nothing in the answer says that it is allowed."""
    ran = within("access", "--explain", "claims-role", "search-nova-lite-eu")
    assert ran.code == 0
    assert "DENIED: bedrock:InvokeModel on " in ran.out
    assert "because implicit deny: no statement of the identity layer allows it" in ran.out
    assert "ALLOWED: bedrock:InvokeModel" not in ran.out


def test_explain_with_json_prints_no_prose_on_standard_output() -> None:
    """``--json`` means JSON and nothing else, or a refusal; never text that a tool cannot read."""
    ran = within("access", "--explain", "claims-role", "claims-nova-micro-eu", "--json").no_traceback()
    if ran.code == 0:
        assert json.loads(ran.out)
    else:
        assert (ran.code, ran.out) == (2, "")


def test_explain_lists_what_there_is_when_a_name_is_wrong() -> None:
    """A wrong role and a wrong profile are bad input, each with the known names."""
    role = within("access", "--explain", "nobody", "claims-nova-micro-eu").no_traceback()
    assert (role.code, role.out) == (2, "")
    assert "there are claims-role, " in role.err
    profile = within("access", "--explain", "claims-role", "nothing").no_traceback()
    assert (profile.code, profile.out) == (2, "")
    assert "claims-nova-micro-eu" in profile.err
