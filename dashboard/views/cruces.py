"""Any cross that the release publishes: how many there are in each cell, of whom and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.address.crossable import PLACE, TOWN, Cross, Level
from dashboard.address.crossing import (
    DOWN,
    NAME,
    OF_ROW,
    PEOPLE,
    RATES,
    ROWS,
    TOTAL,
    Crossing,
    inside,
    resolved,
)
from dashboard.address.phrases import people, within
from dashboard.address.vocabulary import Group, Territories, Trait
from dashboard.figures.counted import AGE, CUTOFF, how_old, names_of
from dashboard.figures.crossings import UNSAID, Key, Tally, tallies
from dashboard.figures.elections import elections
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.indicators.offers import CROSSES, offer
from dashboard.kinds import calor
from dashboard.kinds.calor import Facts, Material, per_cent
from dashboard.view import PictureKind, Result, View, WhenAsked, number_column, text_column
from dashboard.words import COUNT, PERCENT, long_date
from etl.country import fold

COLUMNS = (
    text_column("fila_por", "Filas por", "Qué son las filas del cruce."),
    text_column("codigo_fila", "Código de la fila", "Código de la fila; «total» suma todas.", hidden=True),
    text_column("fila", "Fila", "La fila, en palabras."),
    text_column("columna_por", "Columnas por", "Qué son las columnas del cruce."),
    text_column("codigo_columna", "Código de la columna", "Código de la columna; «total» suma todas.", hidden=True),
    text_column("columna", "Columna", "La columna, en palabras."),
    text_column("cuenta", "Qué se cuenta", "De qué es la cifra de la fila."),
    number_column("personas", "Personas", "Cuántas son; vacía si no se publica.", "personas", COUNT),
    number_column("padron", "Padrón", "De cuántas, si es una proporción del padrón de la elección.", "personas", COUNT),
    number_column("porcentaje", "De cada 100", "Parte del padrón de la celda.", "%", PERCENT, decimal=True),
    number_column("porcentaje_fila", "% de la fila", "Parte del total de su fila.", "%", PERCENT, decimal=True),
    number_column(
        "porcentaje_columna", "% de la columna", "Parte del total de su columna.", "%", PERCENT, decimal=True
    ),
    text_column("estado_celda", "Estado de la celda", "Si la cifra se publica: «confidencial» no es cero."),
    text_column("eleccion", "Elección", "Elección de la que es la cifra, si es de una."),
    text_column("fecha_corte", "Corte del padrón", "Día del que es el padrón contado."),
)
#: What is counted, in the rows of a file.
WORDS = {
    "empadronados": "personas empadronadas",
    "padron-eleccion": "personas en el padrón de la elección",
    "votantes": "personas que votaron",
    "votaron": "personas que votaron, del padrón de la elección",
    "abstencion": "personas que no votaron, del padrón de la elección",
}
#: How the people of a place abroad are told.
LIVING = {
    "pais": "que residen en {}",
    "estado": "que residen en {}",
    "ciudad": "que residen en {}",
    "origen": "con origen en {}",
}
EVERYWHERE, ABROAD = "En el país", "En el extranjero"


def query(data: Data, question: Crossing) -> Result:
    """The cells of a cross, its totals included, in the order asked for."""
    found = resolved(question, offer(data, CROSSES))
    if found is None:
        raise Unaskable("no hay ninguna tabla que cruce dos cosas")
    whole, cross = found
    material = _material(data, whole, cross)
    facts = Facts(material, material.tallies)
    rows = WhenAsked(lambda: _rows(cross, facts))
    source = data.table(cross.source.table)
    days = (date.fromisoformat(cross.corte),) if CUTOFF in names_of(source) else ()
    names = (cross.filas, cross.columnas, *cross.conditions)
    by_age = cross.eleccion and any(
        cross.source.levels[name].column == AGE for name in names if name in cross.source.levels
    )
    notes = how_old(source) if by_age else ()
    return Result(_question(data, cross, material), COLUMNS, rows, material, (source.name,), notes, cutoffs=days)


def _rows(cross: Cross, facts: Facts) -> Iterator[tuple[Any, ...]]:
    """A row for each cell, with the totals at the end of each row and of the table."""
    counted, when = WORDS[cross.cuenta], (cross.eleccion, cross.corte)
    by_row, by_column = cross.rows.title, cross.columns.title
    columns = [*facts.columns.items(), (TOTAL, "Total")]
    wholes = {column: facts.tally(TOTAL, column).people for column, _ in columns}
    for row, row_words in (*facts.rows.items(), (TOTAL, "Total")):
        whole = facts.tally(row, TOTAL).people
        for column, column_words in columns:
            tally = facts.tally(row, column)
            people = tally.people
            numbers: tuple[float | None, ...]
            if facts.is_rate:
                numbers = (people, tally.roll, per_cent(people, tally.roll), None, None)
            else:
                numbers = (people, None, None, per_cent(people, whole), per_cent(people, wholes[column]))
            yield by_row, row, row_words, by_column, column, column_words, counted, *numbers, tally.state, *when


def _material(data: Data, whole: Crossing, cross: Cross) -> Material:
    rows, columns = inside(cross)
    counted = tallies(data, cross)
    named = {code: cross.rows.values[code] for code in _ordered(rows, cross, counted, whole)}
    verb, category = _categories(cross)
    event = elections(data).get(cross.eleccion)
    return Material(
        cuenta=cross.cuenta,
        rows=named,
        columns={code: cross.columns.values[code] for code in columns},
        tallies=counted,
        row_title=cross.rows.title,
        column_title=cross.columns.title,
        people=f"{people_of(cross)}{_told_of(data, cross)}",
        scope=_scope(cross, data.territories),
        category=category,
        verb=verb,
        when=event.words if event else cross.eleccion,
        order=whole.orden,
    )


# --- Order ------------------------------------------------------------------------------------------------------------


def _ordered(rows: Sequence[str], cross: Cross, counted: Mapping[Key, Tally], whole: Crossing) -> list[str]:
    """The rows by a column, by the total or by their name; at the end, whatever the sense, those that have people and no
    share (their whole is confidential), and then the confidential ones.
    """
    by, down = whole.orden.removeprefix(DOWN), whole.orden.startswith(DOWN)
    if not by:
        return list(rows)
    if by == NAME:
        return sorted(rows, key=lambda row: fold(cross.rows.values[row]), reverse=down)
    figures = {row: _figure(counted, row, by, whole) for row in rows}
    known = [row for row in rows if figures[row] is not None]
    lacking = [row for row in rows if figures[row] is None]
    lacking.sort(key=lambda row: counted.get((row, by), UNSAID).people is None)
    return sorted(known, key=lambda row: figures[row] or 0.0, reverse=down) + lacking


def _figure(counted: Mapping[Key, Tally], row: str, column: str, whole: Crossing) -> float | None:
    """What a row is put in order by: the big number of its cell in that column."""
    tally = counted.get((row, column), UNSAID)
    if tally.people is None:
        return None
    if whole.cuenta in RATES:
        return tally.people / tally.roll if tally.roll else None
    if column == TOTAL or whole.mostrar == PEOPLE or tally.people == 0:
        return float(tally.people)
    against = counted.get((row, TOTAL) if whole.mostrar in ("", OF_ROW) else (TOTAL, column), UNSAID).people
    return tally.people / against if against else None


# --- Words ------------------------------------------------------------------------------------------------------------


def people_of(cross: Cross) -> str:
    """Those who are counted, as a noun phrase: «mujeres mayas empadronadas de 18 a 25 años que residen en Texas»."""
    levels, conditions = cross.source.levels, cross.conditions
    traits = [
        Trait(levels[name].column, value)
        for name, value in conditions.items()
        if name not in (PLACE, TOWN, *LIVING, "sexo")
    ]
    traits.sort(key=lambda trait: trait.dimension != "pueblo")
    first = Group(conditions.get("sexo"), traits[0] if traits else None)
    found = [people(first, cross.cuenta == "empadronados")]
    found += [people(Group(None, trait), False).removeprefix("personas ") for trait in traits[1:]]
    found += [
        words.format(levels[name].values[conditions[name]]) for name, words in LIVING.items() if name in conditions
    ]
    return " ".join(found)


def _told_of(data: Data, cross: Cross) -> str:
    """What the people counted did, after their noun: « que votaron en 2023»."""
    event = elections(data).get(cross.eleccion)
    when = event.words if event else cross.eleccion
    return {"votantes": f" que votaron en {when}", "padron-eleccion": f" en el padrón de {when}"}.get(cross.cuenta, "")


def _categories(cross: Cross) -> tuple[str, Any]:
    """What is said of the people of a column, and what they are."""
    level, sexo = cross.columns, cross.conditions.get("sexo")
    if level.name in (PLACE, TOWN, *LIVING):
        return ("tienen origen en" if level.name == "origen" else "viven en"), lambda code: level.values[code]
    if level.name == "sexo":
        return "son", lambda code: people(Group(code), False)
    return "son", lambda code: people(Group(sexo, Trait(level.column, code)), False)


def _scope(cross: Cross, territories: Territories) -> str:
    """Where they live, as a sentence begins."""
    if cross.source.abroad:
        return ABROAD
    return within(cross.conditions.get(TOWN) or cross.conditions.get(PLACE, ""), territories)


def _each(level: Level) -> str:
    """The rows in a question: «en cada departamento», «por edad»."""
    if level.name == "origen":
        return "de cada departamento de origen"
    return f"en cada {level.title.lower()}" if level.name in (PLACE, TOWN, *LIVING) else f"por {level.title.lower()}"


def _question(data: Data, cross: Cross, material: Material) -> str:
    """«¿Cuántas mujeres empadronadas hay en cada departamento, según su pueblo?»"""
    who, when = people_of(cross), material.when
    many = "Cuántos" if who.startswith("hombres") else "Cuántas"
    asked = {
        "empadronados": f"{many} {who} hay",
        "padron-eleccion": f"{many} {who} había en el padrón de {when}",
        "votantes": f"{many} {who} votaron en {when}",
        "votaron": f"De cada 100 {who}, ¿{many.lower()} votaron en {when}",
        "abstencion": f"De cada 100 {who}, ¿{many.lower()} no votaron en {when}",
    }[cross.cuenta]
    place = cross.conditions.get(TOWN) or cross.conditions.get(PLACE, "")
    where = ABROAD if cross.source.abroad else within(place, data.territories) if place else ""
    by = f"{_each(cross.rows)}, según su {cross.columns.title.lower()}"
    rate = asked.startswith("De cada")
    begun = f"{where}, {asked[0].lower()}{asked[1:]}" if where and rate else asked if rate else f"¿{asked}"
    if where and not rate:
        begun = f"{where}, ¿{asked[0].lower()}{asked[1:]}"
    return f"{begun} {by}?"


def day_of(cross: Cross) -> str:
    """The day of the registry that is counted, in words."""
    return long_date(date.fromisoformat(cross.corte))


VIEW = View("cruces", "Cruce a elegir", PictureKind.of(calor), query, CROSSES, ROWS, large=True)
