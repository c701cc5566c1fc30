"""Settings of a runtime stack, after tier defaults and the estate's overlay have been laid under them."""

from stacks.settings.base import Name, Registry, Settings, StackName
from stacks.settings.cluster import ClusterSettings
from stacks.settings.pools import Pool, Reservation
from stacks.settings.qdrant import Qdrant
from stacks.settings.signatures import Signatures
from stacks.settings.weights import WeightsLoader


class RuntimeSettings(Settings):
    """The cluster of one platform and what runs in it."""

    platform: StackName
    """The platform stack whose network, keys and account the cluster stands in."""
    cluster: ClusterSettings
    """Where everything runs."""
    pools: dict[Name, Pool]
    """Nodes, by the name of their pool."""
    reservations: dict[Name, Reservation]
    """Machines that are reserved for the pools, by a name for each."""
    qdrant: Qdrant | None
    """A vector store in the cluster; none if null."""
    signatures: Signatures | None
    """Whose signature an image needs; none if null."""
    weights_loader: WeightsLoader | None
    """Jobs that load the weights which the platform approves; none if null."""
    registries: list[Registry]
    """Where images may come from, besides the account's own registry."""
