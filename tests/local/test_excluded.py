"""The rows of what is left out of the local cloud."""

from pathlib import Path

import pytest

from llmlz.errors import BadInputError
from llmlz.local.excluded import Row, made_by_aws, rows, without
from tests.local.programs import small


def test_every_row_has_a_reason_and_stands_once() -> None:
    """A row without a reason could never be judged again."""
    found = rows()
    assert len({(row.token, row.name) for row in found}) == len(found)
    assert all(len(row.reason.split()) > 4 for row in found)


@pytest.mark.parametrize("row", ["- token: a", "- {token: a, reason: ''}", "- {token: a, reason: b, nmae: c}"])
def test_a_bad_row_is_refused(row: str, tmp_path: Path) -> None:
    """A misspelt key must not leave out more than meant."""
    (tmp_path / "excluded.yaml").write_text(row)
    with pytest.raises(BadInputError, match=r"excluded\.yaml, row 1: expected token, reason and perhaps name"):
        rows(tmp_path / "excluded.yaml")


def test_a_row_with_a_name_leaves_out_one(tmp_path: Path) -> None:
    """Token alone: all of the type; token and name: that one."""
    platform = small()[0]
    assert len(made_by_aws(platform)) == 6
    assert len(made_by_aws(without(platform, [Row(token="aws:s3/bucket:Bucket", reason="r")]))) == 5
    assert len(made_by_aws(without(platform, [Row(token="aws:s3/bucket:Bucket", reason="r", name="bucket")]))) == 5
    assert len(made_by_aws(without(platform, [Row(token="aws:s3/bucket:Bucket", reason="r", name="another")]))) == 6
