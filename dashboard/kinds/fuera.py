"""What the answers about the people counted abroad share: their words, the columns of their tables, a place with its figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.address.abroad import People
from dashboard.figures import diaspora
from dashboard.figures.counted import how_old
from dashboard.figures.diaspora import EDAD, ORIGEN, PLACE, REGISTRY, ROLL, TURNOUT, VOTERS, Reading
from dashboard.figures.elections import elections
from dashboard.figures.published import SHARE
from dashboard.figures.queries import PUBLISHED, Data
from dashboard.kinds.classes import WITHOUT_FIGURE, Classes, classify
from dashboard.view import AnswerColumn, number_column, text_column
from dashboard.words import (
    COUNT,
    NO_DATA,
    PERCENT,
    WITHHELD,
    Figure,
    Sentence,
    Unit,
    listing,
    long_date,
    plural,
    sentence,
)

#: The column that says why a row has no figure; how the style sheet calls a confidential place.
STATE, CONFIDENTIAL = "estado_dato", "confidencial"
MOST_NAMED = 3
#: Who is counted, by what and by sexo; {election} is said of what is counted in one.
NOUNS = {
    REGISTRY: {"": "personas empadronadas", "mujeres": "mujeres empadronadas", "hombres": "hombres empadronados"},
    VOTERS: {
        "": "personas que votaron en {election}",
        "mujeres": "mujeres que votaron en {election}",
        "hombres": "hombres que votaron en {election}",
    },
    ROLL: {
        "": "personas del padrón de {election}",
        "mujeres": "mujeres del padrón de {election}",
        "hombres": "hombres del padrón de {election}",
    },
}
NOUNS[TURNOUT] = NOUNS[ROLL]


def unit(cuenta: str) -> Unit:
    """How a figure of what is counted is written."""
    return SHARE if cuenta == TURNOUT else COUNT


def election(data: Data, question: People) -> str:
    """The election of a question as a sentence calls it; "" when it is of none."""
    event = elections(data).get(question.eleccion)
    return event.words if event else question.eleccion


def whom(data: Data, question: People, but: Iterable[str] = ()) -> str:
    """Who is counted, as a noun phrase: «mujeres empadronadas de 18 a 25 años, con origen en Quiché que viven en Texas»."""
    asked = {name: value for name, value in question.who if name not in {*but}}
    nouns = NOUNS[question.cuenta]
    noun = nouns.get(asked.get(diaspora.SEXO, ""), nouns[""]).format(election=election(data, question))
    if EDAD in asked:
        ages = diaspora.words_of(data, EDAD)[asked[EDAD]]
        noun += f" de {ages[:1].lower()}{ages[1:]}"
    more = [f"con origen en {diaspora.place_name(data, ORIGEN, asked[ORIGEN])}"] if ORIGEN in asked else []
    home = [name for name in PLACE if name in asked][-1:]
    where = f"en {diaspora.place_name(data, home[0], asked[home[0]])}" if home else "fuera del país"
    return ", ".join([noun, *more]) + f" {'y' if question.cuenta == VOTERS else 'que'} viven {where}"


def article(question: People) -> str:
    """The article of those counted: «los» of men, «las» of women and of people."""
    return "los" if dict(question.who).get(diaspora.SEXO) == "hombres" else "las"


def as_of(data: Data, question: People) -> str:
    """«, según el padrón al 12 de julio de 2026»: of what is counted as of a day; "" of what is of an election."""
    return "" if question.cuenta != REGISTRY else f", según el padrón al {long_date(diaspora.day_of(data, question))}"


# --- A place with its figure --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """A place: its figure, as written, what it is of the total (None unless it is a count) and how the style sheet calls its
    class; and the places inside of it that have a figure of their own.
    """

    code: str
    name: str
    reading: Reading
    text: str
    share: float | None
    css: str
    inside: tuple[Spot, ...] = ()

    @property
    def value(self) -> float | None:
        """The figure; None when it is not published."""
        return self.reading.value


def in_order(found: Iterable[Spot]) -> tuple[Spot, ...]:
    """Those with a figure first, from the highest; the others by their name: of what is hidden no order is known."""
    return tuple(sorted(found, key=lambda spot: (spot.value is None, -(spot.value or 0), spot.name)))


@dataclass(frozen=True)
class Scale:
    """How the figures of one answer are written and painted: `total` is the published one of all of them."""

    cuenta: str
    total: Reading
    classes: Classes

    def spot(self, code: str, name: str, found: Reading, inside: Sequence[Spot] = ()) -> Spot:
        """A place with its figure."""
        value = found.value
        text = found.why if value is None else unit(self.cuenta).write(value)
        css = self.classes.style(self.classes.of(value)) if value is not None else CONFIDENTIAL
        share = None
        if value is not None and self.total.value and self.cuenta != TURNOUT:
            share = 100 * value / self.total.value
        return Spot(
            code, name, found, text, share, css if found.hidden or value is not None else WITHOUT_FIGURE, tuple(inside)
        )


def scale(cuenta: str, total: Reading, painted: Iterable[Reading]) -> Scale:
    """The scale of an answer whose map is `painted` with some figures."""
    values = tuple(found.value for found in painted if found.value is not None)
    classes = classify(values, unit(cuenta), False) if values else Classes((), unit(cuenta))
    return Scale(cuenta, total, classes)


def figure_of(text: str, value: float | None) -> Figure:
    """A figure of a sentence."""
    return Figure(text, value)


def total_of(total: Reading, cuenta: str, who: str, the: str, more: str) -> Sentence:
    """How many they are in all, or that it is not said."""
    if total.value is None:
        return sentence(f"De {the} {who}{more}, la cifra {{why}}.", why=total.why)
    text = Figure(unit(cuenta).write(total.value), total.value)
    if cuenta != TURNOUT:
        return sentence("Hay {total} {who}{more}.", total=text, who=who, more=more)
    voters, roll = (Figure(COUNT.write(cell.value), cell.value) for cell in total.cells)
    return sentence(
        "Votó el {total} de {the} {who}: {voters} de {roll}.",
        total=text,
        the=the,
        who=who,
        voters=voters,
        roll=roll,
    )


def leaders(spots: Sequence[Spot], cuenta: str, one: str, several: str) -> list[Sentence]:
    """The places with the highest figures; `one` and `several` name them: «el estado», «los estados».

    Whether one that is not published is among them, nobody can say: the sentence speaks then of those that are.
    """
    known = [spot for spot in in_order(spots) if spot.value]
    if len(known) < 2:
        return []
    among = f"Entre {several} con cifra publicada, " if any(spot.value is None for spot in spots) else ""
    top, last = known[0], known[-1]
    if cuenta == TURNOUT:
        words = "{among}la participación más alta es la de {top} ({most}) y la más baja, la de {last} ({least})."
        said = sentence(
            words if among else words.replace("{among}l", "L"),
            **({"among": among} if among else {}),
            top=top.name,
            most=Figure(top.text, top.value),
            last=last.name,
            least=Figure(last.text, last.value),
        )
        return [said]
    named = known[:MOST_NAMED]
    listed = listing([f"{spot.name} ({spot.text})" for spot in named])
    if among or any(spot.share is None for spot in named):
        return [sentence("{among}los que más tienen son {names}.", among=among or f"De {several}, ", names=listed)]
    part = sum(spot.share or 0 for spot in named)
    return [sentence("{names} reúnen al {part}.", names=listed, part=Figure(PERCENT.write(part), part))]


def hidden_in(spots: Iterable[Spot], one: str, several: str) -> list[Sentence]:
    """In how many places the figure is confidential; never whom, nor how many in each."""
    count = len([spot for spot in spots if spot.reading.hidden])
    if not count:
        return []
    words = "En {count} la cifra {why}; en el total, sí se cuentan."
    return [sentence(words, count=Figure(f"{count} {one if count == 1 else several}", count), why=WITHHELD)]


# --- Tables -------------------------------------------------------------------------------------------------------------

_STATE = text_column(STATE, "Estado del dato", "Si la cifra se publica o, si no, por qué.", hidden=True)


def columns(cuenta: str, part: bool = True) -> tuple[AnswerColumn, ...]:
    """The columns of a figure: the count and, as a `part`, what it is of the total; of a share, what it is made from."""
    voters = _counted("votantes", "Votaron", "Personas que votaron.")
    roll = _counted("empadronados", "Padrón", "Personas del padrón.")
    if cuenta == TURNOUT:
        share = number_column(
            "participacion", "Participación", "Votantes por cada 100 del padrón.", "%", SHARE, decimal=True
        )
        return voters, roll, _explained(share), _STATE
    title = diaspora.COUNTS[cuenta][0]
    counted = voters if cuenta == VOTERS else _counted("empadronados", title, f"{title} que viven fuera del país.")
    share = number_column("por_ciento", "Del total", "Parte del total publicado.", "%", PERCENT, decimal=True)
    return (counted, _explained(share), _STATE) if part else (counted, _STATE)


def _counted(name: str, title: str, description: str) -> AnswerColumn:
    return _explained(number_column(name, title, description, "personas", COUNT))


def _explained(column: AnswerColumn) -> AnswerColumn:
    return AnswerColumn(column.field, column.unit, column.hidden, STATE)


def values(cuenta: str, found: Reading, total: Reading, part: bool = True) -> tuple[Any, ...]:
    """What a row says in `columns`."""
    state = PUBLISHED if found.value is not None else found.why
    if cuenta == TURNOUT:
        return (*(cell.value for cell in found.cells), found.value, state)
    share = None if found.value is None or not total.value else 100 * found.value / total.value
    return (found.value, share, state) if part else (found.value, state)


def notes(data: Data, question: People) -> tuple[str, ...]:
    """What must be known of any of these figures."""
    said = [
        f"Una cifra que {WITHHELD} no es cero: puede ser de pocas personas, o estar oculta para que otra no salga restando. Los "
        "totales publicados sí la incluyen."
    ]
    if question.cuenta != REGISTRY:
        day = long_date(diaspora.day_of(data, question))
        said.append(f"El padrón de la elección se cuenta en el registro al {day}.")
        said += [words for name in diaspora.tables_of(data, question)[0] for words in how_old(data.table(name))]
    return tuple(said)


def legend(scale: Scale, spots: Iterable[Spot], one: str, several: str) -> list[tuple[str, str]]:
    """(class of the style sheet, words) of the classes, and of the places without figure that there are, with how many."""
    found = [(scale.classes.style(klass), words) for klass, words in scale.classes.labels()]
    count = Counter(spot.css for spot in spots)
    aside: Mapping[str, str] = {CONFIDENTIAL: WITHHELD, WITHOUT_FIGURE: NO_DATA}
    textures = [(css, f"{words}: {plural(count[css], one, several)}") for css, words in aside.items() if count[css]]
    return [*(found if count.keys() - aside.keys() else []), *textures]
