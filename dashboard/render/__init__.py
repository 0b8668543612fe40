"""Faces of an Answer: Dash components, plain HTML, files, painted map. Pure functions."""
