"""How many units one resource is billed for. Each rule answers from the graph, or says why it cannot."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from llmlz.cost.cluster_quantities import claimed_gib, least_nodes, paid_at_once, reserved_machines
from llmlz.cost.uncounted import UncountedError, number
from llmlz.graph.model import Graph, Resource

CLUSTER = "aws:rds/cluster:Cluster"
CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
ENDPOINT_SUBNET = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
RESTORE_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
CRON_FIELDS = 6
SERVERLESS = "db.serverless"
STANDARD_PERIOD = 60
"""Seconds. An alarm with a shorter period is billed as high resolution."""

STORAGE_FLOOR_GB = 10
"""What an Aurora cluster starts with."""

Rule = Callable[[Graph, Resource], Decimal]


def _one(_graph: Graph, _resource: Resource) -> Decimal:
    return Decimal(1)


def _endpoint_zones(graph: Graph, endpoint: Resource) -> Decimal:
    """Subnets of an interface endpoint: one network interface in each, billed by the hour."""
    kind = endpoint.inputs.get("vpcEndpointType", "Gateway")  # the provider's default
    if kind == "Gateway":
        return Decimal(0)
    if kind != "Interface":
        raise UncountedError(f"endpoints of type {kind} have no price here")
    joined = [a for a in graph.of_type(ENDPOINT_SUBNET) if any(r.to == endpoint.urn for r in a.references)]
    zones = len(endpoint.inputs.get("subnetIds") or ()) + len(joined)
    if not zones:
        raise UncountedError("the interface endpoint names no subnets, so the number of zones is not known")
    return Decimal(zones)


def _domains(_graph: Graph, listed: Resource) -> Decimal:
    """Domains of a list that is written in the program; one that is filled elsewhere has no number here."""
    domains = listed.inputs.get("domains")
    if not isinstance(domains, list | tuple):
        raise UncountedError("the list names no domains, so their number is not known")
    return Decimal(len(domains))


def _minimum_capacity(graph: Graph, instance: Resource) -> Decimal:
    """Capacity units that a serverless instance keeps while idle: the minimum of its cluster."""
    if instance.inputs.get("instanceClass") != SERVERLESS:
        raise UncountedError(f"instance class {instance.inputs.get('instanceClass')} has no price here")
    owners = {r.to for r in instance.references if r.at == "clusterIdentifier"}
    clusters = [c for c in graph.of_type(CLUSTER) if c.urn in owners]
    if len(clusters) != 1:
        raise UncountedError("the cluster of the instance is not in this stack")
    minimum = (clusters[0].inputs.get("serverlessv2ScalingConfiguration") or {}).get("minCapacity")
    return number(minimum, "serverlessv2ScalingConfiguration.minCapacity of the cluster")


def _storage_floor(_graph: Graph, cluster: Resource) -> Decimal:
    if not str(cluster.inputs.get("engine")).startswith("aurora"):
        raise UncountedError(f"engine {cluster.inputs.get('engine')} has no price here")
    return Decimal(STORAGE_FLOOR_GB)


def _master_secret(_graph: Graph, cluster: Resource) -> Decimal:
    """The secret that RDS makes for the master user; it is in no graph, and billed like any other."""
    return Decimal(1 if cluster.inputs.get("manageMasterUserPassword") else 0)


def _alarm_metrics(_graph: Graph, alarm: Resource) -> Decimal:
    queries = alarm.inputs.get("metricQueries") or ()
    metrics = [query["metric"] for query in queries if query.get("metric")]
    if any("SELECT" in str(query.get("expression", "")).upper().split() for query in queries):
        raise UncountedError("an alarm on a Metrics Insights query is billed by the metrics that it finds")
    periods = [metric.get("period") for metric in metrics] or [alarm.inputs.get("period", STANDARD_PERIOD)]
    if any(number(period, "period of the alarm") < STANDARD_PERIOD for period in periods):
        raise UncountedError("high-resolution alarms have no price here")
    return Decimal(max(1, len(metrics)))


def _replicas_and_itself(_graph: Graph, secret: Resource) -> Decimal:
    return Decimal(1 + len(secret.inputs.get("replicas") or ()))


def _advanced_parameter(_graph: Graph, parameter: Resource) -> Decimal:
    tier = parameter.inputs.get("tier", "Standard")
    if tier not in ("Standard", "Advanced"):
        raise UncountedError(f"a parameter of tier {tier} may become advanced; set Standard or Advanced")
    return Decimal(int(tier == "Advanced"))


def _nothing_if_on_demand(_graph: Graph, table: Resource) -> Decimal:
    if table.inputs.get("billingMode") != "PAY_PER_REQUEST":
        raise UncountedError("provisioned throughput has no price here; set billingMode to PAY_PER_REQUEST")
    return Decimal(0)


def _nothing_if_external(_graph: Graph, analyzer: Resource) -> Decimal:
    if analyzer.inputs.get("type", "ACCOUNT") not in ("ACCOUNT", "ORGANIZATION"):
        raise UncountedError("analyzers of unused or internal access are billed by what they watch")
    return Decimal(0)


def _restore_tests(graph: Graph, selection: Resource) -> Decimal:
    """Tests in the longest month, from the days that the plan's schedule names."""
    plans = {r.to for r in selection.references if r.at == "restoreTestingPlanName"}
    schedules = [plan.inputs.get("scheduleExpression") for plan in graph.of_type(RESTORE_PLAN) if plan.urn in plans]
    fields = str(schedules[0]).removeprefix("cron(").removesuffix(")").split() if schedules else []
    if len(fields) != CRON_FIELDS or not (fields[0].isdigit() and fields[1].isdigit() and fields[5] == "*"):
        raise UncountedError(f"a schedule of {schedules} is not counted; name one minute and one hour, of every year")
    day, weekday = fields[2], fields[4]
    if day.isdigit() or day == "L":
        return Decimal(1)
    if day == "?" and weekday.isalnum():
        return Decimal(5)  # the most Mondays, or other days, that a month has
    if {day, weekday} == {"*", "?"}:
        return Decimal(31)
    raise UncountedError(f"a schedule of {schedules} is not counted; name one day of the month or of the week, or all")


