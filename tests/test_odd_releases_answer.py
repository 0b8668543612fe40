"""Promise: a release with less than the demonstration's is answered on every page: with one of the four cubes or none, counted
once, with nobody abroad, all confidential, empty, without a column, or of two cut-offs of which one lacks a cross. And what an
address asks, rubbish too, is a page with a notice or a refusal with words: never an error of the site.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from etl.release import DATAPACKAGE, MANIFEST
from tests.release_support import asked_of, sealed
from tests.site_support import Document, accessible

CUBES = ("padron_cubo", "participacion_cubo", "extranjero_cubo", "participacion_extranjero_cubo")
Change = Callable[[str, pd.DataFrame], pd.DataFrame | None]


def one_moment(_: str, frame: pd.DataFrame) -> pd.DataFrame:
    for name in ("fecha_corte", "eleccion"):
        frame = frame[frame[name] == frame[name].max()] if name in frame else frame
    return frame


def before_cutoffs(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """As a release was before its cubes said which cut-off and which election they count."""
    return one_moment(name, frame).drop(columns=[item for item in ("fecha_corte", "eleccion") if item in frame])


def all_hidden(_: str, frame: pd.DataFrame) -> pd.DataFrame:
    hidden = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    for count, state in (("empadronados", "estado_celda"), ("votantes", "estado_votantes")):
        frame = frame.assign(**{count: hidden, state: "confidencial"}) if count in frame else frame
    return frame


def without(column: str, *cubes: str) -> Change:
    def change(name: str, frame: pd.DataFrame) -> pd.DataFrame | None:
        if name not in cubes or column not in frame:
            return None
        return frame[frame[column] == "total"].drop(columns=column)

    return change


def cutoff_without_literacy(name: str, frame: pd.DataFrame) -> pd.DataFrame | None:
    older = frame["fecha_corte"] == frame["fecha_corte"].min()
    return frame[~older | (frame["alfabetismo"] == "total")] if name == "padron_cubo" else None


#: What is changed of each cube, and the cubes that are left.
ODD: dict[str, tuple[Change, tuple[str, ...]]] = {
    "no cube": (lambda name, frame: None, ()),
    "nobody abroad": (lambda name, frame: frame.iloc[:0] if "extranjero" in name else None, CUBES),
    "a cut-off without literacy": (cutoff_without_literacy, CUBES),
    **{f"only {cube}": (lambda name, frame: None, (cube,)) for cube in CUBES},
    "before cut-offs": (before_cutoffs, CUBES),
    "one election and one cut-off": (one_moment, CUBES),
    "all hidden": (all_hidden, CUBES),
    "empty tables": (lambda name, frame: frame.iloc[:0], CUBES),
    "no pueblo": (without("pueblo", *CUBES), CUBES),
    "no pueblo in one": (without("pueblo", "participacion_cubo"), CUBES),
    "no sexo abroad": (without("sexo", "extranjero_cubo", "participacion_extranjero_cubo"), CUBES),
    "no origin in one": (without("codigo_departamento_origen", "participacion_extranjero_cubo"), CUBES),
}
LIGHT = 3


def changed(release: Path, folder: Path, change: Change, kept: tuple[str, ...]) -> Path:
    """A copy of the release in `folder` with some cubes changed and the others taken out, which says so of itself."""
    copy = shutil.copytree(release.resolve(), folder)
    package, manifest = (json.loads((copy / name).read_text(encoding="utf-8")) for name in (DATAPACKAGE, MANIFEST))
    for entry in [item for item in manifest["archivos"] if item["tabla"] in CUBES]:
        name, path = entry["tabla"], copy / entry["nombre"]
        if name not in kept:
            manifest["archivos"].remove(entry)
            manifest["datasets"] = [item for item in manifest["datasets"] if item["nombre"] != name]
            package["resources"] = [item for item in package["resources"] if item["name"] != name]
            continue
        before = pd.read_parquet(path)
        after = change(name, before)
        if after is not None:
            after.to_parquet(path, index=False)
            declare(next(item for item in package["resources"] if item["name"] == name), {*before} - {*after})
        content = path.read_bytes()
        entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    for name, said in ((DATAPACKAGE, package), (MANIFEST, manifest)):
        (copy / name).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return sealed(copy)


def declare(resource: dict[str, Any], lost: set[str]) -> None:
    """Leave the columns `lost` out of what is declared of a table."""
    schema = resource["schema"]
    schema["fields"] = [item for item in schema["fields"] if item["name"] not in lost]
    schema["primaryKey"] = [name for name in schema["primaryKey"] if name not in lost]
    crosses = [tuple(name for name in cross if name not in lost) for cross in resource["cruces"]]
    resource["cruces"] = [list(cross) for cross in dict.fromkeys(crosses)]


PAGES = (
    *("/", "/padron", "/participacion", "/extranjero", "/ficha/extranjero", "/ficha/0101", "/ficha/pais", "/cruces"),
    *("/comparar?lugares=0101,1601,16", "/participacion/lugares", "/que-falta", "/datos", "/estado"),
    "/padron?indicador=empadronados&corte=2025-07-12&alfabetismo=analfabeta",
    "/padron?indicador=cambio-corte&alfabetismo=analfabeta",
    "/participacion?indicador=votaron&pueblo=maya&sexo=mujeres",
    "/participacion?indicador=brecha-votantes&sexo=mujeres&lugar=0101",
    "/participacion?indicador=cambio-participacion&edad=18_25",
    "/extranjero?cuenta=votantes&sexo=mujeres",
    "/extranjero?cuenta=participacion&origen=19",
    "/cruces?cuenta=votaron&filas=pueblo&columnas=sexo",
    "/cruces?filas=origen&columnas=estado",
    "/comparar?lugares=0101,16&sexo=mujeres&corte=2025-07-12&eleccion=2015-1",
)
#: Where a release with less was once an error.
FAULTS = ("/comparar?lugares=0101,1601,16", "/extranjero", accessible("/ficha/extranjero?sexo=mujeres"), PAGES[13])
VIEWS = ("padron_mapa", "participacion_mapa", "cruces", "diaspora_piramide", "quien_vota_grupos", "padron_alfabetismo")
MORE = (*("comparar", "diaspora_donde", "diaspora_matriz", "diaspora_voto", "diaspora_edades", "diaspora_origen"),)


def assert_it_answers(release: Path, pages: Sequence[str]) -> None:
    files = [
        f"/descargas/vista/{view}.csv?lugares=0101,16" if view == "comparar" else f"/descargas/vista/{view}.csv"
        for view in (*VIEWS, *MORE)
    ]
    whole = ("/api/v1/parametros", "/api/v1/openapi.json")
    answers = asked_of(release, *pages, *files, *whole)
    for answer in answers:
        if str(answer.url.path).startswith("/descargas"):
            assert answer.status_code in (200, 404), f"{answer.url}: {answer.status_code}"
            assert answer.status_code == 200 or answer.json()["detail"], answer.url
        else:
            assert answer.status_code == 200, f"{answer.url}: {answer.status_code}"
            assert answer.url.path in whole or Document(answer.text).all("main h1"), answer.url


@pytest.mark.parametrize("odd", [*ODD][:LIGHT])
def test_a_release_with_less_is_answered(odd: str, demonstration: Path, tmp_path: Path) -> None:
    change, kept = ODD[odd]
    release = changed(demonstration / "release" / "current", tmp_path / "publicacion", change, kept)
    for answer in asked_of(release, *FAULTS):
        assert answer.status_code == 200, answer.url


@pytest.mark.largo
@pytest.mark.parametrize("odd", ODD)
def test_every_page_of_a_release_with_less_is_answered(odd: str, demonstration: Path, tmp_path: Path) -> None:
    change, kept = ODD[odd]
    release = changed(demonstration / "release" / "current", tmp_path / "publicacion", change, kept)
    assert_it_answers(release, [*PAGES, *map(accessible, PAGES)])


# --- Addresses of nobody's good will ----------------------------------------------------------------------------------------

SEED, FEW, MANY = 77, 30, 1_500
NAMES = (
    *(
        "por",
        "corte",
        "frente",
        "orden",
        "eleccion",
        "filas",
        "columnas",
        "fila",
        "columna",
        "mostrar",
        "cuenta",
        "indicador",
    ),
    *(
        "sexo",
        "edad",
        "grupo",
        "pueblo",
        "alfabetismo",
        "pais",
        "estado",
        "ciudad",
        "origen",
        "caracteristica",
        "lugar",
        "lugares",
    ),
    *("departamento", "municipio", "ver"),
)
RUBBISH = (
    *("%00", "%FF%FE", "%F0%9F%98%80", "%", "%zz", "%0d%0aX: y", "a" * 8192, "'; drop table x--", "../../etc/passwd"),
    *("%3Cscript%3Ealert(1)%3C/script%3E", "18_25,26_30", "edad.18_25", "pueblo.", ".", "-", "-zzz", "2023-1,2019-1"),
    *(
        "9999-12-31",
        "0000-00-00",
        "2026-13-45",
        "total",
        "TOTAL",
        "sin_dato",
        "%2C%2C",
        "null",
        "NaN",
        "1e999",
        "MAYA",
        "+",
    ),
)
ASKED = (*(page for page in PAGES if "?" not in page), "/participacion/mesas", "/datos/padron_cubo")


def hostile(many: int) -> list[str]:
    chance = random.Random(SEED)
    found = []
    for turn in range(many):
        names = chance.choices(NAMES, k=1 + turn % 3)  # the same one twice, at times
        query = "&".join(f"{name}={chance.choice(RUBBISH)}" for name in names)
        if turn % 4 == 3:
            suffix = chance.choice(("csv", "json", "xlsx", "parquet"))
            found.append(f"/descargas/vista/{chance.choice((*VIEWS, *MORE))}.{suffix}?{query}")
        else:
            page = chance.choice(ASKED)
            found.append(f"{page}?{query}" if turn % 2 else accessible(f"{page}?{query}"))
    return found


def assert_harmless(release: Path, many: int) -> None:
    for answer in asked_of(release, *hostile(many)):
        assert answer.status_code < 500, f"{answer.url}: {answer.status_code}"
        assert "x" not in answer.headers, answer.url
        assert "html" not in answer.headers.get("content-type", "") or "<script>alert" not in answer.text, answer.url
        if answer.status_code >= 400:
            assert len(answer.text) > 40, answer.url


def test_rubbish_is_answered_with_words(demonstration: Path) -> None:
    assert_harmless(demonstration / "release" / "current", FEW)


@pytest.mark.largo
def test_much_rubbish_is_answered_with_words(demonstration: Path) -> None:
    assert_harmless(demonstration / "release" / "current", MANY)
