"""A Kubernetes control plane on this machine for as long as a ``with`` block lasts.

Owns: etcd, the API server, the controller manager and the scheduler; their ports, keys and throw-away state.
Does not own: nodes (``kwok``), what makes nodes (``karpenter``), or what is applied (``manifests``, ``client``).
There is no kubelet and no network plugin: pods never run, and network policies are taken and not enforced.
"""

import json
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from llmlz.cluster.client import Client
from llmlz.cluster.daemons import HOST, ClusterError, Daemons, answers, free_ports
from llmlz.cluster.find import find_cluster

READY_SECONDS = 60.0
"""A start takes two seconds; a minute covers a busy machine."""

ISSUER = "https://kubernetes.default.svc"
ADMIN_GROUP = "system:masters"
"""Group of the token: RBAC lets it do everything, admission still judges it."""

SYSTEM_NAMESPACES = ("default", "kube-system")
"""Made by the API server and the controller manager after the start; tests would race with them."""


class ControlPlane:
    """A control plane that runs inside ``with`` and is gone after it, whatever happens in between."""

    def __init__(self) -> None:
        """Nothing runs before the ``with`` statement."""
        self._folder: Path | None = None
        self._daemons: Daemons | None = None
        self._client: Client | None = None

    def __enter__(self) -> Self:
        """Start everything and wait until it serves.

        Raises ``ToolMissingError`` where the programs were not built and ``ClusterError`` when they do not come up.
        """
        if self._daemons is not None:
            raise ClusterError("this control plane runs already: make another one")
        programs = find_cluster()
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="llmlz-cluster-"))
            self._daemons = Daemons(self._folder)
            self._start(programs, self._folder, self._daemons)
        except BaseException:  # also Ctrl-C while waiting: __exit__ is not called for a failed __enter__
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and throw the state away."""
        self.stop()

    @property
    def client(self) -> Client:
        """Speaks to the API server as its administrator; raises ``ClusterError`` before the start."""
        if self._client is None:
            raise ClusterError("the control plane was not started: use it in a with statement")
        return self._client

    @property
    def daemons(self) -> Daemons:
        """The programs; what joins them ends with them. Raises ``ClusterError`` before the start."""
        if self._daemons is None:
            raise ClusterError("the control plane was not started: use it in a with statement")
        return self._daemons

    @property
    def folder(self) -> Path:
        """Logs, keys and state; gone after the block. Raises ``ClusterError`` before the start."""
        return self.daemons.folder

    @property
    def kubeconfig(self) -> Path:
        """A file that programs of Kubernetes take their address and token from."""
        return self.folder / "kubeconfig"

    def stop(self) -> None:
        """End every program and remove the folder; does nothing the second time."""
        daemons, self._daemons, self._client = self._daemons, None, None
        try:
            if daemons is not None:
                daemons.stop()
        finally:
            folder, self._folder = self._folder, None
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def _start(self, programs: Path, folder: Path, daemons: Daemons) -> None:
        clients, peers, port, managing, scheduling = free_ports(5)
        token = secrets.token_urlsafe(32)
        tokens = folder / "tokens.csv"
        tokens.touch(mode=0o600)
        tokens.write_text(f"{token},admin,admin,{ADMIN_GROUP}\n", encoding="utf-8")
        subprocess.run([programs / "keypair", folder], check=True, start_new_session=True, capture_output=True)

        daemons.start("etcd", [programs / "etcd", *_etcd_flags(folder, clients, peers)])
        daemons.wait("etcd does not answer", lambda: answers(clients), READY_SECONDS)
        daemons.start("kube-apiserver", [programs / "kube-apiserver", *_api_flags(folder, clients, port)])
        certificate = folder / "certificates" / "apiserver.crt"
        daemons.wait("the API server does not listen", lambda: certificate.is_file() and answers(port), READY_SECONDS)
        self._client = client = Client(HOST, port, token=token, authority=certificate)
        daemons.wait("the API server is not ready", client.ready, READY_SECONDS)

        self.kubeconfig.touch(mode=0o600)
        self.kubeconfig.write_text(_kubeconfig(client.url, token, certificate), encoding="utf-8")
        shared = ["--leader-elect=false", f"--bind-address={HOST}"]
        shared += [f"--{use}kubeconfig={self.kubeconfig}" for use in ("", "authentication-", "authorization-")]
        daemons.start(
            "kube-controller-manager",
            [
                programs / "kube-controller-manager",
                *shared,
                f"--secure-port={managing}",
                f"--service-account-private-key-file={folder / 'sa.key'}",
                "--use-service-account-credentials=false",
            ],
        )
        daemons.start("kube-scheduler", [programs / "kube-scheduler", *shared, f"--secure-port={scheduling}"])
        daemons.wait("the control plane is not settled", lambda: _settled(client), READY_SECONDS)


def _settled(client: Client) -> bool:
    """The first namespaces are there, each with the account that the controller manager makes."""
    return all(client.find("v1", "ServiceAccount", "default", space) is not None for space in SYSTEM_NAMESPACES)


def _etcd_flags(folder: Path, clients: int, peers: int) -> list[str]:
    here, between = f"http://{HOST}:{clients}", f"http://{HOST}:{peers}"
    return [
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={here}",
        f"--advertise-client-urls={here}",
        f"--listen-peer-urls={between}",
        f"--initial-advertise-peer-urls={between}",
        f"--initial-cluster=default={between}",
        "--unsafe-no-fsync",  # the state is thrown away
    ]


def _api_flags(folder: Path, clients: int, port: int) -> list[str]:
    return [
        f"--etcd-servers=http://{HOST}:{clients}",
        f"--bind-address={HOST}",
        f"--advertise-address={HOST}",
        f"--secure-port={port}",
        f"--cert-dir={folder / 'certificates'}",
        "--service-cluster-ip-range=10.96.0.0/24",
        "--authorization-mode=RBAC",
        f"--token-auth-file={folder / 'tokens.csv'}",
        f"--service-account-issuer={ISSUER}",
        f"--service-account-key-file={folder / 'sa.pub'}",
        f"--service-account-signing-key-file={folder / 'sa.key'}",
        "--endpoint-reconciler-type=none",
        "--allow-privileged=true",  # as EKS has it: refusing it is the work of pod security
    ]


def _kubeconfig(url: str, token: str, certificate: Path) -> str:
    """JSON is YAML."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "local", "cluster": {"server": url, "certificate-authority": str(certificate)}}],
            "users": [{"name": "admin", "user": {"token": token}}],
            "contexts": [{"name": "local", "context": {"cluster": "local", "user": "admin"}}],
            "current-context": "local",
        }
    )
