"""Presidential run-offs by municipio: the valid votes of the two candidates, found by name.

The source has neither codes nor registered voters nor null and blank votes: the only rate it allows is valid votes per 100
inhabitants of 18 and over (INE projection, base 2002, where it has the year). Municipios separated between the projection
and the election have votes and no projection, and the one each left has a projection that still counts both: neither has
a comparable rate. Which they are is data, with its reason.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from etl import checks, fields
from etl.checks import rolls
from etl.country import COUNTRY, fold
from etl.datasets import poblacion_2011_2015
from etl.model import Column, Dataset, Field, Frames, Given, Input, Kind, Notice, Problem, Reference, Rejection, Table

RESULTADOS, OBSERVACIONES = "resultados", "observaciones"
NAME, OFFICE = "segunda_vuelta", "presidencia"
DEPARTAMENTAL = "NIVEL DEPARTAMENTAL"
KEY = ["codigo_municipio", "eleccion"]
CANDIDATES = ("1", "2")  # as the file numbers them
RANKS = ("primero", "segundo")  # as they ended in the country
#: What a decision says of a figure, and the state that the figure has then.
DECISIONS = {"no aplica": "no_aplica", "sin dato": "sin_dato", "no comparable": "no_comparable"}
#: What the state of each figure is about, in Spanish and in English.
STATES = {
    "votos": ("votos", "votes"),
    "tasa": ("votos por cada 100 habitantes de 18 y más", "votes per 100 inhabitants aged 18 and over"),
}

poblacion_18_mas = replace(
    poblacion_2011_2015.poblacion_18_mas,
    description="Habitantes de 18 años y más, el año de la elección, según la proyección del INE (base 2002); vacío donde no "
    "hay proyección o no es comparable con los votos.",
    nullable=True,
    english=(
        "Population aged 18 and over",
        "Inhabitants aged 18 and over, in the year of the election, according to the INE projection "
        "(base 2002); empty where there is no projection or it is not comparable with the votes.",
    ),
)
observacion = Field(
    "observacion",
    "Observación",
    "Por qué no hay cifra o tasa.",
    Kind.TEXTO,
    nullable=True,
    english=("Remark", "Why there is no figure or rate."),
)


def _of_rank(rank: str, english: str) -> tuple[Field, Field]:
    party = Field(
        f"partido_{rank}",
        f"Partido en {rank} lugar",
        f"El que quedó {rank} en el país.",
        Kind.TEXTO,
        english=(f"Party in {english} place", f"The one that came {english} in the country."),
    )
    described = f"Votos del partido que quedó {rank} en el país."
    return party, replace(
        fields.votos_validos,
        name=f"votos_{rank}",
        title=f"Votos del {rank}",
        description=described,
        nullable=True,
        english=(f"Votes of the {english}", f"Votes of the party that came {english} in the country."),
    )


TABLES = (
    Table(
        NAME,
        "Segundas elecciones presidenciales por municipio",
        "Votos válidos de los dos partidos en cada municipio, con los habitantes de 18 años y más de la proyección del INE "
        "para calcular votos válidos por cada 100 de ellos: no es participación sobre el padrón.",
        (
            fields.codigo_municipio,
            fields.eleccion,
            replace(fields.votos_validos, nullable=True),
            *_of_rank("primero", "first"),
            *_of_rank("segundo", "second"),
            poblacion_18_mas,
            *(fields.state(name, *titles) for name, titles in STATES.items()),
            observacion,
        ),
        tuple(KEY),
        (
            Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),
            Reference(("eleccion",), "elecciones", ("eleccion",)),
        ),
    ),
)


def read(frames: Frames) -> Frames:
    """Every municipio in each run-off: votes, adults, and what is not published or not comparable, and why."""
    votes = frames[RESULTADOS].assign(codigo_municipio=_codes(frames))
    return {NAME: pd.concat([_of_election(frames, str(event), rows) for event, rows in votes.groupby("eleccion")])}


def _of_election(frames: Frames, event: str, votes: pd.DataFrame) -> pd.DataFrame:
    votes = votes.set_index("codigo_municipio")
    rows = frames["municipios"][["codigo_municipio"]].assign(eleccion=event).reset_index(drop=True)
    order = sorted(CANDIDATES, key=lambda number: -votes[f"votos_{number}"].sum())
    for rank, number in zip(RANKS, order, strict=True):
        rows[f"partido_{rank}"] = votes[f"organizacion_{number}"].iloc[0]
        rows[f"votos_{rank}"] = rows["codigo_municipio"].map(votes[f"votos_{number}"])
    rows["votos_validos"] = rows["votos_primero"] + rows["votos_segundo"]
    rows["poblacion_18_mas"] = rows["codigo_municipio"].map(_adults(frames, event))
    said = _observations(frames).query("eleccion == @event")
    for name, figure in (("votos", "votos_validos"), ("tasa", "poblacion_18_mas")):
        of_figure = said[said["de"] == name].set_index("codigo_municipio")["decision"].map(DECISIONS)
        published = pd.Series("publicado", index=rows.index).mask(rows[figure].isna(), "sin_dato")
        rows[f"estado_{name}"] = rows["codigo_municipio"].map(of_figure).astype("str").fillna(published)
    rows["poblacion_18_mas"] = rows["poblacion_18_mas"].mask(rows["estado_tasa"] != "publicado")
    remarks = said.drop_duplicates("codigo_municipio").set_index("codigo_municipio")["observacion"]
    rows["observacion"] = rows["codigo_municipio"].map(remarks).astype("str")
    return rows


def _adults(frames: Frames, event: str) -> pd.Series:
    """Inhabitants of 18 and over by municipio in the year of an election; none when it has no projection."""
    events, adults = frames["elecciones"], frames["poblacion_18_mas_2011_2015"]
    rows = adults[adults["anio"].isin(events.loc[events["eleccion"] == event, "anio"])]
    return rows.groupby("codigo_municipio")["poblacion_18_mas"].sum()


def _observations(frames: Frames) -> pd.DataFrame:
    """One row per municipio, election and figure (`de`) that is not published or not comparable."""
    rows = frames[OBSERVACIONES].dropna()
    rows = rows.assign(codigo_municipio=rows["municipios"].str.split(","), de=rows["de"].str.split(","))
    return rows.explode("codigo_municipio").explode("de", ignore_index=True)


def _codes(frames: Frames) -> pd.Series:
    """Code of each row, by the names of its departamento and municipio; missing when a name does not resolve."""
    rows = frames[RESULTADOS]
    known = {fold(name): code for name, code in frames["departamentos"][["departamento", "codigo_departamento"]].values}
    placed = rows.assign(codigo_departamento=rows["departamento"].fillna("").map(fold).map(known))
    return checks.resolve_names(placed, "codigo_departamento", "municipio", frames)


# --- What must hold -------------------------------------------------------------------------------------------------


def _run_offs(frames: Frames) -> set[str]:
    """The second rounds of the catalogue."""
    return set(frames["elecciones"].query("vuelta == 'segunda'")["eleccion"])


def _election_is_a_run_off(frames: Frames) -> list[Problem]:
    """Every row is of a second round of the catalogue; each election is said once."""
    rounds = _run_offs(frames)
    rows = frames[RESULTADOS].dropna(subset="eleccion").drop_duplicates("eleccion")
    message = "no es una segunda vuelta del catálogo de elecciones (elecciones.csv)"
    wrong = rows[~rows["eleccion"].isin(rounds)]
    return [Problem(RESULTADOS, row, "eleccion", str(wrong.at[row, "eleccion"]), message) for row in wrong.index]


def _names_resolve(frames: Frames) -> list[Problem]:
    """Every name is one municipio, and no two names of an election are the same."""
    rows, codes = frames[RESULTADOS], _codes(frames)
    unknown = rows["municipio"].notna() & codes.isna()
    message = "el nombre no resuelve a ningún municipio del departamento: añádalo a municipios_alias.csv"
    problems = [
        Problem(RESULTADOS, row, "municipio", str(rows.at[row, "municipio"]), message) for row in rows.index[unknown]
    ]
    repeated = codes.notna() & rows.assign(code=codes).duplicated(["code", "eleccion"])
    message = "otra fila ya es ese municipio"
    return problems + [
        Problem(RESULTADOS, row, "municipio", str(rows.at[row, "municipio"]), message) for row in rows.index[repeated]
    ]


def _all_present(given: Given) -> list[Problem]:
    """In each run-off there is a row for every municipio that existed on its day, but for those said not to have voted apart."""
    codes, problems = _codes(given), []
    if codes.isna().any():
        return []  # a name that does not resolve is already said
    observed, days = _observations(given).query("de == 'votos'"), rolls.days(given["elecciones"])
    known = given[RESULTADOS][given[RESULTADOS]["eleccion"].isin(_run_offs(given))]
    for event, rows in known.groupby("eleccion"):
        away = observed[observed["eleccion"] == event]["codigo_municipio"]
        there = checks.existing(given["municipios"], days[str(event)])
        expected = there[~there["codigo_municipio"].isin({*codes[rows.index], *away})]
        for row in checks.rows_of(expected):
            message = f"falta el municipio {row.codigo_municipio} {row.municipio} ({row.departamento})"
            problems.append(Problem(RESULTADOS, None, "municipio", row.codigo_municipio, message))
    return problems


def _same_two_candidates(frames: Frames) -> list[Problem]:
    """In a run-off, all the rows are of the same two organisations."""
    problems = []
    for _, rows in frames[RESULTADOS].groupby("eleccion"):
        for column in (f"organizacion_{number}" for number in CANDIDATES):
            other = rows[rows[column].notna() & (rows[column] != rows[column].iloc[0])]
            message = f"en las demás filas de la elección es «{rows[column].iloc[0]}»"
            problems += [Problem(RESULTADOS, row, column, str(other.at[row, column]), message) for row in other.index]
    return problems


def _percentages_follow(frames: Frames) -> list[Problem]:
    """The percentages printed beside the votes are those of the votes, to two decimals."""
    rows = frames[RESULTADOS]
    total = (rows["votos_1"] + rows["votos_2"]).astype("float64")
    problems = []
    for number in CANDIDATES:
        expected = 100 * rows[f"votos_{number}"].astype("float64") / total
        column = f"porcentaje_{number}"
        for row in rows.index[(rows[column] - expected).abs() > 0.0051]:
            message = f"los votos de la fila dan {expected.at[row]:.2f} %"
            problems.append(Problem(RESULTADOS, row, column, str(rows.at[row, column]), message))
    return problems


def _official_totals(given: Given) -> list[Problem]:
    """Every official total, called `<election>-presidencia-votos_validos`, is the sum of the votes of that run-off."""
    problems = []
    sums = given[RESULTADOS].groupby("eleccion")[[f"votos_{number}" for number in CANDIDATES]].sum().sum(axis=1)
    for total in given.totals(RESULTADOS):
        event = total.name.removesuffix(f"-{OFFICE}-votos_validos")
        if event not in sums.index:
            message = f"se esperaba elección-{OFFICE}-votos_validos, de una elección con resultados"
            problems.append(Problem(RESULTADOS, None, None, total.name, message))
        elif sums[event] != total.value:
            message = f"{event}: la suma no es el total oficial {total.value} ({total.citation})"
            problems.append(Problem(RESULTADOS, None, "votos_1 + votos_2", str(sums[event]), message))
    return problems


# --- What is said with the figures ----------------------------------------------------------------------------------


def _said(frames: Frames) -> list[Notice]:
    titles = dict(frames["elecciones"][["eleccion", "titulo"]].itertuples(index=False, name=None))
    national = (
        frames["participacion_nacional"]
        .query("estado_recuento == 'definitivo' and cargo == @OFFICE")
        .set_index("eleccion")
    )
    notices = []
    for event, rows in frames[NAME].groupby("eleccion"):
        title, total = titles[str(event)], int(rows["votos_validos"].sum())
        definitive = national["votos_validos"].get(event, pd.NA)
        if pd.notna(definitive) and definitive != total:
            side = "menos" if total < definitive else "más"
            text = f"{title}: los municipios suman {total:,} votos válidos, {abs(definitive - total):,} {side} que los "
            text += f"{definitive:,} definitivos: es un corte anterior. No trae empadronados, votos nulos ni en blanco."
            notices.append(Notice(NAME, text))
        without = rows[rows["observacion"].notna()]
        for remark, group in without.groupby("observacion", sort=False):
            notices.append(Notice(NAME, f"{title}: {remark}", tuple(sorted(group["codigo_municipio"]))))
    return notices


MUNICIPIO = COUNTRY.municipio_pattern

DATASET = Dataset(
    name=NAME,
    title="Segundas elecciones presidenciales por municipio",
    topic="elecciones",
    description="Votos válidos de los dos partidos en cada municipio, y su tasa por cada 100 habitantes de 18 años y más.",
    inputs=(
        Input(
            RESULTADOS,
            (
                Column("eleccion", Kind.CODIGO, pattern=fields.eleccion.pattern),
                *fields.texts("departamento", "municipio"),
                *(
                    column
                    for number in CANDIDATES
                    for column in (
                        Column(f"organizacion_{number}", Kind.TEXTO),
                        Column(f"votos_{number}", Kind.ENTERO),
                        Column(f"porcentaje_{number}", Kind.DECIMAL),
                    )
                ),
            ),
            key=("eleccion", "departamento", "municipio"),
            rejections=(
                Rejection(
                    "fila de nivel departamental: es la suma de sus municipios (la de Guatemala, sin la capital)",
                    lambda rows: rows["municipio"] == DEPARTAMENTAL,
                ),
            ),
            several=True,
        ),
        Input(
            OBSERVACIONES,
            (
                Column("municipios", Kind.TEXTO, pattern=f"{MUNICIPIO}(,{MUNICIPIO})*"),
                Column("eleccion", Kind.CODIGO, pattern=fields.eleccion.pattern),
                Column("de", Kind.TEXTO, pattern="(votos|tasa)(,tasa)?"),
                Column("decision", Kind.CATEGORIA, allowed=tuple(DECISIONS)),
                *fields.texts("observacion"),
            ),
            key=("municipios", "eleccion", "de"),
        ),
    ),
    tables=TABLES,
    read=read,
    source_checks=(
        _election_is_a_run_off,
        _names_resolve,
        _all_present,
        _same_two_candidates,
        _percentages_follow,
    ),
    checks=(_official_totals,),
    notices=(_said,),
    needs=("territorio", "elecciones", "participacion_nacional", "poblacion_2011_2015"),
)
