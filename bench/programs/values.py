"""What both programs are given: one platform, and any number of teams that differ by name only."""

from collections.abc import Mapping

ACCOUNT, REGION = "111122223333", "eu-central-1"
OWNER = "owner@example.com"
BUDGET_USD = 200
PREFIX = "llmlz-sandbox"
DIMENSIONS = 1024
SERVICES = ("lambda.amazonaws.com", "ecs-tasks.amazonaws.com")

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"
DATA_BUCKET = f"arn:aws:s3:::{PREFIX}-data-{ACCOUNT}-{REGION}"
GUARDRAIL = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/abcdefghijkl"
GUARDRAIL_VERSIONS = ("1", "2")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-4000-8000-00000000000"
"""All but the last digit: one key per purpose."""
DATA_KEY, GUARDRAIL_KEY, SECRETS_KEY, VECTORS_KEY = (f"{KEY}{number}" for number in range(4))
VECTOR_BUCKET = f"{PREFIX}-vectors"
VECTOR_BUCKET_ARN = f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/{VECTOR_BUCKET}"

MODELS: Mapping[str, str] = {
    "claude-haiku-eu": "anthropic.claude-haiku-4-5-20251001-v1:0",
    "nova-micro-eu": "amazon.nova-micro-v1:0",
    "titan-embed-eu": "amazon.titan-embed-text-v2:0",
}
"""``<model>-<geography>`` to model id; three models, as the larger team of the example estate has."""

REGIONS = ("eu-central-1", "eu-north-1", "eu-west-1")


def team_names(count: int) -> list[str]:
    """Names of ``count`` teams."""
    return [f"team-{number:04}" for number in range(count)]


def copied_from(model: str) -> str:
    """ARN of the cross-Region profile of a model."""
    return f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/eu.{model}"


def foundation_models(model: str) -> list[str]:
    """ARNs of a model in every Region that may answer."""
    return [f"arn:aws:bedrock:{region}::foundation-model/{model}" for region in REGIONS]
