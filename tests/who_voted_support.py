"""The cube of several elections, read by pandas, and the questions about who voted that are asked of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.pages.model import Request, face_of
from dashboard.pages.participacion import PAGE
from dashboard.render.html import to_html
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS
from dashboard.words import WITHHELD
from etl.model import TOTAL
from tests.release_support import sealed
from tests.site_support import Document

CUBE = "participacion_cubo"
HIDDEN = ("confidencial", "no_tabulada")
DIMENSIONS = ("sexo", "grupo_edad", "alfabetismo", "pueblo")
ELECTIONS = ("2015-1", "2019-1", "2023-1")
SEED = 1612
FEW, SAYS_NOTHING = 100, ("sin_dato", "no_aplica")
#: Cells of the country that are hidden besides those of the cube: (election, sexo, age).
ALSO_HIDDEN = (("2019-1", "hombres", "18_25"), ("2023-1", "mujeres", "70_mas"))
#: What is in each part of the page after the map.
INSIDE = (".quien-vota", "table", "a.boton", ".etiqueta")
PLACES = ("", "09", "0101", "0901", "1601")
ASKED = (
    {},
    {"sexo": "mujeres"},
    {"sexo": "hombres", "edad": "18_25"},
    {"sexo": "mujeres", "pueblo": "maya", "por": "pueblo"},
    {"por": "edad"},
    {"alfabetismo": "analfabeta"},
)


def with_elections(folder: Path, stored: int | None) -> Path:
    """The cube of a release with two more elections, one in which men voted more; nobody may see the `stored` of its hidden
    cells.
    """
    path = next(folder.glob(f"*{CUBE}.parquet"))
    table = pq.read_table(path)
    now = told(table.to_pandas())
    women, men = now["sexo"] == "mujeres", now["sexo"] == "hombres"
    frames = [now.assign(eleccion="2023-1")]
    for code, factor, more in (("2015-1", 0.8, 0.03), ("2019-1", 0.9, -0.09)):
        moved = (now["votantes"] * (factor + more * women - more * men)).round()
        frames.append(now.assign(eleccion=code, votantes=moved.clip(upper=now["empadronados"])))
    found = pd.concat(frames, ignore_index=True)
    for election, sexo, age in ALSO_HIDDEN:
        place = (found["codigo_departamento"] == TOTAL) & (found["eleccion"] == election)
        found.loc[place & (found["sexo"] == sexo) & (found["grupo_edad"] == age), "estado_votantes"] = "confidencial"
    rewrite(folder, path, pa.Table.from_pandas(masked(found, stored), schema=table.schema, preserve_index=False))
    return folder


def with_told(folder: Path) -> Path:
    """A release whose cube of elections, as it is, tells some of the cells that it hides."""
    path = next(folder.glob(f"*{CUBE}.parquet"))
    table = pq.read_table(path)
    found = masked(told(table.to_pandas()), None)
    rewrite(folder, path, pa.Table.from_pandas(found, schema=table.schema, preserve_index=False))
    return folder


def masked(cube: pd.DataFrame, stored: int | None) -> pd.DataFrame:
    """A cube with `stored` under every state that hides a count."""
    found = cube.copy()
    for count, state in (("empadronados", "estado_celda"), ("votantes", "estado_votantes")):
        found[count] = found[count].astype("Int64").mask(found[state].isin(HIDDEN), stored)
    return found


def told(cube: pd.DataFrame) -> pd.DataFrame:
    """The cells of a cube with an invented count in those that it hides, of which one in four is hidden still, and of its
    country nearly none: so few people as the tests have leave little to tell of a municipio.
    """
    chance = np.random.default_rng(SEED)
    country = cube["codigo_departamento"] == TOTAL
    roll = cube["empadronados"].fillna(pd.Series(chance.integers(60, 900, len(cube)), cube.index)).astype("int64")
    voters = cube["votantes"].fillna((roll * chance.uniform(0.3, 0.8, len(cube))).round()).astype("int64")
    found = cube.assign(empadronados=roll, votantes=voters.clip(upper=roll))
    for state in ("estado_celda", "estado_votantes"):
        still = chance.random(len(cube)) < np.where(country, 0, 0.25)
        found[state] = np.where(cube[state].isin(HIDDEN) & ~still, "publicada", cube[state])
    return found


def rewrite(folder: Path, path: Path, table: pa.Table) -> None:
    """Put a table in the place of another, and say so in the manifest."""
    pq.write_table(table, path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for item in manifest["archivos"]:
        if item["nombre"] == path.name:
            item |= {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    sealed(folder)


class Cell:
    """What the cube publishes of one group, read by pandas and by nothing of the site."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.roll = None if row["estado_celda"] in HIDDEN else int(row["empadronados"])
        self.voters = None if row["estado_votantes"] in HIDDEN else int(row["votantes"])
        self.hidden = self.roll is None or self.voters is None
        self.rate = None if self.hidden or not self.roll else 100 * self.voters / self.roll


