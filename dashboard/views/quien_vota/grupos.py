"""Who votes more? The groups of each dimension that the cube crosses, of the sex asked for, with how many they are."""

from __future__ import annotations

from dashboard.address.parameters import GROUPS
from dashboard.address.phrases import people
from dashboard.address.selection import MAPS, Selection
from dashboard.address.vocabulary import BY_SIZE, EVERYONE, Group
from dashboard.figures.queries import Data
from dashboard.figures.turnout import EDAD, SEXO, Turnout, Voted
from dashboard.kinds import grupos
from dashboard.kinds.grupos import Line, Panel
from dashboard.kinds.votaron import RATE
from dashboard.view import PictureKind, Result, View, text_column
from dashboard.views.quien_vota import TOPIC, at, cells, columns, held, result, where

COLUMNS = (
    text_column("rasgo", "Columna del cubo", "Columna del cubo que divide a las personas.", hidden=True),
    text_column("valor", "Código del grupo", "Valor de esa columna.", hidden=True),
    text_column("grupo", "Grupo", "Las personas de que se trata."),
    text_column("por", "Por", "Qué divide a las personas."),
    *columns(),
)
TO_COMPARE = "Para comparar"


def query(data: Data, selection: Selection) -> Result:
    """The groups of the sex asked for, in the order asked for, and both sexes to compare; the trait asked for is marked, and
    changes nothing else.
    """
    found, sexo = at(data, selection), selection.group.sexo
    whole, by_size = Group(sexo), selection.orden == BY_SIZE
    panels = [panel for name in found.dimensions if name != SEXO for panel in _panel(found, name, selection)]
    panels += _sexes(found, selection)
    within, election = where(data, selection), found.election.words
    uncrossed = tuple(
        found.dimensions[name].title.lower()
        for name in found.dimensions
        if found.divided(name) and not (name == SEXO or found.divided(name, sexo))
    )
    facts = grupos.Facts(within, election, people(whole), found.of(whole), tuple(panels), by_size, uncrossed)
    who = f"Qué {people(whole, registered=False)}" if sexo else "Quiénes"
    rows = [
        (panel.dimension, line.code, line.name, panel.title, *cells(line.voted))
        for panel in panels
        for line in panel.lines
    ]
    question = f"¿{who} votaron más en {found.election.words}?"
    return result(data, question, COLUMNS, rows, facts, (found.election,), selection.corte)


def _panel(found: Turnout, name: str, selection: Selection) -> list[Panel]:
    """The groups of a dimension: ages in their order, the others in the one asked for; none when the place has no figure, or
    the cube does not cross them with the sex asked for.
    """
    asked = selection.group
    chosen, words = asked.conditions().get(name), found.values(name)
    lines = [
        Line(code, words[code], voted, chosen=code == chosen) for code, voted in found.divided(name, asked.sexo).items()
    ]
    if not lines:
        return []
    ordered = tuple(lines) if name == EDAD else _ordered(lines, selection.orden)
    return [Panel(name, found.dimensions[name].title, ordered, name == EDAD)]


def _ordered(lines: list[Line], order: str) -> tuple[Line, ...]:
    """From who voted more, as it is read, or from the largest; those whose figure is not published, at the end."""

    def size(voted: Voted) -> float | None:
        return voted.roll if order == BY_SIZE else None if voted.rate is None else RATE.rounded(voted.rate)

    return tuple(sorted(lines, key=lambda line: -1 if (found := size(line.voted)) is None else found, reverse=True))


def _sexes(found: Turnout, selection: Selection) -> list[Panel]:
    """Women and men; and everybody, when one of them is asked for."""
    asked = selection.group
    if SEXO not in found.dimensions:
        return []
    lines = [
        Line(code, words, found.of(Group(code)), chosen=asked == Group(code))
        for code, words in found.values(SEXO).items()
    ]
    if not asked.sexo:
        return [Panel(SEXO, found.dimensions[SEXO].title, _ordered(lines, selection.orden))]
    return [Panel(SEXO, TO_COMPARE, (*lines, Line("", "Mujeres y hombres", found.of(EVERYONE))), compared=True)]


DEPENDS = MAPS.only("eleccion", "corte", "departamento", GROUPS, "lugar", "orden")
VIEW = View(
    "quien_vota_grupos",
    "Participación por grupo de población",
    PictureKind.of(grupos),
    query,
    TOPIC,
    DEPENDS,
    held=held,
)
