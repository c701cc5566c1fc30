"""What all settings share: strictness, and the types that turn up everywhere."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

ACCOUNT, EMAIL = r"^\d{12}$", r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
NAME, TAG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", r"^[A-Za-z0-9 .:/=+@_-]+$"
STACK, SCHEDULE = r"^[a-z][a-z0-9-]*$", r"^cron\(\S+( \S+){5}\)$"
KEY_ARN = r"^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$"
ROLE_ARN = r"^arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+$"
CLUSTER_ENDPOINT = r"^https://[A-Za-z0-9.-]+\.eks\.amazonaws\.com(\.cn)?$"
REGISTRY = r"^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(:[0-9]+)?(/[a-z0-9._-]+)*$"
REPOSITORY = r"^[A-Za-z0-9-]+(@[0-9]+)?/[A-Za-z0-9._-]+(@[0-9]+)?$"
WORKFLOW = r"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+/\.github/workflows/[A-Za-z0-9._-]+\.ya?ml$"
REF, ENVIRONMENT = r"^refs/(heads|tags)/[A-Za-z0-9._/-]+$", r"^[A-Za-z0-9._-]+$"
DOMAIN = r"^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?$"
COMMIT, SHA256, HUB_REPOSITORY = r"^[0-9a-f]{40}$", r"^[0-9a-f]{64}$", r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$"
WEIGHTS_FILE = r"^([A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.(safetensors|json|txt)$"
ENTRY, ROLE = r"^[a-z0-9]+([.-][a-z0-9]+)*$", r"^[A-Za-z0-9+=,.@_-]+$"
IMAGE = r"^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(:[0-9]+)?(/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$"
WEIGHTS_SOURCE = r"^(https|s3)://[A-Za-z0-9.-]+(/[A-Za-z0-9._-]+)*$"
CREDENTIALS_ARN = r"^arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$"
HTTPS = r"^https://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?(/[A-Za-z0-9._~%/-]*)?$"
HOST = r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?$"
PREFIX, OBJECT = r"^([A-Za-z0-9_-][A-Za-z0-9._-]*/)+$", r"^[A-Za-z][A-Za-z0-9_]*$"
TENANT = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
PATTERNS: Mapping[str, str] = {
    ACCOUNT: "twelve digits",
    EMAIL: "a mail address such as team@example.com",
    NAME: "lowercase words and digits joined by dashes, such as claims or claims-eu",
    KEY_ARN: "the ARN of a key, not of an alias, such as arn:aws:kms:eu-central-1:111122223333:key/mrk-...",
    CLUSTER_ENDPOINT: "the address of a cluster's API, such as https://0123456789ABCDEF.gr7.eu-central-1.eks.amazonaws.com",
    REGISTRY: "a registry such as registry.example.com/models, without https:// and without a tag",
    ROLE_ARN: "the ARN of a role, such as arn:aws:iam::111122223333:role/auditors",
    SCHEDULE: "six fields in UTC, such as cron(0 3 * * ? *) for three o'clock every night",
    STACK: "the name of a stack, such as platform-prod",
    REPOSITORY: "a repository on GitHub such as example/claims",
    WORKFLOW: "a workflow file such as example/landing-zone/.github/workflows/team.yml",
    REF: "a whole ref such as refs/tags/v0.1.0",
    ENVIRONMENT: "the name of an environment: letters, digits and . _ -",
    DOMAIN: "a domain such as api.example.com, or *.example.com for everything below it",
    COMMIT: "the whole hash of a commit, 40 digits from 0 to f: a branch or a tag can hold other weights tomorrow",
    ENTRY: "lowercase letters and digits joined by dashes or dots, such as qwen2.5-7b-instruct",
    IMAGE: "an image by its digest, such as registry.example.com/loader@sha256:<64 digits>: a tag can be moved",
    HUB_REPOSITORY: "a repository of a hub such as Qwen/Qwen2.5-7B-Instruct",
    ROLE: "the name of a role of the platform's account, not its ARN, such as llmlz-prod-serving",
    SHA256: "the SHA-256 of the file, 64 digits from 0 to f",
    WEIGHTS_FILE: "a plain path to a .safetensors, .json or .txt file: other formats (.bin, .pt, .pth, .ckpt, .pkl, .h5, .gguf, "
    "code) can run what their author likes when they are loaded",
    WEIGHTS_SOURCE: "https://hub.example.com or s3://bucket/prefix, without a token, a user or a slash at the end",
    CREDENTIALS_ARN: "the whole ARN of a secret of AWS Secrets Manager, with the six characters at its end, never its value",
    HTTPS: "an address such as https://www.example.com/help: no wildcard, no port, no sign-in, no query",
    HOST: "a host such as www.example.com, without a wildcard",
    PREFIX: "a folder below the team's own, with a slash at its end, such as documents/manuals/",
    OBJECT: "a kind of thing, such as Page",
    TENANT: "the id of a tenant, such as 01234567-89ab-cdef-0123-456789abcdef",
    TAG: "letters, digits, spaces and . : / = + @ _ -",
}
"""What a person is told in the place of a regular expression."""

Account = Annotated[str, StringConstraints(pattern=ACCOUNT)]
Email = Annotated[str, StringConstraints(pattern=EMAIL)]
Name = Annotated[str, StringConstraints(pattern=NAME, min_length=3, max_length=20)]
StackName = Annotated[str, StringConstraints(pattern=STACK)]
ClusterEndpoint = Annotated[str, StringConstraints(pattern=CLUSTER_ENDPOINT)]
Registry = Annotated[str, StringConstraints(pattern=REGISTRY)]
RoleArn = Annotated[str, StringConstraints(pattern=ROLE_ARN)]
Image = Annotated[str, StringConstraints(pattern=IMAGE)]
EntryName = Annotated[str, StringConstraints(pattern=ENTRY, min_length=3, max_length=63)]
TagText = Annotated[str, StringConstraints(pattern=TAG, max_length=256)]
DataClass = Literal["public", "internal", "confidential", "restricted"]
LawfulBasis = Literal[
    "consent", "contract", "legal-obligation", "legitimate-interests", "public-task", "vital-interests"
]
"""The grounds of Art. 6(1) GDPR: https://eur-lex.europa.eu/eli/reg/2016/679/oj (2026-11)."""
DATA_CLASSES: tuple[DataClass, ...] = ("public", "internal", "confidential", "restricted")
"""From least to most sensitive."""


class Settings(BaseModel):
    """Base of everything that is read from YAML: unknown keys and loose types are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class OneOfTwo(Settings):
    """Base of settings with two fields of which one is given, and not both."""

    ALTERNATIVES: ClassVar[tuple[str, str]] = ("new", "existing")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        first, second = self.ALTERNATIVES
        if (getattr(self, first) is None) == (getattr(self, second) is None):
            raise ValueError(f"exactly one of {first} and {second}")
        return self
