"""What is learnt of some people who left or moved, by whoever reads what was published before and a year later.

The people are taken by chance from the registry of the demonstration; what is left is counted with the command that staff use,
and protected against what was published. The attack is the blind one of the tests, and the records only check its guesses.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bench.figures import ROOT, Figure
from bench.registry import demonstrated
from bench.size import Size
from etl.cubes.exact import Exact, waiting
from etl.cubes.public import cubes_of
from etl.disclosure.frames import protect_together
from etl.pipeline.clock import TODAY
from etl.release import Release
from tests.blind_support import SENSITIVE, coded, learnt

CUBE, ELECTION = "padron_cubo", "2023-1"
A_MONTH = 7_653 / 10_121_082  # of those registered: who left the registry in a month, by the tribunal's own tables
MOVED = 0.1  # as many people as this part of those who leave move to another place
PLACE = ["CODDEP", "CODMUN"]
SEED = 1994


@dataclass(frozen=True)
class Change:
    """A registry a year later, and the records of who left it or moved: as they were, and as those who moved are."""

    registry: Path
    left: pd.DataFrame
    arrived: pd.DataFrame


def measure(size: Size) -> list[Figure]:
    """Of 1, 3, 50 and a month's people: those of whom the pueblo, the community or the vote follows."""
    registry = demonstrated(size)
    month = max(round(A_MONTH * registry.people), 1)
    return [_figure(size, registry.path, many) for many in sorted({1, 3, 50, month})]


def _figure(size: Size, registry: Path, many: int) -> Figure:
    cubes = waiting(registry.parent / "cubos").found.values()
    exact = sorted((one for one in cubes if one.part.cube == CUBE), key=lambda one: one.part.cutoff)
    last = date.fromisoformat(exact[-1].part.cutoff)
    later = last.replace(year=last.year + 1)
    change = _change(registry, size.folder / f"registro-sin-{many}.parquet", many)
    after = _published(size, change.registry, later, exact)
    release = cubes_of(Release.open(registry.parent / "release" / "current"))
    (before,) = (
        release.frames[title]
        for title, part in release.parts.items()
        if part.cube == CUBE and part.cutoff == last.isoformat()
    )
    left, arrived = (coded(people, last.isoformat(), ELECTION) for people in (change.left, change.arrived))
    found = learnt({CUBE: before}, {CUBE: after}, left, arrived)
    change.registry.unlink()
    return Figure(
        f"personas que se van ({many:,}): de cuántas se sabe el pueblo, la comunidad o el voto",
        found.people(*SENSITIVE),
        "personas",
        0,
        note=f"y {len(arrived):,} que se mudan; {found.wrong:,} conjeturas falsas, de lo que el Tribunal publica él mismo",
    )


def _change(registry: Path, path: Path, many: int) -> Change:
    """The registry without `many` people of the country, and with some who moved, written in `path`."""
    table = pq.read_table(registry)
    chance = np.random.default_rng(SEED + many)
    home = np.flatnonzero(table["PAIS_RESIDENCIA"].is_null().to_numpy())
    chosen = chance.choice(home, many + max(round(MOVED * many), 1), replace=False)
    gone, moved = (table.take(rows).to_pandas() for rows in (chosen[:many], chosen[many:]))
    there = moved.assign(**table.select(PLACE).take(chance.choice(home, len(moved))).to_pandas())
    keep = np.ones(table.num_rows, dtype=bool)
    keep[chosen] = False
    rest = table.filter(pa.array(keep))
    pq.write_table(pa.concat_tables([rest, pa.Table.from_pandas(there, rest.schema, preserve_index=False)]), path)
    other = (moved[PLACE] != there[PLACE]).any(axis=1)
    return Change(path, pd.concat([gone, moved[other]], ignore_index=True), there[other])


@contextmanager
def _on(day: date) -> Iterator[None]:
    """While it lasts, the commands take that day for today: a cut-off that has not come yet is refused."""
    before = os.environ.get(TODAY)
    os.environ[TODAY] = day.isoformat()
    try:
        yield
    finally:
        os.environ.pop(TODAY)
        if before is not None:
            os.environ[TODAY] = before


def _published(size: Size, registry: Path, day: date, before: list[Exact]) -> pd.DataFrame:
    """What may be published of a registry, when it was published at other cut-offs."""
    cubes = size.folder / f"cubos-de-{registry.stem}"
    with _on(day):
        size.run(["-m", "etl", "microdata", str(registry), "--corte", day.isoformat(), "--cubos", str(cubes)], ROOT)
    ((title, now),) = ((name, one) for name, one in waiting(cubes).found.items() if one.part.cube == CUBE)
    published, _ = protect_together(
        {title: now.cube}, {title: now.frame}, before={title: [one.frame for one in before]}
    )
    return published[title]
