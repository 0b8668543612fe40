"""Files of the TREP in the shapes of the tribunal, with invented votes, for as much of the country as is asked.

The places and the numbers of their polling tables are those of 2023; the votes are of nobody, and always the same. An acta in
forty does not add up as its officials wrote it, one in sixty leaves a cell empty and one in two hundred is not counted.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bench.figures import ROOT

SOURCE = ROOT / "data" / "source"
FOLDERS = {1: "1-PRESIDENTE", 2: "2-DIP NACIONAL", 3: "3-DIP DISTRITO", 4: "4-CORPORACIÓN", 5: "5-PARLACEN"}
OFFICES = {
    1: "PRESIDENTE Y VICEPRESIDENTE",
    2: "DIPUTADOS POR LISTA NACIONAL",
    3: "DIPUTADOS DISTRITALES",
    4: "CORPORACIÓN MUNICIPAL",
    5: "DIPUTADOS AL PARLAMENTO CENTROAMERICANO",
}
#: As many as a ballot had in 2023, or a little more.
ORGANISATIONS = {1: 22, 2: 26, 3: 24, 4: 14, 5: 24}
PRESIDENT, ABROAD, CAPITAL = 1, 23, 0
FIRST_ABROAD, LAST_ABROAD, CITIES = 24_428, 24_585, 15
OF_A_CENTRE = 10
#: 25 June 2023, 18:00, when the polls closed, and the cut-off four days later.
CLOSED, CUT = 1_687_737_600, "29 junio 2023 08:48 (UTC -6)"
PREAMBLE = (
    *("ACTAS_ESPERADAS", "ACTAS_CAPTURADAS", "PORCENTAJE_ACTAS_CAPTURADAS", "ACTAS_CONTABILIZADAS"),
    *("PORCENTAJE_ACTAS_CONTABILIZADAS", "ACTAS_NO_CONTABILIZADAS", "LISTA_NOMINAL_ACTAS_CONTABILIZADAS"),
    *("VOTOS_EMITIDOS_CONTABILIZADAS", "PORCENTAJE_PARTICIPACIÓN_CIUDADANA"),
)
BEFORE = ("MESA", "DEPARTAMENTO", "ID_DEPARTAMENTO", "MUNICIPIO", "ID_MUNICIPIO", "CENTRO_DE_VOTACIÓN", "PADRÓN")
#: Our name of each figure of an acta -> in the JSON, and in the header of the CSV.
FIGURES = {"fSV": "VÁLIDOS", "fVN": "NULOS", "fVB": "BLANCO", "fSE": "EMITIDOS", "fVI": "INVÁLIDOS", "fST": "TOTAL"}
FIGURES |= {"fIM": "IMPUGNACIONES", "fPR": "PAPELETAS-RECIBIDAS", "fPN": "PAPELETAS-NO-USADAS"}
CALCULATED = {"validos": "VALIDOS_CALCULADO", "emitidos": "EMITIDOS_CALCULADO", "total": "TOTAL_CALCULADO"}
AFTER = ("OBSERVACIONES", "CONTABILIZADA", "FECHA_HORA_PUBLICACIÓN", "DIGITALIZACIÓN")


@dataclass(frozen=True)
class Municipio:
    """A place with polling tables, with the numbers and names that the TREP gives it."""

    departamento: int
    departamento_name: str
    number: int
    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Acta:
    """What is written and calculated of one polling table and ballot; None in a figure is an empty cell."""

    mesa: int
    centre: int
    roll: int
    counted: bool
    votes: tuple[int, ...]
    said: Mapping[str, int | None]
    calculated: Mapping[str, int]
    second: int


def municipios(most: int | None = None, source: Path = SOURCE) -> list[Municipio]:
    """The 340 of the country and the cities abroad, each with all of its polling tables (or its first `most`)."""
    names = {row["codigo_municipio"]: row for row in _rows(source / "territorio" / "municipios.csv")}
    found = [
        Municipio(
            int(row["trep_id_departamento"]),
            "Distrito Central" if row["trep_id_departamento"] == "0" else row["department"],
            int(row["trep_id_municipio"]),
            names[row["municipality_code_ine"]]["municipio"],
            int(row["first_mesa"]),
            int(row["last_mesa"]),
        )
        for row in _rows(source / "mesas" / "jrv_por_municipio_2023.csv")
    ]
    edges = np.linspace(FIRST_ABROAD, LAST_ABROAD + 1, CITIES + 1).astype(int).tolist()
    cities = pairwise(edges)
    abroad = "Guatemaltecos en Estados Unidos"
    found += [Municipio(ABROAD, abroad, n, f"Ciudad {n}", a, b - 1) for n, (a, b) in enumerate(cities, start=1)]
    return [replace(one, last=min(one.last, one.first + (most or 10**6) - 1)) for one in found]


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def parties(office: int) -> list[str]:
    """The organisations of a ballot, by identifier."""
    return [f"OP{number}" for number in range(11, 11 + ORGANISATIONS[office])]


def actas(place: Municipio, office: int) -> list[Acta]:
    """The actas of one place and ballot."""
    rng = np.random.default_rng([office, place.first])
    size, width = place.last - place.first + 1, len(parties(office))
    votes = rng.integers(0, 2 * 250 // width, size=(size, width))
    small = rng.integers(0, 12, size=(size, 4))  # null, blank, invalid, challenged
    chance = rng.random((size, 3))
    found = []
    for n in range(size):
        valid, (null, blank, invalid, challenged) = int(votes[n].sum()), small[n].tolist()
        calculated = {"validos": valid, "emitidos": valid + null + blank, "total": valid + null + blank + invalid}
        wrong = 7 if chance[n, 0] < 1 / 40 else 0
        said = {"fSV": valid + wrong, "fVN": null, "fVB": blank, "fSE": calculated["emitidos"] + wrong, "fVI": invalid}
        said |= {"fST": calculated["total"], "fIM": challenged, "fPR": 700, "fPN": 700 - calculated["total"]}
        said = said | ({"fIM": None, "fST": None} if chance[n, 1] < 1 / 60 else {})
        centre, second = 10_000 * office + place.first + n // OF_A_CENTRE, CLOSED + int(chance[n, 1] * 86_400)
        counted = bool(chance[n, 2] >= 1 / 200)
        found.append(Acta(place.first + n, centre, 700, counted, tuple(votes[n].tolist()), said, calculated, second))
    return found


# --- The official JSON --------------------------------------------------------------------------------------------------


def departamento(places: Sequence[Municipio], office: int) -> dict[str, Any]:
    """The JSON of one departamento and ballot: the sums of each level are those of its counted actas."""
    pids, first = parties(office), places[0]
    children = [(place, actas(place, office)) for place in places]
    every = [acta for _, found in children for acta in found]
    root = {"divId": f"e{first.departamento}", "divNum": first.departamento, "divName": first.departamento_name}
    return root | {
        "divLevel": "DEPARTAMENTO",
        "subDivLevel": "MUNICIPIO",
        "stats": _stats(every),
        "pidsPA": pids,
        "votosPA": _sums(every, pids),
        "divs": [_division(place, found, pids) for place, found in children],
    }


def _division(place: Municipio, found: Sequence[Acta], pids: Sequence[str]) -> dict[str, Any]:
    centres: dict[int, list[Acta]] = {}
    for acta in found:
        centres.setdefault(acta.centre, []).append(acta)
    return {
        "divId": f"m{place.number}",
        "divNum": place.number,
        "divName": place.name,
        "divLevel": "MUNICIPIO",
        "divParentNum": place.departamento,
        "divParentName": place.departamento_name,
        "stats": _stats(found),
        "pidsPA": list(pids),
        "votosPA": _sums(found, pids),
        "secciones": [
            {
                "seccion": centre,
                "info": {"lNominal": sum(acta.roll for acta in inside), "actCapt": len(inside)},
                "votosPA": _sums(inside, pids),
                "casillas": [_casilla(acta, pids) for acta in inside],
            }
            for centre, inside in centres.items()
        ],
        "avanceEnt": {"UTC": -6, "horaCorte": "08:48 (UTC-6)", "fechaCorte": "29 junio 2023"},
    }


def _casilla(acta: Acta, pids: Sequence[str]) -> dict[str, Any]:
    figures: dict[str, Any] = dict(zip(pids, acta.votes, strict=True)) | dict(acta.said)
    cells = {name: {"num": "" if not acta.counted else "--" if n is None else n} for name, n in figures.items()}
    cells["totales"] = {name: {"num": n if acta.counted else ""} for name, n in acta.calculated.items()}
    for name, cell in cells.items():
        if name != "totales":
            cell["pct4"] = "12.3456" if acta.counted else "--.--"
    info = {"status": 2 if acta.counted else 1, "lNominal": acta.roll, "metodo": "E", "img": f"t/{acta.mesa}.jpg"}
    info |= {"imgSha": f"{acta.mesa:064x}", "obs": "" if acta.counted else "Acta ilegible", "ut": acta.second}
    return {"mesa": acta.mesa, "tipoId": f"M{acta.mesa}", "tipoTxt": str(acta.mesa), "info": info, "votosPA": cells}


def _stats(found: Sequence[Acta]) -> dict[str, Any]:
    counted = [acta for acta in found if acta.counted]
    cast = sum(acta.calculated["emitidos"] for acta in counted)
    return {
        "actas": {"num": len(found), "capt": {"num": len(found)}, "cont": {"num": len(counted)}},
        "lNominal": {"num": sum(acta.roll for acta in found), "cont": {"num": sum(acta.roll for acta in counted)}},
        "particip": {"num": cast},
        "emitidos": {"num": cast},
    }


def _sums(found: Sequence[Acta], pids: Sequence[str]) -> dict[str, Any]:
    counted = [acta for acta in found if acta.counted]
    votes = [sum(column) for column in zip(*(acta.votes for acta in counted), strict=True)] or [0] * len(pids)
    cells: dict[str, Any] = {pid: {"num": n, "pct4": "1.0000"} for pid, n in zip(pids, votes, strict=True)}
    cells |= {name: {"num": sum(acta.said[name] or 0 for acta in counted)} for name in FIGURES}
    cells["totales"] = {name: {"num": sum(acta.calculated[name] for acta in counted)} for name in CALCULATED}
    return cells


# --- The CSV of a place -------------------------------------------------------------------------------------------------


def place_csv(place: Municipio, office: int) -> str:
    """The CSV of one place and ballot, with its preamble."""
    found, pids, sink = actas(place, office), parties(office), io.StringIO()
    counted = [acta for acta in found if acta.counted]
    roll, cast = sum(acta.roll for acta in counted), sum(acta.calculated["emitidos"] for acta in counted)
    facts = (
        len(found),
        len(found),
        "100.0000",
        len(counted),
        "99.0000",
        len(found) - len(counted),
        roll,
        cast,
        "60.0000",
    )
    out = csv.writer(sink, lineterminator="\n")
    out.writerows([["TIPO_DE_ELECCIÓN:", OFFICES[office]], [CUT], PREAMBLE, facts, []])
    out.writerow([*BEFORE, *pids, *FIGURES.values(), *CALCULATED.values(), *AFTER])
    for acta in found:
        where = (
            acta.mesa,
            place.departamento_name,
            place.departamento,
            place.name,
            place.number,
            acta.centre,
            acta.roll,
        )
        cells = [*acta.votes, *acta.said.values(), *acta.calculated.values()]
        shown = ["--" if cell is None or not acta.counted else cell for cell in cells]
        day, hour = 25 + (acta.second - CLOSED + 64_800) // 86_400, (acta.second - CLOSED + 64_800) % 86_400
        when = f"{day}/06/2023 {hour // 3600:02}:{hour // 60 % 60:02}:{hour % 60:02}"
        out.writerow([*where, *shown, "" if acta.counted else "Acta ilegible", int(acta.counted), when, "ESCANER"])
    return sink.getvalue()


# --- The whole delivery -------------------------------------------------------------------------------------------------


def files(
    places: Sequence[Municipio], form: str, offices: Sequence[int] = tuple(OFFICES)
) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a delivery: `form` is «json» (one per departamento) or «csv» (one per place)."""
    for office in offices:
        voting = [place for place in places if office == PRESIDENT or place.departamento != ABROAD]
        folder = FOLDERS[office]
        if form == "csv":
            for place in voting:
                name = f"{folder}/gtm2023_e{office}d{place.departamento:02}m{place.number:02}.csv"
                yield name, place_csv(place, office).encode()
            continue
        for number in sorted({place.departamento for place in voting}):
            inside = [place for place in voting if place.departamento == number]
            content = json.dumps(departamento(inside, office), ensure_ascii=True, separators=(",", ":"))
            yield f"gtm2023_tc{office}_e{number}.json", content.encode()


def write(target: Path, places: Sequence[Municipio], form: str, offices: Sequence[int] = tuple(OFFICES)) -> Path:
    """The delivery as a ZIP."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files(places, form, offices):
            archive.writestr(name, content)
    return target
