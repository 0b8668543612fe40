"""The figures of a map as a table in braille: a place in each line, with its figure at the end, in the order of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from dashboard.render.braille import cells, filled, wrapped
from dashboard.render.tactile.brf import CELLS, brf
from dashboard.render.tactile.keys import keys
from dashboard.render.tactile.sheet import INVENTED, Told

RUNOVER = 2
UNIT = "Cifras: {unidad}."


def write_brf(told: Told, file: BinaryIO) -> None:
    """Write the table of a sheet."""
    file.write(brf(blocks(told)))


def blocks(told: Told) -> list[Sequence[str]]:
    """The table as blocks of lines: its title, its source, what stands for the figures that there are not, and its rows."""
    missing = short(told)
    head = [told.title, *([INVENTED] if told.synthetic else []), *told.sentences]
    head += [UNIT.format(unidad=told.unit)] if told.unit else []
    released = "{fuente} Publicación {publicacion} de Padrón Abierto."
    head.append(released.format(fuente=told.source, publicacion=told.release))
    meaning = "{abreviatura}: {motivo}."
    head += [meaning.format(abreviatura=letters, motivo=reason) for reason, letters in missing.items()]
    found: list[Sequence[str]] = [[*wrapped(text, CELLS, RUNOVER), ""] for text in head]
    found += [list(_row(place.name, missing.get(place.figure, place.figure))) for place in told.ranked]
    return found


def short(told: Told) -> Mapping[str, str]:
    """Two letters for each reason for which a place has no figure."""
    reasons = dict.fromkeys(place.figure for place in told.places if place.sign)
    return keys({reason: reason for reason in reasons})


def _row(name: str, figure: str) -> Iterator[str]:
    """A place and its figure in a line, if they fit in one; if not, its name goes on in the next."""
    right = cells(figure)
    lines = wrapped(name, CELLS - len(right) - 2, RUNOVER)
    yield from lines[:-1]
    yield filled(lines[-1], right, CELLS)