class Cube:
    """The cube of a release, read by itself."""

    def __init__(self, folder: Path) -> None:
        frame = pd.read_parquet(next(folder.glob(f"*{CUBE}.parquet")))
        self.cells = {
            (
                row["eleccion"],
                row["codigo_departamento"],
                row["codigo_municipio"],
                *(row[name] for name in DIMENSIONS),
            ): Cell(row)
            for row in frame.to_dict("records")
        }
        self.values = {name: sorted(set(frame[name]) - {TOTAL}) for name in DIMENSIONS}

    def cell(self, election: str, code: str, **group: str) -> Cell | None:
        place = (code[:2] or TOTAL, code if len(code) == 4 else TOTAL)
        return self.cells.get((election, *place, *(group.get(name, TOTAL) for name in DIMENSIONS)))

    def by(self, name: str, election: str, code: str, **group: str) -> dict[str, Cell]:
        found = {value: self.cell(election, code, **{**group, name: value}) for value in self.values[name]}
        return {value: cell for value, cell in found.items() if cell is not None}


def askings() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every place, in some election and for some group, and the country in all of them."""
    for turn, group in enumerate(ASKED):
        for place in PLACES:
            chosen = ELECTIONS if not place else (ELECTIONS[turn % 3],)
            yield from ((place, election, group) for election in chosen)


def sexo_of(asked: dict[str, str]) -> dict[str, str]:
    """The sexo that is answered of what is asked: the cube does not cross it with the pueblos."""
    return {"sexo": asked["sexo"]} if "sexo" in asked and "pueblo" not in asked else {}


def ask(site: Site, view: str, place: str, election: str, group: dict[str, str]) -> Answer:
    """The answer to an address that asks all of it; each view takes its part."""
    key = "lugar" if len(place) == 4 else "departamento"
    query = {"eleccion": election, **group} | ({key: place} if place else {})
    return site.answer(view, VIEWS[view].asked(query, site.data).selection)


def records(answer: Answer) -> list[dict[str, Any]]:
    names = [column.field.name for column in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.rows]


def figures(answer: Answer) -> list[list[float | None]]:
    """The exact figures of each sentence."""
    return [[figure.value for figure in item.figures()] for item in answer.sentences]


def same(row: dict[str, Any], cell: Cell, end: str = "") -> bool:
    """Whether a row of a table has what the cube publishes of a group, and says what it hides."""
    stated = (row[f"estado_votaron{end}"] == WITHHELD, row[f"estado_empadronados{end}"] == WITHHELD)
    return (row[f"por_cien{end}"], row[f"votaron{end}"], row[f"empadronados{end}"]) == (
        cell.rate,
        cell.voters,
        cell.roll,
    ) and stated == (cell.hidden, cell.roll is None)


def page(site: Site, accessible: bool, **query: str) -> Document:
    screen = PAGE.build(site, Request(query, face_of("/participacion", accessible)))
    return Document("".join(to_html(node) for node in screen.content))
