"""Puts clusters of kubeconfigs where they belong, so that no node is counted twice."""

from collections.abc import Sequence
from dataclasses import replace

from llmlz.inventory.facts import ClusterFacts, PlaceFacts


def merged(facts: Sequence[PlaceFacts]) -> tuple[PlaceFacts, ...]:
    """Places with clusters of kubeconfigs among their own, told by the instances of their nodes.

    A cluster that a place has read itself is left out the second time; one whose instances no place has stays alone.
    """
    places = [one for one in facts if one.account]
    alone = []
    for brought in (one for one in facts if not one.account):
        rest = [cluster for cluster in brought.clusters if not _placed(cluster, places)]
        alone.append(replace(brought, clusters=tuple(rest)))
    return (*places, *alone)


def _placed(cluster: ClusterFacts, places: list[PlaceFacts]) -> bool:
    """Whether a place has the cluster now; it is added to the one that has its instances."""
    own = {node.instance for node in cluster.nodes if node.instance}
    for index, place in enumerate(places):
        if any(own & {node.instance for node in known.nodes} for known in place.clusters):
            return True
        if own & {one.id for one in place.instances or ()}:
            places[index] = replace(place, clusters=(*place.clusters, cluster))
            return True
    return False
