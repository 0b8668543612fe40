"""Which age groups cover exactly some ages: two sources that cut ages elsewhere are never forced into one another."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf


def bounds(group: str) -> tuple[int, float]:
    """The first and the last age, both included, of a group by its code: "18_25" or, open, "65_mas"."""
    first, last = group.split("_")
    return int(first), inf if last == "mas" else int(last)


def covering(groups: Iterable[str], first: int, last: int | None = None) -> tuple[str, ...] | None:
    """The groups that together are exactly the ages from `first` to `last` (None: and over), each age once, in order.

    None when they are not: a group holds ages of both sides of a limit, some age has no group, or one is in two groups.
    """
    until = inf if last is None else last
    touching = sorted(
        (bounds(group), group) for group in groups if bounds(group)[0] <= until and bounds(group)[1] >= first
    )
    expected: float = first
    for (start, end), _ in touching:
        if start != expected or end > until:
            return None
        expected = end + 1
    return tuple(group for _, group in touching) if expected == until + 1 else None
