"""The first calls as a team, on a deployed local cloud: answered, blocked, masked, refused.

Owns: what is asked, what is expected, and whether it came.
Does not own: whether a policy of AWS would refuse. The emulator judges no Bedrock condition, so the refusal comes from
the access evaluator, which the caller passes in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from llmlz.access.evaluate import Outcome
from llmlz.graph.model import Graph

GUARDRAIL = "aws:bedrock/guardrail:Guardrail"
PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile"
ROLE = "aws:iam/role:Role"
CARD = "4111 1111 1111 1111"
"""The card number that every payment network keeps for tests."""

QUESTION = "How do I reach the service desk?"
CALL_SECONDS = 20
Got = Literal["answered", "blocked", "masked", "refused", "failed", "not tried"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What the access evaluator says of one call."""

    outcome: Outcome
    decided: str
    """What decided, in words: layer, statement, and the file and line that made it."""


Evaluate = Callable[[Graph, str], Judgement]
"""Graph of a team, and the ARN of a profile that it calls, to the judgement."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call and what came of it."""

    name: str
    expected: Got
    got: Got
    how: str
    """Which operation was called, or which tool decided."""

    note: str
    """What the result rests on, or why it is not as expected."""

    decided: str = ""
    """What decided, where policies were evaluated: layer, statement, and the file and line that made it."""

    @property
    def passed(self) -> bool:
        """Whether the expected came."""
        return self.got == self.expected


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """One team that calls; real values, as deployed."""

    endpoint: str
    region: str
    account: str
    role_arn: str
    profile_arn: str
    """A profile of a text model of the team."""

    guardrail: str
    """Identifier of the guardrail."""

    version: str
    """Version of the guardrail."""

    blocked_word: str | None
    """A word that the guardrail blocks; ``None`` when it has none."""

    masks_cards: bool
    """Whether the guardrail masks card numbers."""


def first_calls(caller: Caller, team: Graph, foreign_profile: str, evaluate: Evaluate) -> tuple[Call, ...]:
    """Make the four calls in their order; a call that fails is a result, not an error."""
    return (*_model_calls(caller), _foreign(team, foreign_profile, evaluate))


def guardrail_rules(platform: Graph) -> tuple[str | None, bool]:
    """A blocked word of the platform's guardrail, if it has one, and whether it masks card numbers."""
    for guardrail in platform.of_type(GUARDRAIL):
        words = [w["text"] for w in guardrail.inputs.get("wordPolicyConfig", {}).get("wordsConfigs", [])]
        kinds = guardrail.inputs.get("sensitiveInformationPolicyConfig", {}).get("piiEntitiesConfigs", [])
        masked = {k["type"] for k in kinds if k["action"] == "ANONYMIZE"}
        return (words[0] if words else None), "CREDIT_DEBIT_CARD_NUMBER" in masked
    return None, False


def text_profiles(team: Graph) -> Iterator[str]:
    """URNs of the team's profiles of models that answer in words."""
    for profile in team.of_type(PROFILE):
        if "embed" not in str(profile.inputs.get("modelSource", {}).get("copyFrom", "")):
            yield profile.urn


def _model_calls(caller: Caller) -> Iterator[Call]:
    try:
        runtime = _as_team(caller)
    except (BotoCoreError, ClientError) as error:
        yield Call(name="sign in as the team", expected="answered", got="failed", how="sts:AssumeRole", note=str(error))
        return
    where = f"profile {caller.profile_arn}, guardrail {caller.guardrail} version {caller.version}"
    got, note = _converse(runtime, caller, QUESTION)
    yield Call(name="approved model", expected="answered", got=got, how="Converse", note=note or where)

    blocked = "word blocked by the guardrail"
    if caller.blocked_word is None:
        note = "the guardrail has no words of the company: add guardrail.blocked_words to the platform's settings"
        yield Call(name=blocked, expected="blocked", got="not tried", how="Converse", note=note)
    else:
        got, note = _converse(runtime, caller, f"Tell me about {caller.blocked_word}.")
        yield Call(name=blocked, expected="blocked", got=got, how="Converse", note=note or f"{caller.blocked_word!r}")

    masked = "card number masked by the guardrail"
    if not caller.masks_cards:
        note = "the guardrail masks no card numbers: add CREDIT_DEBIT_CARD_NUMBER to guardrail.pii"
        yield Call(name=masked, expected="masked", got="not tried", how="ApplyGuardrail", note=note)
    else:
        got, note = _apply(runtime, caller, f"The card is {CARD}.")
        yield Call(name=masked, expected="masked", got=got, how="ApplyGuardrail on an answer", note=note)


def _foreign(team: Graph, profile: str, evaluate: Evaluate) -> Call:
    judged = evaluate(team, profile)
    answers: Mapping[Outcome, Got] = {"denied": "refused", "allowed": "answered", "indeterminate": "failed"}
    return Call(
        name="profile of another team",
        expected="refused",
        got=answers[judged.outcome],
        how="access evaluator",
        note=f"{judged.outcome}: {judged.decided}; {profile}; evaluated, since the emulator judges no Bedrock condition",
        decided=judged.decided,
    )


def _as_team(caller: Caller) -> Any:
    """A Bedrock client with credentials of the team's role."""
    settings = Config(retries={"total_max_attempts": 2}, proxies={}, read_timeout=CALL_SECONDS)
    start = boto3.Session(caller.account, "local", region_name=caller.region)
    sts = start.client("sts", endpoint_url=caller.endpoint, config=settings)
    got = sts.assume_role(RoleArn=caller.role_arn, RoleSessionName="first-calls")["Credentials"]
    session = boto3.Session(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"], region_name=caller.region)
    return session.client("bedrock-runtime", endpoint_url=caller.endpoint, config=settings)


def _converse(runtime: Any, caller: Caller, question: str) -> tuple[Got, str]:
    try:
        answer = runtime.converse(
            modelId=caller.profile_arn,
            messages=[{"role": "user", "content": [{"text": question}]}],
            guardrailConfig={"guardrailIdentifier": caller.guardrail, "guardrailVersion": caller.version},
        )
    except (BotoCoreError, ClientError) as error:
        return "failed", str(error)
    return ("blocked" if answer["stopReason"] == "guardrail_intervened" else "answered"), ""


def _apply(runtime: Any, caller: Caller, text: str) -> tuple[Got, str]:
    try:
        answer = runtime.apply_guardrail(
            guardrailIdentifier=caller.guardrail,
            guardrailVersion=caller.version,
            source="OUTPUT",
            content=[{"text": {"text": text}}],
        )
    except (BotoCoreError, ClientError) as error:
        return "failed", str(error)
    shown = " ".join(part["text"] for part in answer.get("outputs", [])) or text
    return ("answered" if CARD in shown else "masked"), f"{text!r} became {shown!r}"
