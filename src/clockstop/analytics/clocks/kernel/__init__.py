"""The clock rules over arrays of integers, compiled: ``core.rtt.folding`` with the same names.

A function here does what its namesake there does, without the steps: only what a period, a finding
or a diagnostic wait shows. Where they differ, those of the core are right, and a test fails.
"""
