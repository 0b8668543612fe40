"""A release whose cubes of people abroad are invented whole, so that tests know what is under every confidential cell.

Two cut-offs, two elections, a country besides the United States, a city that the catalogue does not bring. Totals are what
they are in a published cube: true, whatever is hidden below them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.pages import extranjero
from dashboard.pages.model import Page, Request, face_of
from dashboard.render.html import to_html
from dashboard.site import Site
from etl.fields.told import ROW
from etl.model import TOTAL
from etl.release import DATAPACKAGE, MANIFEST, Release
from tests.release_support import sealed

REGISTRY, ROLL = "extranjero_cubo", "participacion_extranjero_cubo"
DAYS = (date(2025, 7, 12), date(2026, 7, 12))
ELECTIONS = ("2019-1", "2023-1")
PLACE = ("pais_residencia", "estado_residencia", "ciudad_residencia")
CITIES = (
    ("US", "CA", "los_angeles"),
    ("US", "CA", "san_diego"),
    ("US", "NY", "nueva_york"),
    ("US", "TX", "otra"),
    ("ZZ", "ZZ", "otra"),
)
SEXOS = ("mujeres", "hombres")
EDADES = ("18_25", "26_30", "31_35", "70_mas")
ORIGENES = ("01", "13", "16", "22")
COLUMNS = (*PLACE, "sexo", "grupo_edad", "codigo_departamento_origen")
#: What each cube crosses, as the release declares: the columns that are filled together.
CROSSES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    REGISTRY: (
        (*PLACE, "sexo", "grupo_edad"),
        (*PLACE, "sexo", "codigo_departamento_origen"),
        ("sexo", "grupo_edad", "codigo_departamento_origen"),
    ),
    ROLL: (PLACE, ("sexo",), ("grupo_edad",)),
}
SEED = 1612
HIDDEN = "confidencial"


def page(site: Site, query: dict[str, str], accessible: bool = False, of: Page = extranjero.PAGE) -> str:
    """What the page of the people abroad answers, as HTML; or another page about them."""
    screen = of.screen(site, Request(query, face_of(of.path, accessible)))
    assert screen.status == 200
    return "".join(to_html(node) for node in screen.content)


def margins(cross: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The sets of columns that are filled in the rows of a cross, from none to all; those of a place, from its country."""
    rest = [name for name in cross if name not in PLACE]
    places = [PLACE[:depth] for depth in range(len(PLACE) + 1)] if PLACE[0] in cross else [()]
    for place, *chosen in product(places, *([(), (name,)] for name in rest)):
        yield (*place, *(name for part in chosen for name in part))


def people(chance: np.random.Generator, least: int, most: int) -> pd.DataFrame:
    """How many there are of each combination of all the columns."""
    rows = [(*city, *rest) for city in CITIES for rest in product(SEXOS, EDADES, ORIGENES)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.assign(n=chance.integers(least, most, len(frame)))


def cells(frame: pd.DataFrame, cube: str, count: str) -> pd.DataFrame:
    """The rows of a cube: the true counts of its crosses, TOTAL where a column is added up."""
    found = []
    for margin in dict.fromkeys(margin for cross in CROSSES[cube] for margin in margins(cross)):
        keys = list(margin)
        summed = frame.groupby(keys)["n"].sum().reset_index() if keys else pd.DataFrame({"n": [frame["n"].sum()]})
        found.append(summed.assign(**{name: TOTAL for name in COLUMNS if name not in margin}))
    return pd.concat(found, ignore_index=True)[[*COLUMNS, "n"]].rename(columns={"n": count})


def hide(frame: pd.DataFrame, count: str, chance: np.random.Generator) -> tuple[pd.Series, pd.Series]:
    """What is published of some counts and the state of each: the grand total always, of the others not a part of them."""
    whole = (frame[list(COLUMNS)] == TOTAL).all(axis=1)
    hidden = (chance.random(len(frame)) < 0.25) & ~whole
    state = pd.Series(np.where(hidden, HIDDEN, "publicada"), index=frame.index)
    return frame[count].astype("Int64").mask(hidden), state


def registry(chance: np.random.Generator) -> pd.DataFrame:
    """The registry abroad at each cut-off."""
    parts = []
    for day in DAYS:
        found = cells(people(chance, 200, 9_000), REGISTRY, "empadronados")
        found["empadronados"], found["estado_celda"] = hide(found, "empadronados", chance)
        parts.append(found.assign(fecha_corte=day))
    return pd.concat(parts, ignore_index=True)


def roll(chance: np.random.Generator) -> pd.DataFrame:
    """The roll abroad and the voters of each election."""
    parts = []
    for event in ELECTIONS:
        everybody = people(chance, 2_000, 9_000)
        voters = everybody.assign(n=(everybody["n"] * chance.uniform(0.005, 0.03, len(everybody))).astype(int))
        found = cells(everybody, ROLL, "empadronados")
        found["votantes"] = cells(voters, ROLL, "votantes")["votantes"]
        for count, state in (("empadronados", "estado_celda"), ("votantes", "estado_votantes")):
            found[count], found[state] = hide(found, count, chance)
        parts.append(found.assign(fecha_corte=DAYS[-1], eleccion=event))
    return pd.concat(parts, ignore_index=True)


def with_people_abroad(release: Path) -> Mapping[str, pd.DataFrame]:
    """Write the invented cubes in a copy of a release that has others, to be changed; what they publish, by name."""
    chance = np.random.default_rng(SEED)
    made = {REGISTRY: registry(chance), ROLL: roll(chance)}
    manifest = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    for item in manifest["archivos"]:
        if item["tabla"] in made:
            path = release / item["nombre"]
            schema = pq.read_schema(path)
            before = pd.read_parquet(path)
            told = {item.name: before[item.name].iloc[0] for item in ROW if item.name in before}
            frame = made[item["tabla"]].assign(sintetico=True, **told)
            for name in schema.names:
                if name.endswith("_etiqueta"):
                    frame[name] = frame[name.removesuffix("_etiqueta")]
            if "fecha_corte" not in schema.names:
                frame = frame[frame["fecha_corte"] == DAYS[-1]]
            pq.write_table(pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False), path)
            content = path.read_bytes()
            item |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "filas": len(frame)}
            item["fuentes"] = [_of_day(item["fuentes"][0], day) for day in DAYS]
    (release / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    sealed(release)
    return made


def _of_day(source: Mapping[str, Any], day: date) -> dict[str, Any]:
    return {**deepcopy(dict(source)), "corte": day.isoformat(), "corte_texto": day.isoformat()}


def declaring(release: Path, folder: Path, cube: str, crosses: tuple[tuple[str, ...], ...]) -> Release:
    """A copy of a release whose cube declares other crosses."""
    shutil.copytree(release, folder)
    package = json.loads((folder / DATAPACKAGE).read_text(encoding="utf-8"))
    for item in package["resources"]:
        if item["name"] == cube:
            item["cruces"] = [list(cross) for cross in crosses]
    (folder / DATAPACKAGE).write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    return Release.open(folder)
