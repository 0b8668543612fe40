"""The same tables protected by us and by pytauargus MOD, side by side: cells and people hidden, and seconds.

The large one, municipio × sexo × edad × pueblo, is also attacked. MOD is given a limit of seconds on each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from bench.counts import EDAD, MUNICIPIO, PUEBLO, SEXO, axis_of, counted, people_counted
from bench.designs import DAY, POLICY
from bench.figures import Figure
from bench.size import Size
from bench.tauargus import Failed, here, modular
from etl.disclosure.audit import PublishedSystem, attack
from etl.disclosure.suppression import protect
from etl.disclosure.tables import Bools, Cross, Ints, Tables, link

LARGE, SMALL = (MUNICIPIO, SEXO, EDAD, PUEBLO), (MUNICIPIO, PUEBLO)
LIMIT = 60  # seconds to protect and attack the large one
PATIENCE = 120.0  # seconds that MOD is given for each table of the whole country; in proportion, for some departamentos
EVERY_DEPARTAMENTO = 22


@dataclass(frozen=True)
class Made:
    """What one program hides of a table, the seconds it took to protect it and to attack it, and how many cells it opens."""

    hidden: Bools
    seconds: float
    attacked: float = 0.0
    exposed: int = 0


def measure(size: Size) -> list[Figure]:
    """Of each table: seconds, and the cells and people hidden in its finest cells."""
    people = people_counted(size, DAY)
    patience = PATIENCE * size.departamentos / EVERY_DEPARTAMENTO
    return [figure for traits in (LARGE, SMALL) for figure in _figures(traits, people, size.folder, patience)]


def _figures(traits: tuple[str, ...], people: pd.DataFrame, folder: Path, patience: float) -> Iterator[Figure]:
    tables = link([axis_of(people, trait) for trait in traits], [Cross("todo", dict.fromkeys(traits))])
    values = counted(tables, people)
    ours = _ours(tables, values)
    theirs, said, took = _theirs(tables, values, folder, patience)
    finest = tables.of(tables.crosses[0])[tables.leaves(tables.crosses[0])]
    title = " × ".join(traits)
    note = f"{tables.cells:,} celdas; protegerla, {ours.seconds:.1f} s, y atacarla, {ours.attacked:.1f} s"
    yield Figure(
        f"{title}: protegerla y atacarla",
        ours.seconds + ours.attacked,
        "s",
        LIMIT if traits == LARGE else None,
        said,
        took,
        note,
    )
    for unit, weight in (("celdas", np.ones_like(values)), ("personas", values)):
        lost, other = (
            None if made is None else float(weight[finest][made.hidden[finest]].sum()) for made in (ours, theirs)
        )
        yield Figure(
            f"{title}: {unit} ocultas",
            lost or 0.0,
            unit,
            other_title="pytauargus MOD" if other else None,
            other=other or None,
        )
    yield Figure(f"{title}: celdas ocultas que el ataque deduce", ours.exposed, "celdas", 0, note=_opened(theirs))


def _ours(tables: Tables, values: Ints) -> Made:
    start = perf_counter()
    hidden = protect(tables, values, POLICY).hidden
    seconds = perf_counter() - start
    return _attacked(tables, values, hidden, seconds)


def _attacked(tables: Tables, values: Ints, hidden: Bools, seconds: float) -> Made:
    start = perf_counter()
    published = PublishedSystem(tables, np.where(hidden, np.nan, values), POLICY.thresholds(tables))
    exposed = len(attack(published).exposed)
    return Made(hidden, seconds, perf_counter() - start, exposed)


def _theirs(
    tables: Tables, values: Ints, folder: Path, patience: float
) -> tuple[Made | None, str | None, float | None]:
    """What MOD makes of a table, how it ended in words, and its seconds; nothing where there is no pytauargus."""
    if not here():
        return None, None, None
    primary = POLICY.primary(tables, values, np.zeros(tables.cells, dtype=bool))
    start = perf_counter()
    try:
        hidden, seconds = modular(tables, values, primary, POLICY.thresholds(tables), folder, patience)
    except Failed:
        return None, "pytauargus MOD, solo protegerla: sin respuesta tras", perf_counter() - start
    if hidden is None:
        return None, "pytauargus MOD, solo protegerla: no terminó en", seconds
    return _attacked(tables, values, hidden, seconds), "pytauargus MOD, solo protegerla", seconds


def _opened(theirs: Made | None) -> str | None:
    return None if theirs is None else f"de lo que oculta pytauargus MOD, {theirs.exposed:,}"
