"""/padron: the registry by municipio or departamento."""

from __future__ import annotations

from datetime import date

from dashboard.address.phrases import place_name, scope
from dashboard.address.selection import Selection
from dashboard.figures.provenance import provenance
from dashboard.indicators.padron import REGISTERED, ROLL
from dashboard.pages.mapa import MapPage
from dashboard.pages.model import parts
from dashboard.render import missing
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component
from dashboard.site import Site
from dashboard.words import long_date

PATH = "/padron"


def crumb(site: Site, selection: Selection) -> str:
    """«Guatemala · padrón al 12 de julio de 2026»."""
    asked = long_date(date.fromisoformat(selection.corte)) if selection.corte else registry_date(site)
    return f"{place_name(scope(selection), site.territories)} · padrón al {asked}"


def registry_date(site: Site) -> str:
    """The day of the registry that the pages are about, in words."""
    places = [site.data.place(quantity) for quantity in (REGISTERED, ROLL) if site.data.has(quantity)]
    tables, days = (place.table.name for place in places), [site.data.day(place) for place in places]
    return next((source.cutoff_text for source in provenance(site.release, tables, days)), "fecha no indicada")


def missing_adults(site: Site, selection: Selection, face: Face) -> list[Component]:
    """How many adults are missing in the place chosen, beside what others published."""
    found = parts(site, ("padron_faltan",), selection).values()
    return [missing.section(answer, selection, face) for answer in found]


MAP = MapPage(
    path=PATH,
    name="Padrón",
    topic_name="padron",
    map_view="padron_mapa",
    place_view="padron_lugar",
    charts=("padron_edades", "padron_alfabetismo"),
    crumb=crumb,
    more=missing_adults,
)
PAGE = MAP.page()
