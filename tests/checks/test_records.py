"""Records load strictly, with one clear message for everything that is wrong."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from llmlz.checks.records import POLICIES, controls, load
from llmlz.errors import BadInputError

SOURCE = POLICIES / "controls/data/DAT-07.yaml"


def planted(folder: Path, old: str, new: str, where: str = "data/DAT-07.yaml") -> str:
    """The message about a copy of DAT-07 with one text replaced."""
    path = folder / where
    path.parent.mkdir(parents=True)
    text = SOURCE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        load(folder)
    return str(caught.value)


def test_the_projects_records_load_in_order() -> None:
    """The first controls: ids are unique and sorted, titles end without a full stop."""
    ids = [control.id for control in controls()]
    assert ids == sorted(set(ids))
    assert all(not control.title.endswith(".") for control in controls())


def test_parameters_rise_with_the_level() -> None:
    """``needs_from`` replaces parameters from its level on."""
    prompt = next(control for control in controls() if control.id == "MOD-05")
    assert [prompt.record().parameters(level)["harmful"] for level in (1, 2, 3, 4)] == [
        "LOW",
        "LOW",
        "MEDIUM",
        "MEDIUM",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("severity: critical", "severity: grave", "severity: Input should be 'critical', 'high', 'medium' or 'low'"),
        ("mandatory_from: 1", "mandatory_from: 5", "mandatory_from: Input should be less than or equal to 4, found 5"),
        ("advisory_from: 1", "advisory_from: 2", "mandatory_from 1 is below advisory_from 2"),
        ("checkov: [CKV_AWS_17]", "checkov: [AWS_17]", "checkov.0: String should match pattern"),
        ("remediation:", "fix:", "fix: Extra inputs are not permitted"),
        ("    blames: [two]\n", "", "each of fails names in blames what fails"),
        ("set: {inputs.publiclyAccessible: true}", "drop: []", "need the type in on"),
        ("id: DAT-07", "id: DAT-08", "holds DAT-08, which belongs in data/DAT-08.yaml"),
        ("rule: data/", "rule: model/", "rule is model/database_not_public, and DAT-07 belongs to the area data"),
        ("rule: data/database_not_public", "", "rule is empty or missing, and evaluator code needs it"),
        ("evaluator: code", "evaluator: checkov", "rule does not go with evaluator checkov"),
        ("evaluator: code", "evaluator: manual", "reason is empty or missing, and evaluator manual needs it"),
        ("owasp-llm", "owasp", "supports.owasp.[key]: Input should be"),
        ("title:", "title: [", "data/DAT-07.yaml: not YAML"),
    ],
)
def test_a_malformed_record_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The message names the file, the place, what was expected and what was found."""
    text = planted(tmp_path / "controls", old, new)
    assert text.startswith("controls in controls/: ")
    assert message in text


def test_an_id_belongs_to_one_record(tmp_path: Path) -> None:
    """A second record would silently replace the first."""
    path = tmp_path / "controls" / "data" / "DAT-07.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
    text = planted(tmp_path / "controls", "id: DAT-07", "id: DAT-07", where="more/DAT-07.yaml")
    assert "more/DAT-07.yaml: a second record with the id DAT-07" in text


def test_an_estate_adds_controls_of_its_own(tmp_path: Path) -> None:
    """Other first letters, in the folder ``own``: a merge of the next release never touches them."""
    path = tmp_path / "own" / "ACM-01.yaml"
    path.parent.mkdir(parents=True)
    text = SOURCE.read_text(encoding="utf-8").replace("id: DAT-07", "id: ACM-01").replace("rule: data/", "rule: own/")
    path.write_text(text, encoding="utf-8")
    assert [(control.id, control.area) for control in load(tmp_path)] == [("ACM-01", "own")]


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """Nobody has to run the check once per mistake."""
    text = planted(tmp_path / "controls", "severity: critical\nadvisory_from: 1", "severity: grave\nadvisory_from: 9")
    assert text.startswith("controls in controls/: 2 problems, nothing was checked\n  data/DAT-07.yaml: severity: ")


def test_a_folder_without_records_is_an_error(tmp_path: Path) -> None:
    """A wrong folder must not look like a clean stack."""
    with pytest.raises(BadInputError, match="no record found"):
        load(tmp_path)


def test_records_say_supports_and_never_satisfies() -> None:
    """A link to a framework is help, not a claim."""
    for path in (POLICIES / "controls").rglob("*.yaml"):
        assert "satisf" not in path.read_text(encoding="utf-8").lower()
        assert "supports" in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
