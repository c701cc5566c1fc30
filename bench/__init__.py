"""How fast, as ratios against peers that run side by side on the same machine."""
