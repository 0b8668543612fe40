"""What does not add up in an acta of the TREP, in plain words: totals written by hand against those calculated from their parts.

The rows are those that the readers give (`shape.HEADER`), each with `eleccion`, `cargo`, `mesa` and `codigo_municipio`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from etl.fields.polling import MOST_BALLOTS
from etl.pipeline.trep import votes

COLUMNS = ("eleccion", "cargo", "mesa", "tipo_discrepancia", "campo", "escrito", "calculado", "explicacion")
KINDS = {
    "suma_no_cuadra": "El total escrito no es el que suman sus partes",
    "total_sin_escribir": "El acta no trae escrito el total",
    "papeletas_no_cuadran": "Las papeletas usadas no son los votos contados",
    "mas_votos_que_empadronados": "Hay más votos que empadronados en la mesa",
    "mas_votos_que_papeletas": "Hay más votos que papeletas recibidas en la mesa",
    "mas_papeletas_que_personas": "La mesa dice haber recibido más papeletas que las personas que puede tener",
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


def differences(rows: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Every figure of `rows`, counted actas, that is not what its parts add up to; the columns are `COLUMNS`.

    `numbers` has the first and last polling table (`primera_mesa`, `ultima_mesa`) of each `codigo_municipio` in each
    `eleccion` that is known of.
    """
    found = [*_of_totals(rows), _of_ballots(rows), _more_than_registered(rows), *_more_than_can_be(rows)]
    found.append(_of_another_place(rows, numbers))
    known = [frame for frame in found if len(frame)]
    return pd.concat(known, ignore_index=True) if known else pd.DataFrame(columns=list(COLUMNS))


def _told(
    rows: pd.DataFrame, kind: str, name: str, said: pd.Series, results: pd.Series, words: Iterable[str]
) -> pd.DataFrame:
    """The differences of one kind in one figure of `rows`, with what is said, what results and the words of each."""
    return pd.DataFrame(
        {
            **{key: rows[key] for key in ("eleccion", "cargo", "mesa")},
            "tipo_discrepancia": kind,
            "campo": name,
            "escrito": said,
            "calculado": results,
            "explicacion": list(words),
        },
        columns=list(COLUMNS),
    )


