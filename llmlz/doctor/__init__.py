"""Examines an account before a deployment, and the state of a stack after one.

It owns what is asked and what the answers mean. It gets plain values and graphs, makes nothing in the cloud, and
changes two things, each only when told to: it accepts agreements of models, and deletes locks whose holder is gone.
"""
