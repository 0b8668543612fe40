"""Who votes more than before, and who less? One line for each group of a dimension along the elections."""

from __future__ import annotations

from dashboard.address.parameters import GROUPS
from dashboard.address.phrases import people
from dashboard.address.selection import MAPS, URL_NAMES, Selection
from dashboard.address.vocabulary import EVERYONE, Group
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.figures.turnout import SEXO, Turnout
from dashboard.kinds import lineas
from dashboard.kinds.lineas import Line
from dashboard.kinds.votaron import frames
from dashboard.view import PictureKind, Result, View, text_column
from dashboard.views.quien_vota import COUNTED, ELECTION, TOPIC, at, cells, columns, held, result, where

COLUMNS = (
    text_column("valor", "Código del grupo", "Valor de la columna del cubo que divide a las personas.", hidden=True),
    text_column("grupo", "Grupo", "Las personas de que se trata."),
    ELECTION,
    text_column("anio_eleccion", "Elección", "Año y vuelta de la elección."),
    *columns(),
)


def query(data: Data, selection: Selection) -> Result:
    """The groups of one dimension in each election: the one asked for, or that of the trait asked for, or else sexo."""
    found = [at(data, selection, election) for election in COUNTED.elections(data)]
    dimension = _dimension(selection, found[-1])
    whose = selection.group if dimension == SEXO else Group(selection.group.sexo)
    whole = Group(trait=whose.trait) if dimension == SEXO else whose
    crossed = any(group in item.groups for item in found for group in _groups(item, whole, dimension))
    uncrossed = "" if crossed else _uncrossed(found[-1], whole, dimension)
    whole = whole if crossed else EVERYONE
    chosen = selection.group.conditions().get(dimension)
    words = {code: name for item in found for code, name in item.values(dimension).items()}
    lines = [
        Line(code, name, tuple(item.of(whole.but(dimension, code)) for item in found), chosen=code == chosen)
        for code, name in words.items()
    ]
    title = found[-1].dimensions[dimension].title
    story = frames(COUNTED.story(data))
    totals = tuple(item.of(whole) for item in found)
    place = where(data, selection)
    facts = lineas.Facts(place, people(whole), dimension, title, story, totals, tuple(lines), uncrossed)
    rows = [
        (line.code, line.name, item.election.code, item.election.words, *cells(point))
        for line in lines
        for item, point in zip(found, line.points, strict=True)
    ]
    question = (
        f"¿Cómo ha cambiado la participación de {people(whole, registered=False, article=True)} por {title.lower()}?"
    )
    return result(data, question, COLUMNS, rows, facts, COUNTED.elections(data), selection.corte)


def _groups(found: Turnout, whole: Group, dimension: str) -> list[Group]:
    """The groups that some people are divided into by a dimension."""
    return [whole.but(dimension, value) for value in found.values(dimension)]


def _uncrossed(found: Turnout, whole: Group, dimension: str) -> str:
    """What the people asked about are told apart by that the cube does not cross with a dimension, both as they are titled."""
    names = (dimension, *whole.conditions())
    return " con ".join(found.dimensions[name].title.lower() for name in found.dimensions if name in names)


def _dimension(selection: Selection, found: Turnout) -> str:
    asked = {URL_NAMES.get(name, name): name for name in found.dimensions}.get(selection.por)
    trait = selection.group.trait.dimension if selection.group.trait else SEXO
    chosen = asked or trait
    if chosen not in found.dimensions:
        raise Unaskable("quienes votaron no están contados por esos grupos")
    return chosen


DEPENDS = MAPS.only("corte", "departamento", GROUPS, "por", "lugar")
VIEW = View(
    "quien_vota_lineas",
    "Participación por grupo, elección tras elección",
    PictureKind.of(lineas),
    query,
    TOPIC,
    DEPENDS,
    held=held,
)
