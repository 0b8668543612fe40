"""How often the registry is published person by person: cut-offs that are too near one another are not all published.

Between two cut-offs a month apart few people arrive or leave, and whoever compares them sees who they are. What is left out
is said, and nothing else waits for it: the tribunal's own monthly tables and the turnout of an election go on as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from etl.cubes.declared import EVERY
from etl.cubes.exact import Exact
from etl.cubes.public import parts_told
from etl.release import Past


def at_rhythm(found: Mapping[str, Exact], past: Past) -> tuple[dict[str, Exact], list[str]]:
    """The parts that are published, by title, and what is left out, in words.

    A cut-off that a kept release published is published for good. Of those that wait, first the ones from which the
    turnout of an election was counted, then the earliest.
    """
    told: dict[date, str] = {}
    for name, kept in sorted(past.kept.items()):
        for part in parts_told(kept):
            if not part.election:
                told.setdefault(date.fromisoformat(part.cutoff), f"que ya publicó {name}")
    of_elections = {exact.job.cutoff for exact in found.values() if exact.part.election}
    registries = {exact.job.cutoff for exact in found.values() if not exact.part.election}
    chosen: dict[date, str] = dict(told)
    left: dict[date, date] = {}
    for cutoff in sorted(registries - set(told), key=lambda day: (day not in of_elections, day)):
        near = _too_near(cutoff, chosen)
        if near is None:
            chosen[cutoff] = "que se publica"
        else:
            left[cutoff] = near
    kept_parts = {title: exact for title, exact in found.items() if exact.part.election or exact.job.cutoff not in left}
    lines = [
        _words(found.values(), cutoff, near, chosen[near], _next(cutoff, chosen))
        for cutoff, near in sorted(left.items())
    ]
    return kept_parts, lines


def _too_near(cutoff: date, chosen: Iterable[date]) -> date | None:
    """The nearest of `chosen` to `cutoff`, if it is nearer than it may be."""
    near = min(chosen, key=lambda day: abs(day - cutoff), default=None)
    return near if near is not None and abs(near - cutoff) < EVERY else None


def _next(cutoff: date, chosen: Iterable[date]) -> date:
    """The first cut-off, from one that is left out on, that is far enough from all the `chosen`."""
    while (near := _too_near(cutoff, chosen)) is not None:
        cutoff = near + EVERY
    return cutoff


def _words(found: Iterable[Exact], cutoff: date, near: date, why: str, following: date) -> str:
    names = sorted({exact.part.cube for exact in found if not exact.part.election and exact.job.cutoff == cutoff})
    return (
        f"{' y '.join(names)} de {cutoff}: no se {'publican' if len(names) > 1 else 'publica'} con este corte, a menos de "
        f"{EVERY.days} días del de {near}, {why}: al comparar los dos se vería quiénes entraron o salieron. Lo demás sí se "
        f"publica. Se publicarán desde el corte de {following}"
    )
