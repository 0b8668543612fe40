"""What does not add up in an acta of the TREP, in plain words: totals written by hand against those calculated from their parts.

The rows are those that `etl.pipeline.trep` reads (its `HEADER`), each with `eleccion`, `cargo`, `mesa`, `residencia` and
`codigo_municipio`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

TABLES_ABROAD_2023 = range(24_428, 24_586)
COLUMNS = ("eleccion", "cargo", "mesa", "tipo_discrepancia", "campo", "escrito", "calculado", "explicacion")
KINDS = {
    "suma_no_cuadra": "El total escrito no es el que suman sus partes",
    "total_sin_escribir": "El acta no trae escrito el total",
    "papeletas_no_cuadran": "Las papeletas usadas no son los votos contados",
    "mas_votos_que_empadronados": "Hay más votos que empadronados en la mesa",
    "calculado_no_cuadra": "El total calculado del archivo no es el que suman sus partes",
    "mesa_de_otro_municipio": "El número de mesa es de otro municipio",
}


@dataclass(frozen=True)
class Written:
    """A total that an acta has twice: its written and calculated columns, what it counts and what its parts are, in words."""

    written: str
    calculated: str
    words: str
    parts: str


WRITTEN = {
    "votos_validos": Written("VALIDOS", "VALIDOS_CALCULADO", "votos válidos", "los votos de los partidos"),
    "votos_emitidos": Written("EMITIDOS", "EMITIDOS_CALCULADO", "votos emitidos", "válidos, nulos y en blanco"),
    "votos_total": Written("TOTAL", "TOTAL_CALCULADO", "votos en total", "emitidos e inválidos"),
}
#: Kind (of `KINDS`), our column, what is said and what results, and the same in words.
Difference = tuple[str, str, object, object, str]


def differences(rows: pd.DataFrame, numbers: Mapping[str, range]) -> pd.DataFrame:
    """Every figure of `rows`, counted actas, that is not what its parts add up to; the columns are `COLUMNS`.

    `numbers` are those of the polling tables of each municipio in 2023.
    """
    found = [
        (row.eleccion, row.cargo, row.mesa, *difference)
        for row in rows.itertuples()
        for difference in _of_acta(row, numbers)
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _of_acta(row: Any, numbers: Mapping[str, range]) -> Iterator[Difference]:
    yield from _of_totals(row)
    yield from _of_ballots(row)
    if not pd.isna(row.PADRON) and not pd.isna(row.EMITIDOS_CALCULADO) and row.EMITIDOS_CALCULADO > row.PADRON:
        sentence = (
            f"El acta cuenta {row.EMITIDOS_CALCULADO:,} votos emitidos y la mesa tiene {row.PADRON:,} empadronados."
        )
        yield "mas_votos_que_empadronados", "votos_emitidos", row.EMITIDOS_CALCULADO, row.PADRON, sentence
    if row.eleccion.startswith("2023"):
        expected = TABLES_ABROAD_2023 if row.residencia == "extranjero" else numbers[row.codigo_municipio]
        if row.mesa not in expected:
            sentence = f"En 2023 las mesas de este lugar iban de la {expected[0]} a la {expected[-1]}."
            yield "mesa_de_otro_municipio", "mesa", row.mesa, pd.NA, sentence


def _of_totals(row: Any) -> Iterator[Difference]:
    sums = _sums(row)
    for name, item in WRITTEN.items():
        said, used = getattr(row, item.written), getattr(row, item.calculated)
        if pd.isna(used) or used != sums[name]:
            shown = "está vacío" if pd.isna(used) else f"es {used:,}"
            sentence = f"El total calculado por el TREP ({item.words}) {shown}; {item.parts} suman {sums[name]:,}."
            yield "calculado_no_cuadra", name, used, sums[name], sentence
        elif pd.isna(said):
            sentence = f"El acta no trae escrito cuántos {item.words} hubo; {item.parts} suman {used:,}."
            yield "total_sin_escribir", name, said, used, sentence
        elif said != used:
            sentence = f"El acta dice {said:,} {item.words}; {item.parts} suman {used:,}: {_more_or_less(said - used)}."
            yield "suma_no_cuadra", name, said, used, sentence


def _sums(row: Any) -> dict[str, int]:
    """What the parts of an acta add up to; an empty part counts for nothing, as the TSE's own calculation does."""
    valid = sum(count or 0 for count in json.loads(row.PARTIDOS).values())
    cast = valid + _or_zero(row.NULOS) + _or_zero(row.BLANCO)
    return {"votos_validos": valid, "votos_emitidos": cast, "votos_total": cast + _or_zero(row.INVALIDOS)}


def _of_ballots(row: Any) -> Iterator[Difference]:
    """Ballots received minus unused are those in the box: all the votes, the challenged ones counted among them or not."""
    if pd.isna(row.PAPELETAS_RECIBIDAS) or pd.isna(row.PAPELETAS_NO_USADAS) or pd.isna(row.TOTAL_CALCULADO):
        return
    used, total = row.PAPELETAS_RECIBIDAS - row.PAPELETAS_NO_USADAS, row.TOTAL_CALCULADO
    if used not in (total, total + _or_zero(row.IMPUGNACIONES)):
        sentence = (
            f"Según el acta se usaron {used:,} papeletas ({row.PAPELETAS_RECIBIDAS:,} recibidas menos "
            f"{row.PAPELETAS_NO_USADAS:,} sin usar) y se contaron {total:,} votos."
        )
        yield "papeletas_no_cuadran", "papeletas_recibidas", used, total, sentence


def _or_zero(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _more_or_less(difference: int) -> str:
    return f"{abs(difference):,} de {'más' if difference > 0 else 'menos'}"
