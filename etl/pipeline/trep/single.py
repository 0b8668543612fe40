"""The JSON of one polling table, as the API of 2019 gave it: a `TE` per ballot. Also a list of them.

Numbers come as text or as numbers. `DEP` and `MUN` are those of the TREP. What the acta says (VOTOSVALIDOSACTA, TOTALACTA)
comes beside what its parts add up to (VOTOSVALIDOS, TOTALVOTOS: valid, null and blank). CNTINSCRITOS are ballots, not people:
no registered voters come in this form. Its invalid votes are not used, nor is there a total with them.

In 2019 a 0 was also how nothing was written: STACTA 0 is an acta without data, whose figures are not known; 0 ballots received
are not known; and a total of 0 in an acta with votes was left unwritten. Any other 0 is true.

The cut-off is FECHAHORA. Many small files are published by the name of their folder, or of their ZIP.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from etl.pipeline.trep import said
from etl.pipeline.trep.shape import Columns, Member, Told, numbers

Node = Mapping[str, Any]
#: Figure of a ballot -> our column.
FIGURES = {
    "VOTOSVALIDOSACTA": "VALIDOS",
    "NULOS": "NULOS",
    "BLANCOS": "BLANCO",
    "TOTALACTA": "EMITIDOS",
    "CNTIMPUGNA": "IMPUGNACIONES",
    "CNTPAPELETAS": "PAPELETAS_RECIBIDAS",
    "VOTOSVALIDOS": "VALIDOS_CALCULADO",
    "TOTALVOTOS": "EMITIDOS_CALCULADO",
}
OPTIONAL = ("CNTIMPUGNA", "CNTPAPELETAS")
#: What the acta says, and what its parts add up to: nothing beside something is what was left unwritten.
UNWRITTEN = (("VALIDOS", "VALIDOS_CALCULADO"), ("EMITIDOS", "EMITIDOS_CALCULADO"))
STATUSES = ("0", "1", "2")
PLACE = ("ID_DEPARTAMENTO", "ID_MUNICIPIO", "DEPARTAMENTO", "MUNICIPIO")
ROW = ("CARGO", "CORTE", "MESA", *PLACE, "CONTABILIZADA", *FIGURES.values(), "PARTIDOS", "VOTOS")


def recognises(member: Member) -> bool:
    """Whether `member` is the JSON of a polling table, or of many."""
    return any(True for _ in _tables(member.document))


def _tables(found: object) -> Iterator[Node]:
    """The polling tables of a document: itself, those of a list, or those of the `data` of an answer."""
    if isinstance(found, dict) and isinstance(found.get("data"), list):
        found = found["data"]
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict) and "NROMESA" in item and "TE" in item:
            yield item


def read(member: Member, told: Told) -> Columns | None:
    """A row per polling table and ballot."""
    document, rows = member.document, list[Mapping[str, str]]()
    for table in _tables(document):
        rows += _rows(table, told)
    size = len(rows)
    if isinstance(document, list) and len(document) != sum(1 for _ in _tables(document)):
        told.wrong("no todos los elementos de la lista son mesas (NROMESA, TE)")
    if not rows and not told.problems:
        told.wrong("la mesa no trae ninguna papeleta (TE)")
    return {"GRUPO": [member.folder] * size, **{name: [row[name] for row in rows] for name in ROW}}


def _rows(table: Node, told: Told) -> Iterator[Mapping[str, str]]:
    mesa = _count(table, "NROMESA", f"mesa {table['NROMESA']}", told)
    if mesa == "":
        told.wrong("la celda está vacía", None, "NROMESA", table["NROMESA"])
    when = str(table.get("FECHAHORA") or "")
    cutoff = said.day_in_numbers(when) or said.day_in_words(when)
    if cutoff is None:
        message = "no se sabe de cuándo es: se esperaba una fecha, como 24/06/2019 10:15:00"
        told.wrong(message, None, f"mesa {mesa}, FECHAHORA", table.get("FECHAHORA"))
    ballots = table["TE"] if isinstance(table["TE"], list) else [table["TE"]]
    for number, ballot in enumerate(ballots, start=1):
        path = f"mesa {mesa}, TE {number}"
        if isinstance(ballot, dict):
            yield {"MESA": mesa, "CORTE": cutoff or "", **_ballot(ballot, path, told)}
        else:
            told.wrong("se esperaba una papeleta", None, path, ballot)


def _ballot(ballot: Node, path: str, told: Told) -> dict[str, str]:
    status = _count(ballot, "STACTA", path, told)
    if status not in STATUSES:
        told.wrong("estado desconocido: se esperaba 0, 1 o 2", None, f"{path}, STACTA", ballot.get("STACTA"))
    cells = {column: _count(ballot, name, path, told, name in OPTIONAL) for name, column in FIGURES.items()}
    names, votes = _parties(ballot, path, told)
    if status == "0":
        cells, votes = dict.fromkeys(cells, ""), [""] * len(votes)
    if cells["PAPELETAS_RECIBIDAS"] == "0":
        cells["PAPELETAS_RECIBIDAS"] = ""
    for written, calculated in UNWRITTEN:
        if cells[written] == "0" and cells[calculated] != "0":
            cells[written] = ""
    return {
        **cells,
        "CARGO": _office(ballot, path, told),
        "ID_DEPARTAMENTO": _count(ballot, "DEP", path, told),
        "ID_MUNICIPIO": _count(ballot, "MUN", path, told),
        "DEPARTAMENTO": str(ballot.get("NDEP") or "").strip(),
        "MUNICIPIO": str(ballot.get("NMUN") or "").strip(),
        "CONTABILIZADA": "0" if status == "0" else "1",
        "PARTIDOS": json.dumps(names, ensure_ascii=False),
        "VOTOS": ",".join(votes),
    }


def _office(ballot: Node, path: str, told: Told) -> str:
    """The ballot by its number, which its name must not contradict."""
    number, words = str(ballot.get("TIPOELECCION", "")).strip(), str(ballot.get("NTE") or "")
    office, named = said.OFFICE_CODES.get(number), said.office_in(words)
    if office is None:
        told.wrong("no se sabe qué elección es: se esperaba un número de 1 a 5", None, f"{path}, TIPOELECCION", number)
    elif named and named != office:
        told.wrong(f"el nombre de la papeleta dice otra elección ({words})", None, f"{path}, TIPOELECCION", number)
    return office or ""


def _parties(ballot: Node, path: str, told: Told) -> tuple[list[str], list[str]]:
    """The organisations of a ballot and their votes; a place of the list without name and without votes is none."""
    items = ballot.get("VOTOSTE0")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        told.wrong("se esperaba la lista de organizaciones y sus votos", None, f"{path}, VOTOSTE0")
        return [], []
    found: dict[str, str] = {}
    for item in items:
        name = str(item.get("D") or "").strip()
        votes = _count(item, "V", f"{path}, {name}", told)
        if not name and votes in ("", "0"):
            continue
        if not name or name in found:
            told.wrong("la organización no tiene nombre o está dos veces", None, f"{path}, VOTOSTE0", name)
        found[name] = votes
    if not found:
        told.wrong("la papeleta no trae ninguna organización", None, f"{path}, VOTOSTE0")
    return list(found), list(found.values())


def _count(node: Node, name: str, path: str, told: Told, optional: bool = False) -> str:
    """A figure as text, empty when it is not known; one that is not there, unless it is `optional`, is told."""
    if name not in node:
        if not optional:
            told.wrong(f"falta {name}", None, path)
        return ""
    (found,), wrong = numbers([node[name]])
    if wrong:
        told.wrong("se esperaba un número entero o «--»", None, f"{path}, {name}", node[name])
    return found
