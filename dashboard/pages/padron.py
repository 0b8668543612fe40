"""/padron: the registry by municipio or departamento."""

from __future__ import annotations

from datetime import date

from dashboard.address.phrases import place_name, scope
from dashboard.address.selection import Selection
from dashboard.figures.elections import elections
from dashboard.figures.measures import Quantity, Unaskable
from dashboard.figures.provenance import provenance
from dashboard.indicators.offers import asked
from dashboard.indicators.padron import REGISTERED, ROLL
from dashboard.pages.mapa import MapPage
from dashboard.pages.model import parts
from dashboard.render import missing
from dashboard.render.blocks import Face
from dashboard.render.charts import charts
from dashboard.render.dash_doors import Component
from dashboard.site import Site
from dashboard.words import long_date

PATH = "/padron"
#: The shares of the registry that only a count person by person brings.
BY_GROUP = ("padron_pueblo", "padron_comunidad")


def crumb(site: Site, selection: Selection) -> str:
    """«Guatemala · padrón al 12 de julio de 2026»; «padrón de 2011», of an indicator of an election; «del padrón de 2011 al del
    12 de julio de 2026», of one that compares two.
    """
    place = place_name(scope(selection), site.territories)
    today = long_date(date.fromisoformat(selection.corte)) if selection.corte else registry_date(site)
    event, used = elections(site.data).get(selection.eleccion), _quantities(site, selection)
    days = sorted({item.cutoff for item in used if item.cutoff})
    if len(days) > 1:
        return f"{place} · del padrón del {long_date(days[0])} al del {long_date(days[-1])}"
    if not event:
        return f"{place} · padrón al {today}"
    current = any(item.counted == REGISTERED.counted for item in used)
    return f"{place} · del padrón de {event.words} al del {today}" if current else f"{place} · padrón de {event.words}"


def _quantities(site: Site, selection: Selection) -> tuple[Quantity, ...]:
    """What the indicator asked for is counted from."""
    try:
        return asked(site.data, selection).measure.quantities
    except Unaskable:
        return ()


def registry_date(site: Site) -> str:
    """The day of the registry that the pages are about, in words."""
    return site.data.once(("day of the registry",), lambda: _registry_date(site))


def _registry_date(site: Site) -> str:
    places = [site.data.place(quantity) for quantity in (REGISTERED, ROLL) if site.data.has(quantity)]
    tables, days = (place.table.name for place in places), [site.data.day(place) for place in places]
    return next((source.cutoff_text for source in provenance(site.release, tables, days)), "fecha no indicada")


def more(site: Site, selection: Selection, face: Face) -> list[Component]:
    """Of which groups the people of the place chosen are, where the registry says it; and how many adults are missing there,
    beside what others published.
    """
    found = parts(site, ("padron_faltan",), selection).values()
    by_group = [answer for answer in parts(site, BY_GROUP, selection).values() if answer.facts.some]
    return [*charts(by_group, face, files=True), *(missing.section(answer, selection, face) for answer in found)]


MAP = MapPage(
    path=PATH,
    name="Padrón",
    topic_name="padron",
    map_view="padron_mapa",
    place_view="padron_lugar",
    charts=("padron_edades", "padron_alfabetismo"),
    crumb=crumb,
    more=more,
)
PAGE = MAP.page()
