"""2019's first round in one Parquet, a row per polling table and ballot: opengobgt gathered it from the JSON of the TSE.

It comes without the votes of each party. What it holds and what a zero of it means, the PROCEDENCIA.md of its publication
tells: an acta of state 0 has no data, zero ballots received is an empty cell, and a written total of zero where votes were
counted was left unwritten. Any other zero of an acta with data is a figure. Its invalid votes are not used.
"""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from etl.pipeline.trep.shape import Columns, Member, Told

MAGIC = b"PAR1"
#: The file does not say when it was cut; its publisher does: the 24th and 25th of June.
CUTOFF = "2019-06-25"
OFFICES = {
    "presidente": "presidencia",
    "diputados_nacional": "diputados_lista_nacional",
    "diputados_distrital": "diputados_distritales",
    "corporacion_municipal": "corporacion_municipal",
    "parlacen": "parlacen",
}
#: Ours -> the column of the file, for what only an acta with data says.
SAID = {
    "VALIDOS": "validos_escritos",
    "NULOS": "nulos",
    "BLANCO": "blancos",
    "EMITIDOS": "total_escrito",
    "IMPUGNACIONES": "impugnaciones",
    "PAPELETAS_RECIBIDAS": "papeletas_recibidas",
    "VALIDOS_CALCULADO": "validos_calculados",
    "EMITIDOS_CALCULADO": "emitidos_calculados",
}
PLACED = {"MESA": "mesa", "ID_DEPARTAMENTO": "departamento_tse", "ID_MUNICIPIO": "municipio_tse"}
NUMBERS = (*PLACED.values(), "estado_acta", *SAID.values())
NO_DATA, STATES = 0, (0, 1, 2)
#: A total that is zero though its parts are not was left unwritten: (written, calculated).
UNWRITTEN = (("VALIDOS", "VALIDOS_CALCULADO"), ("EMITIDOS", "EMITIDOS_CALCULADO"))


def recognises(member: Member) -> bool:
    """Whether `member` is a Parquet."""
    return member.content.startswith(MAGIC)


def read(member: Member, told: Told) -> Columns | None:
    """The polling tables of the file, ballot by ballot; None when it is no such file."""
    try:
        table = pq.read_table(io.BytesIO(member.content)).to_pandas()
    except (pa.ArrowException, OSError, ValueError):
        told.wrong("el Parquet está dañado o incompleto: no se puede abrir")
        return None
    _check(table, told)
    return None if told.problems else _cells(table)


def _check(table: pd.DataFrame, told: Told) -> None:
    """Tell everything by which it is not the file that is expected, each cause once for each column, with its first row."""
    lacking = [name for name in ("eleccion", *NUMBERS) if name not in table.columns]
    for name in lacking:
        told.wrong("falta la columna", None, name)
    if lacking:
        return
    if not len(table):
        told.wrong("no hay ninguna mesa en el archivo")
    for name in NUMBERS:
        if not pd.api.types.is_integer_dtype(table[name]):
            told.wrong("se esperaba una columna de enteros", None, name, table[name].dtype)
        else:
            _tell_first(table[name], table[name] < 0, "se esperaba un número desde 0", told)
    for name, known in (("eleccion", tuple(OFFICES)), ("estado_acta", STATES)):
        expected = f"valor desconocido; se esperaba uno de: {', '.join(map(str, known))}"
        _tell_first(table[name], ~table[name].isin(known), expected, told)


def _tell_first(cells: pd.Series, wrong: pd.Series, message: str, told: Told) -> None:
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        count = int(wrong.sum())
        more = f" (y en otras {count - 1:,} filas)" if count > 1 else ""
        told.wrong(message + more, row + 1, str(cells.name), cells.iloc[row])


def _cells(table: pd.DataFrame) -> Columns:
    counted = table["estado_acta"] != NO_DATA
    found = {ours: table[theirs].where(counted).astype("Int64") for ours, theirs in SAID.items()}
    for written, calculated in UNWRITTEN:
        found[written] = found[written].mask((found[written] == 0) & (found[calculated] > 0))
    found["PAPELETAS_RECIBIDAS"] = found["PAPELETAS_RECIBIDAS"].mask(found["PAPELETAS_RECIBIDAS"] == 0)
    found |= {ours: table[theirs] for ours, theirs in PLACED.items()}
    found |= {"CONTABILIZADA": counted.astype("int64"), "FILA": pd.Series(range(1, len(table) + 1), index=table.index)}
    text = {name: cells.astype("str").fillna("").tolist() for name, cells in found.items()}
    office = table["eleccion"].astype("str").map(OFFICES)
    return {**text, "CARGO": office.tolist(), "CORTE": [CUTOFF] * len(table)}
