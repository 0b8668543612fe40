"""Who votes more? The groups of each dimension that the cube crosses, of the sex asked for, with how many they are."""

from __future__ import annotations

from dashboard.address.parameters import GROUPS
from dashboard.address.phrases import people
from dashboard.address.selection import MAPS, Selection
from dashboard.address.vocabulary import EVERYONE, Group
from dashboard.figures.queries import Data
from dashboard.figures.turnout import EDAD, SEXO, Turnout
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
    """The groups of the sex asked for, and both sexes to compare; the trait asked for is marked, and changes nothing else."""
    found, sexo = at(data, selection), selection.group.sexo
    whole = Group(sexo)
    panels = [panel for name in found.dimensions if name != SEXO for panel in _panel(found, name, selection.group)]
    panels += _sexes(found, selection.group)
    facts = grupos.Facts(where(data, selection), found.election.words, people(whole), found.of(whole), tuple(panels))
    who = f"Qué {people(whole, registered=False)}" if sexo else "Quiénes"
    rows = [
        (panel.dimension, line.code, line.name, panel.title, *cells(line.voted))
        for panel in panels
        for line in panel.lines
    ]
    question = f"¿{who} votaron más en {found.election.words}?"
    return result(data, question, COLUMNS, rows, facts, (found.election,))


def _panel(found: Turnout, name: str, asked: Group) -> list[Panel]:
    """The groups of a dimension: ages in their order, the others from who votes more; none when the place has no figure."""
    chosen, words = asked.conditions().get(name), found.values(name)
    lines = [
        Line(code, words[code], voted, chosen=code == chosen) for code, voted in found.divided(name, asked.sexo).items()
    ]
    return [Panel(name, found.dimensions[name].title, _ordered(lines, name == EDAD), name == EDAD)] if lines else []


def _ordered(lines: list[Line], ordered: bool) -> tuple[Line, ...]:
    if ordered:
        return tuple(lines)
    return tuple(
        sorted(lines, key=lambda line: -1 if line.voted.rate is None else RATE.rounded(line.voted.rate), reverse=True)
    )


def _sexes(found: Turnout, asked: Group) -> list[Panel]:
    """Women and men; and everybody, when one of them is asked for."""
    if SEXO not in found.dimensions:
        return []
    lines = [
        Line(code, words, found.of(Group(code)), chosen=asked == Group(code))
        for code, words in found.values(SEXO).items()
    ]
    if not asked.sexo:
        return [Panel(SEXO, found.dimensions[SEXO].title, _ordered(lines, ordered=False))]
    return [Panel(SEXO, TO_COMPARE, (*lines, Line("", "Mujeres y hombres", found.of(EVERYONE))), compared=True)]


DEPENDS = MAPS.only("eleccion", "departamento", GROUPS, "lugar")
VIEW = View(
    "quien_vota_grupos",
    "Participación por grupo de población",
    PictureKind.of(grupos),
    query,
    TOPIC,
    DEPENDS,
    held=held,
)
