"""The rolls closed for elections, municipio by municipio: which elections they are of, and whether they are whole.

An input of rolls has one row per municipio and election: `codigo_municipio`, `eleccion` and `empadronados`, which is missing
where the municipio did not exist. Whoever checks one needs the tables of `elecciones` and `territorio`.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from etl import checks
from etl.model import Check, Frames, Given, Problem


def days(elecciones: pd.DataFrame) -> dict[str, date]:
    """The day of each election by its code; of one whose day is not known, the last of its year."""
    known = elecciones.set_index("eleccion")[["anio", "fecha_eleccion"]]
    return {
        str(code): day.date() if not pd.isna(day) else date(int(year), 12, 31)
        for code, year, day in known.itertuples(name=None)
    }


def elections_are_known(entry: str) -> Check:
    """Every election of the input `entry` is in the catalogue."""

    def check(frames: Frames) -> list[Problem]:
        rows, known = frames[entry], set(frames["elecciones"]["eleccion"])
        unknown = rows.index[~rows["eleccion"].isin(known) & rows["eleccion"].notna()]
        message = "la elección no está en el catálogo de elecciones"
        return [Problem(entry, row, "eleccion", str(rows.at[row, "eleccion"]), message) for row in unknown]

    return check


def are_whole(entry: str) -> Check:
    """The roll of an election has every municipio that existed on its day, with its figure."""

    def check(frames: Frames) -> list[Problem]:
        known = days(frames["elecciones"])
        return [
            problem
            for code, roll in frames[entry].groupby("eleccion")
            if str(code) in known
            for problem in _holes(entry, roll, checks.existing(frames["municipios"], known[str(code)]))
        ]

    return check


def _holes(entry: str, roll: pd.DataFrame, expected: pd.DataFrame) -> list[Problem]:
    names, election = expected.set_index("codigo_municipio")["municipio"], roll["eleccion"].iloc[0]
    empty = roll.index[roll["empadronados"].isna() & roll["codigo_municipio"].isin(names.index)]
    message = "solo puede no tener dato un municipio que no existía el día de la elección"
    return [
        *(Problem(entry, row, "empadronados", str(roll.at[row, "codigo_municipio"]), message) for row in empty),
        *(
            Problem(
                entry,
                None,
                "codigo_municipio",
                str(code),
                f"falta el municipio {code} {names[code]} en el padrón de la elección {election}",
            )
            for code in names.index.difference(roll["codigo_municipio"].to_list())
        ),
    ]


def are_the_official(entry: str) -> Check:
    """The roll of each election adds up to the official total of its source that is named like the election."""

    def check(given: Given) -> list[Problem]:
        problems = []
        for code, roll in given[entry].groupby("eleccion"):
            total, found = given.total(entry, str(code)), int(roll["empadronados"].sum())
            if total is None:
                message = "su fuente no declara el total oficial de esta elección: agréguelo en fuente.toml"
                problems.append(Problem(entry, None, None, str(code), message))
            elif found != total.value:
                message = f"la suma no es el total oficial {total.value} ({total.citation}): diferencia {found - total.value:+d}"
                problems.append(Problem(entry, None, "empadronados", str(found), message))
        return problems

    return check
