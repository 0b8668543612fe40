"""Demonstration: a registry of invented people, and a release that says everywhere that they are invented.

registry  invented people whose totals are the published ones
scaled    as many people as are asked for
turnout   when each registered and whether each voted
release   the whole pipeline on them
"""
