"""The inventory of a real API server: nodes that carry GPUs, pods that the real scheduler put there, quotas and pools."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client
from llmlz.cluster.control_plane import ControlPlane
from llmlz.cluster.karpenter import adapted, node_class, start_karpenter
from llmlz.cluster.kwok import fake_node, start_kwok
from llmlz.inventory import connection
from llmlz.inventory.connection import ClusterError, Connection
from llmlz.inventory.gather import take_stock
from llmlz.inventory.judge import Bounds
from llmlz.inventory.kubeconfig import read_kubeconfig
from llmlz.inventory.model import Inventory
from llmlz.inventory.prices import Prices
from tests.cli.command import llmlz
from tests.cluster.asking import eventually, merged, node_pool, pod
from tests.cluster.test_scheduling import TYPES, lands, pooled, ready, system_pod

pytestmark = pytest.mark.ring(4)

READER = "inventory"
MAY_LIST = [
    {"apiGroups": [""], "resources": ["nodes", "pods", "namespaces", "resourcequotas"], "verbs": ["list"]},
    {"apiGroups": ["karpenter.sh"], "resources": ["nodepools", "nodeclaims"], "verbs": ["list"]},
]


@pytest.fixture(scope="module")
def estate(plane: ControlPlane) -> Iterator[ControlPlane]:
    """Two pools with a node each, of which one is used; a node that lost its device plugin; a plain one."""
    start_kwok(plane)
    broken = fake_node("serving-2", labels={"llmlz.io/pool": "serving"}, taints=pooled("serving", 1)["spec"]["taints"])
    made = [pooled("serving", 2), pooled("tuning", 8), broken, fake_node("plain-1")]
    apply_all(plane.client, [*made, node_pool("serving", 4), node_pool("tuning", 8)])
    eventually("the nodes are ready", lambda: all(ready(node) for node in plane.client.list("v1", "Node")))
    held = pod("server", gpus=1, pool="serving")
    plane.client.create(held)
    assert lands(plane.client, held) == "serving-1"
    yield plane
    plane.daemons.check()


def taken(kubeconfig: Path, hours: float = 0) -> Inventory:
    """The inventory, so many hours from now."""
    name, endpoint = read_kubeconfig(kubeconfig)
    now = datetime.now(UTC) + timedelta(hours=hours)
    bounds = Bounds(now=now, idle=timedelta(minutes=30), expiring=timedelta(days=14), accounts=frozenset())
    never: Any = None  # no account is asked
    brought = [(name, Connection(endpoint))]
    return take_stock((), enter=never, reach=never, prices=Prices(by_type={}), bounds=bounds, brought=brought)


def kinds(found: Inventory) -> list[tuple[str, str, str]]:
    """What was found, and where."""
    return [(one.kind, one.outcome, one.where.rpartition(" ")[2]) for one in found.findings]


def as_reader(estate: ControlPlane, folder: Path) -> Path:
    """A kubeconfig with the token of a service account that nothing was given to."""
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": READER, "namespace": "kube-system"}}
    estate.client.apply(account)
    path = f"/api/v1/namespaces/kube-system/serviceaccounts/{READER}/token"
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = estate.client.request("POST", path, asked)["status"]["token"]
    config = json.loads(estate.kubeconfig.read_text(encoding="utf-8"))
    config["users"][0]["user"] = {"token": token}
    (folder / "config").write_text(json.dumps(config), encoding="utf-8")
    return folder / "config"


def test_what_the_scheduler_gave_away_is_what_is_held(estate: ControlPlane) -> None:
    """Each node by its allocatable GPUs; the pod by its namespace's team; a node that joined a moment ago is no finding."""
    found = taken(estate.kubeconfig)
    rows = [(one.pool, one.node, one.gpus, one.free, [(s.team, s.gpus) for s in one.shares]) for one in found.holdings]
    assert rows == [
        ("serving", "serving-1", 2, 1, [("claims", 1)]),
        ("serving", "serving-2", 0, 0, []),
        ("tuning", "tuning-1", 8, 8, []),
    ]
    assert found.findings == ()


def test_two_hours_later_what_is_idle_and_what_is_broken_are_found(estate: ControlPlane) -> None:
    """No NodeClaim says since when the node is idle, so nobody knows; that the other offers nothing is sure."""
    assert kinds(taken(estate.kubeconfig, hours=2)) == [
        ("idle", "indeterminate", "tuning-1"),
        ("no-gpu", "problem", "serving-2"),
    ]


def test_a_pool_smaller_than_what_its_teams_were_promised_is_found(estate: ControlPlane) -> None:
    """The quota is two GPUs, and the only pool that the team may use is lowered to one."""
    estate.client.apply(node_pool("serving", 1))
    (found,) = taken(estate.kubeconfig).findings
    assert found.what == "quotas promise 2 accelerators (team-claims 2) of pool serving, which may grow to 1"
    estate.client.apply(node_pool("serving", 4))


