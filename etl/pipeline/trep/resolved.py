"""The rows of the TREP with our names for what they are of, and what must hold of them.

`entry` is the name of the input that `etl.pipeline.trep` read. The frames also have the tables `municipios`,
`municipios_alias`, `elecciones` and `elecciones_cargos`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import pandas as pd

from etl.country import COUNTRY, codes_abroad
from etl.model import Frames, NotRead, Problem

EVENT_DAYS = pd.Timedelta(days=45)  # a preliminary count is published within days of its election
KEY = ["eleccion", "cargo", "mesa"]
Check = Callable[[pd.DataFrame, Frames], Iterable[Problem]]


def resolved(entry: str, frames: Frames) -> pd.DataFrame:
    """The rows of polling tables of `entry`, with `eleccion`, `cargo`, `mesa`, `lugar`, `codigo_municipio` and `residencia`.

    What cannot be told is missing; `lugar` is the code of the place in the TREP.
    """
    return _resolved(frames[entry], frames, of_sums=False)


def sums(entry: str, frames: Frames) -> pd.DataFrame:
    """The sums of the files that their polling tables do not reproduce, with the same columns."""
    return _resolved(frames[entry], frames, of_sums=True)


def _resolved(every: pd.DataFrame, frames: Frames, of_sums: bool) -> pd.DataFrame:
    wanted = every["NIVEL"].notna() == of_sums
    rows = (every if wanted.all() else every[wanted]).reset_index(drop=True)  # a country is not copied for nothing
    departamento, municipio = (rows[name].astype("str") for name in ("ID_DEPARTAMENTO", "ID_MUNICIPIO"))
    place = (departamento + "-" + municipio).mask(rows["ID_DEPARTAMENTO"].isna() | rows["ID_MUNICIPIO"].isna())
    known = frames["municipios"].set_index("codigo_trep")["codigo_municipio"]
    abroad = departamento == COUNTRY.abroad_in_trep
    return rows.assign(
        eleccion=rows["GRUPO"].map(_events(every if len(rows) else rows, frames)),
        lugar=place,
        codigo_municipio=place.map(known).mask(abroad, codes_abroad(municipio)),
        residencia=abroad.map({True: "extranjero", False: "pais"}),
        cargo=rows["CARGO"],
        mesa=rows["MESA"],
    )


def _events(rows: pd.DataFrame, frames: Frames) -> pd.Series:
    """The event of each GRUPO: the last that elected the offices of its file before its first acta was published."""
    days = frames["elecciones"].set_index("eleccion")["fecha_eleccion"].sort_values()
    elected = frames["elecciones_cargos"].groupby("eleccion")["cargo"].agg(frozenset)
    told = rows[["GRUPO", "CARGO", "PUBLICADA", "CORTE"]].dropna(subset=["CARGO"]).drop_duplicates()
    groups = told.groupby("GRUPO")
    facts = groups.agg({"PUBLICADA": "min", "CORTE": "min"})
    facts["dia"] = facts["PUBLICADA"].fillna(facts["CORTE"]).str[:10]
    facts["cargos"] = groups["CARGO"].agg(frozenset)
    keys = facts[["dia", "cargos"]].dropna()
    each = list(zip(keys["dia"], keys["cargos"], strict=True))
    known = {(day, offices): _event(day, offices, days, elected) for day, offices in set(each)}
    found = [known[key] for key in each]
    return pd.Series(found, index=keys.index, dtype="str")


def _event(day: str, offices: frozenset[str], days: pd.Series, elected: pd.Series) -> str | None:
    last = pd.Timestamp(day)
    past = days[days.between(last - EVENT_DAYS, last)]
    return next((str(event) for event in reversed(past.index) if offices <= elected.get(event, frozenset())), None)


# --- What must hold ------------------------------------------------------------------------------------------------------


def checks(entry: str, *others: Check) -> tuple[Callable[[Frames], list[Problem]], ...]:
    """What must hold of the rows of `entry` before their tables are made: one check, which names them once.

    `others` are given the rows as `resolved` names them, too.
    """

    def check(frames: Frames) -> list[Problem]:
        rows = resolved(entry, frames)
        found: list[Problem] = []
        for find in (_codes_resolve, _event_is_known, _no_table_twice, *others):
            with suppress(NotRead):  # of what else one of them looks at
                found += find(rows, frames)
        return found

    return (check,)


def problem_in(rows: pd.DataFrame, row: int, column: str, value: str, message: str, cause: str = "") -> Problem:
    """A problem in a row; a file that has no rows is looked at by the number of its polling table."""
    file, number = str(rows.at[row, "ARCHIVO"]), rows["FILA"][row]
    if not pd.isna(number):
        return Problem(file, int(number), column, value, message, cause)
    return Problem(file, None, column, value, f"{message} (mesa {rows['MESA'][row]})", cause or message)


def _codes_resolve(rows: pd.DataFrame, frames: Frames) -> Iterator[Problem]:
    message = "código desconocido: no está en el catálogo de territorio"
    for row in rows.index[rows["lugar"].notna() & rows["codigo_municipio"].isna()]:
        yield problem_in(rows, row, "ID_DEPARTAMENTO, ID_MUNICIPIO", str(rows.at[row, "lugar"]), message)


def _event_is_known(rows: pd.DataFrame, frames: Frames) -> Iterator[Problem]:
    lost = rows[rows["eleccion"].isna() & rows["CARGO"].notna()].drop_duplicates(["GRUPO", "CARGO"])
    message = "ningún evento de la tabla elecciones eligió ese cargo en los días anteriores: añádalo a elecciones.csv"
    for file, office, cutoff in lost[["ARCHIVO", "CARGO", "CORTE"]].itertuples(index=False, name=None):
        yield Problem(file, None, "TIPO_DE_ELECCIÓN", f"{office}, {cutoff}", message)


def _no_table_twice(rows: pd.DataFrame, frames: Frames) -> Iterator[Problem]:
    known = rows.dropna(subset=KEY)
    again = known[known.duplicated(KEY)]
    first = again[KEY].merge(known.drop_duplicates(KEY)[[*KEY, "ARCHIVO", "FILA"]], on=KEY, how="left")
    for row, file, line in zip(again.index, first["ARCHIVO"], first["FILA"], strict=True):
        where = str(file) + ("" if pd.isna(line) else f", fila {line}")
        said = f"mesa repetida: ya está en {where}"
        delivered, before = (str(name).partition("/")[0] for name in (rows.at[row, "ARCHIVO"], file))
        if delivered != before:
            said += f" (si es una corrección, entréguela con «--reemplaza {before}»)"
        yield problem_in(rows, row, "MESA", str(rows.at[row, "MESA"]), said, "mesa repetida")
