"""Python's cyclic garbage collector, tuned for programs that register thousands of long-lived objects.

The default looks at everything after 700 new objects and spends more time on that than a large program spends on
making them; ``make bench`` (program-cost) measures the gain. Tuned are our own entry points, never an import.
"""

import gc

THRESHOLDS = (100_000, 50, 50)


def tune() -> None:
    """Leave what is loaded so far out of collections, and collect rarely."""
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
