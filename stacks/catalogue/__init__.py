"""Models, weights and regions, as data: ``models.yaml``, ``weights.yaml`` and ``regions.yaml``."""
