"""Pods of Qdrant and of the program around it, as plain objects of Kubernetes."""

import json
from collections.abc import Mapping
from typing import Any

from components.qdrant.args import QdrantArgs
from components.qdrant.network import GRPC, HTTP, PART_OF, PEERS, SERVER
from components.qdrant.shipped import digest, program

NAME, HEADLESS = "qdrant", "qdrant-headless"
USER = 1000
"""Of the image for users without rights: https://qdrant.tech/documentation/guides/installation (2026-11)"""

NOBODY = 65532
CONFIG = "/run/qdrant/config.yaml"
START = (
    'if [ "${{HOSTNAME##*-}}" = 0 ]; then exec ./qdrant --config-path {config} --uri "{own}"; '
    'else exec ./qdrant --config-path {config} --bootstrap "{first}" --uri "{own}"; fi'
)
"""The first node needs nobody, the others ask it: https://github.com/qdrant/qdrant-helm (2026-11)"""

CLOSED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "privileged": False,
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
}


def url(args: QdrantArgs) -> str:
    """Where callers find the API."""
    return f"http://{NAME}.{args.namespace}.svc:{HTTP}"


def nodes(args: QdrantArgs) -> list[str]:
    """The API of each node."""
    return [f"http://{NAME}-{number}.{HEADLESS}.{args.namespace}.svc:{HTTP}" for number in range(args.replicas)]


def configuration(args: QdrantArgs) -> dict[str, Any]:
    """What the server reads, but for its key: tokens decide, nothing is told to the maker, nobody gets a page to click on.

    https://qdrant.tech/documentation/guides/configuration (2026-11)
    """
    return {
        "cluster": {"enabled": args.replicas > 1, "p2p": {"port": PEERS}},
        "service": {"enable_static_content": False, "grpc_port": GRPC, "http_port": HTTP, "jwt_rbac": True},
        "storage": {"snapshots_path": "/qdrant/snapshots", "storage_path": "/qdrant/storage"},
        "telemetry_disabled": True,
    }


def shape(args: QdrantArgs, team: str) -> dict[str, Any]:
    """A team's collection, with two copies where there are nodes for them."""
    wish = args.collections[team]
    copies = 1 if args.replicas == 1 else 2
    return {"replication_factor": copies, "vectors": {"distance": wish.distance, "size": wish.size}}


def server_spec(args: QdrantArgs, *, account: Any, admin_secret: Any, program_name: Any) -> dict[str, Any]:
    """The set of nodes. All start at once: after an outage of all, none would be ready before the others are."""
    first = f"http://{NAME}-0.{HEADLESS}:{PEERS}"
    own = f"http://$HOSTNAME.{HEADLESS}:{PEERS}"
    alone = f"exec ./qdrant --config-path {CONFIG}"
    start = alone if args.replicas == 1 else START.format(config=CONFIG, first=first, own=own)
    memory = f"{args.memory_gib}Gi"
    most = {"cpu": str(args.cpus), "memory": memory, "ephemeral-storage": "1Gi"}
    container = {
        "name": "qdrant",
        "image": args.image,
        "command": ["/bin/sh", "-c", start],
        "env": [{"name": "QDRANT_INIT_FILE_PATH", "value": "/run/qdrant/initialized"}],
        "ports": [{"containerPort": port, "protocol": "TCP"} for port in (HTTP, GRPC, PEERS)],
        "livenessProbe": {"httpGet": {"path": "/livez", "port": HTTP}, "failureThreshold": 6, "periodSeconds": 10},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": HTTP}, "periodSeconds": 5},
        "startupProbe": {"httpGet": {"path": "/livez", "port": HTTP}, "failureThreshold": 120, "periodSeconds": 5},
        "resources": {"limits": most, "requests": most},
        "securityContext": {**CLOSED, "runAsUser": USER},
        "volumeMounts": [
            {"name": "config", "mountPath": "/run/qdrant"},
            {"name": "storage", "mountPath": "/qdrant/storage"},
            {"name": "snapshots", "mountPath": "/qdrant/snapshots"},
        ],
    }
    told = {
        "ADMIN_SECRET": admin_secret,
        "CONFIG": json.dumps(configuration(args), sort_keys=True),
        "CONFIG_PATH": CONFIG,
    }
    key = step(args, "config", told)
    key["volumeMounts"] += [{"name": "config", "mountPath": "/run/qdrant"}]
    key["securityContext"] = {**CLOSED, "runAsUser": USER}  # whoever reads the file wrote it
    pod = {
        **_common(account, USER),
        "containers": [container],
        "initContainers": [key],
        "terminationGracePeriodSeconds": 120,
        "topologySpreadConstraints": [
            {
                "labelSelector": {"matchLabels": SERVER},
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "DoNotSchedule",
            }
        ],
        "volumes": [
            {"name": "config", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
            {"name": "program", "configMap": {"name": program_name}},
        ],
    }
    return {
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        "podManagementPolicy": "Parallel",
        "replicas": args.replicas,
        "selector": {"matchLabels": SERVER},
        "serviceName": HEADLESS,
        "template": {"metadata": {"labels": {**SERVER, "llmlz.io/team": "platform"}}, "spec": pod},
        "volumeClaimTemplates": [_claim(args, name) for name in ("storage", "snapshots")],
    }


def job_spec(
    args: QdrantArgs, name: str, told: Mapping[str, Any], *, account: Any, program_name: Any
) -> dict[str, Any]:
    """One run of a step; a server that is not up yet is asked again for half an hour."""
    pod = {
        **_common(account, NOBODY),
        "containers": [step(args, name, told)],
        "restartPolicy": "OnFailure",
        "volumes": [{"name": "program", "configMap": {"name": program_name}}],
    }
    labels = {"app.kubernetes.io/name": f"qdrant-{name}", "llmlz.io/team": "platform", **PART_OF}
    return {
        "activeDeadlineSeconds": 6 * 3600,
        "backoffLimit": 6,
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }


def now_name(args: QdrantArgs, name: str) -> str:
    """Name of the run at a deployment: another one when teams, images or the program have changed."""
    teams = {team: shape(args, team) for team in args.collections}
    return f"qdrant-{name}-{digest(teams, args.program_image, args.token_days, program())}"


def step(args: QdrantArgs, name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """A container that runs one step of the program."""
    most = {"cpu": "500m", "memory": "512Mi", "ephemeral-storage": "256Mi"}
    fixed = {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": args.region,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": "/opt/llmlz",
    }
    return {
        "name": name,
        "image": args.program_image,
        "command": ["python", "-P", "-m", "program.main", name],
        "env": [{"name": key, "value": value} for key, value in sorted({**fixed, **told}.items())],
        "resources": {"limits": most, "requests": most},
        "securityContext": {**CLOSED},
        "volumeMounts": [{"name": "program", "mountPath": "/opt/llmlz/program", "readOnly": True}],
    }


def _common(account: Any, user: int) -> dict[str, Any]:
    return {
        "automountServiceAccountToken": False,  # credentials of AWS come through a volume of their own
        "enableServiceLinks": False,
        "securityContext": {
            "fsGroup": user,
            "fsGroupChangePolicy": "OnRootMismatch",
            "runAsGroup": user,
            "runAsNonRoot": True,
            "runAsUser": user,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "serviceAccountName": account,
    }


def _claim(args: QdrantArgs, name: str) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "labels": SERVER},
        "spec": {
            "accessModes": ["ReadWriteOncePod"],
            "resources": {"requests": {"storage": f"{args.disk_gib}Gi"}},
            "storageClassName": args.storage_class,
        },
    }
