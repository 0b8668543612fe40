"""Registered citizens against adults in the whole country, and what others published of the adults who are missing.

Each comparison is a row of the source: which registry (by its date) against which adult population. The registry is that of
`padron_serie_nacional`, never copied; the population, the one quoted or the sum of the projection of its year, if its age
groups have those very limits. Two bases are never mixed in one comparison, and the estimates of others are not ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from etl import fields
from etl.checks import rows_of
from etl.fields.ages import covering
from etl.model import Confidence, Dataset, Field, Given, Input, Kind, Notice, Problem, Table

COMPARISONS, ESTIMATES = "comparaciones", "estimaciones"
AGAINST, PUBLISHED = "empadronados_y_adultos", "adultos_sin_empadronar"
SERIES, PROJECTION, EVERY_ADULT = "padron_serie_nacional", "poblacion_2011_2015", "poblacion_18_mas_2011_2015"
OF_AGE = 18

comparacion = Field(
    "comparacion",
    "Comparación",
    "Código de la comparación.",
    Kind.CODIGO,
    pattern=r"[a-z0-9-]+",
    english=("Comparison", "Code of the comparison."),
)
estimacion = replace(
    comparacion,
    name="estimacion",
    title="Estimación",
    description="Código de la estimación.",
    english=("Estimate", "Code of the estimate."),
)
fecha_padron = fields.described(
    fields.fecha,
    "Fecha del padrón que se compara, como está en padron_serie_nacional.",
    "fecha_padron",
    "Padrón",
    english=("Roll", "Date of the roll that is compared, as it is in padron_serie_nacional."),
)
fecha_extranjero = fields.described(
    fields.fecha,
    "Fecha de los empadronados en el extranjero que se restan del padrón; vacía si no los hay.",
    "fecha_extranjero",
    "Padrón del extranjero",
    nullable=True,
    english=(
        "Roll abroad",
        "Date of the voters registered abroad that are subtracted from the roll; empty if there are none.",
    ),
)
fecha_base = fields.described(
    fields.fecha,
    "Fecha de la población adulta con que se compara.",
    "fecha_base",
    "Fecha de la base",
    english=("Date of the base", "Date of the adult population it is compared with."),
)
base = Field(
    "base",
    "Base",
    "Qué población adulta es y quién la contó o la proyectó.",
    Kind.TEXTO,
    english=("Base", "Which adult population it is and who counted or projected it."),
)
edad_minima = Field(
    "edad_minima",
    "Desde la edad",
    "Menor edad que se compara.",
    Kind.ENTERO,
    unit="años",
    minimum=18,
    maximum=120,
    english=("From age", "Least age compared."),
)
edad_maxima = replace(
    edad_minima,
    name="edad_maxima",
    title="Hasta la edad",
    description="Mayor edad que se compara; vacía si no hay límite.",
    nullable=True,
    english=("To age", "Greatest age compared; empty if there is no limit."),
)
parte_por_100 = Field(
    "parte_por_100",
    "Parte del padrón",
    "Empadronados de esas edades por cada 100 del padrón, como los da la fuente; vacía si se compara todo el padrón.",
    Kind.DECIMAL,
    unit="por cada 100 empadronados",
    decimals=2,
    minimum=0,
    maximum=100,
    nullable=True,
    english=(
        "Share of the roll",
        "Registered voters of those ages per 100 on the roll, as the source gives them; empty if the "
        "whole roll is compared.",
    ),
)
empadronados = fields.described(
    fields.empadronados,
    "Empadronados residentes en el país de esas edades, a la fecha del padrón.",
    english=("Registered voters", "Registered voters of those ages living in the country, on the date of the roll."),
)
adultos = Field(
    "adultos",
    "Adultos",
    "Habitantes de esas edades según la base, con los decimales que tenga.",
    Kind.DECIMAL,
    unit="habitantes",
    decimals=2,
    minimum=0,
    english=("Adults", "Inhabitants of those ages according to the base, with whatever decimals it has."),
)
diferencia = Field(
    "diferencia",
    "Diferencia con la base, en personas",
    "Empadronados menos adultos de la base. Por debajo de cero, los adultos que faltan en el padrón.",
    Kind.DECIMAL,
    unit="personas",
    decimals=2,
    english=(
        "Difference from the base, in persons",
        "Registered voters minus adults of the base. Below zero, the adults missing from the roll.",
    ),
)
empadronados_por_100 = Field(
    "empadronados_por_100",
    "Empadronados por cada 100 adultos",
    "Empadronados por cada 100 adultos de la base.",
    Kind.DECIMAL,
    unit="por cada 100 adultos",
    decimals=2,
    minimum=0,
    english=("Registered voters per 100 adults", "Registered voters per 100 adults of the base."),
)
sin_empadronar_por_100 = Field(
    "sin_empadronar_por_100",
    "Sin empadronar, por cada 100 adultos",
    "Adultos que no están en el padrón por cada 100, según quien hizo la estimación.",
    Kind.DECIMAL,
    unit="por cada 100 adultos",
    decimals=2,
    minimum=0,
    maximum=100,
    english=("Unregistered, per 100 adults", "Adults not on the roll per 100, according to whoever made the estimate."),
)
sin_empadronar = Field(
    "sin_empadronar",
    "Adultos sin empadronar",
    "Cuántos adultos no están en el padrón, según quien hizo la estimación, si lo dice.",
    Kind.ENTERO,
    unit="personas",
    minimum=0,
    nullable=True,
    english=(
        "Unregistered adults",
        "How many adults are not on the roll, according to whoever made the estimate, if they say.",
    ),
)
metodo = Field(
    "metodo",
    "Método",
    "Qué se sabe de cómo se estimó y con qué población.",
    Kind.TEXTO,
    english=("Method", "What is known of how it was estimated and with which population."),
)
EVIDENCE = (fields.precision, fields.confianza, fields.fuente, fields.url, fields.cita, fields.nota)
QUOTED = ("confianza", "fuente", "url", "cita")

TABLES = (
    Table(
        AGAINST,
        "Empadronados frente a adultos, en todo el país",
        "El padrón de los residentes en el país frente a la población adulta de una fecha cercana, comparación por "
        "comparación. Cada una usa una sola base: no se mezclan.",
        (
            comparacion,
            fecha_padron,
            fecha_base,
            base,
            edad_minima,
            edad_maxima,
            empadronados,
            adultos,
            diferencia,
            empadronados_por_100,
            *EVIDENCE,
        ),
        ("comparacion",),
    ),
    Table(
        PUBLISHED,
        "Adultos sin empadronar, estimaciones publicadas",
        "Las estimaciones que otros publicaron de los adultos que no están en el padrón, con lo que se sabe de su método. No "
        "coinciden entre sí y ninguna se prefiere.",
        (estimacion, fields.fecha, edad_minima, edad_maxima, sin_empadronar_por_100, sin_empadronar, metodo, *EVIDENCE),
        ("estimacion",),
    ),
)


def read(given: Given) -> dict[str, pd.DataFrame]:
    """The comparisons, computed from the registry and the population that each row names; the estimates as they are."""
    found = [_compared(row, given) for row in rows_of(given[COMPARISONS])]
    return {AGAINST: pd.DataFrame(found), PUBLISHED: given[ESTIMATES]}


def _compared(row: Any, given: Given) -> dict[str, object]:
    whole = _registered(given, row.fecha_padron, "total")
    abroad = 0 if pd.isna(row.fecha_extranjero) else _registered(given, row.fecha_extranjero, "extranjero")
    part = 1 if pd.isna(row.parte_por_100) else row.parte_por_100 / 100
    registered, adults = round((whole - abroad) * part), _adults(row, given)
    quoted = [] if pd.isna(row.fuente) else [row.fuente]
    return {
        **row._asdict(),
        "empadronados": registered,
        "adultos": adults,
        "diferencia": round(registered - adults, 2),
        "empadronados_por_100": 100 * registered / adults,
        "confianza": Confidence.weakest(_confidences(row, given)).value,
        "fuente": "; ".join(
            dict.fromkeys([*_rolls(given, row.fecha_padron, "total")["fuente"], *quoted, *_projected(row, given)])
        ),
        "url": row.url,
        "cita": row.cita if quoted else "suma de los municipios de la proyección",
    }


def _rolls(given: Given, day: str, scope: str) -> pd.DataFrame:
    """The rows of the national series of one date and scope."""
    rows = given[SERIES]
    return rows[(rows["fecha"] == day) & (rows["ambito"] == scope)]


def _registered(given: Given, day: str, scope: str) -> int:
    return int(_rolls(given, day, scope)["empadronados"].iloc[0])


def _adults(row: Any, given: Given) -> float:
    if not pd.isna(row.adultos):
        return float(row.adultos)
    year = int(row.fecha_base[:4])
    if row.edad_minima == OF_AGE and pd.isna(
        row.edad_maxima
    ):  # exact, where the groups add up what each was rounded to
        every = given[EVERY_ADULT]
        return round(float(every.loc[every["anio"] == year, "poblacion_18_mas"].sum()), 2)
    rows = given[PROJECTION]
    mine = rows["grupo_edad_poblacion"].isin(_groups(row) or ()) & (rows["anio"] == year)
    return round(float(rows.loc[mine, "poblacion"].sum()), 2)


def _groups(row: Any) -> tuple[str, ...] | None:
    """The groups of the projection that are exactly the ages of a comparison."""
    last = None if pd.isna(row.edad_maxima) else int(row.edad_maxima)
    return covering(fields.GRUPOS_EDAD_POBLACION, int(row.edad_minima), last)


def _projected(row: Any, given: Given) -> Sequence[str]:
    return [given.source(PROJECTION).title] if pd.isna(row.adultos) else []


def _confidences(row: Any, given: Given) -> Iterator[str]:
    """How far each of the figures that a comparison rests on can be trusted."""
    yield from _rolls(given, row.fecha_padron, "total")["confianza"]
    if not pd.isna(row.fecha_extranjero):
        yield from _rolls(given, row.fecha_extranjero, "extranjero")["confianza"]
    if not pd.isna(row.confianza):
        yield row.confianza
    if pd.isna(row.adultos):
        yield given.source(PROJECTION).confidence.value


# --- What must hold -------------------------------------------------------------------------------------------------


def _the_registry_is_published(given: Given) -> list[Problem]:
    """Each date has one registry, and only one, in the national series."""
    problems = []
    for column, scope in (("fecha_padron", "total"), ("fecha_extranjero", "extranjero")):
        for row in rows_of(given[COMPARISONS].dropna(subset=column)):
            day = getattr(row, column)
            found = _rolls(given, day, scope)["empadronados"].nunique()
            if found != 1:
                said = "no está" if found == 0 else "está con cifras distintas"
                problems.append(Problem(COMPARISONS, row.Index, column, day, f"esa fecha {said} en {SERIES} ({scope})"))
    return problems


def _the_base_has_those_ages(given: Given) -> list[Problem]:
    """Without a published population, the projection has that year, and groups with those limits."""
    years = set(given[PROJECTION]["anio"])
    problems = []
    for row in rows_of(given[COMPARISONS]):
        if not pd.isna(row.adultos) or pd.isna(row.fecha_base) or pd.isna(row.edad_minima):
            continue
        if int(row.fecha_base[:4]) not in years:
            message = "sin adultos publicados, hace falta la proyección de ese año, y no la hay"
            problems.append(Problem(COMPARISONS, row.Index, "fecha_base", row.fecha_base, message))
        elif _groups(row) is None:
            ages = f"{row.edad_minima} a {'más' if pd.isna(row.edad_maxima) else row.edad_maxima}"
            message = "los grupos de edad de la proyección no tienen esos límites: no se parten ni se estiman"
            problems.append(Problem(COMPARISONS, row.Index, "edad_minima, edad_maxima", ages, message))
    return problems


def _what_is_quoted_has_its_evidence(given: Given) -> list[Problem]:
    """A figure of somebody else says who, where and how far to trust it."""
    rows = given[COMPARISONS]
    quotes = rows["adultos"].notna() | rows["parte_por_100"].notna()
    return [
        Problem(COMPARISONS, row, column, "", "la fila da una cifra publicada: falta su fuente")
        for column in QUOTED
        for row in rows.index[quotes & rows[column].isna()]
    ]


def _estimates_differ(given: Given) -> list[Notice]:
    rows = given[PUBLISHED].sort_values("fecha", ascending=False)
    said = [f"{row.sin_empadronar_por_100:g} % ({row.fuente}, {row.fecha})" for row in rows_of(rows)]
    message = (
        f"Las estimaciones publicadas de adultos sin empadronar no coinciden: {'; '.join(said)}. Se publican juntas."
    )
    return [Notice("adultos", message)] if rows["sin_empadronar_por_100"].nunique() > 1 else []


def _perhaps(*declared: Field) -> tuple[Field, ...]:
    return tuple(map(fields.perhaps, declared))


def _quoted() -> tuple[Field, ...]:
    evidence = {item.name: item for item in EVIDENCE}
    return (fields.precision, *_perhaps(*(evidence[name] for name in QUOTED)), fields.nota)


DATASET = Dataset(
    name="adultos",
    title="Empadronados frente a adultos",
    topic="padron",
    description="Cuántos adultos hay en el país y cuántos no están en el padrón: el padrón frente a cada población adulta "
    "publicada, y las estimaciones de otros, con su método y su confianza.",
    inputs=(
        Input(
            COMPARISONS,
            tuple(
                map(
                    fields.column,
                    (
                        comparacion,
                        fecha_padron,
                        fecha_extranjero,
                        edad_minima,
                        edad_maxima,
                        parte_por_100,
                        fecha_base,
                        fields.perhaps(adultos),
                        base,
                        *_quoted(),
                    ),
                )
            ),
            key=("comparacion",),
        ),
        Input(ESTIMATES, tuple(map(fields.column, TABLES[1].fields)), key=("estimacion",)),
    ),
    tables=TABLES,
    read=read,
    source_checks=(_the_registry_is_published, _the_base_has_those_ages, _what_is_quoted_has_its_evidence),
    notices=(_estimates_differ,),
    needs=("padron_serie", "poblacion_2011_2015"),
)