def test_a_device_that_fails_under_a_pod_is_found(estate: ControlPlane) -> None:
    """The kubelet tells fewer GPUs than pods hold."""
    node = estate.client.get("v1", "Node", "serving-1")
    for part in ("capacity", "allocatable"):
        node["status"][part]["nvidia.com/gpu"] = "0"
    _status(estate.client, node)
    (found,) = [one for one in taken(estate.kubeconfig).findings if one.kind == "over-committed"]
    assert found.what == "pods hold 1 accelerators, and it offers 0"
    node = estate.client.get("v1", "Node", "serving-1")
    for part in ("capacity", "allocatable"):
        node["status"][part]["nvidia.com/gpu"] = "2"
    _status(estate.client, node)


def _status(client: Client, node: dict[str, Any]) -> None:
    client.request("PUT", f"/api/v1/nodes/{node['metadata']['name']}/status", node)


def test_many_pages_are_one_list(estate: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one object a page, by the server's own tokens, the same is found."""
    whole = taken(estate.kubeconfig)
    monkeypatch.setattr(connection, "PAGE", 1)
    assert taken(estate.kubeconfig) == whole


def test_who_may_list_nothing_learns_nothing_and_is_told_so(estate: ControlPlane, tmp_path: Path) -> None:
    """The server's own refusal stands in the finding, the token does not; with the right to list all is read."""
    config = as_reader(estate, tmp_path)
    found = taken(config)
    assert (found.holdings, kinds(found)[0][:2]) == ((), ("unreadable", "indeterminate"))
    assert "nodeclaims" not in found.findings[0].what
    assert "cannot list resource" in found.findings[0].what
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": READER}}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": READER}
    subject = {"kind": "ServiceAccount", "name": READER, "namespace": "kube-system"}
    estate.client.apply({**role, "rules": MAY_LIST})
    estate.client.apply({**role, "kind": "ClusterRoleBinding", "roleRef": reference, "subjects": [subject]})
    eventually("the role counts", lambda: taken(config).findings == ())
    assert taken(config) == taken(estate.kubeconfig)


def test_a_server_that_somebody_else_signed_is_not_asked(estate: ControlPlane) -> None:
    """Without the authority of the cluster the handshake fails; with it, all four nodes are listed."""
    _, endpoint = read_kubeconfig(estate.kubeconfig)
    with pytest.raises(ClusterError, match="certificate verify failed"):
        Connection(replace(endpoint, authority=None))("/api/v1/nodes")
    (name, fine) = read_kubeconfig(estate.kubeconfig)
    assert (name, len(Connection(fine)("/api/v1/nodes"))) == ("local", 4)


def test_the_command_reads_the_cluster_of_a_kubeconfig(estate: ControlPlane, tmp_path: Path) -> None:
    """As people type it; the page is written too."""
    page = tmp_path / "page.html"
    done = llmlz("inventory", "--offline", "--kubeconfig", str(estate.kubeconfig), "--json", "--html", str(page))
    assert (done.no_traceback().code, done.err.splitlines()[1:]) == (0, [])
    told = json.loads(done.out)
    assert (told["places"], told["totals"]["gpus"], told["totals"]["allocated"]) == (["local"], 10, 1)
    assert "claims 1" in page.read_text(encoding="utf-8")


def test_karpenter_keeps_since_when_a_node_is_idle(estate: ControlPlane) -> None:
    """A pod gets a node of its own and ends; from what the NodeClaim keeps, the node is idle for sure two hours later.

    While the pod runs, it holds a GPU in a namespace of no team, which is found too.
    """
    pool = merged(node_pool("elastic"), {"spec": {"disruption": {"consolidateAfter": "Never"}}})
    apply_all(estate.client, [node_class("default"), adapted(pool, "default")])
    start_karpenter(estate, TYPES)
    eventually("the pool is ready", lambda: ready(estate.client.get("karpenter.sh/v1", "NodePool", "elastic")))
    elastic = pod("x", pool="elastic")["spec"]
    job = system_pod("job", {"nodeSelector": elastic["nodeSelector"], "tolerations": elastic["tolerations"]})
    estate.client.create(job)
    node = lands(estate.client, job)
    found = taken(estate.kubeconfig)
    assert kinds(found) == [("untagged", "problem", node)]
    assert [(one.instance_type, one.free) for one in found.holdings if one.node == node] == [("g6.xlarge", 0)]
    estate.client.delete("v1", "Pod", "job", "kube-system")
    eventually(
        "Karpenter wrote when the pod went", lambda: ("idle", "problem", node) in kinds(taken(estate.kubeconfig, 2))
    )
    assert ("idle", "indeterminate", "tuning-1") in kinds(taken(estate.kubeconfig, 2))
