"""Demonstration mode: a registry of invented people, the whole pipeline on it, and a release that says it everywhere.

A demonstration never mixes with real figures of the registry or of an election: it is published in a folder of its own,
and has what is counted from invented people (two cut-offs, three elections) and, real and each with its source, the
catalogues of places, their boundaries, the census and the population. The site shows what a release has.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from etl.cubes.declared import CUBES, moment
from etl.cubes.protect import add_cubes
from etl.datasets import with_needs
from etl.demo import registry
from etl.demo.turnout import ELECTIONS
from etl.microdata.errors import MicrodataError
from etl.microdata.job import Outcome
from etl.microdata.run import Order, run
from etl.model import Notice
from etl.pipeline.run import Result
from etl.pipeline.run import run as run_pipeline
from etl.publish.contents import release_files
from etl.release import Release, publish

#: What is real: places, boundaries, elections, where to vote and register, and how many people there are.
REAL = (
    *(
        "territorio",
        "limites",
        "territorio_extranjero",
        "limites_eeuu",
        "elecciones",
        "centros_extranjero",
        "consulados",
    ),
    *(
        "procedimientos",
        "censo_2018",
        "censo_2018_idiomas",
        "poblacion",
        "poblacion_2011_2015",
        "guatemaltecos_eeuu",
    ),
)
MARGINALS = ("padron_municipal", "censo_2018", "censo_2018_idiomas", "territorio", "territorio_extranjero")
REGISTRY, EARLIER = "registro_sintetico.parquet", "registro_sintetico_anterior.parquet"


@dataclass(frozen=True)
class Demonstration:
    """What was made: the invented registries, what was counted from each (the newest first) and the release."""

    registry: Path
    people: int
    outcomes: tuple[Outcome, ...]
    release: Release


def marginals(origin: Path) -> tuple[Mapping[str, pd.DataFrame], date]:
    """The published tables that the invented people must add up to, and their cut-off."""
    return _marginals(_read(MARGINALS, origin))


def _marginals(result: Result) -> tuple[Mapping[str, pd.DataFrame], date]:
    padron = next(item for item in result.datasets if item.name == "padron_municipal")
    return result.tables, max(source.cutoff for source in padron.sources())


def _read(names: tuple[str, ...], origin: Path) -> Result:
    result = run_pipeline(with_needs(names), origin)
    if result.problems:
        raise MicrodataError(f"las fuentes tienen problemas: {result.problems[0].message}")
    return result


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
    """Invent, count, protect and publish under `folder`: two registries, cubos/ and release/."""
    say("Leyendo lo publicado")
    result = _read((*REAL, *MARGINALS), origin)
    tables, cutoff = _marginals(result)
    path, earlier = folder / REGISTRY, folder / EARLIER
    folder.mkdir(parents=True, exist_ok=True)
    say("Inventando el registro")
    written = registry.write(
        tables, cutoff, path, people, seed, lambda done: say(f"Inventando el registro: {done:,}"), earlier
    )
    cubes = folder / "cubos"
    _forget(cubes)
    outcomes = []
    for source, day, elections in ((path, cutoff, ELECTIONS), (earlier, registry.year_before(cutoff), ())):
        outcomes.append(run(Order(str(source), day, cubes / day.isoformat(), elections), tables, say))
    release = _publish(result, folder, people, (written, registry.stood_for(tables, seed)), say)
    return Demonstration(path, written, tuple(outcomes), release)


def recount(origin: Path, folder: Path, delivery: Path) -> Release:
    """Publish the demonstration of `folder` again with another `delivery` of its newest registry; what else it has, as it was.

    Nobody of those invented is a real person, so the same election may be counted again.
    """
    result = _read((*REAL, *MARGINALS), origin)
    tables, cutoff = _marginals(result)
    run(Order(str(delivery), cutoff, folder / "cubos" / cutoff.isoformat(), ELECTIONS), tables, lambda words: None)
    written = pq.ParquetFile(delivery).metadata.num_rows
    return _publish(result, folder, None, (written, registry.stood_for(tables, registry.SEED)), lambda words: None)


def _publish(
    result: Result, folder: Path, people: int | None, invented: tuple[int, int], say: Callable[[str], None]
) -> Release:
    """Protect what waits in `folder` and publish it beside what is real of `result`."""
    made = _real(result)
    say("Protegiendo")
    destination = folder / "release"
    add_cubes(made, folder / "cubos", destination, lambda words: say(f"Protegiendo: {words}"), synthetic=True)
    if made.problems:
        raise MicrodataError(f"no se puede publicar: {made.problems[0].message}")
    made.notices += _notices(people)
    made.invented = invented
    say("Publicando")
    return publish(*release_files(made), destination)


def _forget(cubes: Path) -> None:
    """Remove the counts of another demonstration, of other people; what was chosen for them may serve again."""
    for before in cubes.glob("*") if cubes.is_dir() else ():
        if moment(before):
            shutil.rmtree(before)


def _real(result: Result) -> Result:
    """What of `result` goes beside invented people: what some of it needs has figures of the registry and of elections."""
    accounts = [item for item in result.accounts if item.dataset.name in REAL]
    return replace(
        result,
        accounts=accounts,
        tables={table.name: result.tables[table.name] for item in accounts for table in item.dataset.tables},
        artifacts={name: made for name, made in result.artifacts.items() if made[0].name in REAL},
        notices=[item for item in result.notices if item.dataset in REAL],
    )


def _notices(people: int | None) -> list[Notice]:
    """What a reader of a registry smaller than the published one must know."""
    if people is None:
        return []
    message = (
        f"Son {people:,} personas inventadas, muchas menos que las empadronadas: su proporción de la población, que es la "
        "publicada, no dice nada. Para que se vean sus grupos, quienes residen en el extranjero son más de los que tocarían, "
        "y en cada municipio solo hay los pueblos y las comunidades con bastantes personas."
    )
    return [Notice(cube.name, message) for cube in CUBES]
