"""The invented registry that benchmarks count, made once for those that are run together, and the command that counts it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from bench.figures import ROOT, Run
from bench.size import Size


@dataclass(frozen=True)
class Registry:
    """A registry of nobody: its file, how many records it has, and the run that made it."""

    path: Path
    people: int
    made: Run


_MADE: dict[Path, Registry] = {}
PEOPLE = re.compile(r"de ([\d,]+) personas inventadas")


def demonstrated(size: Size) -> Registry:
    """The registry of a whole demonstration; beside it, an earlier one, their cubes and the release. Its run made it all."""
    path = size.folder / "trabajo" / "registro_sintetico.parquet"
    if path not in _MADE:
        wanted = [] if size.people is None else ["--personas", str(size.people)]
        made = size.run(["-m", "etl", "demo", "--carpeta", str(path.parent), *wanted], ROOT)
        _MADE[path] = Registry(path, int(PEOPLE.findall(made.said)[-1].replace(",", "")), made)
    return _MADE[path]


def invented(size: Size, people: int | None) -> Registry:
    """A registry of `people` records (None: as many as are registered) under the folder of `size`."""
    folder = size.folder / ("registro" if people is None else f"registro-{people}")
    wanted = [] if people is None else ["--personas", str(people)]
    path = folder / "registro_sintetico.parquet"
    if not path.exists():
        made = size.run(["-m", "etl", "demo", "--solo-registro", "--carpeta", str(folder), *wanted], ROOT)
        _MADE[path] = Registry(path, pq.ParquetFile(path).metadata.num_rows, made)
    return _MADE[path]


def counted(size: Size, source: Path | str, day: str, cubes: Path, table: str | None = None) -> Run:
    """Count `source`, or its `table`, as of `day`, as staff do, leaving the exact cubes in the folder `cubes`."""
    layout = [] if size.layout is None else ["--columnas", str(size.layout)]
    election = [] if size.election is None else ["--eleccion", size.election]
    command = ["-m", "etl", "microdata", str(source), "--corte", day, "--cubos", str(cubes)]
    asked = [] if table is None else ["--tabla", table]
    return size.run([*command, *layout, *election, *asked], ROOT)