def _of_totals(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Each total against what its parts add up to: as the TREP calculated it, and as the acta says."""
    for (name, item), sums in zip(WRITTEN.items(), _sums(rows), strict=True):
        said, used = rows[item.written], rows[item.calculated]
        has_it = (said.notna() | used.notna()).groupby([rows["ARCHIVO"], rows["cargo"]]).transform("any")
        odd = has_it & sums.notna() & (used.isna() | used.ne(sums).fillna(False))
        bad = rows[odd]
        words = [
            f"El total calculado por el TREP ({item.words}) {'está vacío' if pd.isna(mine) else f'es {mine:,}'}; "
            f"{item.parts} suman {sum_:,}."
            for mine, sum_ in zip(used[odd], sums[odd], strict=True)
        ]
        yield _told(bad, "calculado_no_cuadra", name, used[odd], sums[odd], words)
        unwritten = ~odd & said.isna() & used.notna()
        words = [
            f"El acta no trae escrito cuántos {item.words} hubo; {item.parts} suman {mine:,}."
            for mine in used[unwritten]
        ]
        yield _told(rows[unwritten], "total_sin_escribir", name, said[unwritten], used[unwritten], words)
        wrong = ~odd & said.ne(used).fillna(False)
        words = [
            f"El acta dice {one:,} {item.words}; {item.parts} suman {mine:,}: {_more_or_less(one - mine)}."
            for one, mine in zip(said[wrong], used[wrong], strict=True)
        ]
        yield _told(rows[wrong], "suma_no_cuadra", name, said[wrong], used[wrong], words)


def _sums(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """What the parts of an acta add up to; an empty part counts for nothing, as the TSE's own calculation does.

    An acta of a file without parties is taken at its word for the valid votes.
    """
    parties = votes.sums(rows)
    valid = parties.fillna(rows["VALIDOS_CALCULADO"])
    cast = valid + rows["NULOS"].fillna(0) + rows["BLANCO"].fillna(0)
    return parties, cast, cast + rows["INVALIDOS"].fillna(0)


def _of_ballots(rows: pd.DataFrame) -> pd.DataFrame:
    """Ballots received minus unused are those in the box: all the votes, the challenged ones counted among them or not."""
    total, used = rows["TOTAL_CALCULADO"], rows["PAPELETAS_RECIBIDAS"] - rows["PAPELETAS_NO_USADAS"]
    wrong = (used.ne(total) & used.ne(total + rows["IMPUGNACIONES"].fillna(0))).fillna(False)
    bad = rows[wrong]
    words = [
        f"Según el acta se usaron {spent:,} papeletas ({received:,} recibidas menos {left:,} sin usar) y se contaron "
        f"{votes_:,} votos."
        for spent, received, left, votes_ in zip(
            used[wrong], bad["PAPELETAS_RECIBIDAS"], bad["PAPELETAS_NO_USADAS"], total[wrong], strict=True
        )
    ]
    return _told(bad, "papeletas_no_cuadran", "papeletas_recibidas", used[wrong], total[wrong], words)


def _more_than_registered(rows: pd.DataFrame) -> pd.DataFrame:
    cast, roll = rows["EMITIDOS_CALCULADO"], rows["PADRON"]
    wrong = (cast > roll).fillna(False)
    words = [
        f"El acta cuenta {one:,} votos emitidos y la mesa tiene {people:,} empadronados."
        for one, people in zip(cast[wrong], roll[wrong], strict=True)
    ]
    return _told(rows[wrong], "mas_votos_que_empadronados", "votos_emitidos", cast[wrong], roll[wrong], words)


def _more_than_can_be(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Actas with more votes than the ballots received, and those that say they received more than a table has people."""
    cast, received = rows["EMITIDOS_CALCULADO"], rows["PAPELETAS_RECIBIDAS"]
    wrong = (cast > received).fillna(False)
    words = [
        f"El acta cuenta {one:,} votos emitidos y dice haber recibido {ballots:,} papeletas."
        for one, ballots in zip(cast[wrong], received[wrong], strict=True)
    ]
    yield _told(rows[wrong], "mas_votos_que_papeletas", "papeletas_recibidas", received[wrong], cast[wrong], words)
    many = (received > MOST_BALLOTS).fillna(False)
    words = [
        f"El acta dice haber recibido {ballots:,} papeletas, y una mesa tiene {MOST_BALLOTS} empadronados como máximo."
        for ballots in received[many]
    ]
    nothing = pd.Series(pd.NA, index=rows.index[many], dtype="Int64")
    yield _told(rows[many], "mas_papeletas_que_personas", "papeletas_recibidas", received[many], nothing, words)


def _of_another_place(rows: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Polling tables whose number was of another place in that election."""
    place = rows[["eleccion", "codigo_municipio"]].merge(numbers, on=["eleccion", "codigo_municipio"], how="left")
    first, last = (place[name].set_axis(rows.index) for name in ("primera_mesa", "ultima_mesa"))
    wrong = ((rows["mesa"] < first) | (rows["mesa"] > last)).fillna(False)
    bad = rows[wrong]
    words = [
        f"Ese año las mesas de este lugar iban de la {from_:.0f} a la {to:.0f}."
        for from_, to in zip(first[wrong], last[wrong], strict=True)
    ]
    nothing = pd.Series(pd.NA, index=bad.index, dtype="Int64")
    return _told(bad, "mesa_de_otro_municipio", "mesa", bad["mesa"], nothing, words)


# --- Sums of a file ------------------------------------------------------------------------------------------------------

SUMS = ("archivo", "eleccion", "cargo", "nivel", "lugar_suma", "campo", "escrito", "calculado", "explicacion")
LEVELS = {"centro": "Centro de votación", "municipio": "Municipio", "departamento": "Departamento", "pais": "País"}
OF_LEVEL = {
    "centro": "este centro",
    "municipio": "este municipio",
    "departamento": "este departamento",
    "pais": "el país",
}


def of_sums(rows: pd.DataFrame) -> pd.DataFrame:
    """The sums of `rows`, that a file says and its counted polling tables do not reproduce; the columns are `SUMS`."""
    departamento, centre = rows["ID_DEPARTAMENTO"].astype("str"), rows["CENTRO"].astype("str")
    municipio = rows["codigo_municipio"].fillna(rows["lugar"])
    places = {
        "centro": municipio + ", centro " + centre,
        "municipio": municipio,
        "departamento": "TREP " + departamento,
    }
    words = [
        f"El archivo dice {said:,} en «{name}» de {OF_LEVEL[level]} y sus mesas suman {found:,}: "
        f"{_more_or_less(said - found)}."
        for level, name, said, found in zip(rows["NIVEL"], rows["CAMPO"], rows["DICE"], rows["SUMA"], strict=True)
    ]
    scope = pd.Series("país", index=rows.index, dtype="str")
    for level, place in places.items():
        scope = scope.mask(rows["NIVEL"] == level, place)
    return pd.DataFrame(
        {
            "archivo": rows["GRUPO"],
            **{name: rows[name] for name in ("eleccion", "cargo")},
            "nivel": rows["NIVEL"],
            "lugar_suma": scope,
            "campo": rows["CAMPO"],
            "escrito": rows["DICE"],
            "calculado": rows["SUMA"],
            "explicacion": pd.Series(words, index=rows.index, dtype="str"),
        },
        columns=list(SUMS),
    )


def _more_or_less(difference: int) -> str:
    return f"{abs(difference):,} de {'más' if difference > 0 else 'menos'}"
