"""Documents filled in, from what files say and what a deployment made; and how long they will be, before it is made."""

from collections.abc import Mapping
from typing import Any

from components._parameter import LONGEST
from stacks.access_list import approvals
from stacks.documents import (
    FORMAT,
    CallableModel,
    DataBucket,
    Guardrail,
    KnowledgeBase,
    Network,
    PlatformDocument,
    Profile,
    QdrantCollection,
    RuntimeDocument,
    TeamDocument,
    VectorStore,
    document_arn,
    platform_document_name,
    runtime_document_name,
    team_document_name,
)
from stacks.kinds import PlatformStack, RuntimeStack, TeamStack
from stacks.price_map import Priced, price_map
from stacks.problems import Problem
from stacks.settings.network import KINDS
from stacks.stack_file import AT

Made = Mapping[str, Any]
"""What a deployment made, by name: outputs that have their values."""

FROM_PLATFORM = (
    "data_bucket_arn",
    "data_bucket_name",
    "endpoint_ids",
    "guardrail_arn",
    "guardrail_id",
    "guardrail_versions",
    "invocation_log_group_name",
    "subnet_ids",
    "vector_store",
    "vpc_id",
)
"""Outputs of a platform that its document holds; keys, the boundary and the trail are for stacks of the estate alone."""


def platform_document(stack: PlatformStack, made: Made) -> PlatformDocument:
    """``made`` has the outputs of the platform that are named above."""
    store = made["vector_store"]
    return PlatformDocument(
        format=FORMAT,
        account=stack.account,
        environment=stack.settings.environment,
        region=stack.region,
        assurance_level=stack.level,
        data_bucket=DataBucket(arn=made["data_bucket_arn"], name=made["data_bucket_name"]),
        guardrail=Guardrail(
            arn=made["guardrail_arn"], id=made["guardrail_id"], versions=list(made["guardrail_versions"])
        ),
        invocation_log_group=made["invocation_log_group_name"],
        network=Network(
            endpoint_ids=made["endpoint_ids"],
            subnet_ids={kind: dict(zones) for kind, zones in made["subnet_ids"].items()},
            vpc_id=made["vpc_id"],
        ),
        vector_store=store
        and VectorStore(
            attributes={name: str(value) for name, value in store.items() if name != "kind"}, kind=store["kind"]
        ),
    )


def runtime_document(stack: RuntimeStack, made: Made) -> RuntimeDocument:
    """``made`` has the outputs of the runtime."""
    return RuntimeDocument(
        format=FORMAT,
        account=stack.account,
        environment=stack.platform.settings.environment,
        region=stack.region,
        cluster_arn=made["cluster_arn"],
        cluster_certificate_authority=made["cluster_certificate_authority"],
        cluster_endpoint=made["cluster_endpoint"],
        cluster_name=made["cluster_name"],
        kubernetes_version=new.kubernetes_version if (new := stack.settings.cluster.new) else None,
    )


def team_document(stack: TeamStack, made: Made) -> TeamDocument:
    """``made`` has ``profile_arns`` by ``<model>-<geography>``, and the other outputs of the team by their names."""
    environment, team = stack.platform.settings.environment, stack.team.team
    prices = {row["profile"]: _usd(row["price"]) for row in price_map(stack)}
    return TeamDocument(
        format=FORMAT,
        account=stack.account,
        environment=environment,
        region=stack.region,
        budget_usd=stack.team.limits.budget_usd,
        data_prefix=made["data_prefix"],
        knowledge_bases={name: KnowledgeBase(**found) for name, found in made["knowledge_bases"].items()},
        models={
            approval.alias: CallableModel(
                geography=approval.route.geography,
                model_id=approval.model_id,
                profiles={
                    approval.route.geography: Profile(
                        arn=made["profile_arns"][approval.profile], price_usd=prices[approval.profile]
                    )
                },
            )
            for approval in approvals([stack])
        },
        platform=platform_document_name(environment),
        qdrant=QdrantCollection(**found) if (found := made["qdrant"]) else None,
        role_arn=made["role_arn"],
        secret_arn=made["secret_arn"],
        team=team,
        vectors=made["vectors"],
    )


