"""What the $names of properties stand for: from the list of approvals, and from what the stacks publish."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from llmlz.access.calls import guardrail_versions
from llmlz.access.data_access import index_arn
from llmlz.access.endpoints import endpoint_of, endpoints
from llmlz.access.intent import Intent, PlatformIntent, TeamIntent
from llmlz.access.layers import ROLE, output_of
from llmlz.access.proof import qdrant
from llmlz.graph.model import Graph, Resource

Names = Mapping[str, tuple[str, ...]]

PIPELINE, PREVIEW, BREAK_GLASS = "llmlz-apply", "llmlz-preview", "llmlz-break-glass"
"""Roles that every account of the landing zone has under these names."""

BACKUP, BACKUP_ROLE = "backup.amazonaws.com", "-backup_jobs"
"""The service, and how the name of its role ends that reads; the other one restores, and reads nothing."""
SPENDING_STOP = "spending-stop"
"""End of the names of the role that stops teams which have spent their budget, and of the policy that it attaches."""

BOUNDARIES = ("llmlz-boundary", "llmlz-platform-boundary")

SWITCHES = (
    "bedrock:DeleteEnforcedGuardrailConfiguration",
    "bedrock:DeleteGuardrail",
    "bedrock:DeleteModelInvocationLoggingConfiguration",
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
)
"""What switches logging, guardrail and keys off."""

NAME = re.compile(r"\$([a-z_]+)")
"""A name in a pattern; a policy variable has a brace."""

KEY = "aws:kms/key:Key"
REPLICA = "aws:kms/replicaKey:ReplicaKey"
LOGGING = "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration"
POLICY = "aws:iam/policy:Policy"
TRAIL = "aws:cloudtrail/trail:Trail"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
PARAMETER = "aws:ssm/parameter:Parameter"
INGESTION = "llmlz:index:Ingestion$"
"""In the URN of whatever takes a team's documents in; its keys are for nobody's role but its own."""

TEAM_PIPELINE = "llmlz:index:TeamPipeline$"
"""In the URN of whatever belongs to the pipeline of a team."""

DOCUMENT = "llmlz:index:PublishedDocument$"
"""In the URN of whatever belongs to a published document."""


def platform_names(platform: PlatformIntent, graphs: Mapping[str, Graph], intent: Intent) -> Names:
    """Names that mean the same for every principal of a platform."""
    graph, published = graphs[platform.stack], graphs[platform.stack].outputs
    partition, account = platform.partition, platform.account
    same_unit = [p for p in intent.platforms if p.unit and p.unit == platform.unit] or [platform]
    endpoint = endpoint_of(graph, ".bedrock-runtime") or platform.endpoint_id
    bucket = published["data_bucket_arn"]
    store = published.get("vector_store") or {}
    vectors = store.get("vector_bucket_arn")
    roles = f"arn:{partition}:iam::{account}:role/"
    here = [graph, *([graphs[platform.runtime]] if platform.runtime else [])]
    logs = [output_of(each, group) for each in here for group in each.of_type(LOG_GROUP)]
    archives = [f"arn:{partition}:s3:::{name}" for name in _archives(graph)]
    return {
        "partition": (partition,),
        "account": (account,),
        "region": (platform.region,),
        "unit_models": tuple(f"arn:{partition}:bedrock:*::foundation-model/{model}" for model in platform.unit_models),
        "unit_unguarded": tuple(f"arn:{partition}:bedrock:*::foundation-model/{m}" for m in platform.unit_unguarded),
        "unit_regions": platform.unit_regions,
        "unit_destinations": platform.unit_destinations,
        "unit_guardrails": tuple(v for p in same_unit for v in guardrail_versions(graphs[p.stack])),
        "any_profile": (f"arn:{partition}:bedrock:*:*:application-inference-profile/*",),
        "platform_models": platform.models,
        "guardrail": (published["guardrail_arn"],),
        "guardrails": guardrail_versions(graph),
        "endpoint": (endpoint,) if endpoint else (),
        "calls_from_anywhere": () if platform.through_endpoint else ("yes",),
        "calls_through_endpoint": ("yes",) if platform.through_endpoint or endpoint else (),
        "data_bucket": (bucket,),
        "vector_bucket_arn": (vectors,) if vectors else (),
        "vector_bucket": (vectors, f"{vectors}/*") if vectors else (),
        "collection_indexes": (index_arn(graph, store["collection_name"], "*"),) if "collection_name" in store else (),
        "platform_document": tuple(name for each in here for name in _documents(each)),
        "platform_keys": tuple(output_of(each, key) for each in here for key in each.of_type(KEY, REPLICA)),
        "archive": tuple(text for name in archives for text in (name, f"{name}/*")),
        "endpoints": tuple(endpoints(graph)),
        "boundary_forms": tuple(f"arn:{partition}:iam::*:policy/{name}" for name in BOUNDARIES),
        "bootstrap_administrators": tuple(roles + name for name in intent.bootstrap_roles),
        "break_glass": (roles + BREAK_GLASS,),
        "code_roles": tuple(
            output_of(each, role) for each in here for role in each.of_type(ROLE) if not _for_people(each, role)
        ),
        "boundaries": tuple(arn for arn in intent.boundaries if arn.split(":")[4] == account),
        "bootstrap_roles": (roles + PIPELINE, roles + PREVIEW),
        "exempt": (roles + PIPELINE, roles + BREAK_GLASS),
        "readers": tuple(_of_backups(graph)),
        "stop_policy": tuple(output_of(graph, policy) for policy in _stops(graph)),
        "stoppable_role": tuple(f"{roles}{prefix}-any-team" for prefix in _stopped_prefixes(graph)),
        "log_groups": tuple(text for arn in logs for text in (arn, f"{arn}:*")),
        "trail": (published["trail_arn"],),
        **qdrant.of_platform(platform, graphs),
        "switches": SWITCHES,
    }


def team_names(team: TeamIntent, graph: Graph, of_platform: Names, published: Mapping[str, Any]) -> Names:
    """Names that mean something of one team; ``published`` are the outputs of its platform."""
    out = graph.outputs
    own_key = tuple(output_of(graph, key) for key in graph.of_type(KEY))
    of_role = [output_of(graph, key) for key in graph.of_type(KEY) if INGESTION not in key.urn]
    vectors = out.get("vectors")
    store = published.get("vector_store") or {}
    index = vectors if isinstance(vectors, str) and vectors.startswith("arn:") else None
    buckets = [store["vector_bucket_arn"]] if "vector_bucket_arn" in store else []
    user = f"{store['users_arn']}/{vectors}" if vectors and "users_arn" in store else None
    collection = store.get("collection_name") if vectors else None
    used = [published["data_key_arn"], published["guardrail_key_arn"], *(of_role or [published["secrets_key_arn"]])]
    (guardrail,) = of_platform["guardrail"]
    place = f"arn:{graph.partition}:lambda:{graph.region}:{graph.account}"
    return {
        **of_platform,
        "own_models": team.models,
        "own_guarded_models": tuple(arn for arn in team.models if arn not in team.unguarded),
        "own_unguarded_models": team.unguarded,
        "own_profiles": tuple(sorted(out["profile_arns"].values())),
        "answering_regions": tuple(sorted({arn.split(":")[3] for arn in team.models} - {""})),
        "current_guardrail": (f"{guardrail}:{out['guardrail_version']}",),
        "own_prefix": (f"{of_platform['data_bucket'][0]}/teams/{team.team}/*",),
        "own_secret": (out["secret_arn"],),
        "own_document": _documents(graph),
        "own_role": (out["role_arn"],),
        "own_functions": (f"{place}:function:{out['role_arn'].rpartition('/')[2]}-*",),
        "code_roles": tuple(output_of(graph, role) for role in graph.of_type(ROLE)),
        "own_key": own_key,
        "team": (team.team,),
        "data_keys": (published["data_key_arn"], *([store["kms_key_arn"]] if index else [])),
        "usable_keys": (*used, *([store["kms_key_arn"]] if index else [])),
        "own_index": (index,) if index else (),
        "own_indexes": tuple(f"{bucket}/index/{team.team}{end}" for bucket in buckets for end in ("", ".*")),
        "knowledge_keys": (
            published["data_key_arn"],
            published["secrets_key_arn"],
            *([store["kms_key_arn"]] if buckets else []),
        ),
        "secrets_key": (published["secrets_key_arn"],),
        **qdrant.of_team(graph, of_platform["token_key"]),
        "own_user": (user,) if user else (),
        "own_collection": (store["collection_arn"],) if collection else (),
        "collection": (collection,) if collection else (),
        "own_collection_index": (index_arn(graph, collection, str(vectors)),) if collection else (),
    }


def _of_backups(graph: Graph) -> list[str]:
    """The role of AWS Backup that reads what teams store: policies let it in by name, and it is proved as itself."""
    return [
        output_of(graph, role)
        for role in graph.of_type(ROLE)
        if f'"{BACKUP}"' in str(role.inputs.get("assumeRolePolicy"))
        and str(role.inputs.get("name")).endswith(BACKUP_ROLE)
    ]


def _archives(graph: Graph) -> list[str]:
    """Buckets where the trail delivers, and Bedrock what is too large for a log: one and the same, where both are."""
    trails = [str(trail.inputs["s3BucketName"]) for trail in graph.of_type(TRAIL)]
    large = [
        str(where["bucketName"])
        for setting in graph.of_type(LOGGING)
        if (where := setting.inputs["loggingConfig"].get("cloudwatchConfig", {}).get("largeDataDeliveryS3Config"))
    ]
    return list(dict.fromkeys((*trails, *large)))


def _documents(graph: Graph) -> tuple[str, ...]:
    """What a stack publishes to projects, and no other parameter that it may have."""
    return tuple(output_of(graph, one) for one in graph.of_type(PARAMETER) if DOCUMENT in one.urn)


def _for_people(graph: Graph, role: Resource) -> bool:
    return output_of(graph, role).endswith(f":role/{BREAK_GLASS}")


def _stops(graph: Graph) -> list[Resource]:
    """Policies that are attached to whoever has spent a budget."""
    return [p for p in graph.of_type(POLICY) if str(p.inputs.get("name")).endswith(f"-{SPENDING_STOP}")]


def _stopped_prefixes(graph: Graph) -> list[str]:
    """Starts of the names of roles that can be stopped: what stands before the end of the policy's own name."""
    return [str(policy.inputs["name"]).removesuffix(f"-{SPENDING_STOP}") for policy in _stops(graph)]


def filled(text: str, names: Names) -> Sequence[str]:
    """A pattern with its $names replaced; raises ``KeyError`` for a name that nothing stands for here.

    A text that is a name alone becomes all values of that name; inside a text a name must have one value.
    """
    found = list(dict.fromkeys(NAME.findall(text)))
    for name in found:
        if name not in names:
            raise KeyError(f"${name}")
    if found and text == f"${found[0]}":
        return names[found[0]]
    if any(len(names[name]) != 1 for name in found) or "$" in NAME.sub("", text).replace("${", ""):
        raise KeyError(text)
    return (NAME.sub(lambda found: names[found[1]][0], text),)
