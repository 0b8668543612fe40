"""Reproducible measurements beside what a user would pick instead: `make bench` or `python -m bench [name…]`.

One module per benchmark, each with a `measure(size) -> list[Figure]`. A figure is a median or an exact size; a limit is
the promise it is held against. Nothing here fails on a slow day: the table says what was kept and what was not.
"""
