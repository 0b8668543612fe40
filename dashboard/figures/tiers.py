"""Places in the order of a share, cut into tiers with as many people each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

#: How many tiers there are, unless places with the same share make them fewer.
TIERS = 5
#: Below so many of every hundred (one of every thousand), places are not told apart: one person more or less would do it.
ALMOST_NONE = 0.1


@dataclass(frozen=True)
class Tier:
    """Places whose shares are next to each other: their codes from the lowest share, the first and the last share, that of
    all their people together (each of every hundred), and how many people those are.
    """

    number: int
    codes: tuple[str, ...]
    low: float
    high: float
    share: float
    people: float


def tiers(
    parts: Mapping[str, float | None], wholes: Mapping[str, float | None], wanted: int = TIERS
) -> tuple[Tier, ...]:
    """The places of `wholes` (people by code) by how many of every hundred are in `parts`, the lowest tier first.

    Each tier ends where the people so far are nearest to as many fifths of them all (with `wanted` = 5). Places with the
    same share are never parted, so there may be fewer. Nor are those that have almost none: if they are a fifth or more, they
    are the first tier, and the rest are as many as the fifths that they have. A place without people, or whose part is not
    known, is in none.
    """
    known = {
        code: (100 * part / whole, part, whole)
        for code, whole in wholes.items()
        if whole and (part := parts.get(code)) is not None
    }
    ordered = sorted(known, key=lambda code: (known[code][0], code))
    steps = [list(codes) for _, codes in groupby(ordered, key=lambda code: max(known[code][0], ALMOST_NONE))]
    so_far = list(accumulate(sum(known[code][2] for code in codes) for codes in steps))
    wanted_ends = _ends(known[steps[0][0]][0], so_far, wanted) if steps else []
    ends = {min(range(len(steps)), key=lambda step: (abs(so_far[step] - people), step)) + 1 for people in wanted_ends}
    found, first = [], 0
    for number, end in enumerate(sorted(ends), start=1):
        codes = tuple(code for step in steps[first:end] for code in step)
        people = sum(known[code][2] for code in codes)
        share = 100 * sum(known[code][1] for code in codes) / people
        found.append(Tier(number, codes, known[codes[0]][0], known[codes[-1]][0], share, people))
        first = end
    return tuple(found)


def _ends(lowest: float, so_far: Sequence[float], wanted: int) -> list[float]:
    """Of how many people, the lowest shares first, each tier should have come to its end."""
    first, every = so_far[0], so_far[-1]
    if lowest >= ALMOST_NONE or first * wanted < every:
        return [every * cut / wanted for cut in range(1, wanted + 1)]
    rest = every - first
    parts = max(1, round(wanted * rest / every)) if rest else 0
    return [first, *(first + rest * cut / parts for cut in range(1, parts + 1))]
