"""Which sums of a table mean something: of figures that are added, over columns that divide, and never of what is left when
confidential cells are taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dashboard.address.extracts import CHAINS, GROUP, ROWS, SUM, Condition, Extract, Offered
from dashboard.words import listing
from etl.model import TOTAL


def grouped(offered: Offered, made: Extract, by: tuple[str, ...], asked: tuple[str, ...]) -> tuple[Extract, list[str]]:
    """`made` with its rows grouped `by` some columns and the sums `asked`, or all there can be; and why it cannot be so."""
    adds = {item.name for item in offered.additive}
    reasons = [_not_added(offered, name) for name in asked if name not in adds and name != ROWS.name]
    reasons += [f"«{name}» es una cifra: no se agrupa por ella." for name in by if name in adds]
    sums = tuple(item.name for item in offered.additive if not asked or item.name in asked)
    if not asked and not sums and offered.figures:
        reasons.append(f"En esta tabla no se suma nada: para contar filas, {SUM}={ROWS.name}.")
    found = replace(made, columns=(), by=by, sums=sums)
    if offered.hides:
        reasons += _of_what_is_left(offered, (*(item.column for item in made.conditions), *by))
    if offered.crossed:
        conditions, why = _one_cross(offered, found)
        return replace(found, conditions=conditions), [*reasons, *why, *_over(offered, found, offered.crossed)]
    return found, [*reasons, *_over(offered, found, frozenset())]


def _not_added(offered: Offered, name: str) -> str:
    """Why a column cannot be added."""
    item = offered.columns[name]
    why = f"es una proporción ({item.unit})" if item.unit and "por cada" in item.unit else "no es una cifra que se sume"
    words = listing([one.name for one in offered.additive]) or "ninguna"
    return f"«{name}» {why}. Se suman: {words}."


def _over(offered: Offered, found: Extract, besides: Iterable[str]) -> list[str]:
    """Why figures cannot be added over the columns of the key that are neither grouped by nor fixed to one value."""
    if not found.sums:
        return []
    divides = {item.name for item in offered.columns.values() if item.divides} | set(besides)
    loose = [name for name in offered.table.key if name not in {*divides, *found.by, *_fixed(found.conditions)}]
    if not loose:
        return []
    words = listing(loose)
    return [
        f"No se suma sobre {words}, que cuenta a las mismas personas o cosas más de una vez: agréguelo a {GROUP}, pida uno "
        f"solo ({loose[0]}=…) o, para contar filas, {SUM}={ROWS.name}."
    ]


def _fixed(conditions: Iterable[Condition]) -> set[str]:
    return {item.column for item in conditions if len(item.values) == 1}


def _of_what_is_left(offered: Offered, asked: Iterable[str]) -> list[str]:
    """Why rows of a table with confidential cells are not chosen by their figures, or by the state of these, to be added."""
    columns = {item.name for item in offered.figures}
    columns |= {state for name in columns if (state := offered.state_of(name))}
    return [
        f"Con {GROUP} no se eligen las filas por «{name}»: se sumaría lo que queda sin las celdas confidenciales."
        for name in sorted(columns & set(asked))
    ]


def _one_cross(offered: Offered, found: Extract) -> tuple[tuple[Condition, ...], list[str]]:
    """The conditions with which the rows of just one cross are added, each person once; and why there is no such cross."""
    asked = {item.column: item for item in found.conditions if item.values}
    used = {name for name in offered.crossed if name in found.by or _some(asked.get(name))}
    for chain in CHAINS:  # a finer place says also what it is inside of
        finest = max((place for place, name in enumerate(chain) if name in used), default=-1)
        used |= {name for name in chain[: finest + 1] if name in offered.crossed}
    reasons = [
        f"{name} toma el total o algunos de sus valores, no ambos."
        for name, item in asked.items()
        if _both(item, found)
    ]
    if not any(used <= set(cross) for cross in offered.table.crosses):
        reasons.append(f"No se publica el cruce de {listing(sorted(used))}.")
    added = [
        Condition(name, but=TOTAL) if name in used else Condition(name, (TOTAL,))
        for name in sorted(offered.crossed)
        if name not in asked
    ]
    return (*found.conditions, *added), reasons


def _some(item: Condition | None) -> bool:
    """Whether a condition asks for some values of a column, and not for its total."""
    return item is not None and item.values != (TOTAL,)


def _both(item: Condition, found: Extract) -> bool:
    return TOTAL in item.values and len(item.values) > 1 and item.column not in found.by
