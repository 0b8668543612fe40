"""Where? One indicator over every municipio or departamento, of whichever topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard.address.parameters import GROUPS
from dashboard.address.phrases import LEVEL_NAMES, people, scope, within
from dashboard.address.selection import MAPS, Selection
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO, Territories
from dashboard.figures.measures import Count, Gap, Quantity, Remainder, Sums, difference
from dashboard.figures.queries import PUBLISHED, Data
from dashboard.indicators import Indicator
from dashboard.indicators.offers import asked
from dashboard.indicators.readings import Doubt, doubts
from dashboard.kinds import mapa
from dashboard.view import AnswerColumn, PictureKind, Result, View
from dashboard.words import COUNT, NO_DATA, PERCENT, Figure
from etl import fields
from etl.country import fold
from etl.model import Field, Kind

VALUE = "valor"


def query(data: Data, selection: Selection) -> Result:
    """The figures of the selected indicator, from the highest to the lowest place; places without figure at the end."""
    indicator = asked(data, selection)
    territories = data.territories
    sums = data.figures(indicator.measure, selection.group)
    codes = _codes(selection, territories)
    values = {code: indicator.measure.value(sums[code]) for code in codes}
    ordered = sorted(codes, key=lambda code: _rank(values[code], indicator, territories.name(code)))
    known = doubts(data, indicator, selection.group)
    doubtful = {code: known[code] for code in codes if code in known}
    everywhere = _codes(Selection(selection.indicador, nivel=selection.nivel), territories)
    measured = [indicator.measure.value(sums[code]) for code in everywhere]
    material = mapa.Material(
        indicator=indicator,
        level=selection.nivel,
        values={code: values[code] for code in ordered},
        everywhere=tuple(value for value in measured if value is not None),
        names={code: territories.name(code) for code in codes},
        # Inside one departamento, its name is not repeated for each municipio.
        parents={code: "" if selection.departamento else _parent(code, territories) for code in codes},
        lead=lead(indicator, sums, selection, scope(selection), data),
        inside=_inside(selection, len(codes)),
        doubts=doubtful,
    )
    explained = (bool(indicator.statuses) and selection.nivel != DEPARTAMENTO) or bool(doubtful)
    columns = _columns(data, indicator, selection, explained)
    rows = tuple(
        _row(code, indicator, values[code], sums[code], territories, explained, doubtful.get(code)) for code in ordered
    )
    tables = data.sources(indicator.measure, selection.group)
    days = data.cutoffs(indicator.measure, selection.group)
    return Result(indicator.question, columns, rows, material, tables, indicator.caveats, days)


def lead(
    indicator: Indicator, sums: Mapping[str, Sums], selection: Selection, code: str, data: Data
) -> dict[str, str | Figure] | None:
    """The slots of the indicator's sentence for the territory `code`; None when its figure is not published."""
    own, territories = sums[code], data.territories
    value = indicator.measure.value(own)
    if value is None:
        return None
    whens = {f"de_{item.name}": _of(data.when(item)) for item in indicator.measure.quantities}
    others = next((item.whose for item in indicator.measure.quantities if item.whose), None)
    slots: dict[str, str | Figure] = {name: Figure(COUNT.write(total), total) for name, total in own.items()}
    if isinstance(indicator.measure, Gap):
        for name, ratio in (("primera", indicator.measure.first), ("segunda", indicator.measure.second)):
            slots[name] = Figure(PERCENT.write(ratio.value(own)), ratio.value(own))
    if isinstance(indicator.measure, Remainder):
        left = indicator.measure.left(own)
        slots["resto"] = Figure(COUNT.write(left), left)
    return slots | {
        **whens,
        "en": _where(indicator, sums, code, territories),
        "quienes": people(selection.group),
        "las_personas": people(selection.group, registered=False, article=True),
        "frente": people(others, registered=False, article=True) if others else "",
        "valor": Figure(indicator.unit.write(value), value),
    }


def _of(year: str) -> str:
    """When a quantity is of, as it follows its name: « de 2026»."""
    return f" de {year}" if year else ""


def _where(indicator: Indicator, sums: Mapping[str, Sums], code: str, territories: Territories) -> str:
    """Where the figure is of: of the municipios that have one, when the sum leaves some out."""
    inside = [place for place in territories.municipios if territories.contains(code, place)]
    known = [place for place in inside if indicator.measure.value(sums[place]) is not None]
    if territories.level(code) == MUNICIPIO or not indicator.measure.complete or len(known) == len(inside):
        return within(code, territories)
    where = f"de {territories.name(code)}" if code else "del país"
    return f"En los {len(known)} municipios {where} con cifra"


def _codes(selection: Selection, territories: Territories) -> list[str]:
    if selection.nivel == DEPARTAMENTO:
        return list(territories.departamentos)
    return [code for code in territories.municipios if territories.contains(selection.departamento or "", code)]


