"""Votes counted by municipio, election and office: what their files bring, what was observed of them and what must hold.

Nothing here knows which elections there are: a rule is of every election that has the figures it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from etl import checks
from etl.checks import rolls
from etl.checks.doubtful import KEY, keys_of, level_of
from etl.model import Check, Frames, Given, Problem

RESULTADOS, OBSERVACIONES, ORGANIZACIONES = "resultados", "observaciones", "organizaciones"
EVENT = ["eleccion", "cargo"]
RANKS = {"primero": "ganador", "segundo": "segundo"}  # ours -> the file's

# What each state speaks of: the columns that are published or not together.
GROUPS = {
    "empadronados": ("empadronados",),
    "emitidos": ("votos_emitidos",),
    "nulos_blanco": ("votos_nulos", "votos_blanco"),
    "validos": ("votos_validos",),
    "organizaciones": ("organizaciones",),
    "partidos": (
        *(f"{part}_{place}" for place in RANKS for part in ("partido", "partido_fuente", "votos")),
        "margen_votos",
    ),
}
# What the file of observations calls each figure, and its group.
OBSERVED = {name: group for group, columns in GROUPS.items() if group != "partidos" for name in columns}
OBSERVED |= dict.fromkeys(RANKS.values(), "partidos")
GROUP_OF = OBSERVED | {f"votos_{source}": "partidos" for source in RANKS.values()}
COUNTED = tuple(name for group, columns in GROUPS.items() if group != "partidos" for name in columns)
FIGURES = (*COUNTED, *(name for source in RANKS.values() for name in (source, f"votos_{source}")))
WHAT_IS_OBSERVED = ["municipios", *EVENT, "campos", "decision"]


def observations(frames: Frames) -> pd.DataFrame:
    """One row per municipio and observation: `KEY`, `nivel`, `grupos`, problem, evidence and the declared difference."""
    rows = frames[OBSERVACIONES].dropna(subset=WHAT_IS_OBSERVED)
    return (
        rows.assign(
            codigo_municipio=rows["municipios"].str.split(","),
            nivel=rows["decision"].map(level_of),
            grupos=rows["campos"].map(_groups),
        )
        .drop(columns="campos")
        .explode("codigo_municipio", ignore_index=True)
    )


def by_event(rows: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    """The rows of each election and office."""
    for (event, office), found in rows.groupby(EVENT):
        yield (str(event), str(office)), found


def _groups(named: str) -> tuple[str, ...]:
    """The groups of figures that an observation names; `*` is all of them."""
    if named == "*":
        return tuple(GROUPS)
    return tuple(dict.fromkeys(OBSERVED[name] for name in named.split(",") if name in OBSERVED))


# --- What must hold -------------------------------------------------------------------------------------------------


def code(rows: pd.DataFrame) -> pd.Series:
    """The municipio of each row."""
    return rows["codigo_municipio"]


def _away(frames: Frames) -> set[tuple[str, ...]]:
    """The municipios that, as an observation says, did not vote apart, by `KEY`."""
    return set(keys_of(observations(frames), "no_aplica", "validos"))


def _elected(frames: Frames) -> set[tuple[str, str]]:
    """The elections of the catalogue, each with every office that was elected."""
    return set(frames["elecciones_cargos"][EVENT].itertuples(index=False, name=None))


def office_of_the_election(entry: str) -> Check:
    """Every row is of an election of the catalogue, and of an office that was elected then; each is said once."""

    def check(frames: Frames) -> list[Problem]:
        events = frames[entry].dropna(subset=EVENT).drop_duplicates(EVENT)
        pairs = _elected(frames)
        known = {event for event, _ in pairs}
        problems = []
        for row in checks.rows_of(events):
            if row.eleccion not in known:
                message = "no está en el catálogo de elecciones (elecciones.csv)"
                problems.append(Problem(entry, row.Index, "eleccion", row.eleccion, message))
            elif (row.eleccion, row.cargo) not in pairs:
                message = f"en {row.eleccion} no se eligió este cargo, según elecciones_cargos.csv"
                problems.append(Problem(entry, row.Index, "cargo", row.cargo, message))
        return problems

    return check


def every_municipio_voted(frames: Frames) -> list[Problem]:
    """In each election and office there is a row for every municipio there was, but for those said not to have voted apart."""
    away, days = _away(frames), rolls.days(frames["elecciones"])
    elected, problems = _elected(frames), []
    for (event, office), rows in by_event(frames[RESULTADOS]):
        if (event, office) not in elected:
            continue  # which is already said, once
        there = checks.existing(frames["municipios"], days[event])
        expected = there[[(place, event, office) not in away for place in there["codigo_municipio"]]]
        for row in checks.rows_of(expected[~expected["codigo_municipio"].isin(set(code(rows)))]):
            message = (
                f"{event}, {office}: falta el municipio {row.codigo_municipio} {row.municipio} ({row.departamento})"
            )
            problems.append(Problem(RESULTADOS, None, "codigo_municipio", row.codigo_municipio, message))
    return problems


def observations_make_sense(frames: Frames) -> list[Problem]:
    """Known municipios, known columns, an election we have, and a decision that says what to do."""
    rows, known = frames[OBSERVACIONES], set(frames["municipios"]["codigo_municipio"])
    events = set(frames[RESULTADOS][EVENT].itertuples(index=False, name=None))
    problems = []
    for row in checks.rows_of(rows.dropna(subset=WHAT_IS_OBSERVED)):
        for place in (place for place in row.municipios.split(",") if place not in known):
            problems.append(Problem(OBSERVACIONES, row.Index, "municipios", place, "no existe ese municipio"))
        unknown = [name for name in row.campos.split(",") if row.campos != "*" and name not in OBSERVED]
        problems += [Problem(OBSERVACIONES, row.Index, "campos", name, "no es una columna") for name in unknown]
        if (row.eleccion, row.cargo) not in events:
            message = "no hay resultados de esa elección y ese cargo"
            problems.append(Problem(OBSERVACIONES, row.Index, "eleccion", row.eleccion, message))
    return problems


def gaps_only_where_said(frames: Frames) -> list[Problem]:
    """Of the figures an election has, one is missing exactly where it is said that the municipio did not vote apart."""
    away = pd.MultiIndex.from_tuples(sorted(_away(frames)), names=KEY)
    problems = []
    for _, rows in by_event(frames[RESULTADOS]):
        absent = pd.MultiIndex.from_frame(rows[KEY]).isin(away)
        for column in (name for name in FIGURES if rows[name].notna().any()):
            values = rows[column]
            void = values.isna() | (values == 0).fillna(False) if values.dtype == "Int64" else values.isna()
            problems += [
                Problem(RESULTADOS, row, column, str(code(rows).at[row]), message)
                for wrong, message in (
                    (values.isna() & ~absent, "falta la cifra y ninguna observación dice que no eligió por separado"),
                    (~void & absent, "hay cifra y la observación dice que el municipio no eligió por separado"),
                )
                for row in rows.index[wrong]
            ]
    return problems


def names_are_declared(frames: Frames) -> list[Problem]:
    rows, known = frames[RESULTADOS], set(frames[ORGANIZACIONES]["nombre_fuente"])
    message = "organización sin declarar: añádala al archivo de organizaciones"
    return [
        Problem(RESULTADOS, row, column, str(rows.at[row, column]), message)
        for column in RANKS.values()
        for row in rows.index[rows[column].notna() & ~rows[column].isin(known)]
    ]


def parts_add(frames: Frames) -> list[Problem]:
    """Valid, null and blank votes add up to the cast ones, but for the differences that an observation declares."""
    rows, observed = frames[RESULTADOS], observations(frames).dropna(subset="diferencia")
    declared = dict(zip(observed[KEY].itertuples(index=False, name=None), observed["diferencia"], strict=True))
    sums = rows["votos_validos"] + rows["votos_nulos"] + rows["votos_blanco"]
    keys = rows[KEY].itertuples(index=False, name=None)
    expected = pd.Series([declared.get(key, 0) for key in keys], index=rows.index, dtype="Int64")
    wrong = (sums - rows["votos_emitidos"] != expected).fillna(False)
    column = "votos_emitidos"
    return [
        Problem(RESULTADOS, row, column, str(rows.at[row, column]), f"válidos + nulos + blancos = {sums.at[row]}")
        for row in rows.index[wrong]
    ]


def _at_most(part: str, whole: str) -> Check:
    """`part` is not greater than `whole` where neither figure is observed as doubtful."""

    def check(frames: Frames) -> list[Problem]:
        rows, observed = frames[RESULTADOS], observations(frames)
        doubtful = [key for name in (part, whole) for key in keys_of(observed, "dudoso", GROUP_OF[name])]
        certain = rows[~pd.MultiIndex.from_frame(rows[KEY]).isin(doubtful)]
        more = (certain[part] > certain[whole]).fillna(False)
        return [
            Problem(RESULTADOS, row, part, str(rows.at[row, part]), f"es mayor que {whole} = {certain[whole].at[row]}")
            for row in certain.index[more]
        ]

    return check


BOUNDS = (
    _at_most("votos_emitidos", "empadronados"),
    _at_most("votos_validos", "empadronados"),
    _at_most("votos_validos", "votos_emitidos"),
    _at_most("votos_ganador", "votos_validos"),
    _at_most("votos_segundo", "votos_ganador"),
)


def official_totals(given: Given) -> list[Problem]:
    """Every official total, called `<election>-<office>-<column>`, is the sum of that column in that election."""
    rows, problems = given[RESULTADOS], []
    events = dict(by_event(rows))
    for total in given.totals(RESULTADOS):
        event, office, column = ["", "", "", *total.name.rsplit("-", 2)][-3:]
        if (event, office) not in events or column not in COUNTED:
            message = "se esperaba elección-cargo-columna, de una elección y un cargo con resultados"
            problems.append(Problem(RESULTADOS, None, None, total.name, message))
            continue
        found = int(events[event, office][column].sum())
        if found != total.value:
            message = (
                f"{event}, {office}: la suma no es el total oficial {total.value} ({total.citation}): "
                f"diferencia {found - total.value:+d}"
            )
            problems.append(Problem(RESULTADOS, None, column, str(found), message))
    return problems


def agrees_with_the_national(frames: Frames) -> list[Problem]:
    """The sums of an election, doubtful municipios included, are its definitive national row, wherever both say it."""
    national = frames["participacion_nacional"].query("estado_recuento == 'definitivo'").set_index(EVENT)
    told: dict[Any, dict[Any, Any]] = national.to_dict("index")
    problems = []
    for event, municipios in by_event(frames[RESULTADOS]):
        of_event = told.get(event, {})
        for column in (name for name in COUNTED if name in of_event and municipios[name].notna().any()):
            found, expected = int(municipios[column].sum()), of_event[column]
            if pd.notna(expected) and found != expected:
                message = f"{', '.join(event)}: participacion_nacional dice {expected}"
                problems.append(Problem(RESULTADOS, None, column, str(found), message))
    return problems


SOURCE_CHECKS = (
    office_of_the_election(RESULTADOS),
    every_municipio_voted,
    observations_make_sense,
    names_are_declared,
    gaps_only_where_said,
    parts_add,
    *BOUNDS,
)
CHECKS = (official_totals, agrees_with_the_national)
