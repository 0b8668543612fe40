"""In how many maps the places of a sheet are drawn, and with which letters: so that hardly any has its letters outside of it.

A map with too many places for a page comes first whole, without letters, and then in two or three parts, each as large as the
page allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from dashboard.render.tactile.keys import SINGLE, keys, single
from dashboard.render.tactile.labels import NoRoom
from dashboard.render.tactile.map_page import Drawn, map_page
from dashboard.render.tactile.marks import Page
from dashboard.render.tactile.outlines import extent

#: A page may have as many places with their letters outside as these; with two letters, in place of one, as many as those.
MOST_OUTSIDE, FEW_OUTSIDE = 7, 2
MOST_PARTS = 3
#: What the parts of a map are called, from west to east or from north to south.
ACROSS = {2: ("oeste", "este"), 3: ("oeste", "centro", "este")}
DOWN = {2: ("norte", "sur"), 3: ("norte", "centro", "sur")}
WHOLE, PART = "{titulo} Todo el mapa, sin letras.", "{titulo} Parte {numero} de {partes}: {cual}."


@dataclass(frozen=True)
class Maps:
    """The pages of the maps of a sheet, and the letters of each place by its code."""

    pages: tuple[Page, ...]
    letters: Mapping[str, str]

    @property
    def outside(self) -> int:
        """The most letters that a page has outside their places."""
        return max(len({mark.part.place for mark in page.marks if mark.part.kind == "guia"}) for page in self.pages)


def maps(drawn: Drawn, names: Mapping[str, str]) -> Maps:
    """The maps of a sheet: the first way to draw them that is good enough or, of all there are, the best. NoRoom if none fits."""
    best: Maps | None = None
    for found in _ways(drawn, names):
        if best is None or found.outside < best.outside:
            best = found
        if best.outside <= MOST_OUTSIDE:
            return best
    if best is None:
        raise NoRoom
    return best


def _ways(drawn: Drawn, names: Mapping[str, str]) -> Iterator[Maps]:
    """The ways to draw the maps of a sheet: whole with two letters or one, whichever leaves fewer outside; then in parts."""
    alphabets = [keys(names), *([single(names)] if len(names) <= len(SINGLE) else [])]
    for count in range(1, MOST_PARTS + 1):
        found = []
        for letters in alphabets:
            with suppress(NoRoom):
                found.append(Maps(tuple(_pages(replace(drawn, letters=letters), count)), letters))
                if found[-1].outside <= FEW_OUTSIDE:
                    break
        if found:
            yield min(found, key=lambda one: one.outside)


def _pages(drawn: Drawn, count: int) -> Iterator[Page]:
    if count == 1:
        yield map_page(drawn, MOST_OUTSIDE)
        return
    yield map_page(replace(drawn, title=WHOLE.format(titulo=drawn.title), letters={}, signs={}), 0)
    names, parts = _split(drawn.paths, count)
    for number, (name, codes) in enumerate(zip(names, parts, strict=True), 1):
        title = PART.format(titulo=drawn.title, numero=number, partes=count, cual=name)
        yield map_page(
            replace(
                drawn,
                title=title,
                number=number + 1,
                paths={code: drawn.paths[code] for code in codes},
                letters={code: drawn.letters[code] for code in codes},
            ),
            MOST_OUTSIDE if count < MOST_PARTS else len(codes),
        )


def _split(paths: Mapping[str, str], count: int) -> tuple[Sequence[str], list[list[str]]]:
    """The codes of some places in as many parts, along the longer side of their map, and what each part is called."""
    _, _, width, height = extent(paths.values())
    middles = {}
    for code, path in paths.items():
        left, top, across, down = extent([path])
        middles[code] = left + across / 2 if width > height else top + down / 2
    order = sorted(paths, key=lambda code: (middles[code], code))
    cuts = [len(order) * number // count for number in range(count + 1)]
    parts = [sorted(order[start:end]) for start, end in pairwise(cuts)]
    return (ACROSS if width > height else DOWN)[count], parts
