"""Pages as declarations: navigation, routes of both modes and the sitemap derive from `PAGES`.

analisis          /analisis
analisis_lista    the analyses of others, in it
apertura          /datos/apertura
buscar            /buscar
cards             figures gathered to be cited
coarser           where a cross that a page could not show is published: by departamento
compartir         /compartir/<vista>
como_inscribirse  /extranjero/como-inscribirse
comparar          /comparar
cruces            /cruces
cruces_form       what may be asked from it
datos             /datos
datos_api         /datos/api
datos_catalogo    the datasets that it lists, and in which releases they are
datos_conjunto    /datos/<dataset>
datos_normas      the files in the standards of elections, in them
datos_tabla       one table on the page of its dataset
diaspora          the people counted abroad, in the pages about them
diaspora_asked    what a visit asks of those people
diaspora_form     the filters of those people
estado            /estado
extranjero        /extranjero
ficha             /ficha/<codigo>
ficha_extranjero  /ficha/extranjero
fichas            /fichas
filters           what the filters of a map page offer
form              the filter bar
inicio            /
lugares           /participacion/lugares
mapa              what a page with a map is
mesas             /participacion/mesas
metodologia       /metodologia
mesas_place       the card of the place on /participacion/mesas
model             what a page is
moved             addresses of before
padron            /padron
participacion     /participacion
publicaciones     /publicaciones
publicaciones_cifras  the figures that moved from one release to another, in it
publicaciones_lista   the list of releases, in it
que_falta         /que-falta
shown_at          the page where a view is shown
touched           the sheets to touch that a page offers
"""

from __future__ import annotations

from dashboard.pages import (
    analisis,
    apertura,
    buscar,
    como_inscribirse,
    comparar,
    compartir,
    cruces,
    datos,
    datos_api,
    datos_conjunto,
    estado,
    extranjero,
    ficha,
    fichas,
    inicio,
    lugares,
    mesas,
    metodologia,
    padron,
    participacion,
    publicaciones,
    que_falta,
)
from dashboard.pages.mapa import MapPage
from dashboard.pages.model import Page, Request, Screen

PAGES: tuple[Page, ...] = (
    inicio.PAGE,
    padron.PAGE,
    participacion.PAGE,
    mesas.PAGE,
    lugares.PAGE,
    extranjero.PAGE,
    como_inscribirse.PAGE,
    cruces.PAGE,
    fichas.PAGE,
    ficha.PAGE,
    comparar.PAGE,
    datos.PAGE,
    datos_conjunto.PAGE,
    datos_api.PAGE,
    apertura.PAGE,
    metodologia.PAGE,
    que_falta.PAGE,
    estado.PAGE,
    publicaciones.PAGE,
    analisis.PAGE,
    buscar.PAGE,
    compartir.PAGE,
)
#: The pages whose filters Dash answers, by path.
LIVE: dict[str, MapPage] = {item.path: item for item in (padron.MAP, participacion.MAP)}
MENU: tuple[Page, ...] = tuple(page for page in PAGES if page.in_menu)

__all__ = ["LIVE", "MENU", "PAGES", "Page", "Request", "Screen"]
