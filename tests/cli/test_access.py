"""``llmlz access``: the list of who may call what, and the reasons."""

import json
import re
from pathlib import Path
from typing import Any

from tests.cli.command import files, seen, within

FIELDS = {"role", "action", "target", "guardrail", "outcome", "stack"}


def test_the_matrix_is_json_and_nothing_else() -> None:
    """Tools get every call that was evaluated, with its outcome."""
    ran = seen("access", "--json")
    rows = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert all(row.keys() >= FIELDS for row in rows)
    assert {row["outcome"] for row in rows} == {"allowed", "denied"}


def test_teams_call_their_own_profiles_with_a_guardrail_and_nothing_else() -> None:
    """No row is allowed on a model or on the profile of another team, nor without a guardrail where one can look."""
    rows = [row for row in json.loads(within("access", "--json").out) if row["outcome"] == "allowed"]
    assert {(row["role"], row["target"]) for row in rows} == {
        ("claims-role", "claims-claude-haiku-4-5-eu"),
        ("claims-role", "claims-nova-micro-eu"),
        ("claims-role", "claims-titan-embed-v2-regional"),
        ("search-role", "search-nova-lite-eu"),
        ("search-role", "search-titan-embed-v2-regional"),
    }
    assert all(row["guardrail"] or "-titan-embed-" in row["target"] for row in rows)


def test_a_teams_matrix_is_the_platforms_without_the_others() -> None:
    """Asking for one team shows its rows alone."""
    whole = json.loads(within("access", "--json").out)
    mine = json.loads(within("access", "--stack", "team-claims-sandbox", "--json").out)
    assert mine == [row for row in whole if row["stack"] == "team-claims-sandbox"]
    assert mine


def test_the_text_shows_what_is_open_and_what_closes_the_rest() -> None:
    """People see one line per team, model and region that is open, with the layer that refuses without a guardrail."""
    rows = json.loads(within("access", "--json").out)
    head, *lines = within("access").out.splitlines()
    assert head.split() == ["Team", "Model", "Region", "With", "guardrail", "Without", "Decided", "by"]
    open_ = [line.split() for line in lines[: lines.index("")] if "everything else" not in line]
    allowed = {(row["team"], row["target"]) for row in rows if row["outcome"] == "allowed"}
    assert len(open_) == len(allowed)
    for team, model, region, guarded, bare, layer, *told in open_:
        assert (region, guarded) == ("eu-central-1", "allowed")
        assert bare == ("allowed" if "-embed-" in model else "refused")
        deciding = {
            (f"{row['layer']}:", row["statement"] or "no statement allows it")
            for row in rows
            if (row["team"], row["outcome"], row["guardrail"]) == (team, "denied", None)
            or (row["team"], row["outcome"]) == (team, "allowed")
        }
        assert (layer, " ".join(told)) in deciding
    rest = next(line for line in lines if "everything else" in line)
    layers = {row["layer"] for row in rows if row["outcome"] == "denied"}
    assert set(rest.split("refused")[-1].strip().split(", ")) <= layers
    assert lines[-1].endswith(f"{len(allowed)} allowed, {_cells(rows) - len(allowed)} refused.")


def _cells(rows: list[dict[str, Any]]) -> int:
    """Roles times models and regions; every model that a profile calls can be named directly in the same region."""
    return len({row["role"] for row in rows}) * len({(row["target"], row["region"]) for row in rows if row["direct"]})


def test_the_matrix_is_written_in_four_forms(tmp_path: Path) -> None:
    """Each file names every team; nothing else is written, and the answer on the terminal is the same."""
    folder = tmp_path / "made" / "access"
    ran = within("access", "--write", str(folder))
    assert (ran.code, ran.err) == (0, "")
    paths = [folder / f"access.{ending}" for ending in ("md", "csv", "json", "html")]
    assert [tmp_path / name for name in sorted(files(tmp_path))] == sorted(paths)
    assert ran.out.splitlines()[-4:] == [f"written: {path}" for path in paths]
    assert ran.out.startswith(within("access").out)
    for path in paths:
        assert {"claims-role", "search-role"} <= set(re.findall(r"[\w-]+", path.read_text(encoding="utf-8")))


def test_written_with_json_prints_the_rows_alone(tmp_path: Path) -> None:
    """``--json`` means JSON and nothing else, also beside files."""
    ran = within("access", "--json", "--write", str(tmp_path))
    assert (ran.code, ran.out) == (0, within("access", "--json").out)
    assert len(files(tmp_path)) == 4


def test_a_team_gets_a_matrix_of_its_own(tmp_path: Path) -> None:
    """The files of a team's stack have its roles alone, and still every model."""
    assert within("access", "--stack", "team-claims-sandbox", "--write", str(tmp_path)).code == 0
    written = json.loads((tmp_path / "access.json").read_text(encoding="utf-8"))
    assert {line["team"] for line in written["lines"]} == {"claims"}
    assert len(written["columns"]) == len(written["lines"][0]["cells"])


def test_a_folder_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    """A file stands where the folder should be: said in one message, and the file is as it was."""
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    ran = within("access", "--write", str(tmp_path / "taken")).no_traceback()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"--write {tmp_path / 'taken'}: expected a folder that can be written (")
    assert files(tmp_path) == {"taken": b"mine"}


def test_explain_and_write_do_not_go_together(tmp_path: Path) -> None:
    """Neither is skipped in silence."""
    ran = within("access", "--explain", "claims-role", "claims-nova-micro-eu", "--write", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("--explain is about one call and --write about all: expected one of them")
    assert list(tmp_path.iterdir()) == []


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
