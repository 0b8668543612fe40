"""The people counted abroad, person by person: what a release counts of them, crossed by what, and each count with its state.

Everything is read from the declarations of its tables: another cross, another age group or another column changes what may
be asked. A place is a country, a state or a city: the columns of a place go together, from the country to the city.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from babel import Locale

from dashboard.address.abroad import People
from dashboard.figures.breakdown import Breakdown
from dashboard.figures.cells import cells_of_each
from dashboard.figures.counted import CUTOFF, names_of
from dashboard.figures.elections import catalogue, held, in_election
from dashboard.figures.measures import ASKED, Quantity, Unaskable
from dashboard.figures.places import Cell
from dashboard.figures.queries import Data
from dashboard.words import LOCALE, NO_DATA, NOBODY, WITHHELD, listing
from etl.country import fold
from etl.model import TOTAL, Field, Kind, Table

REGISTRY, ROLL, VOTERS, TURNOUT = "empadronados", "padron-eleccion", "votantes", "participacion"
PAIS, ESTADO, CIUDAD = PLACE = ("pais_residencia", "estado_residencia", "ciudad_residencia")
SEXO, EDAD, ORIGEN = "sexo", "grupo_edad", "codigo_departamento_origen"
#: What people may be told apart by, in the order of the filters.
GROUPS = (SEXO, EDAD, ORIGEN, *PLACE)
#: The code of all countries but the United States; and of the cities that the catalogue does not bring.
OTHER, OTHER_CITY = "ZZ", "otra"
UNITED_STATES = "US"
Key = tuple[str, ...]


def _of_election(column: str, title: str) -> Quantity:
    return Quantity(column, title, (("participacion_extranjero_cubo", column),), newest=CUTOFF, when=ASKED)


ON_THE_ROLL = _of_election("empadronados", "Personas del padrón de la elección, en el extranjero")
WHO_VOTED = _of_election("votantes", "Personas que votaron en el extranjero")
#: What can be counted, by its name in an address: what it is called and what it is made from. Two make a share.
COUNTS: Mapping[str, tuple[str, tuple[Quantity, ...]]] = {
    REGISTRY: (
        "Personas empadronadas",
        (Quantity("empadronados", "Personas empadronadas", (("extranjero_cubo", "empadronados"),), newest=CUTOFF),),
    ),
    ROLL: ("Padrón de una elección", (ON_THE_ROLL,)),
    VOTERS: ("Personas que votaron", (WHO_VOTED,)),
    TURNOUT: ("Participación", (WHO_VOTED, ON_THE_ROLL)),
}


@dataclass(frozen=True)
class Reading:
    """A figure of some people and the counts that it is made from; None when it is not published, and `hidden` when that is
    so that nobody is singled out: a share with a hidden part is hidden.
    """

    value: float | None
    cells: tuple[Cell, ...]

    @property
    def of_nobody(self) -> bool:
        """Whether it is a share of people who, as is published, are none."""
        return len(self.cells) > 1 and self.cells[-1].value == 0

    @property
    def hidden(self) -> bool:
        """Whether it is confidential."""
        return any(cell.hidden for cell in self.cells) and not self.of_nobody

    @property
    def why(self) -> str:
        """Why there is no figure."""
        return WITHHELD if self.hidden else NOBODY if self.of_nobody else NO_DATA


#: What is said of people whom a table does not have.
NOTHING = Reading(None, ())


def reading(found: tuple[Cell, ...]) -> Reading:
    """The figure that is made from one count, or from a part and its whole."""
    if any(cell.value is None for cell in found):
        return Reading(None, found)
    part, *whole = (cell.value or 0 for cell in found)
    return Reading(part if not whole else 100 * part / whole[0] if whole[0] else None, found)


def counts(data: Data) -> dict[str, str]:
    """What this release counts of the people abroad, with its words."""
    return {
        name: title
        for name, (title, quantities) in COUNTS.items()
        if all(data.has(quantity) for quantity in quantities) and (name == REGISTRY or elections_of(data))
    }


def is_counted(data: Data) -> bool:
    """Whether this release counts the people abroad, one by one."""
    return bool(counts(data))


def elections_of(data: Data) -> dict[str, str]:
    """The elections whose roll abroad is counted, the latest first, with their words."""
    return {item.code: item.label for item in reversed(held(data, ON_THE_ROLL))}


def bound(data: Data, question: People) -> tuple[Quantity, ...]:
    """The quantities that a question is answered with, in its election and as of its cut-off."""
    if question.cuenta not in counts(data):
        raise Unaskable("no cuenta persona por persona a quienes viven en el extranjero")
    _, quantities = COUNTS[question.cuenta]
    if quantities[0].when:
        event = catalogue(data)[question.eleccion or next(iter(elections_of(data)))]
        quantities = tuple(in_election(data, quantity, event) for quantity in quantities)
    day = date.fromisoformat(question.corte) if question.corte else None
    return tuple(replace(quantity, cutoff=day) for quantity in quantities)


def crosses(data: Data, cuenta: str, columns: Iterable[str]) -> bool:
    """Whether what is counted is crossed by all of some columns; a place, with those that it is inside of."""
    if cuenta not in COUNTS:
        return False
    wanted = tuple(dict.fromkeys(whole(columns)))
    return all(data.divides(quantity, wanted) for quantity in COUNTS[cuenta][1])


def whole(columns: Iterable[str]) -> Iterator[str]:
    """Some columns, those of a place each with the ones that it is inside of."""
    for name in columns:
        yield from PLACE[: PLACE.index(name) + 1] if name in PLACE else (name,)


def read(data: Data, question: People, by: Key, but: Iterable[str] = ()) -> Mapping[Key, Reading]:
    """The figure of a question by the values of the columns `by`, TOTAL standing for all the values of a column as the release
    publishes it; without what it asks of the columns `but`. Unaskable when no table has that cross.
    """
    columns = tuple(dict.fromkeys(whole(by)))
    asked = {name: value for name, value in conditions(data, question).items() if name not in {*columns, *but}}
    quantities = bound(data, question)
    if not crosses(data, question.cuenta, (*columns, *asked)):
        lacking = (*columns, *asked) if crosses(data, question.cuenta, columns) else columns
        raise Unaskable(f"«{COUNTS[question.cuenta][0]}» no se publica por {_crossed(data, lacking)}")
    found = cells_of_each(data, quantities, columns, **asked)
    return {key: reading(tuple(each.get(key, Cell(None)) for each in found)) for key in found[0]}


def _crossed(data: Data, columns: Key) -> str:
    """The columns of a cross in words: «departamento de origen y lugar donde viven»."""
    titles = ["lugar donde viven" if name in PLACE else _field(data, name).title.lower() for name in columns]
    return listing(list(dict.fromkeys(titles)))


def conditions(data: Data, question: People) -> dict[str, str]:
    """What is asked of each column, those that a place is inside of included."""
    found: dict[str, str] = {}
    for name, value in question.who:
        found |= {**insides(data).get((name, value), {}), name: value}
    return found


def day_of(data: Data, question: People) -> date:
    """The cut-off of the registry that a question was counted from."""
    return data.day(data.place(bound(data, question)[0], ()))


def tables_of(data: Data, question: People) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """The tables that answer a question and, of those that have several, the cut-offs."""
    places = [data.place(quantity, ()) for quantity in bound(data, question)]
    days = {data.day(place) for place in places if CUTOFF in names_of(place.table)}
    return tuple(dict.fromkeys(place.table.name for place in places)), tuple(sorted(days))


# --- What people are told apart by ------------------------------------------------------------------------------------


def groups(data: Data) -> dict[str, Field]:
    """The columns by which the people abroad are told apart in some table, with the values that there are and their words."""
    return data.once(("diaspora", "groups"), lambda: _groups(data))


def _groups(data: Data) -> dict[str, Field]:
    fields = {}
    for name in (name for name in GROUPS if any(crosses(data, cuenta, (name,)) for cuenta in counts(data))):
        found = column(data, name)
        if len(found.labels or {}) > 1:
            fields[name] = found
    return fields


def column(data: Data, name: str) -> Field:
    """A column by which some table tells the people abroad apart, with the values that there are and their words."""
    return replace(_field(data, name), labels=words_of(data, name))


def _field(data: Data, name: str) -> Field:
    table = next((table for table in _tables(data) if name in names_of(table)), None)
    if table is None:
        raise Unaskable(f"no cuenta a quienes viven en el extranjero por {name}")
    return table.field(name)


def _tables(data: Data) -> list[Table]:
    found = {name for _, quantities in COUNTS.values() for item in quantities for name, _ in item.places}
    return [table for name, table in data.tables.items() if name in found]


def words_of(data: Data, name: str) -> dict[str, str]:
    """The values of a column that some table has, with the words for each; of the states and cities, those with a name."""
    present = data.once(("diaspora", "values", name), lambda: _values(data, name))
    if name not in (*PLACE, ORIGEN):
        labels = _field(data, name).labels or {}
        return {value: words for value, words in labels.items() if value in present}
    unnamed = {OTHER_CITY, OTHER} if name != PAIS else set[str]()
    named = {code: place_name(data, name, code) for code in present - unnamed}
    return dict(sorted(named.items(), key=lambda pair: (pair[0] == OTHER, fold(pair[1]))))


def _values(data: Data, name: str) -> frozenset[str]:
    tables = [table.name for table in _tables(data) if name in names_of(table)]
    rows = [row for table in tables for row in data.filled(table, [name], [name], {})]
    return frozenset(value for value, *_ in rows if value != TOTAL)


def place_name(data: Data, name: str, code: str) -> str:
    """How the place with a code of one of the columns is called; the code itself when the release does not name it."""
    return data.once(("diaspora", "names"), lambda: _names(data)).get((name, code)) or _country(name, code)


def _names(data: Data) -> dict[tuple[str, str], str]:
    found = {(ORIGEN, code): words for code, words in data.territories.departamentos.items()}
    for name, table, code, words in (
        (ESTADO, "estados_eeuu", "codigo_estado", "estado"),
        (CIUDAD, "ciudades_extranjero", "codigo_ciudad", "ciudad"),
    ):
        with suppress(Unaskable):
            found |= {(name, row[code]): row[words] for row in data.records(table)}
    return found | {(CIUDAD, OTHER_CITY): "Otras ciudades", (PAIS, OTHER): "Los demás países"}


def _country(name: str, code: str) -> str:
    """The name of a country by its code of ISO 3166-1."""
    return Locale.parse(LOCALE).territories.get(code, code) if name == PAIS else code


def insides(data: Data) -> dict[tuple[str, str], dict[str, str]]:
    """What each place is inside of: the value of every column before its own, by its column and its value."""
    return data.once(("diaspora", "insides"), lambda: _insides(data))


def _insides(data: Data) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for table in _tables(data):
        levels = [name for name in PLACE if name in names_of(table)]
        for row in data.filled(table.name, levels, levels, {}) if levels else ():
            values = [value for value in row[: len(levels)] if value != TOTAL]
            if values and values[-1] not in (OTHER_CITY, OTHER):
                found[(levels[len(values) - 1], values[-1])] = dict(zip(levels, values[:-1], strict=False))
    return found


def voting_states(data: Data) -> frozenset[str]:
    """The states of the United States where there has been a centre to vote in; none when no table says it."""
    return data.once(("diaspora", "voting"), lambda: _voting_states(data))


def _voting_states(data: Data) -> frozenset[str]:
    try:
        return frozenset(row["codigo_estado"] for row in data.records("centros_extranjero") if row["codigo_estado"])
    except Unaskable:
        return frozenset()


def states_of(data: Data) -> Mapping[str, str]:
    """The states of the catalogue, with their names; none when the release has no catalogue."""
    return data.once(("diaspora", "states"), lambda: _states(data))


def _states(data: Data) -> Mapping[str, str]:
    try:
        return {row["codigo_estado"]: row["estado"] for row in data.records("estados_eeuu")}
    except Unaskable:
        return {}


def by_age_and_sex(data: Data, question: People) -> Breakdown:
    """The people of a question by age and sex; of a turnout, those who voted."""
    counted = replace(question, cuenta=VOTERS) if question.cuenta == TURNOUT else question
    found = read(data, counted, (EDAD, SEXO))
    title = COUNTS[counted.cuenta][0]
    tables, cutoffs = tables_of(data, counted)
    return Breakdown(
        Field(counted.cuenta.partition("-")[0], title, f"{title}.", Kind.ENTERO, unit="personas", nullable=True),
        (column(data, EDAD), column(data, SEXO)),
        {key: item.value for key, item in found.items()},
        tables,
        {"within": "Fuera del país"},
        withheld=True,
        cutoffs=cutoffs,
    )
