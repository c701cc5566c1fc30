"""Proofs over the layers of access: for all requests, not for a sample.

The documents of a world become one formula over finite classes of values (``automaton``, ``classes``, ``encode``), and a
solver looks for a request that breaks a promise (``prover``). It shares the parsed types with the evaluator and none of
its matching, so that each can be wrong alone and be noticed.
"""
