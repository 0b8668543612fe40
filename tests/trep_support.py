"""Files of the TREP in every form, made for a test, and what the reader says of them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from bench.trep_files import OFFICES, departamento, municipios, place_csv
from etl.model import Parsed, Problem
from etl.pipeline import trep

NAME, SHIPPED = "participacion_mesa", "gtm2023_e4d01m04.csv"
PLACES = municipios(most=3)
SACATEPEQUEZ = [place for place in PLACES if place.departamento == 2]
JSON = "gtm2023_tc4_e2.json"
CODES = {"presidencia": 1, "diputados_lista_nacional": 2, "diputados_distritales": 3, "corporacion_municipal": 4}
Node = dict[str, Any]
ANTIGUA = SACATEPEQUEZ[0]
CSV = place_csv(ANTIGUA, 4)
BARE = "\n".join(CSV.splitlines()[5:]) + "\n"


def every_row(parsed: Parsed) -> list[dict[str, str]]:
    """The rows of polling tables and of sums, by column."""
    return [] if parsed.frame is None else parsed.frame.to_dict("records")


def rows(parsed: Parsed) -> list[dict[str, str]]:
    """The rows of polling tables, by column; nothing may be wrong."""
    assert list(parsed.problems) == []
    return [row for row in every_row(parsed) if not row["NIVEL"]]


def sums(parsed: Parsed) -> list[tuple[str, str, str, str]]:
    """Level, figure, what is said and what results of each sum that differs."""
    return [(row["NIVEL"], row["CAMPO"], row["DICE"], row["SUMA"]) for row in every_row(parsed) if row["NIVEL"]]


def only(parsed: Parsed) -> Problem:
    """The one thing that is wrong."""
    assert len(parsed.problems) == 1, parsed.problems
    assert parsed.problems[0].message.isprintable()
    return parsed.problems[0]


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A ZIP of files."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return sink.getvalue()


def official(change: Callable[[Node], object] = lambda root: None, office: int = 4, name: str = JSON) -> Parsed:
    """Sacatepéquez in JSON, changed."""
    root = departamento(SACATEPEQUEZ, office)
    change(root)
    return trep.parse(json.dumps(root).encode(), name)


def first_table(root: Node) -> Node:
    """The first polling table of a departamento."""
    return root["divs"][0]["secciones"][0]["casillas"][0]


def single(mesa: int = 7, text: bool = False, **changes: object) -> Node:
    """A polling table of 2019's API, with its five ballots; numbers as text, or as numbers."""
    ballots = []
    for office in range(1, 6):
        votes = [{"D": name, "V": 10 * office + n} for n, name in enumerate(("UNE", "VAMOS", "C.C. ÑANDÚ"))]
        valid = sum(item["V"] for item in votes)
        ballot: Node = {"TIPOELECCION": office, "STACTA": 1, "CNTPAPELETAS": 0, "VOTOSVALIDOSACTA": valid + 1}
        ballot |= {"VOTOSVALIDOS": valid, "NULOS": 4, "BLANCOS": 2, "INVALIDOS": 1, "TOTALACTA": 0}
        ballot |= {"TOTALVOTOS": valid + 6, "ACTACUADRA": 0, "CNTIMPUGNA": 0, "CNTINSCRITOS": 400, "DEP": 2, "MUN": 1}
        ballot |= {"NDEP": "SACATEPÉQUEZ", "NMUN": "ANTIGUA GUATEMALA", "NTE": OFFICES[office], "VOTOSTE0": votes}
        ballots.append(ballot | changes)
    if text:
        ballots = json.loads(json.dumps(ballots), parse_int=str)
    return {"FECHAHORA": "24/06/2019 10:15:33", "NROMESA": str(mesa) if text else mesa, "TE": ballots}


# --- The real file, as the official JSON would have it ---------------------------------------------------------

FIGURES = {"fSV": "VÁLIDOS", "fVN": "NULOS", "fVB": "BLANCO", "fSE": "EMITIDOS", "fVI": "INVÁLIDOS", "fST": "TOTAL"}
FIGURES |= {"fIM": "IMPUGNACIONES", "fPR": "PAPELETAS-RECIBIDAS", "fPN": "PAPELETAS-NO-USADAS"}
CALCULATED = {"validos": "VALIDOS_CALCULADO", "emitidos": "EMITIDOS_CALCULADO", "total": "TOTAL_CALCULADO"}
Row = dict[str, str]


def as_official(text: str) -> Node:
    """A CSV of the TREP in the shape of the official JSON, with the sums of every level taken from what is written."""
    table = list(csv.DictReader(text.splitlines()[5:]))
    header = list(table[0])
    organisations = header[header.index("PADRÓN") + 1 : header.index("VÁLIDOS")]
    pids = {f"OP{n}": name for n, name in enumerate(organisations, start=15)}
    figures = pids | FIGURES
    inside: dict[str, list[Row]] = {}
    for row in table:
        inside.setdefault(row["CENTRO_DE_VOTACIÓN"], []).append(row)
    sections = [
        {"seccion": int(centre), "votosPA": _sums(some, figures), "casillas": [_casilla(row, figures) for row in some]}
        for centre, some in inside.items()
    ]
    counted = sum(row["CONTABILIZADA"] == "1" for row in table)
    stats = {"actas": {"num": len(table), "capt": {"num": len(table)}, "cont": {"num": counted}}}
    place = {"divNum": 4, "divName": "San José Del Golfo", "divLevel": "MUNICIPIO", "stats": stats, "pidsPA": [*pids]}
    place |= {"votosPA": _sums(table, figures), "secciones": sections}
    root = {"divNum": 1, "divName": "Guatemala", "divLevel": "DEPARTAMENTO", "stats": stats, "pidsPA": [*pids]}
    return root | {"votosPA": _sums(table, figures), "divs": [place]}


def _sums(some: list[Row], figures: Mapping[str, str]) -> Node:
    def one(name: str) -> Node:
        return {"num": sum(int(row[name]) for row in some if row["CONTABILIZADA"] == "1" and row[name].isdecimal())}

    totals = {key: one(name) for key, name in CALCULATED.items()}
    return {key: one(name) for key, name in figures.items()} | {"totales": totals}


def _casilla(row: Row, figures: Mapping[str, str]) -> Node:
    def cell(value: str) -> Node:
        return {"num": int(value) if value.isdecimal() else value}

    votes = {key: cell(row[name]) for key, name in figures.items()}
    votes["totales"] = {key: cell(row[name]) for key, name in CALCULATED.items()}
    when = pd.to_datetime(row["FECHA_HORA_PUBLICACIÓN"], dayfirst=True).tz_localize("America/Guatemala")
    info = {"status": 2 if row["CONTABILIZADA"] == "1" else 1, "lNominal": int(row["PADRÓN"]), "metodo": "E"}
    info |= {"obs": row["OBSERVACIONES"], "ut": int(when.timestamp())}
    return {"mesa": int(row["MESA"]), "info": info, "votosPA": votes}