def _rank(value: float | None, indicator: Indicator, name: str) -> tuple[bool, float, str]:
    # Ties are decided on the figure a reader sees, then by name.
    return (value is None, -indicator.unit.rounded(value) if value is not None else 0, fold(name))


def _parent(code: str, territories: Territories) -> str:
    return territories.departamento_of(code) if territories.level(code) == MUNICIPIO else ""


def _inside(selection: Selection, count: int) -> str:
    if selection.departamento:
        return f"En sus {count} municipios"
    return f"Por {LEVEL_NAMES[selection.nivel][0]}"


def _columns(data: Data, indicator: Indicator, selection: Selection, explained: bool) -> tuple[AnswerColumn, ...]:
    value = Field(
        VALUE,
        # A share is shown beside the count of the same people: without its unit, both columns would have one title.
        f"{indicator.title} ({indicator.unit.mark})" if indicator.unit.mark else indicator.title,
        indicator.definition,
        Kind.ENTERO if isinstance(indicator.measure, Count) else Kind.DECIMAL,
        unit=indicator.unit.phrase or indicator.unit.mark or "personas",
        nullable=True,
    )
    # The figure comes right after the name: on a phone it is what must be in sight.
    explanation = DOUBT_COLUMNS if explained else ()
    why = explanation[0].field.name if explanation else None
    parts = (*_parts(data, indicator, selection), *_difference(indicator))
    figures = (AnswerColumn(value, indicator.unit, explained_by=why), *parts, *explanation)
    if selection.nivel == DEPARTAMENTO:
        return (AnswerColumn(fields.codigo_departamento, hidden=True), AnswerColumn(fields.departamento), *figures)
    return (
        AnswerColumn(fields.codigo_municipio, hidden=True),
        AnswerColumn(fields.municipio),
        *figures,
        AnswerColumn(fields.departamento),
    )


def _parts(data: Data, indicator: Indicator, selection: Selection) -> list[AnswerColumn]:
    if isinstance(indicator.measure, Count):
        return []
    return [AnswerColumn(_counted(data, item, selection), COUNT) for item in indicator.measure.quantities]


def _difference(indicator: Indicator) -> tuple[AnswerColumn, ...]:
    """The column of the files with what the indicator differs from its base in; none for one that has no base."""
    against = difference(indicator.measure)
    if against is None:
        return ()
    counted, base = against.counted.title, against.against.title
    words = f"{counted} menos {base[0].lower()}{base[1:]}. Por debajo de cero, la base es mayor."
    return (AnswerColumn(replace(DIFFERENCE, description=words), hidden=True),)


def _counted(data: Data, quantity: Quantity, selection: Selection) -> Field:
    # Some populations are projections with decimals: in a column of integers they would be cut.
    place = data.place_for(quantity, selection.group)
    kind = place.table.field(place.column).kind
    title = quantity.title + _of(data.when(quantity))
    return Field(quantity.name, title, title + ".", kind, unit="personas", nullable=True)


def _row(
    code: str,
    indicator: Indicator,
    value: float | None,
    sums: Sums,
    territories: Territories,
    explained: bool,
    doubt: Doubt | None,
) -> tuple[Any, ...]:
    counts = () if isinstance(indicator.measure, Count) else tuple(sums[q.name] for q in indicator.measure.quantities)
    parent = (_parent(code, territories),) if territories.level(code) == MUNICIPIO else ()
    explanation: tuple[str, ...] = ()
    if explained:
        explanation = (doubt.state, doubt.reason or "") if doubt else (PUBLISHED if value is not None else NO_DATA, "")
    against = difference(indicator.measure)
    apart = (against.value(sums),) if against else ()
    return (code, territories.name(code), value, *counts, *apart, *explanation, *parent)


#: How many more people are registered than there are in the base of an indicator: what the files of any view call it.
DIFFERENCE = Field(
    "diferencia",
    "Diferencia con la base, en personas",
    "Personas empadronadas menos habitantes de la base con que se comparan.",
    Kind.DECIMAL,
    unit="personas",
    nullable=True,
)
DOUBT_COLUMNS = (
    AnswerColumn(
        Field("estado", "Estado del dato", "Si la cifra se publica; si no, por qué.", Kind.TEXTO), hidden=True
    ),
    AnswerColumn(
        Field("observacion", "Observación", "Lo que es dudoso en la fuente, y la evidencia.", Kind.TEXTO),
        hidden=True,
    ),
)
DEPENDS = MAPS.only("indicador", "eleccion", "corte", "departamento", GROUPS, "frente", "ver")
PADRON = View("padron_mapa", "El padrón en el mapa", PictureKind.of(mapa), query, contract=DEPENDS)
PARTICIPACION = View(
    "participacion_mapa", "La participación en el mapa", PictureKind.of(mapa), query, "participacion", DEPENDS
)
VIEWS = (PADRON, PARTICIPACION)