def _usd(price: Priced | None) -> dict[str, float] | None:
    """US dollars for a thousand tokens; ``None`` where no price is known."""
    if price is None or price["currency"] != "USD":
        return None
    return {"input": price["input_per_1000_tokens"], "output": price["output_per_1000_tokens"]}


def readable_documents(stack: TeamStack) -> list[str]:
    """ARNs of the documents that a team may read: its own, and those of what it stands on. They are known before they are
    made, so that its role can name them.
    """
    environment = stack.platform.settings.environment
    names = [platform_document_name(environment), team_document_name(environment, stack.team.team)]
    if stack.runtime:
        names.append(runtime_document_name(environment))
    place = {"partition": stack.partition, "region": stack.region, "account": stack.account}
    return [document_arn(name, **place) for name in names]


def platform_size_problems(stack: PlatformStack) -> list[Problem]:
    """A platform whose document no parameter would hold."""
    length = len(platform_document(stack, _likely_platform(stack)).text())
    if length <= LONGEST:
        return []
    return [
        Problem(
            file=stack.file,
            path=f"{AT}.network",
            value=f"{len(stack.endpoint_services)} endpoints",
            expected=f"a document for projects of at most {LONGEST} characters; this one has about {length}",
            fix="name fewer endpoints, or fewer versions of the guardrail",
        )
    ]


def team_size_problems(stack: TeamStack) -> list[Problem]:
    """A team whose document no parameter would hold: the models make it long."""
    length = len(team_document(stack, _likely_team(stack)).text())
    if length <= LONGEST:
        return []
    return [
        Problem(
            file=stack.team_file,
            path="models",
            value=f"{len(stack.team.models)} models",
            expected=f"a document for the team's projects of at most {LONGEST} characters; this one has about {length}",
            fix="remove models, or give some of them to a second team",
        )
    ]


ID = "x" * 17
"""As long as the random part of ids of networks, subnets and endpoints; longer than that of other ids."""


def _likely_platform(stack: PlatformStack) -> Made:
    """Values as long as AWS makes them."""
    prefix = f"{stack.name_prefix}-{'x' * 8}-{stack.account}-{stack.region}"
    zones = stack.catalogue.regions[stack.region].zones
    arn = f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:{prefix}/{ID}"
    return {
        "data_bucket_arn": arn,
        "data_bucket_name": prefix,
        "endpoint_ids": dict.fromkeys(stack.endpoint_services, f"vpce-{ID}"),
        "guardrail_arn": arn,
        "guardrail_id": ID,
        "guardrail_versions": ["100" for _ in stack.settings.guardrail.versions],
        "invocation_log_group_name": prefix,
        "subnet_ids": {kind: dict.fromkeys(zones, f"subnet-{ID}") for kind in KINDS},
        "vector_store": {"kind": "s3_vectors", **{f"attribute-number-{n}": arn for n in range(5)}},
        "vpc_id": f"vpc-{ID}",
    }


def _likely_team(stack: TeamStack) -> Made:
    """Values as long as AWS makes them."""
    of_platform, team = _likely_platform(stack.platform), stack.team.team
    place = f"{stack.region}:{stack.account}"
    profile = f"arn:{stack.partition}:bedrock:{place}:application-inference-profile/{'x' * 12}"
    return {
        "data_prefix": f"s3://{of_platform['data_bucket_name']}/teams/{team}/",
        "knowledge_bases": {
            name: {
                "arn": f"arn:{stack.partition}:bedrock:{place}:knowledge-base/{'x' * 10}",
                "id": "x" * 10,
                "sources": dict.fromkeys(wish.connectors, "x" * 10),
            }
            for name, wish in stack.team.knowledge.items()
        },
        "profile_arns": {approval.profile: profile for approval in approvals([stack])},
        "qdrant": stack.collection
        and {
            "collection": team,
            "token_arn": f"arn:{stack.partition}:secretsmanager:{place}:{stack.platform.name_prefix}/qdrant/teams/{team}-x",
            "url": "http://qdrant.llmlz-qdrant.svc:6333",
        },
        "role_arn": f"arn:{stack.partition}:iam::{stack.account}:role/{stack.platform.name_prefix}-{team}",
        "secret_arn": f"arn:{stack.partition}:secretsmanager:{place}:{stack.platform.name_prefix}/{team}/app-xxxxxx",
        "vectors": f"{of_platform['data_bucket_arn']}/index/{team}",
    }
