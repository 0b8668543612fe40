"""Which sheets to touch a page offers, and how the place of a sheet asks a view."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.address.parameters import Parameter
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import DEPARTAMENTO
from dashboard.render.dash_doors import Component
from dashboard.render.tactile.offered import QUESTION, TOPICS, sheet_links
from dashboard.site import Site
from dashboard.view import View
from dashboard.views import VIEWS

#: What the place of a sheet says already.
SAID = ("departamento", "ver", "lugar")
TITLE = "Para tocar: {titulo}"


def with_place(given: Mapping[str, str], place: str) -> dict[str, str]:
    """A question about the municipios of a departamento or, without one, about the departamentos of the country."""
    return {**given, **({"departamento": place} if place else {"ver": DEPARTAMENTO})}


def parameters(site: Site, view: View) -> tuple[Parameter, ...]:
    """What may be asked of the sheets of a view, besides their place."""
    return tuple(item for item in view.parameters(site.data) if item.name not in SAID)


def offered(site: Site, selections: Mapping[str, Selection], place: str) -> list[Component]:
    """The sheets of a departamento, or of the country («»), for the question of a selection of each topic, if there are any."""
    found = []
    for topic, selection in selections.items():
        view = VIEWS[TOPICS[topic]]
        asked = view.asked(with_place(selection.only(QUESTION).parameters(), place), site.data)
        if view.held(site.data) and not asked.notices and not asked.unknown:
            found.append((TITLE.format(titulo=view.title), topic, place, selection))
    return sheet_links(found)
