"""Figures gathered to be cited: what an address says of each, read with the rules of its own view, and the ways to take it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dashboard.address.basket import FIGURES, MOST_FIGURES, Basket, figure_of, read_figure
from dashboard.address.named_release import PUBLICATION, with_pin
from dashboard.address.own import base_url
from dashboard.address.parameters import Asked, Question, query_of
from dashboard.figures.measures import Unaskable
from dashboard.pages.shown_at import PATHS, address_of, path_of
from dashboard.render.embedded import DRAWINGS, MAP, ON_SHAPES, drawing_of
from dashboard.render.report import Card
from dashboard.render.snippets import HERE
from dashboard.render.standalone import Drawn, Ground, NoPicture, bare, png
from dashboard.render.standalone_bars import table
from dashboard.site import Site
from dashboard.view import Answer, View, on_day
from dashboard.views import VIEWS
from etl.release.register import cutoff_of

#: Pixels for each point of the pictures of a document, that may be printed.
PRINTED = 2
#: Paths under which the address of an answer names its view.
NAMED_BY = ("/compartir/", "/incrustar/", "/imagen/", "/descargas/vista/")
LONGEST_SHOWN = 60


def drawn_by(site: Site, answer: Answer, question: Question) -> Callable[[Answer], Drawn]:
    """What draws an answer by itself: of a map, with the place that the question marks."""
    return drawing_of(answer, ground_of(site, question))


def ground_of(site: Site, question: Question) -> Ground:
    """What the maps of a release are drawn on."""
    return Ground(site.shapes, lambda: site.states_shapes, site.names, getattr(question, "lugar", None))


def asked_of(site: Site, view: View, given: Mapping[str, str]) -> tuple[Asked[Any], list[str]]:
    """What is asked of a view, also which place its map marks, and what was wrong about that."""
    rest = dict(given)
    place = rest.pop("lugar", "") if view.kind.name == MAP else ""
    asked = view.asked(rest, site.data)
    if not place:
        return asked, []
    if place not in site.names:
        return asked, [f"No hay ningún lugar con el código «{place[:40]}»."]
    return replace(asked, selection=replace(asked.selection, lugar=place)), []


def drawable(answer: Answer) -> bool:
    """Whether an answer has a picture."""
    if answer.kind in ON_SHAPES:
        return True
    try:
        DRAWINGS.get(answer.kind, table)(answer)
    except NoPicture:
        return False
    return True


@dataclass(frozen=True)
class Gathered:
    """A figure of a basket: its view, what is asked of it, how the address says it, and its answer."""

    site: Site
    view: View
    question: Question
    answer: Answer

    @property
    def text(self) -> str:
        """How the address says it."""
        return figure_of(self.view.name, self.question.parameters())

    @property
    def address(self) -> str:
        """Where the same is for ever, on this site."""
        return self.pinned(address_of(self.view.name, self.question))

    def pinned(self, address: str) -> str:
        """An address, as it is of the release of the figure."""
        return with_pin(address, self.site.release.id)

    def file(self, suffix: str) -> str:
        """The address of its file of a kind, or of its picture."""
        root = "imagen" if suffix in ("svg", "png") else "descargas/vista"
        asked = self.question if root == "imagen" else self.view.part(self.question)
        return self.pinned(asked.url(f"/{root}/{self.view.name}.{suffix}"))

    @property
    def card(self) -> Card:
        """The same for a document, with whole addresses."""
        here = base_url() or HERE
        address, table = f"{here}{self.address}", f"{here}{self.file('csv')}"
        if not drawable(self.answer):
            return Card(self.answer, address, table)
        drawn = bare(self.answer, drawn_by(self.site, self.answer, self.question))
        return Card(self.answer, address, table, f"{here}{self.file('svg')}", partial(png, drawn, PRINTED))


def gathered(site: Site, basket: Basket) -> tuple[tuple[Gathered, ...], tuple[str, ...]]:
    """The figures of a basket, each once, as they are for ever in the release; and what could not be understood of it."""
    found: dict[str, Gathered] = {}
    notices: list[str] = []
    figures = tuple(dict.fromkeys(basket.figures))
    if len(figures) > MOST_FIGURES:
        notices.append(f"Caben {MOST_FIGURES} cifras: las que siguen se dejaron fuera.")
    for text in figures[:MOST_FIGURES]:
        one = _one(site, text, notices)
        if one:
            found.setdefault(one.text, one)
    return tuple(found.values()), tuple(notices)


def _one(site: Site, text: str, notices: list[str]) -> Gathered | None:
    name, given = read_figure(text)
    view = VIEWS.get(name)
    if view is None:
        notices.append(f"No hay ninguna cifra llamada «{_shown(name)}».")
        return None
    asked, wrong = asked_of(site, view, given)
    unknown = [f"«{_shown(item)}» no se le puede pedir a «{view.title}»." for item in asked.unknown]
    notices += [*asked.notices, *unknown, *wrong]
    try:
        with on_day(cutoff_of(site.release.id)):  # what is cited does not change with the day
            answer = site.answer(name, asked.selection)
    except Unaskable as lacking:
        notices.append(f"«{view.title}» no está en esta publicación: {lacking}.")
        return None
    return Gathered(site, view, asked.selection, answer)


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


# --- The address of a figure ----------------------------------------------------------------------------------------------


def of_address(site: Site, address: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The figures at an address of this site, as a basket says them, and the others of the same page; none if it has none.

    It may be that of a page, of what is shared of a view, of its files and pictures, or of another basket.
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # nothing that could be an address
        return (), ()
    own = base_url()
    if parts.netloc and own and f"{parts.scheme}://{parts.netloc}" != own:
        return (), ()
    given = query_of(parse_qsl(parts.query, keep_blank_values=True, errors="replace"))
    given.pop(PUBLICATION, None)
    if FIGURES.name in given:
        return Basket(given[FIGURES.name]).figures, ()
    path = parts.path.removeprefix("/accesible").rstrip("/")
    found = tuple(figure_of(view.name, _of_view(site, view, given)) for view in _views_at(site, path))
    return found[:1], found[1:]


def _views_at(site: Site, path: str) -> Iterable[View]:
    """The views that a path is of."""
    for start in NAMED_BY:
        if path.startswith(start):
            name = path.removeprefix(start).partition(".")[0]
            return (VIEWS[name],) if name in VIEWS else ()
    if path not in {at for _, at in PATHS}:
        return ()
    return tuple(
        view for name, view in sorted(VIEWS.items(), key=_maps_first) if path_of(name) == path and view.held(site.data)
    )


def _maps_first(item: tuple[str, View]) -> bool:
    return item[1].kind.name != MAP


def _of_view(site: Site, view: View, given: Mapping[str, str]) -> dict[str, str]:
    """What an address asks of a view: a page takes more than each of its figures."""
    with suppress(Unaskable):
        asked, _ = asked_of(site, view, given)
        known: dict[str, str] = asked.selection.parameters()
        return known
    return {}
