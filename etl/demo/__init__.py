"""Demonstration: a registry of nobody and a release that says so everywhere.

registry  invented people whose totals are the published ones
release   the whole pipeline on them
"""
