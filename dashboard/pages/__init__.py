"""Pages as declarations: navigation, routes of both modes and the sitemap derive from `PAGES`."""

from __future__ import annotations

from dashboard.pages import (
    buscar,
    como_inscribirse,
    comparar,
    datos,
    extranjero,
    ficha,
    fichas,
    inicio,
    metodologia,
    padron,
    participacion,
    que_falta,
)
from dashboard.pages.mapa import MapPage
from dashboard.pages.model import Page, Request, Screen

PAGES: tuple[Page, ...] = (
    inicio.PAGE,
    padron.PAGE,
    participacion.PAGE,
    extranjero.PAGE,
    como_inscribirse.PAGE,
    fichas.PAGE,
    ficha.PAGE,
    comparar.PAGE,
    datos.PAGE,
    datos.DATASET_PAGE,
    metodologia.PAGE,
    que_falta.PAGE,
    buscar.PAGE,
)
#: The pages whose filters Dash answers, by path.
LIVE: dict[str, MapPage] = {item.path: item for item in (padron.MAP, participacion.MAP)}
MENU: tuple[Page, ...] = tuple(page for page in PAGES if page.in_menu)

__all__ = ["LIVE", "MENU", "PAGES", "Page", "Request", "Screen"]
