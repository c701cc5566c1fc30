"""The network of one account and Region."""

from components.network.address_plan import KINDS, address_plan
from components.network.args import NetworkArgs
from components.network.component import Network
from components.network.places import NetworkPlaces

__all__ = ["KINDS", "Network", "NetworkArgs", "NetworkPlaces", "address_plan"]
