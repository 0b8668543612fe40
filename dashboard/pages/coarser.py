"""Where a cross that a page could not show is published: by departamento, in the same page or in the one of the crosses."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.address.crossable import PLACE, fit
from dashboard.address.crossing import COUNTED, Crossing
from dashboard.address.parameters import Asked
from dashboard.address.phrases import people
from dashboard.address.selection import URL_NAMES, Selection
from dashboard.address.vocabulary import DEPARTAMENTO, Group, Offer, Trait
from dashboard.indicators.offers import CROSSES
from dashboard.pages.cruces_form import PATH
from dashboard.pages.model import face_of
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site

SEX = "sexo"
#: What is counted where nothing says it.
PEOPLE = "empadronados"


def way(site: Site, offer: Offer, asked_for: Asked[Selection], face: Face) -> list[Component]:
    """A link to the people asked for, where they are published by departamento and the page had to show others; none when it
    shows them, or when they are published nowhere.
    """
    asked, selection = _asked(offer, asked_for.given), asked_for.selection
    if len(asked) < 2 or asked.items() <= selection.group.conditions().items():
        return []
    address = _here(site, offer, asked, selection, face) or _in_crosses(site, asked, selection, face)
    return [html.A(f"Ver por departamento: {_called(asked)}", href=address)] if address else []


def _asked(offer: Offer, query: Mapping[str, str]) -> dict[str, str]:
    """The values that an address asks for, by dimension: those that there are."""
    found = {name: (query.get(URL_NAMES.get(name, name)) or "").strip() for name in offer.groups}
    return {name: value for name, value in found.items() if value in (offer.groups[name].labels or {})}


def _here(site: Site, offer: Offer, asked: Mapping[str, str], selection: Selection, face: Face) -> str:
    """The address of the same page by departamento; "" when it cannot show them so."""
    traits = [Trait(name, value) for name, value in asked.items() if name != SEX]
    if len(traits) > 1 or not offer.crosses(selection.indicador, tuple(asked), DEPARTAMENTO):
        return ""
    group, places = Group(asked.get(SEX), traits[0] if traits else None), site.territories
    if selection.lugares:
        found = tuple(dict.fromkeys(places.parent(code) or code for code in selection.lugares))
        return selection.url(face.path, group=group, lugares=found) if len(found) > 1 else ""
    return selection.url(face.path, group=group, departamento=None, nivel=DEPARTAMENTO, lugar=selection.departamento)


def _in_crosses(site: Site, asked: Mapping[str, str], selection: Selection, face: Face) -> str:
    """The address of the cross, departamento by departamento; "" when none is published. What tells them apart is what is
    asked of everybody in it or, if that leaves nothing to divide them by, its columns.
    """
    counted = selection.indicador if selection.indicador in COUNTED else PEOPLE
    group = {URL_NAMES.get(name, name): value for name, value in asked.items()}
    for columns in ("", *reversed(group)):
        rest = {name: value for name, value in group.items() if name != columns}
        wanted = {"cuenta": counted, "filas": PLACE, "columnas": columns, PLACE: "", **rest}
        if found := fit(site.offer(CROSSES).crossable, wanted):
            question = Crossing(counted, group=tuple(rest.items()), filas=PLACE, columnas=found.columnas)
            return question.url(face_of(PATH, face.accessible).path)
    return ""


def _called(asked: Mapping[str, str]) -> str:
    """The people asked for, whatever they are told apart by: «mujeres mayas de 18 a 25 años»."""
    traits = [Trait(name, value) for name, value in asked.items() if name != SEX]
    traits.sort(key=lambda trait: trait.dimension != "pueblo")
    first = people(Group(asked.get(SEX), traits[0]), registered=False)
    rest = (people(Group(trait=trait), registered=False).removeprefix("personas ") for trait in traits[1:])
    return " ".join([first, *rest])
