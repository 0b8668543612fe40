"""Demonstration mode: a registry of nobody, the whole pipeline on it, and a release that says so everywhere.

A demonstration never mixes with real figures: it is published in a folder of its own, its tables count invented people
(or are empty, when they cannot), and only the catalogue of territory and its boundaries are real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from etl.cubes.tables import cube_dataset, cube_frame, synthetic_dataset
from etl.datasets import all_datasets, with_needs
from etl.demo import registry
from etl.disclosure.frames import protect_frames
from etl.disclosure.utility import utility
from etl.microdata.errors import MicrodataError
from etl.microdata.job import Outcome
from etl.microdata.run import Order, run
from etl.model import TOTAL, Dataset, Frames, Kind
from etl.pipeline import validate
from etl.pipeline.run import Account, Result
from etl.pipeline.run import run as run_pipeline
from etl.publish.contents import release_files
from etl.publish.parquet import TYPES
from etl.release import Release, publish

ELECTION = "2023-1"
REAL = ("territorio", "limites", "territorio_extranjero", "limites_eeuu")  # places: no figure about people
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
    cutoff = next(item.inputs[0].source.cutoff for item in result.datasets if item.name == "padron_municipal")
    return {**result.tables, "corte": cutoff}, cutoff


def write_registry(
    origin: Path, path: Path, people: int | None, seed: int, on_rows=lambda done: None
) -> tuple[int, date]:
    """Write the invented registry; how many people and as of when."""
    tables, cutoff = marginals(origin)
    path.parent.mkdir(parents=True, exist_ok=True)
    return registry.write(tables, path, people, seed, on_rows), cutoff


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
    catalogue = run_pipeline(with_needs(REAL), origin)
    order = Order(str(registry), cutoff, folder / "cubos" / cutoff.isoformat(), ELECTION)
    outcome = run(order, catalogue.tables, say)
    say("Protegiendo")
    frames, _ = protect_frames(outcome.cubes, outcome.frames, lambda words: say(f"Protegiendo: {words}"))
    say("Publicando")
    result = _result(catalogue, outcome, frames, cutoff)
    return Demonstration(registry, written, outcome, publish(*release_files(result), folder / "release"))


def _result(catalogue: Result, outcome: Outcome, frames: Frames, cutoff: date) -> Result:
    result = replace(catalogue, accounts=list(catalogue.accounts), tables=dict(catalogue.tables), utility={})
    invented = set()
    for name, cube in outcome.cubes.items():
        account = Account(
            cube_dataset(cube, cutoff, True),
            outcome.account.read,
            outcome.account.loaded,
            dict(outcome.account.rejected),
        )
        _add(result, account, {name: cube_frame(cube, frames[name], ELECTION, True)})
        result.utility[name] = utility({name: cube}, frames)
        invented.add(name)
    counted = _padron_municipal(frames["padron_cubo"])
    for dataset in all_datasets():
        if dataset.name not in REAL:
            own = counted if dataset.name == "padron_municipal" else {}
            marked = synthetic_dataset(dataset, cutoff)
            _add(result, Account(marked), {t.name: own.get(t.name, _empty(dataset, t.name)) for t in marked.tables})
            invented.add(dataset.name)
    result.synthetic = frozenset(invented)
    return result


def _add(result: Result, account: Account, tables: Mapping[str, pd.DataFrame]) -> None:
    dataset = account.dataset
    result.accounts.append(account)
    result.corrections[dataset.name] = ()
    for table in dataset.tables:
        frame = tables[table.name]
        if "sintetico" not in frame:
            frame = frame.assign(sintetico=pd.Series(True, index=frame.index, dtype="boolean"))
        if any(item.kind is Kind.GEOMETRIA for item in table.fields):
            result.tables[table.name] = frame
            continue
        result.tables[table.name] = validate.typed(table, frame)


def _padron_municipal(cells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The two tables of the TSE's layout, counted from the invented people; without the rows that are confidential."""
    cells = cells[cells["empadronados"].notna()]
    local = cells[(cells["codigo_municipio"] != TOTAL) & (cells["sexo"] != TOTAL)].assign(residencia="pais")
    blank = {name: local[name] == TOTAL for name in ("grupo_edad", "alfabetismo", "pueblo", "comunidad_linguistica")}
    others = blank["pueblo"] & blank["comunidad_linguistica"]
    return {
        "padron_municipal_edad": local[~blank["grupo_edad"] & blank["alfabetismo"] & others],
        "padron_municipal_alfabetismo": local[blank["grupo_edad"] & ~blank["alfabetismo"] & others],
    }


def _empty(dataset: Dataset, table_name: str) -> pd.DataFrame:
    """The table without rows: a real figure has no place in a demonstration."""
    declared = dataset.table(table_name)
    schema = pa.schema([(item.name, TYPES.get(item.kind, pa.binary())) for item in declared.fields])
    frame = schema.empty_table().to_pandas()
    if any(item.kind is Kind.GEOMETRIA for item in declared.fields):
        import geopandas

        name = next(item.name for item in declared.fields if item.kind is Kind.GEOMETRIA)
        frame = frame.assign(**{name: geopandas.GeoSeries([], crs="EPSG:32615")})
    return frame
