"""/participacion: how many voted, event by event and municipio by municipio."""

from __future__ import annotations

from dashboard.filters import Selection
from dashboard.pages.mapa import MapPage
from dashboard.people import place_name, scope
from dashboard.site import Site

PATH = "/participacion"


def crumb(site: Site, selection: Selection) -> str:
    """«Guatemala · elecciones de 2007 a 2023»."""
    return f"{place_name(scope(selection), site.territories)} · elecciones de 2007 a 2023"


MAP = MapPage(
    path=PATH,
    name="Participación",
    topic_name="participacion",
    map_view="participacion_mapa",
    place_view="participacion_lugar",
    charts=("participacion_serie", "participacion_votos"),
    crumb=crumb,
)
PAGE = MAP.page()
