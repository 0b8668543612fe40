"""Pages as declarations: navigation, routes of both modes and the sitemap derive from `PAGES`."""

from __future__ import annotations

from dashboard.pages import buscar, datos, inicio, metodologia, padron
from dashboard.pages.model import Page, Request, Screen

PAGES: tuple[Page, ...] = (inicio.PAGE, padron.PAGE, datos.PAGE, metodologia.PAGE, buscar.PAGE)
MENU: tuple[Page, ...] = tuple(page for page in PAGES if page.in_menu)

__all__ = ["MENU", "PAGES", "Page", "Request", "Screen"]
