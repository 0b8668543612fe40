"""How is this place? Its figures against its departamento and the country."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.address.parameters import GROUPS
from dashboard.address.phrases import LEVEL_NAMES, focus, people, place_name
from dashboard.address.selection import MAPS, Selection
from dashboard.address.vocabulary import EVERYONE, MUNICIPIO, Group
from dashboard.figures.measures import Measure, difference
from dashboard.figures.queries import Data
from dashboard.figures.used import note_tables
from dashboard.indicators import INDICATORS, TOPICS, Indicator
from dashboard.indicators.offers import askable, asked, beside
from dashboard.indicators.readings import Reading, readings
from dashboard.kinds import comparacion
from dashboard.view import AnswerColumn, PictureKind, Result, View, WhenAsked
from dashboard.views.mapa_tematico import CELL_STATE, CODES, DIFFERENCE, NOT_THERE, SHOWN, lead
from dashboard.words import COUNT, WITHHELD, Unit
from etl.model import Field, Kind


def query(data: Data, selection: Selection) -> Result:
    """The selected indicator and those of the profile, for the chosen place (or the scope) and what contains it.

    The selected indicator is of the group asked for, and of those that it is read beside; the profile is of everybody.
    """
    code = focus(selection)
    codes = list(data.territories.containing(code))
    found = data.recent(_asked, selection.only(WHATEVER_THE_PLACE))
    chosen, groups = found.chosen, found.groups
    sums, level = data.figures(chosen.measure, selection.group), data.territories.level(code)
    peers = data.recent(_peers, chosen.measure, chosen.unit, selection.group, level)
    read = [readings(data, item, codes, group) for item, group in found.lines]
    of_groups = [readings(data, chosen, codes, group) for group in groups]
    names = {place: place_name(place, data.territories) for place in codes}
    material = comparacion.Material(
        indicators=tuple([item for item, _ in found.lines]),
        names=names,
        levels={place: data.territories.level(place) for place in codes},
        readings=tuple(read),
        lead=lead(chosen, sums, selection, code, data) if read[0][code].value is not None else None,
        standing=_standing(code, chosen, peers, level) if code else None,
        beside=tuple(
            [
                comparacion.Beside(
                    EVERYBODY if group == EVERYONE else people(group, registered=False),
                    of,
                    _sizes(data, chosen, codes, group),
                )
                for group, of in zip(groups, of_groups, strict=True)
            ]
        ),
        peers=peers.values if code else (),
    )

    def rows() -> tuple[tuple[str | float | None, ...], ...]:
        of_all = [(item.name, group) for item, group in found.lines]
        told = dict(zip(of_all, read, strict=True))
        for group, of in zip(groups, of_groups, strict=True):
            told.setdefault((chosen.name, group), of)
        return place_rows(found.used, [told[item.name, group] for item, group in found.used], names)

    return Result(
        question=f"¿Cómo es {names[code]}?" if code else "¿Cómo es el padrón del país?",
        columns=COLUMNS,
        rows=WhenAsked(rows),
        material=material,
        tables=found.tables,
        notes=found.notes,
        cutoffs=found.cutoffs,
    )


#: One indicator, of one group.
Told = tuple[Indicator, Group]


@dataclass(frozen=True)
class _Asked:
    """What is told of any place: the indicator `chosen`, the groups that it is divided by and the `lines` of the card; all that
    is `used`, each once, with the tables and the days that it comes from and its notes.
    """

    chosen: Indicator
    groups: tuple[Group, ...]
    lines: tuple[Told, ...]
    used: tuple[Told, ...]
    tables: tuple[str, ...]
    cutoffs: tuple[date, ...]
    notes: tuple[str, ...]


def _asked(data: Data, selection: Selection) -> _Asked:
    chosen = asked(data, selection)
    others_beside = beside(data, chosen, selection)
    groups = (selection.group, *others_beside) if others_beside else ()
    # Among the groups there is everybody: the profile does not say it again.
    others = _profile(chosen, said=bool(groups) or selection.group == EVERYONE)
    lines = [(chosen, selection.group)]
    lines += [(item, EVERYONE) for item in askable(data, others, selection.eleccion, selection.corte).values()]
    used = {(item.name, group): (item, group) for item, group in lines}
    for group in groups:
        used.setdefault((chosen.name, group), (chosen, group))
    return _Asked(
        chosen,
        groups,
        tuple(lines),
        tuple(used.values()),
        tables=tuple(
            dict.fromkeys(name for item, group in used.values() for name in data.sources(item.measure, group))
        ),
        cutoffs=tuple(dict.fromkeys(day for item, group in used.values() for day in data.cutoffs(item.measure, group))),
        notes=tuple(dict.fromkeys(note for item, _ in lines for note in item.caveats)),
    )


def _profile(chosen: Indicator, said: bool) -> list[Indicator]:
    """The indicators that describe a place in the topic of the one chosen; without it, if it is `said` of everybody."""
    profile = next(topic.profile for topic in TOPICS.values() if chosen.name in topic.by_name)
    return [INDICATORS[name] for name in profile if name != chosen.name or not said]


@dataclass(frozen=True)
class _Peers:
    """The places of one level: the figure of each and, from the lowest, all of them, exact and as a reader sees them."""

    figures: Mapping[str, float | None]
    values: tuple[float, ...]
    rounded: tuple[float, ...]
    tables: tuple[str, ...]


def key_figure(data: Data, selection: Selection) -> tuple[str, comparacion.Standing | None]:
    """The figure of the chosen place as its card says it, and its standing, without the rest of the card."""
    code, chosen = focus(selection), asked(data, selection)
    level = data.territories.level(code)
    peers = data.recent(_peers, chosen.measure, chosen.unit, selection.group, level)
    note_tables(peers.tables)
    text = readings(data, chosen, [code], selection.group)[code].text
    return text, _standing(code, chosen, peers, level) if code else None


def _peers(data: Data, measure: Measure, unit: Unit, group: Group, level: str) -> _Peers:
    territories, sums = data.territories, data.figures(measure, group)
    places = territories.municipios if level == MUNICIPIO else territories.departamentos
    figures = {code: measure.value(sums[code]) for code in places}
    values = sorted([value for value in figures.values() if value is not None])
    rounded = tuple([unit.rounded(value) for value in values])
    return _Peers(figures, tuple(values), rounded, data.sources(measure, group))


def _sizes(data: Data, chosen: Indicator, codes: Sequence[str], group: Group) -> dict[str, Reading]:
    """How many people of a group the figure of each place is about, of those counted and not of the base that others counted;
    none when it is no share of them.
    """
    if not chosen.measure.base:
        return {}
    against = difference(chosen.measure)
    counted = against.counted if against else chosen.measure.base[0]
    sums, hidden = data.figures(chosen.measure, group), data.confidential(counted, group)
    found = {code: sums[code][counted.name] for code in codes}
    return {
        code: Reading(size, WITHHELD if size is None and code in hidden else COUNT.write(size))
        for code, size in found.items()
    }


def place_rows(
    lines: Sequence[tuple[Indicator, Group]], read: Sequence[Mapping[str, Reading]], names: Mapping[str, str]
) -> tuple[tuple[str | float | None, ...], ...]:
    """One row of COLUMNS for each indicator of a group and each place; `read` follows `lines`."""
    rows: list[tuple[str | float | None, ...]] = []
    for (item, group), of_item in zip(lines, read, strict=True):
        who, asked_as = people(group), Selection(group=group).url("").removeprefix("?")
        for code, name in names.items():
            of = of_item[code]
            value = item.unit.rounded(of.value) if isinstance(of.value, float) else of.value  # as it is written
            figure = (value, of.text, _state(of), _unit(item), of.difference)
            rows.append((code, name, item.name, item.short, who, asked_as, *figure))
    return tuple(rows)


def _state(reading: Reading) -> str:
    return SHOWN if reading.value is not None else CODES.get(reading.text, NOT_THERE)


def _standing(code: str, indicator: Indicator, peers: _Peers, level: str) -> comparacion.Standing | None:
    value = peers.figures.get(code)
    if value is None:
        return None
    own, count = indicator.unit.rounded(value), len(peers.rounded)
    first, last = bisect_left(peers.rounded, own), bisect_right(peers.rounded, own)
    return comparacion.Standing(count - last + 1, count, LEVEL_NAMES[level][1], last - first - 1)


def _unit(indicator: Indicator) -> str:
    return indicator.unit.phrase or indicator.unit.mark or "personas"


#: How everybody is called among the groups of a place.
EVERYBODY = "todas las personas"


def _text(name: str, title: str, description: str) -> Field:
    return Field(name, title, description, Kind.TEXTO)


COLUMNS = (
    AnswerColumn(_text("codigo", "Código", "Código del territorio según el INE; vacío es el país."), hidden=True),
    AnswerColumn(_text("lugar", "Lugar", "Nombre del territorio.")),
    AnswerColumn(_text("indicador", "Indicador", "Nombre del indicador en la dirección de la página."), hidden=True),
    AnswerColumn(_text("titulo", "Indicador", "Nombre del indicador.")),
    AnswerColumn(_text("grupo", "Personas", "De quiénes es la cifra.")),
    AnswerColumn(_text("grupo_pedido", "Grupo", "Cómo se piden en la dirección; vacío son todas."), hidden=True),
    AnswerColumn(Field("valor", "Valor", "La cifra, como número.", Kind.DECIMAL, nullable=True), hidden=True),
    AnswerColumn(_text("cifra", "Cifra", "Cifra como se escribe en la página.")),
    AnswerColumn(CELL_STATE.field, hidden=True),
    AnswerColumn(_text("unidad", "Unidad", "Qué cuenta la cifra.")),
    AnswerColumn(
        replace(
            DIFFERENCE,
            description="Si el indicador compara el padrón con una base de población: personas empadronadas menos habitantes de "
            "esa base. Vacía en los demás.",
        ),
        hidden=True,
    ),
)
WHATEVER_THE_PLACE = ("indicador", "eleccion", "corte", GROUPS, "frente")
DEPENDS = MAPS.only(*WHATEVER_THE_PLACE, "departamento", "lugar")
PADRON = View("padron_lugar", "Las cifras de un lugar", PictureKind.of(comparacion), query, contract=DEPENDS)
PARTICIPACION = View(
    "participacion_lugar", "La participación de un lugar", PictureKind.of(comparacion), query, "participacion", DEPENDS
)
VIEWS = (PADRON, PARTICIPACION)
