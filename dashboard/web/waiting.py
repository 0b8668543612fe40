"""What a visitor reads while what was asked for cannot be opened yet: the site is full, or has no release to show."""

from __future__ import annotations

from functools import cache

from dashboard.pages.model import ACCESSIBLE_ROOT
from dashboard.render.jinja import render
from dashboard.web.admission import COME_BACK
from dashboard.web.assets_url import asset_url
from dashboard.web.kept import IDENTITY, Encoded, Made, encoded
from dashboard.web.security import NOT_KEPT, headers_of

FULL = (
    "Hay muchas visitas en este momento",
    "Todavía no hay lugar para la página que pidió. No se perdió nada.",
    "Esta página se abre sola en cuanto haya lugar. Puede dejarla abierta.",
)
EMPTY = (
    "El sitio todavía no tiene datos que mostrar",
    "La publicación de los datos no está lista o no se puede abrir. Quienes atienden el sitio pueden ver por qué.",
    "Esta página se abre sola en cuanto la haya. Puede dejarla abierta.",
)
#: Seconds after which it is worth asking whether there is a release.
LATER = "30"


def full(path: str) -> Encoded:
    """That there are too many visits for another page to be made at the moment."""
    return _page(FULL, COME_BACK, path.startswith(ACCESSIBLE_ROOT))


def empty(path: str) -> Encoded:
    """That there is no release that can be served."""
    return _page(EMPTY, LATER, path.startswith(ACCESSIBLE_ROOT))


@cache
def _page(said: tuple[str, str, str], again: str, accessible: bool) -> Encoded:
    """In the visual mode a script asks again, and opens what was asked for once it can; nothing else moves by itself, so that
    nobody is interrupted while listening or reading.
    """
    title, words, waits = said
    told = {"Content-Type": "text/html; charset=utf-8", "Retry-After": again, "Cache-Control": NOT_KEPT}
    root = ACCESSIBLE_ROOT if accessible else ""
    page = render(
        "espera.html.j2", accessible=accessible, root=root, asset=asset_url, title=title, words=words, waits=waits
    )
    return encoded(Made(page.encode(), told | headers_of(f"{root}/"), 503), IDENTITY)
