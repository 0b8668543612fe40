"""Where? One indicator over every municipio or departamento, of whichever topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.address.parameters import GROUPS
from dashboard.address.phrases import LEVEL_NAMES, people, scope, within
from dashboard.address.selection import MAPS, Selection
from dashboard.address.vocabulary import DEPARTAMENTO, EVERYONE, MUNICIPIO, Territories
from dashboard.figures.by_address import by_address
from dashboard.figures.counted import CONFIDENTIAL
from dashboard.figures.measures import Change, Count, Gap, Quantity, Remainder, Sums, difference
from dashboard.figures.queries import PUBLISHED, Data
from dashboard.indicators import Indicator
from dashboard.indicators.offers import asked, beside
from dashboard.indicators.readings import Doubt, doubts
from dashboard.kinds import mapa
from dashboard.view import AnswerColumn, PictureKind, Result, View
from dashboard.words import COUNT, NO_DATA, NOBODY, PERCENT, WITHHELD, Figure
from etl import fields
from etl.model import Field, Kind

VALUE = "valor"


def query(data: Data, selection: Selection) -> Result:
    """The figures of the selected indicator, from the highest to the lowest place; places without figure at the end."""
    indicator = asked(data, selection)
    territories = data.territories
    sums = data.figures(indicator.measure, selection.group)
    own, value = sums.of(_everywhere(selection, territories)), indicator.measure.value
    everywhere = {code: value(counted) for code, counted in own.items()}
    codes = _codes(selection, territories)
    rounded = {code: indicator.unit.rounded(known) for code, known in everywhere.items() if known is not None}
    values = {code: everywhere[code] for code in _ordered(codes, rounded)}
    doubtful = doubts(data, indicator, selection.group, codes)
    material = mapa.Material(
        indicator=indicator,
        level=selection.nivel,
        values=values,
        rounded=rounded,
        everywhere=tuple(value for value in everywhere.values() if value is not None),
        names=data.place_names,
        # Inside one departamento, its name is not repeated for each municipio.
        parents=dict.fromkeys(codes, "") if selection.departamento else data.home_names,
        lead=lead(indicator, sums, selection, scope(selection), data),
        inside=_inside(selection, len(codes)),
        doubts=doubtful,
        sizes=_sizes(indicator, own, codes),
        coverage=_coverage(data, indicator, selection, sums, values, doubtful),
        contrasts=tuple(_contrasts(data, indicator, selection, sums)),
    )
    states = _states(data, indicator, selection, doubtful)
    columns = _columns(data, indicator, selection, states)
    rows = _rows(data, indicator, values, own, states)
    tables = data.sources(indicator.measure, selection.group)
    days = data.cutoffs(indicator.measure, selection.group)
    same = by_address(data, indicator.measure, selection.group, selection.departamento)
    same = same if selection.nivel == MUNICIPIO else ""
    return Result(indicator.question, columns, rows, material, tables, indicator.caveats, days, same)


def lead(
    indicator: Indicator, sums: Mapping[str, Sums], selection: Selection, code: str, data: Data
) -> dict[str, str | Figure] | None:
    """The slots of the indicator's sentence for the territory `code`; None when its figure is not published."""
    own, territories = sums[code], data.territories
    value = indicator.measure.value(own)
    if value is None:
        return None
    whens = {f"de_{item.name}": _of(data.when(item)) for item in indicator.measure.quantities}
    # Of a share, the whole is everybody; the group that it is set against is another, or everybody too.
    whose = [item.whose for item in indicator.measure.quantities if item.whose]
    others = next((group for group in whose if group != EVERYONE), whose[0] if whose else None)
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
    if territories.level(code) == MUNICIPIO or not indicator.measure.complete:
        return within(code, territories)
    inside = territories.under(code)
    known = [place for place in inside if indicator.measure.value(sums[place]) is not None]
    if len(known) == len(inside):
        return within(code, territories)
    where = f"de {territories.name(code)}" if code else "del país"
    return f"En los {len(known)} municipios {where} con cifra"


def _sizes(indicator: Indicator, sums: Mapping[str, Sums], codes: Iterable[str]) -> dict[str, float]:
    """The people that each figure is about, where they are published: the fewest, of one that has two bases."""
    names = [quantity.name for quantity in indicator.measure.base]
    found = {}
    for code in codes if names else ():
        own = sums[code]
        bases = [base for name in names if (base := own[name]) is not None]
        if len(bases) == len(names):
            found[code] = min(bases)
    return found


