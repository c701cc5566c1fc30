"""Models and regions, as data: ``models.yaml`` and ``regions.yaml``."""
