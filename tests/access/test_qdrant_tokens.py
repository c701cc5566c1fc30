"""Every team against the token of every other one, and every pod of Qdrant against every secret of it."""

from typing import Any

import pytest

from llmlz.access.evaluate import decide
from llmlz.access.proof.run import prove
from llmlz.access.proof.subjects import Subject
from llmlz.access.request import Request
from llmlz.cli.proving import bundle, subjects_of
from tests import in_qdrant, ladder

READ, SET = "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"
PODS = {"backup", "keys", "server"}


@pytest.fixture(scope="module")
def everybody() -> tuple[Subject, ...]:
    """Everybody around the estate at the lowest tier that may have it."""
    return subjects_of(bundle(in_qdrant.estate(), in_qdrant.recorded()))


def teams(everybody: tuple[Subject, ...]) -> dict[str, Subject]:
    """Team to the subject that its role is."""
    found = {one.names["team"][0]: one for one in everybody if one.kind == "team"}
    assert set(found) == {*in_qdrant.COLLECTIONS, in_qdrant.WITHOUT}
    return found


def pods(everybody: tuple[Subject, ...]) -> dict[str, Subject]:
    """What a pod of Qdrant is for, to the subject that its role is."""
    found = {one.name.removeprefix("qdrant-").removesuffix("-role"): one for one in everybody if "qdrant" in one.name}
    assert set(found) == PODS
    return found


def may(subject: Subject, action: str, resource: str, **more: str) -> bool:
    """Whether the role is let, by all layers together."""
    context: dict[str, Any] = {key: value for key, value in subject.fixed.items() if isinstance(value, str)}
    context |= {"aws:securetransport": "true", "aws:requestedregion": ladder.REGION, **more}
    decision = decide(Request(str(subject.fixed["aws:principalarn"]), action, resource, context), subject.world)
    assert decision.outcome in ("allowed", "denied"), decision.reason
    return decision.outcome == "allowed"


def test_a_team_reads_its_own_token_and_no_others(everybody: tuple[Subject, ...]) -> None:
    """The whole matrix: open on the diagonal, and nowhere else; no team sets one."""
    found = teams(everybody)
    tokens = {team: found[team].names["own_token"][0] for team in in_qdrant.COLLECTIONS}
    read = {(who, whose) for who, one in found.items() for whose, arn in tokens.items() if may(one, READ, arn)}
    assert read == {(team, team) for team in in_qdrant.COLLECTIONS}
    assert not [who for who, one in found.items() for arn in tokens.values() if may(one, SET, arn)]


def test_a_team_decrypts_nothing_but_its_token_with_the_key_of_tokens(everybody: tuple[Subject, ...]) -> None:
    """It is behind the tokens of other teams too, and behind the administrator's key."""
    claims, search = teams(everybody)["claims"], teams(everybody)["search"]
    (key,) = claims.names["token_key"]
    via = {"kms:viaservice": f"secretsmanager.{ladder.REGION}.amazonaws.com"}
    name = "kms:encryptioncontext:secretarn"
    assert may(claims, "kms:Decrypt", key, **via, **{name: claims.names["own_token"][0]})
    assert not may(claims, "kms:Decrypt", key, **via, **{name: search.names["own_token"][0]})
    assert not may(claims, "kms:Decrypt", key, **{name: claims.names["own_token"][0]})
    assert not may(claims, "kms:Decrypt", key, **via)


def test_each_pod_does_its_part_under_the_boundary(everybody: tuple[Subject, ...]) -> None:
    """The job of keys keeps every secret; servers and backups read the administrator's key, and no token."""
    found = pods(everybody)
    (admin,) = found["keys"].names["qdrant_key"]
    tokens = found["keys"].names["qdrant_tokens"]
    assert len(tokens) == len(in_qdrant.COLLECTIONS)
    done = {(who, act) for who, one in found.items() for act in (READ, SET) if may(one, act, admin)}
    assert done == {("keys", READ), ("keys", SET), ("server", READ), ("backup", READ)}
    for token in tokens:
        assert {(who, a) for who, one in found.items() for a in (READ, SET) if may(one, a, token)} == {
            ("keys", READ),
            ("keys", SET),
        }


def test_nobody_else_in_the_account_reads_a_secret_of_qdrant(everybody: tuple[Subject, ...]) -> None:
    """Every role of the platform and the pipeline that made the secrets."""
    others = [one for one in everybody if "aws:principalarn" in one.fixed and one.kind != "team"]
    others = [one for one in others if "qdrant" not in one.name and one.kind != "on_call"]
    assert {"workload", "pipeline"} <= {one.kind for one in others}
    secrets = (*others[0].names["qdrant_key"], *others[0].names["qdrant_tokens"])
    assert not [str(one) for one in others for arn in secrets if may(one, READ, arn)]


@pytest.mark.parametrize("tier", [in_qdrant.LOWEST, "reliable"])
def test_everything_is_proved_about_an_estate_with_it(tier: str) -> None:
    """What ``llmlz access --prove`` proves, about everybody; the rows about tokens are among it."""
    proofs = prove(subjects_of(bundle(in_qdrant.estate(tier), in_qdrant.recorded(tier))))
    assert [str(one) for one in proofs if one.verdict != "proved"] == []
    assert {"closed-token", "qdrant-secrets", "token-works"} <= {one.property for one in proofs}
