"""What a stack costs while nobody uses it, from its graph and dated prices.

It owns the fixed part: what is billed by the hour or the month for being there. What is billed per use has a row with
price zero and a reason; the cost of using models comes from elsewhere.
"""