def _idle_search_units(_graph: Graph, collection: Resource) -> Decimal:
    """Half a unit for indexing and half for search, each twice where there are standby replicas, as there are by default."""
    replicas = collection.inputs.get("standbyReplicas", "ENABLED")
    if replicas not in ("DISABLED", "ENABLED") or collection.inputs.get("collectionGroupName"):
        raise UncountedError(f"standby replicas are {replicas}, or the collection is in a group with limits of its own")
    return Decimal(2 if replicas == "ENABLED" else 1)


def _subnets(_graph: Graph, endpoint: Resource) -> Decimal:
    """One network interface in each subnet, billed by the hour."""
    subnets = endpoint.inputs.get("subnetIds")
    if not isinstance(subnets, list | tuple) or not subnets:
        raise UncountedError("the endpoint names no subnets, so the number of zones is not known")
    return Decimal(len(subnets))


QUANTITIES: Mapping[str, Rule] = {
    "one": _one,
    "endpoint-zones": _endpoint_zones,
    "domains": _domains,
    "minimum-capacity": _minimum_capacity,
    "storage-floor": _storage_floor,
    "master-secret": _master_secret,
    "alarm-metrics": _alarm_metrics,
    "replicas-and-itself": _replicas_and_itself,
    "restore-tests": _restore_tests,
    "advanced-parameter": _advanced_parameter,
    "nothing-if-on-demand": _nothing_if_on_demand,
    "nothing-if-external": _nothing_if_external,
    "idle-search-units": _idle_search_units,
    "subnets": _subnets,
    "reserved-machines": reserved_machines,
    "least-nodes": least_nodes,
    "claimed-gib": claimed_gib,
    "paid-at-once": paid_at_once,
}
"""Rule by the name that the price file uses."""
