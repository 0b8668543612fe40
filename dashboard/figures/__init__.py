"""Numbers of one release, and where they come from.

measures    quantities that can be summed and what is computed from sums
provenance  sources, read from the manifest
published   one published figure with its evidence
queries     every SQL statement of the site
"""
