"""Who holds which accelerator and which model, across accounts and clusters: asked of live APIs, and judged.

Owns: the questions, the counting, what is found wrong, the page. Does not own: which accounts there are, and prices.
"""
