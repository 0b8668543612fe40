"""Demonstration mode: a registry of invented people, the whole pipeline on it, and a release that says it everywhere.

A demonstration never mixes with real figures: it is published in a folder of its own and has only what is counted from
invented people and, real, the catalogues of places and their boundaries. The site shows what a release has.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from etl.cubes.declared import moment
from etl.cubes.protect import add_cubes
from etl.datasets import with_needs
from etl.demo import registry
from etl.microdata.errors import MicrodataError
from etl.microdata.job import Outcome
from etl.microdata.run import Order, run
from etl.pipeline.run import Result
from etl.pipeline.run import run as run_pipeline
from etl.publish.contents import release_files
from etl.release import Release, publish

ELECTION = "2023-1"
#: Catalogues of places, of elections and of where to vote: no figure about people.
REAL = ("territorio", "limites", "territorio_extranjero", "limites_eeuu", "elecciones", "centros_extranjero")
MARGINALS = ("padron_municipal", "censo_2018", "censo_2018_idiomas", "territorio", "territorio_extranjero")


@dataclass(frozen=True)
class Demonstration:
    """What was made: the invented registry, what was counted from it and the release."""

    registry: Path
    people: int
    outcome: Outcome
    release: Release


def marginals(origin: Path) -> tuple[Mapping[str, pd.DataFrame], date]:
    """The published tables that the invented people must add up to, and their cut-off."""
    result = run_pipeline(with_needs(MARGINALS), origin)
    if result.problems:
        raise MicrodataError(f"las fuentes tienen problemas: {result.problems[0].message}")
    padron = next(item for item in result.datasets if item.name == "padron_municipal")
    cutoff = max(source.cutoff for source in padron.sources())
    return result.tables, cutoff


def write_registry(
    origin: Path, path: Path, people: int | None, seed: int, on_rows: Callable[[int], None] = lambda done: None
) -> tuple[int, date]:
    """Write the invented registry; how many people and as of when."""
    tables, cutoff = marginals(origin)
    path.parent.mkdir(parents=True, exist_ok=True)
    return registry.write(tables, cutoff, path, people, seed, on_rows), cutoff


def demonstrate(
    origin: Path,
    folder: Path,
    people: int | None = None,
    seed: int = registry.SEED,
    say: Callable[[str], None] = lambda words: None,
) -> Demonstration:
    """Invent, count, protect and publish under `folder`: registro_sintetico.parquet, cubos/ and release/."""
    registry = folder / "registro_sintetico.parquet"
    say("Inventando el registro")
    written, cutoff = write_registry(
        origin, registry, people, seed, lambda done: say(f"Inventando el registro: {done:,}")
    )
    result = _catalogues(run_pipeline(with_needs(REAL), origin))
    cubes = folder / "cubos"
    for before in cubes.glob("*") if cubes.is_dir() else ():  # of another demonstration: other people
        if moment(before):
            shutil.rmtree(before)
    order = Order(str(registry), cutoff, cubes / cutoff.isoformat(), (ELECTION,))
    outcome = run(order, result.tables, say)
    say("Protegiendo")
    add_cubes(result, cubes, folder / "release", lambda words: say(f"Protegiendo: {words}"), synthetic=True)
    if result.problems:
        raise MicrodataError(f"no se puede publicar: {result.problems[0].message}")
    say("Publicando")
    return Demonstration(registry, written, outcome, publish(*release_files(result), folder / "release"))


def _catalogues(result: Result) -> Result:
    """The catalogues of `result` and nothing else: what one of them needs may have figures about people."""
    accounts = [item for item in result.accounts if item.dataset.name in REAL]
    tables = {table.name: result.tables[table.name] for item in accounts for table in item.dataset.tables}
    return replace(
        result,
        accounts=accounts,
        tables=tables,
        notices=[item for item in result.notices if item.dataset in REAL],
    )
