"""A Kubernetes cluster of EKS in which AWS runs the nodes (Auto Mode), closed from its first day."""

from components.cluster.args import ClusterArgs, ClusterPlace, NodeAccess
from components.cluster.component import Cluster

__all__ = ["Cluster", "ClusterArgs", "ClusterPlace", "NodeAccess"]
