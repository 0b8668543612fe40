"""What may be asked from the page of a cross: its form, the table turned, and the crosses that begin ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from markupsafe import Markup

from dashboard.address.crossable import MOST_COLUMNS, PLACE, TOWN, Cross, Crossable, obstacle
from dashboard.address.crossing import COUNTED, CROSSES, Crossing, resolved
from dashboard.address.parameters import Parameter
from dashboard.address.vocabulary import Offer
from dashboard.render.blocks import Face
from dashboard.render.jinja import render
from etl.country import COUNTRY

PATH = "/cruces"

NOT_TOGETHER = "no se publica junto con lo demás que se pide"
#: What is chosen without regard to the rest: what does not go with it is left out then, and said.
LEADING = ("cuenta", PLACE)


@dataclass(frozen=True)
class Choice:
    """One select: its options are (value, words, why it cannot be chosen or "")."""

    name: str
    title: str
    value: str
    options: tuple[tuple[str, str, str], ...]
    active: bool = True
    why: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the form; `turns` puts beside it what turns the table."""

    choices: tuple[Choice, ...]
    title: str = ""
    turns: bool = False


@dataclass(frozen=True)
class Asked:
    """A question with everything said, the cross that answers it, what else may be asked and the face that is drawn."""

    question: Crossing
    cross: Cross
    offer: Offer
    face: Face

    def at(self, **changes: str) -> str:
        """The address of this table after some changes to how it is shown."""
        return self.question.url(self.face.path, **changes)

    def other(self, question: Crossing) -> str | None:
        """The address of another cross, without the order and the chosen cell of this one; None when it is not published."""
        bare = replace(question, fila="", columna="", orden="", ver="")
        found = resolved(bare, self.offer)
        if found is None or _said(found[0]) != _said(bare):
            return None
        return found[0].url(self.face.path)

    def turned(self) -> str | None:
        """The address of the same table with its rows as columns; None when they are too many."""
        return self.other(replace(self.question, filas=self.question.columnas, columnas=self.question.filas))


def _said(question: Crossing) -> dict[str, str]:
    rest = ("eleccion", "corte", "mostrar")
    return {name: value for name, value in question.values().items() if value and name not in rest}


def form(asked: Asked) -> Markup:
    """The five steps: only what is published with the rest can be chosen, and what cannot says why."""
    items = {item.name: item for item in CROSSES.parameters(asked.offer)}
    when = [name for name in ("eleccion", "corte") if name in items and _several(asked.cross, name)]
    town = [TOWN] if asked.question.departamento and _open(asked.cross, TOWN) else []
    steps = (
        Step(tuple(_choice(asked, items, name) for name in ("cuenta", *when))),
        Step(tuple(_choice(asked, items, name) for name in (PLACE, *town))),
        Step((_choice(asked, items, "filas"),), turns=True),
        Step((_choice(asked, items, "columnas"),)),
        Step(tuple(_people(asked, items)), "De quiénes"),
    )
    kept = [("mostrar", asked.question.mostrar)] if asked.question.mostrar else []
    shown = [step for step in steps if step.choices]
    return render(
        "cruces.html.j2", path=asked.face.path, steps=shown, kept=kept, turned=asked.turned(), most=MOST_COLUMNS
    )


def _choice(asked: Asked, items: dict[str, Parameter], name: str) -> Choice:
    """A select with every value of a parameter, and why those that do not go with the rest cannot be chosen."""
    item, wanted = items[name], asked.cross.values()
    there = _places_inside(asked, name)
    options = [("", item.everything, "")] if item.everything else []
    for value, words in item.values.items():
        if there is None or value in there:
            options.append((value, words, "" if name in LEADING else _why(asked, items, wanted, name, value)))
    return Choice(name, item.title, wanted.get(name, ""), tuple(options))


def _places_inside(asked: Asked, name: str) -> set[str] | None:
    """The values of a level that are inside what is asked of those above it; None for what is no level."""
    levels = asked.cross.source.levels
    if name == PLACE or name not in levels:
        return None
    rest = {key: value for key, value in asked.cross.conditions.items() if key != name}
    return set(levels[name].inside(rest, levels))


def _why(asked: Asked, items: dict[str, Parameter], wanted: dict[str, str], name: str, value: str) -> str:
    if wanted.get(name) == value or name not in ("filas", "columnas"):
        return ""
    other = obstacle(asked.offer.crossable, wanted, name, value)
    if other is None:
        return ""
    levels = asked.cross.source.levels
    if other in ("filas", "columnas") and wanted[other] in levels:
        return f"no se cruza con {levels[wanted[other]].title.lower()}"
    return f"no se cruza con {items[other].title.lower()}" if other in levels else "no se publica"


def _several(cross: Cross, name: str) -> bool:
    position = ("eleccion", "corte").index(name)
    return len({pair[position] for pair in cross.source.occasions if pair[position]}) > 1


def _open(cross: Cross, name: str) -> bool:
    """Whether a cross can be asked for one value of a level besides what it is asked for already."""
    level = cross.source.levels.get(name)
    if level is None or not cross.source.makes({cross.filas, cross.columnas, *cross.conditions, name}):
        return False
    own = [axis for axis in (cross.rows, cross.columns) if axis.family == level.family]
    return all(name in axis.above for axis in own)


def _people(asked: Asked, items: dict[str, Parameter]) -> Iterator[Choice]:
    """A select for each level by which the people of this table may be chosen; of what it does not cross, why."""
    cross = asked.cross
    for name, level in cross.source.levels.items():
        own = any(axis.family == level.family for axis in (cross.rows, cross.columns))
        if name in (PLACE, TOWN) or (own and not _open(cross, name)):
            continue
        if _open(cross, name):
            yield _choice(asked, items, name)
        else:
            yield Choice(name, level.title, "", (("", items[name].everything, ""),), False, NOT_TOGETHER)


# --- Crosses that begin ready -----------------------------------------------------------------------------------------


def ready(asked: Asked) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every pair of things that the release crosses, by what is counted and where, those of this table first: (heading,
    [(words, address)]).
    """
    found = []
    for source in sorted(asked.offer.crossable, key=lambda item: item.table != asked.cross.source.table):
        links = [
            (words, address)
            for filas, columnas, words in _pairs(source)
            if (address := _address(asked, source, filas, columnas))
        ]
        kinds = " y ".join(COUNTED[name].lower() for name in source.counted[:2])
        heading = f"{kinds[0].upper()}{kinds[1:]}, {'en el extranjero' if source.abroad else 'en el país'}"
        found.append((heading, links))
    return found


def _pairs(source: Crossable) -> Iterator[tuple[str, str, str]]:
    """The levels that may be the rows and the columns, of two dimensions each, with their names in words."""
    for filas, columnas in combinations(source.levels.values(), 2):
        if filas.family != columnas.family and source.makes({filas.name, columnas.name}):
            yield filas.name, columnas.name, f"{filas.title} × {columnas.title.lower()}"


def _address(asked: Asked, source: Crossable, filas: str, columnas: str) -> str | None:
    place = COUNTRY.abroad if source.abroad else ""
    corte = source.occasions[0][1]
    question = Crossing(source.counted[0], departamento=place, filas=filas, columnas=columnas)
    found = resolved(question, asked.offer)
    if found is None or found[1].source.table != source.table:
        found = resolved(replace(question, corte=corte), asked.offer)
    return found[0].url(asked.face.path) if found else None
