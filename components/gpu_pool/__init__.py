"""Pools of nodes with GPUs, and without: one description, whoever buys the machines.

Owns: the NodePool and the class of its nodes, or the node groups and their launch templates.
Does not own: the cluster and its roles, reservations (``CapacityReservation``), the device plugin (``DevicePlugin``).
"""

from components.gpu_pool.component import GpuPool, GpuPoolArgs
from components.gpu_pool.description import PROFILES, Capacity, Disruption, Pool, Purpose, Reservation
from components.gpu_pool.flavours import AutoMode, Flavour, Karpenter, Kwok, NodeGroup, brings_device_plugin

__all__ = [
    "PROFILES",
    "AutoMode",
    "Capacity",
    "Disruption",
    "Flavour",
    "GpuPool",
    "GpuPoolArgs",
    "Karpenter",
    "Kwok",
    "NodeGroup",
    "Pool",
    "Purpose",
    "Reservation",
    "brings_device_plugin",
]
