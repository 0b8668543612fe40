"""/padron: the registry by municipio or departamento."""

from __future__ import annotations

from dashboard.address.phrases import place_name, scope
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import BY_EDAD
from dashboard.figures.provenance import provenance
from dashboard.pages.mapa import MapPage
from dashboard.site import Site

PATH = "/padron"


def crumb(site: Site, selection: Selection) -> str:
    """«Guatemala · padrón al 12 de julio de 2026»."""
    return f"{place_name(scope(selection), site.territories)} · padrón al {registry_date(site)}"


def registry_date(site: Site) -> str:
    """The day of the registry that the pages are about, in words."""
    return provenance(site.release, [BY_EDAD.name])[0].cutoff_text


MAP = MapPage(
    path=PATH,
    name="Padrón",
    topic_name="padron",
    map_view="padron_mapa",
    place_view="padron_lugar",
    charts=("padron_edades", "padron_alfabetismo"),
    crumb=crumb,
)
PAGE = MAP.page()
