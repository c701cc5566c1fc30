"""The loader of model weights, in a cluster."""

from components.weights_loader.component import WeightsLoader, WeightsLoaderArgs
from components.weights_loader.role import Staging

__all__ = ["Staging", "WeightsLoader", "WeightsLoaderArgs"]
