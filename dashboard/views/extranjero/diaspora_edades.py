"""Are the people counted abroad like those counted inside the country in their age?"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from dashboard.address.abroad import People, people
from dashboard.figures import diaspora
from dashboard.figures.counted import how_old
from dashboard.figures.diaspora import EDAD, REGISTRY, ROLL, SEXO, TURNOUT, VOTERS, Reading
from dashboard.figures.elections import catalogue, in_election
from dashboard.figures.measures import Quantity, Unaskable
from dashboard.figures.places import Cell
from dashboard.figures.published import SHARE
from dashboard.figures.queries import COUNTRY_CODE, PUBLISHED, Data
from dashboard.indicators import padron, participacion
from dashboard.indicators.offers import DIASPORA
from dashboard.kinds import edades_fuera, fuera
from dashboard.kinds.edades_fuera import Age
from dashboard.view import AnswerColumn, PictureKind, Result, View, number_column, text_column
from dashboard.words import PERCENT
from etl.model import TOTAL

#: The counts inside the country that each of those abroad is set beside.
INSIDE: Mapping[str, tuple[Quantity, ...]] = {
    REGISTRY: (padron.REGISTERED,),
    ROLL: (participacion.ROLL,),
    VOTERS: (participacion.VOTERS,),
    TURNOUT: (participacion.VOTERS, participacion.ROLL),
}


def query(data: Data, question: People) -> Result:
    """Each age: what it is of all ages abroad and inside or, of a turnout, the one of that age."""
    abroad = diaspora.read(data, question, (EDAD,))
    labels = diaspora.words_of(data, EDAD)
    inside, more, days = _inside(data, question)
    ages = tuple(
        _age(code, words, question.cuenta, abroad, inside) for code, words in labels.items() if (code,) in abroad
    )
    tables, cutoffs = diaspora.tables_of(data, question)
    turnout = question.cuenta == TURNOUT
    facts = edades_fuera.Facts(ages, SHARE if turnout else PERCENT, turnout, fuera.whom(data, question))
    return Result(
        question="¿Votan igual, según su edad, que dentro del país?"
        if turnout
        else "¿Se parecen en la edad a quienes viven dentro?",
        columns=COLUMNS,
        rows=tuple((age.code, age.name, age.abroad, age.inside, _state(age)) for age in ages),
        material=facts,
        tables=(*tables, *(name for name in more if name not in tables)),
        notes=(
            *fuera.notes(data, question)[:1],
            *how_old(data.table(tables[0])),
            "Votantes por cada 100 del padrón de esa edad."
            if turnout
            else "Cada cifra es de cada 100 personas, cuántas son de esa edad.",
        ),
        cutoffs=tuple(dict.fromkeys((*cutoffs, *days))),
    )


def _state(age: Age) -> str:
    return PUBLISHED if age.abroad is not None else age.why


def _inside(data: Data, question: People) -> tuple[dict[tuple[str, ...], Reading], list[str], list[date]]:
    """The same figures inside the country, by age, of the sexo that is asked for; the tables they are in, and their days."""
    sexo = dict(question.who).get(SEXO)
    dimensions = (EDAD, SEXO) if sexo else (EDAD,)
    found: list[Mapping[tuple[str, ...], float | None]] = []
    tables, days = [], []
    with suppress(Unaskable):
        for quantity in INSIDE[question.cuenta]:
            asked = _bound(data, quantity, question)
            place = data.place(asked, dimensions)
            counts = data.crossed(asked, dimensions, COUNTRY_CODE)
            found.append({key[:1]: value for key, value in counts.items() if not sexo or key[1] == sexo})
            tables.append(place.table.name)
            days += [data.day(place)] if any(item.name == "fecha_corte" for item in place.table.fields) else []
    if len(found) < len(INSIDE[question.cuenta]):
        return {}, [], []
    return (
        {key: diaspora.reading(tuple(Cell(each.get(key)) for each in found)) for key in found[0]},
        [*dict.fromkeys(tables)],
        days,
    )


def _bound(data: Data, quantity: Quantity, question: People) -> Quantity:
    """A quantity of inside the country in the election of a question or as of its day, if it has figures of that day."""
    if quantity.when:
        return in_election(data, quantity, catalogue(data)[question.eleccion])
    day = diaspora.day_of(data, question)
    return replace(quantity, cutoff=day) if day in data.days(quantity) else quantity


def _age(
    code: str,
    words: str,
    cuenta: str,
    abroad: Mapping[tuple[str, ...], Reading],
    inside: Mapping[tuple[str, ...], Reading],
) -> Age:
    out, within = (_part(cuenta, found, code) for found in (abroad, inside))
    found, total = abroad[(code,)], abroad.get((TOTAL,))
    hidden = found.hidden or bool(total and total.hidden)
    return Age(code, words, out, within, (found if found.hidden or not total else total).why, hidden)


def _part(cuenta: str, found: Mapping[tuple[str, ...], Reading], code: str) -> float | None:
    """The turnout of an age, or what it is of the published total of all ages."""
    item, total = found.get((code,)), found.get((TOTAL,))
    if item is None or item.value is None:
        return None
    if cuenta == TURNOUT:
        return item.value
    return 100 * item.value / total.value if total is not None and total.value else None


def _share(name: str, title: str, words: str) -> AnswerColumn:
    column = number_column(name, title, words, "%", SHARE, decimal=True)
    return replace(column, explained_by=fuera.STATE) if name == "fuera" else column


COLUMNS = (
    text_column("grupo_edad", "Código", "Código del grupo de edad.", hidden=True),
    text_column("edad", "Edad", "Grupo de edad."),
    _share("fuera", "Fuera del país (%)", "De quienes viven en el extranjero, en por ciento."),
    _share("dentro", "Dentro del país (%)", "De quienes viven en el país, en por ciento."),
    text_column(fuera.STATE, "Estado del dato", "Si se publica la cifra de fuera o, si no, por qué.", hidden=True),
)
VIEW = View(
    "diaspora_edades",
    "Edades en el extranjero y dentro del país",
    PictureKind.of(edades_fuera),
    query,
    topic=DIASPORA,
    contract=people(EDAD),
    held=diaspora.is_counted,
)
