"""An imaginary election: the files of 2027, as staff would deliver them, for a copy of data/source."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd

from tests.etl_support import SOURCE, accept, add, note, provenance, written
from tests.etl_support import table as rows_of

EVENT, RUN_OFF = "2027-1", "2027-2"
MAYORS, PRESIDENT = "corporacion_municipal", "presidencia"
MUNICIPAL, NATIONAL, ROLL = "elecciones_2027.csv", "totales_2027.csv", "empadronados_2027.csv"
SECOND, EVENTS, OFFICES = "segunda_vuelta_2027.csv", "elecciones.csv", "elecciones_cargos.csv"
FIRST, SECOND_PARTY = "VALOR", "CREO"
#: Registered of the first municipio of the file, and of the second: the capital and Santa Catarina Pinula.
CAPITAL, PINULA = 2, 3


def figures(place: int, office: str) -> dict[str, int]:
    """The figures of the municipio number `place`, worked out so that each is different and all of them add up."""
    registered = 50_000 + 40 * place
    cast = registered * 7 // 10 + (place if office == MAYORS else 0)
    null, blank = cast // 20, cast // 40
    valid = cast - null - blank
    return {
        "empadronados": registered,
        "votos_emitidos": cast,
        "votos_validos": valid,
        "votos_blanco": blank,
        "votos_nulos": null,
        "organizaciones": 9,
        "votos_ganador": valid // 2,
        "votos_segundo": valid // 3,
    }


def places() -> list[dict[str, str]]:
    """The municipios of the catalogue."""
    with (SOURCE / "territorio" / "municipios.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def municipal() -> pd.DataFrame:
    """Every municipio with every figure, of the two offices."""
    return pd.DataFrame(
        [
            {
                "codigo_municipio": place["codigo_municipio"],
                "municipio": place["municipio"],
                "eleccion": EVENT,
                "cargo": office,
                "ganador": FIRST,
                "segundo": SECOND_PARTY,
                **figures(number, office),
            }
            for office in (MAYORS, PRESIDENT)
            for number, place in enumerate(places(), 1)
        ]
    )


SUMS = municipal().groupby("cargo")[["empadronados", "votos_emitidos", "votos_validos", "votos_nulos"]].sum()


def more(content: bytes, *new: dict[str, str], like: str) -> bytes:
    """A CSV file with rows more, each as the one whose first cell is `like` but for what it says."""
    header, *rows = rows_of(content)
    base = dict(zip(header, next(row for row in rows if row[0] == like), strict=True))
    return written([header, *rows, *([*(base | values).values()] for values in new)])


def delivered(folder: Path, file: str, frame: pd.DataFrame, like: int, totals: dict[str, int]) -> None:
    """One more file of an input, with a source of its own as the one of the file numbered `like` and its official totals."""
    base = provenance(folder).archivos[like].fuente
    add(folder, file, frame.to_csv(index=False).encode(), like)
    document = provenance(folder)
    told = {name: {"valor": value, "cita": "imaginado"} for name, value in totals.items()}
    facts = document.fuentes[base].model_dump() | {"titulo": "Elecciones imaginarias de 2027", "totales": told}
    made = type(document.fuentes[base]).model_validate(facts)
    files = [
        item.model_copy(update={"fuente": "imaginaria"}) if item.archivo == file else item for item in document.archivos
    ]
    update: dict[str, Any] = {"fuentes": document.fuentes | {"imaginaria": made}, "archivos": files}
    note(folder, document.model_copy(update=update))


def imagined(origin: Path) -> Path:
    """`origin`, a copy of data/source, with the elections of 2027: rows of the catalogue and the files of each dataset."""
    catalogue = origin / "elecciones"
    event = {"titulo": "Elecciones generales 2027, primera vuelta", "anio": "2027", "fecha_eleccion": "2027-06-20"}
    second = {"titulo": "Elecciones generales 2027, segunda vuelta", "anio": "2027", "fecha_eleccion": "2027-08-15"}
    content = more((catalogue / EVENTS).read_bytes(), {"eleccion": EVENT} | event, like="2023-1")
    accept(catalogue, EVENTS, more(content, {"eleccion": RUN_OFF} | second, like="2023-2"))
    offices = [{"eleccion": EVENT, "cargo": office, "puestos": "1"} for office in (PRESIDENT, MAYORS)]
    offices.append({"eleccion": RUN_OFF, "cargo": PRESIDENT, "puestos": "1"})
    accept(catalogue, OFFICES, more((catalogue / OFFICES).read_bytes(), *offices, like="2023-1"))

    if (origin / "participacion_nacional").is_dir():
        totals = pd.read_csv(SOURCE / "participacion_nacional/totales_nacionales_2007_2023.csv", dtype=str).tail(1)
        said = [
            totals.assign(eleccion=EVENT, cargo=office, votos_blanco=blank, diferencia_declarada=None, **sums)
            for office, sums in SUMS.astype(str).to_dict("index").items()
            for blank in [municipal().query("cargo == @office")["votos_blanco"].sum()]
        ]
        delivered(origin / "participacion_nacional", NATIONAL, pd.concat(said), 0, {})
    if (origin / "participacion_municipal").is_dir():
        official = {
            f"{EVENT}-{office}-{column}": int(SUMS.at[office, column])
            for office in SUMS.index
            for column in ("empadronados", "votos_emitidos")
        }
        delivered(origin / "participacion_municipal", MUNICIPAL, municipal(), 0, official)
    if (origin / "padron_serie").is_dir():
        roll = (
            municipal().query("cargo == @MAYORS")[["codigo_municipio", "eleccion", "empadronados"]].assign(fecha="2027")
        )
        delivered(origin / "padron_serie", ROLL, roll, 0, {EVENT: int(roll["empadronados"].sum())})
    if (origin / "segunda_vuelta").is_dir():
        two = [
            {"eleccion": RUN_OFF, "departamento": place["departamento"], "municipio": place["municipio"]}
            | {"organizacion_1": FIRST, "votos_1": 600, "porcentaje_1": 60.0}
            | {"organizacion_2": SECOND_PARTY, "votos_2": 400, "porcentaje_2": 40.0}
            for place in places()
        ]
        delivered(
            origin / "segunda_vuelta", SECOND, pd.DataFrame(two), 0, {f"{RUN_OFF}-{PRESIDENT}-votos_validos": 340_000}
        )
    return origin
