"""The pod that loads one entry, and what it may reach, as plain objects of Kubernetes."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.weights_loader.loader.problems import BAD_MANIFEST, REFUSED

PROGRAM = Path(__file__).with_name("loader")
AGENT = "169.254.170.23/32"
"""Where pods get their credentials: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html (2026-11)"""

USER = 65532
"""Nobody: a number that no image gives a meaning to."""

SPARE_GIB = 2
"""Of the disk, beside the files themselves."""

LABELS = {"app.kubernetes.io/name": "weights-loader", "llmlz.io/team": "platform"}


def program() -> dict[str, str]:
    """File name to text of the loader. Python needs no ``__init__.py``, and Pulumi keeps such names for itself."""
    return {path.name: path.read_text("utf-8") for path in sorted(PROGRAM.glob("[!_]*.py"))}


def object_name(entry: str, *parts: object) -> str:
    """A name that changes with what it stands for: jobs and their pods are never changed, only followed by another.

    At most 63 characters, since pods carry it as a label: https://kubernetes.io/docs/concepts/workloads/controllers/job/
    (2026-11).
    """
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]
    return f"weights-{entry.replace('.', '-')[:46].rstrip('-')}-{digest}"


def job_spec(
    *,
    account: Any,
    image: str,
    manifest: Any,
    program: Any,
    region: str,
    scratch: Mapping[str, Any],
    gib: int,
    hours: int,
) -> dict[str, Any]:
    """One pod at a time that needs nothing of its node: no root, no token of the cluster, no file but its scratch.

    What a second try cannot change ends the job at once: a wrong manifest, a refused file. A node that goes away does not
    count: https://kubernetes.io/docs/tasks/job/pod-failure-policy/ (2026-11).
    """
    container = {
        "name": "loader",
        "image": image,
        "command": ["python", "-P", "-m", "loader.main", "/manifest/manifest.json", "--scratch", "/scratch"],
        "env": [
            {"name": "AWS_EC2_METADATA_DISABLED", "value": "true"},
            {"name": "AWS_REGION", "value": region},
            {"name": "HOME", "value": "/scratch"},
            {"name": "PYTHONDONTWRITEBYTECODE", "value": "1"},
            {"name": "PYTHONPATH", "value": "/program"},
        ],
        "resources": _resources(gib if "emptyDir" in scratch else 1),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
        },
        "volumeMounts": [
            {"name": "manifest", "mountPath": "/manifest", "readOnly": True},
            {"name": "program", "mountPath": "/program/loader", "readOnly": True},
            {"name": "scratch", "mountPath": "/scratch"},
        ],
    }
    pod = {
        "automountServiceAccountToken": False,  # credentials of AWS come through a volume of their own
        "containers": [container],
        "enableServiceLinks": False,
        "restartPolicy": "Never",
        "securityContext": {
            "fsGroup": USER,
            "runAsGroup": USER,
            "runAsNonRoot": True,
            "runAsUser": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "serviceAccountName": account,
        "volumes": [
            {"name": "manifest", "configMap": {"name": manifest}},
            {"name": "program", "configMap": {"name": program}},
            {"name": "scratch", **scratch},
        ],
    }
    return {
        "activeDeadlineSeconds": hours * 3600,
        "backoffLimit": 6,
        "completions": 1,
        "parallelism": 1,
        "podFailurePolicy": {
            "rules": [
                {
                    "action": "FailJob",
                    "onExitCodes": {"containerName": "loader", "operator": "In", "values": [BAD_MANIFEST, REFUSED]},
                },
                {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
            ]
        },
        "template": {"metadata": {"labels": LABELS}, "spec": pod},
    }


def scratch_volume(gib: int, storage_class: str | None) -> dict[str, Any]:
    """Room for one entry: on the node's own disk, or on a disk that comes and goes with the pod."""
    if storage_class is None:
        return {"emptyDir": {"sizeLimit": f"{gib}Gi"}}
    claim = {
        "accessModes": ["ReadWriteOncePod"],
        "resources": {"requests": {"storage": f"{gib}Gi"}},
        "storageClassName": storage_class,
    }
    return {"ephemeral": {"volumeClaimTemplate": {"metadata": {"labels": LABELS}, "spec": claim}}}


def room(manifest: Mapping[str, Any]) -> int:
    """GiB that the files of an entry need."""
    return sum(int(file["size"]) for file in manifest["files"]) // 1024**3 + SPARE_GIB


def reach() -> dict[str, Any]:
    """Names, the agent with the credentials, and TLS to wherever the source and the store are; nobody comes in.

    Without a rule for ``Ingress``: an empty list is taken for none, and would be a change at every deployment.
    """
    dns = [{"port": 53, "protocol": protocol} for protocol in ("TCP", "UDP")]
    return {
        "egress": [
            {"ports": dns},
            {"ports": [{"port": 80, "protocol": "TCP"}], "to": [{"ipBlock": {"cidr": AGENT}}]},
            {"ports": [{"port": 443, "protocol": "TCP"}]},
        ],
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": LABELS["app.kubernetes.io/name"]}},
        "policyTypes": ["Ingress", "Egress"],
    }


def _resources(gib: int) -> dict[str, Any]:
    """A limit for everything; memory for the longest header and the longest text."""
    most = {"cpu": "2", "ephemeral-storage": f"{gib}Gi", "memory": "2Gi"}
    return {"limits": most, "requests": {**most, "cpu": "500m"}}
