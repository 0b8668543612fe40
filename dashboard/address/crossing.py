"""What the address of a cross may ask: what is counted, of whom, where, and by which rows and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import ClassVar

from dashboard.address.crossable import LAST_KEPT, PLACE, TOWN, Cross, Level, fit, kept
from dashboard.address.parameters import GROUPS, Contract, Parameter, Question
from dashboard.address.selection import EVERYBODY
from dashboard.address.vocabulary import Offer

#: What the big number of a cell is; the rate of a cross of rates is what it is whatever is asked.
OF_ROW, OF_COLUMN, PEOPLE = "fila", "columna", "personas"
SHOWN = {OF_ROW: "% de la fila", OF_COLUMN: "% de la columna", PEOPLE: "Solo personas"}
COUNTED = {
    "empadronados": "Empadronados",
    "votaron": "De cada 100, cuántos votaron",
    "abstencion": "De cada 100, cuántos no votaron",
    "votantes": "Votantes",
    "padron-eleccion": "Padrón de la elección",
}
#: Of what is counted, what is a part of a roll.
RATES = ("votaron", "abstencion")
#: By what rows are put in order: the name of the row, the total, or any column; with a minus, from the highest.
NAME, TOTAL, DOWN = "nombre", "total", "-"
CODE = r"-?[\w-]+"
ALL_ROWS = "todas"


@dataclass(frozen=True)
class Crossing(Question):
    """A cross as it is asked for: what is "" is not asked, and the release decides (`resolved`). `group` are the conditions on
    the people, as (name, value). `fila` and `columna` are the chosen cell.
    """

    ASKED_AS: ClassVar[Mapping[str, str]] = {"group": GROUPS}

    cuenta: str = ""
    eleccion: str = ""
    corte: str = ""
    group: tuple[tuple[str, str], ...] = ()
    departamento: str = ""
    municipio: str = ""
    filas: str = ""
    columnas: str = ""
    orden: str = ""
    mostrar: str = ""
    fila: str = ""
    columna: str = ""
    ver: str = ""

    def values(self) -> dict[str, str]:
        """The values by parameter, with one for each condition in place of `group`."""
        found: dict[str, str] = {}
        for name, value in super().values().items():
            found |= dict(self.group) if name == GROUPS else {name: value}
        return found


def asked_of(question: Crossing) -> dict[str, str]:
    """What a question asks of the tables, by name in the address."""
    rest = ("cuenta", PLACE, "filas", "columnas", *LAST_KEPT)
    return {name: value for name in rest if (value := getattr(question, name))} | dict(question.group)


def resolved(question: Crossing, offer: Offer) -> tuple[Crossing, Cross] | None:
    """The same question with everything said that the release decides, and the cross that answers it; None when none does."""
    cross = fit(offer.crossable, asked_of(question))
    if cross is None:
        return None
    values = cross.values()
    own = ("cuenta", "eleccion", "corte", PLACE, TOWN, "filas", "columnas")
    group = tuple((name, value) for name, value in cross.conditions.items() if name not in (PLACE, TOWN))
    return replace(question, group=group, **{name: values.get(name, "") for name in own}), cross


def _parameters(offer: Offer) -> tuple[Parameter, ...]:
    found = offer.levels
    titles = {name: level.title for name, level in found.items()}
    counted = [name for source in offer.crossable for name in source.counted]
    places = {code: words for code, words in offer.departamentos.items() if code in offer.abroad or PLACE in found}
    towns = found[TOWN].values if TOWN in found else {}
    every = offer.crossed_values
    orders = {TOTAL: "Total", NAME: "Nombre de la fila", **every} if every else {}
    orders |= {DOWN + value: f"{words}, de mayor a menor" for value, words in orders.items()}
    cells = {TOTAL: "Total", **every} if every else {}
    return (
        Parameter(
            "cuenta",
            "Qué se cuenta",
            "Si falta, lo primero que se publica",
            {n: COUNTED[n] for n in COUNTED if n in counted},
        ),
        Parameter(
            "eleccion", "Elección", "Código; si falta, la última con cifras", offer.every_election, unused="ninguna"
        ),
        Parameter("corte", "Corte", "Día del padrón; si falta, el último", offer.every_cutoff, unused="el último"),
        *(_of_people(level) for name, level in found.items() if name not in (PLACE, TOWN)),
        Parameter(PLACE, "Dónde", "Código de dos cifras", places, "", "Todo el país"),
        Parameter(TOWN, "Municipio", "Código de cuatro cifras", towns, "", "Todos", pattern=r"\d{4}"),
        Parameter("filas", "Filas", "Por qué se divide hacia abajo; si falta, se elige", titles, unused="elegidas"),
        Parameter(
            "columnas", "Columnas", "Por qué se divide a lo ancho; si falta, se elige", titles, unused="elegidas"
        ),
        Parameter(
            "orden",
            "Orden",
            "Columna que ordena; con menos, de mayor a menor",
            orders,
            "",
            "",
            "el suyo",
            "",
            CODE,
            control=False,
        ),
        Parameter(
            "mostrar", "Celda", "Qué es el número grande de cada celda", SHOWN if every else {}, OF_ROW, control=False
        ),
        Parameter("fila", "Fila elegida", "Código de su fila", cells, unused="ninguna", pattern=CODE, control=False),
        Parameter(
            "columna", "Columna elegida", "Código de su columna", cells, unused="ninguna", pattern=CODE, control=False
        ),
        Parameter("ver", "Todas", "Si se muestran todas las filas", {ALL_ROWS: "Todas"}, control=False),
    )


def _of_people(level: Level) -> Parameter:
    everybody = EVERYBODY.get(level.column, "Todas")
    return Parameter(
        level.name, level.title, level.description, level.values, "", everybody, column=level.column, group=True
    )


def _build(values: Mapping[str, str], offer: Offer, notices: list[str]) -> Crossing:
    names = [item for item in offer.levels if item not in (PLACE, TOWN) and values.get(item)]
    group = tuple((name, values[name]) for name in names)
    said = {item.name: values.get(item.name, "") for item in fields(Crossing) if item.name != "group"}
    asked = Crossing(group=group, **said)
    if asked.mostrar == OF_ROW:
        asked = replace(asked, mostrar="")
    together, dropped = kept(offer.crossable, asked_of(asked))
    titles = {item.name: item.title for item in _parameters(offer)}
    notices += [f"«{titles[name]}» no se publica con lo demás que se pide: se muestra sin eso." for name in dropped]
    left = {name: "" if name in dropped else value for name, value in said.items()} | {"mostrar": asked.mostrar}
    asked = Crossing(group=tuple(pair for pair in group if pair[0] in together), **left)
    return _cell(asked, offer, notices)


def _cell(asked: Crossing, offer: Offer, notices: list[str]) -> Crossing:
    """The question without an order or a chosen cell that its table does not have."""
    found = resolved(asked, offer)
    if found is None:
        return asked
    if asked.mostrar and found[1].cuenta in RATES:
        notices.append("Una proporción no se parte por fila ni por columna: se muestra sin eso.")
        asked = replace(asked, mostrar="")
    cross, (rows, columns) = found[1], inside(found[1])
    sought = {"fila": (*rows, TOTAL), "columna": (*columns, TOTAL), "orden": (NAME, TOTAL, *columns)}
    wrong = []
    for name, there in sought.items():
        value: str = getattr(asked, name)
        if value and value.removeprefix(DOWN if name == "orden" else "") not in there:
            words = cross.rows.title if name == "fila" else cross.columns.title
            notices.append(f"«{value}» no está en esta tabla ({name}: {words.lower()}): se muestra sin eso.")
            wrong.append(name)
    clean = {name: "" for name in wrong}
    return replace(
        asked,
        fila=clean.get("fila", asked.fila),
        columna=clean.get("columna", asked.columna),
        orden=clean.get("orden", asked.orden),
    )


def inside(cross: Cross) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values of the rows and of the columns of a cross, in the order of the table."""
    all_levels, conditions = cross.source.levels, cross.conditions
    return cross.rows.inside(conditions, all_levels), cross.columns.inside(conditions, all_levels)


#: Everything that the page of a cross may ask; its files take no more than what decides their rows.
CROSSES: Contract[Crossing] = Contract(_parameters, _build)
ROWS = CROSSES.only("cuenta", "eleccion", "corte", GROUPS, PLACE, TOWN, "filas", "columnas", "orden", "mostrar")