def _coverage(
    data: Data,
    indicator: Indicator,
    selection: Selection,
    sums: Mapping[str, Sums],
    values: Mapping[str, float | None],
    doubtful: Mapping[str, Doubt],
) -> mapa.Coverage | None:
    """How many of the people that the map is about are in the places that have a figure; None when all are, or when their
    total is not published but added up of what is.
    """
    bases = () if isinstance(indicator.measure, Change) else indicator.measure.base  # of a change, those of today
    counted = next(iter(bases or indicator.measure.quantities))
    total = sums[scope(selection)][counted.name]
    place = data.place_for(counted, selection.group)
    if not place.added_up or not total or None not in values.values():
        return None
    in_sight: dict[str, float] = {"": 0, WITHHELD: 0, NO_DATA: 0}
    unseen = set()
    for code, value in values.items():
        why = "" if value is not None else doubtful[code].state if code in doubtful else NO_DATA
        size = sums[code][counted.name]
        if size is None:
            unseen.add(why)
        else:
            in_sight[why] = in_sight.get(why, 0) + size
    alone = in_sight.pop(NOBODY, 0)
    shown, hidden = in_sight.pop(""), in_sight.pop(WITHHELD)
    missing = sum(in_sight.values())
    rest = max(0.0, total - shown - hidden - missing - alone)
    if WITHHELD in unseen:
        hidden += rest
    else:
        missing += rest
    return mapa.Coverage(_whom(counted, selection), total, shown, hidden, missing, alone)


def _whom(counted: Quantity, selection: Selection) -> str:
    """The people that a quantity counts, in words: «las mujeres mayas empadronadas» or «las mujeres mayas que votaron»."""
    did = counted.title.partition(" que ")[2]
    who = people(counted.people(selection.group), registered=not did, article=True)
    return f"{who} que {did}" if did else who


def _contrasts(
    data: Data, indicator: Indicator, selection: Selection, sums: Mapping[str, Sums]
) -> Iterator[mapa.Contrast]:
    """The group that the one asked for is read beside, and everybody, where their figures are published."""
    code, group = scope(selection), selection.group
    own = indicator.measure.value(sums[code])
    if not indicator.contrasted or group == EVERYONE or own is None:
        return
    first = next(iter(beside(data, indicator, selection)), EVERYONE)
    for other in dict.fromkeys((first, EVERYONE)):
        value = indicator.measure.value(data.figures(indicator.measure, other)[code])
        if value is not None:
            who = people(other, registered=False, article=True) if other != EVERYONE else "todas las personas"
            unit = indicator.unit
            yield mapa.Contrast(who, value, unit.rounded(own) - unit.rounded(value))


def _codes(selection: Selection, territories: Territories) -> Sequence[str]:
    """The places asked for, in the order of their names."""
    if selection.nivel == DEPARTAMENTO:
        return tuple(territories.departamentos)
    return territories.under(selection.departamento or "")


def _everywhere(selection: Selection, territories: Territories) -> Iterable[str]:
    """The places of the level asked for of the whole country."""
    return territories.departamentos if selection.nivel == DEPARTAMENTO else territories.municipios


def _ordered(codes: Sequence[str], rounded: Mapping[str, float]) -> list[str]:
    """From the highest, as a reader sees it, to the lowest: those that tie, by name. Places without figure at the end."""
    known = [code for code in codes if code in rounded]
    # Those that tie stay in the order in which they come; sorted with `reverse`, too.
    return [*sorted(known, key=rounded.__getitem__, reverse=True), *(code for code in codes if code not in rounded)]


def _inside(selection: Selection, count: int) -> str:
    if selection.departamento:
        return f"En sus {count} municipios"
    return f"Por {LEVEL_NAMES[selection.nivel][0]}"


@dataclass(frozen=True)
class _States:
    """The columns that say why figures are missing, with what they say of each place: of its figure (`own`) and of each of
    the counts that it is made from (`parts`, by name).
    """

    own: tuple[AnswerColumn, ...] = ()
    parts: Mapping[str, AnswerColumn] = field(default_factory=dict)
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def why(self) -> str | None:
        """The column that says why the figure of a row is missing."""
        return self.own[0].field.name if self.own else None


def _states(data: Data, indicator: Indicator, selection: Selection, doubtful: Mapping[str, Doubt]) -> _States:
    """Of figures of a table that says the state of each cell, that state; of the others, what their source doubts."""
    quantities = indicator.measure.quantities
    if any(data.place_for(item, selection.group).state for item in quantities):
        counted = () if isinstance(indicator.measure, Count) else quantities
        return _States(
            (CELL_STATE,),
            {item.name: _part_state(item) for item in counted},
            {code: (CODES.get(doubt.state, NOT_THERE),) for code, doubt in doubtful.items()},
            {item.name: dict.fromkeys(data.confidential(item, selection.group), CONFIDENTIAL) for item in counted},
        )
    if (indicator.statuses and selection.nivel != DEPARTAMENTO) or doubtful:
        return _States(DOUBT_COLUMNS, said={code: (item.state, item.reason or "") for code, item in doubtful.items()})
    return _States()


def _part_state(quantity: Quantity) -> AnswerColumn:
    words = f"Si se publica el conteo «{quantity.title}»; si no, por qué."
    declared = replace(
        CELL_STATE.field, name=f"estado_{quantity.name}", title=f"Estado: {quantity.title}", description=words
    )
    return AnswerColumn(declared, hidden=True)


def _columns(data: Data, indicator: Indicator, selection: Selection, states: _States) -> tuple[AnswerColumn, ...]:
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
    parts = (*_parts(data, indicator, selection, states), *_difference(indicator))
    figures = (
        AnswerColumn(value, indicator.unit, explained_by=states.why),
        *parts,
        *states.own,
        *states.parts.values(),
    )
    if selection.nivel == DEPARTAMENTO:
        return (AnswerColumn(fields.codigo_departamento, hidden=True), AnswerColumn(fields.departamento), *figures)
    return (
        AnswerColumn(fields.codigo_municipio, hidden=True),
        AnswerColumn(fields.municipio),
        *figures,
        AnswerColumn(fields.departamento),
    )


def _parts(data: Data, indicator: Indicator, selection: Selection, states: _States) -> list[AnswerColumn]:
    if isinstance(indicator.measure, Count):
        return []
    return [
        AnswerColumn(
            _counted(data, item, selection),
            COUNT,
            explained_by=states.parts[item.name].field.name if item.name in states.parts else None,
        )
        for item in {item.name: item for item in indicator.measure.quantities}.values()
    ]


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


def _rows(
    data: Data,
    indicator: Indicator,
    values: Mapping[str, float | None],
    sums: Mapping[str, Sums],
    states: _States,
) -> tuple[tuple[Any, ...], ...]:
    """A row for each of `values`, in their order: they are made column by column, for there are hundreds."""
    codes, own, names = tuple(values), [sums[code] for code in values], data.place_names
    counted = {} if isinstance(indicator.measure, Count) else {item.name: item for item in indicator.measure.quantities}
    columns: list[Iterable[Any]] = [codes, [names[code] for code in codes], values.values()]
    columns += [[of[name] for of in own] for name in counted]
    if against := difference(indicator.measure):
        columns.append([against.value(of) for of in own])
    columns += _said(values, states)
    for name, said in states.said_of.items():
        stated = zip(codes, own, strict=True)
        columns.append([said.get(code, SHOWN if of[name] is not None else NOT_THERE) for code, of in stated])
    if codes and data.territories.level(codes[0]) == MUNICIPIO:
        columns.append([data.home_names[code] for code in codes])
    return tuple(zip(*columns, strict=True))


def _said(values: Mapping[str, float | None], states: _States) -> list[list[str]]:
    """What the columns of states say of the figure of each place."""
    published, missing = (SHOWN, NOT_THERE) if states.own == (CELL_STATE,) else (PUBLISHED, NO_DATA)
    shown, lacking = (published, ""), (missing, "")
    return [
        [
            shown[position] if value is not None else states.said.get(code, lacking)[position]
            for code, value in values.items()
        ]
        for position in range(len(states.own))
    ]


#: How many more people are registered than there are in the base of an indicator: what the files of any view call it.
DIFFERENCE = Field(
    "diferencia",
    "Diferencia con la base, en personas",
    "Personas empadronadas menos habitantes de la base con que se comparan.",
    Kind.DECIMAL,
    unit="personas",
    nullable=True,
)
#: What the files say of a cell: as the table of a cube does and, of what is made from its cells, why it cannot be.
SHOWN, NOT_THERE, EMPTY = "publicada", "sin_dato", "sin_personas"
CODES = {WITHHELD: CONFIDENTIAL, NOBODY: EMPTY}
CELL_STATE = AnswerColumn(
    Field(
        "estado_celda",
        "Estado de la cifra",
        "Si la cifra se publica; si no, por qué.",
        Kind.CATEGORIA,
        labels={SHOWN: "publicada", CONFIDENTIAL: WITHHELD, NOT_THERE: NO_DATA, EMPTY: NOBODY},
    )
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
