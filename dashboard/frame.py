"""A built Screen inside the site's frame: one HTML document, in either mode."""

from __future__ import annotations

from urllib.parse import urlencode

from markupsafe import Markup

from dashboard.assets_url import asset_url
from dashboard.pages import MENU, Page, Request, Screen
from dashboard.pages.model import ACCESSIBLE_ROOT, embedded_state, face_of
from dashboard.render.html import to_html
from dashboard.render.templates import render
from dashboard.site import Site


def document(site: Site, page: Page, request: Request, screen: Screen, dash_head: Markup | None = None) -> str:
    """The whole document. `dash_head` are Dash's own scripts, for a live page in the visual mode."""
    accessible = request.face.accessible
    other = face_of(page.path, not accessible).path
    query = screen.query_string or (f"?{urlencode({'q': screen.search})}" if screen.search else "")
    content = Markup("".join(to_html(node) for node in screen.content))
    return str(
        render(
            "base.html.j2",
            accessible=accessible,
            title=screen.title,
            description=screen.description,
            canonical=page.path + query,
            root=ACCESSIBLE_ROOT if accessible else "",
            menu=MENU,
            current=page.path,
            other_face=other + query,
            search=screen.search,
            places_url=site.places_url,
            release_id=site.release.id,
            asset=asset_url,
            scripts=() if accessible else page.scripts,
            content=Markup('<div id="primera-pintura">{}</div>').format(content) if dash_head else content,
            head=dash_head or Markup(""),
            tail=_tail(screen, bool(dash_head)),
        )
    )


def _tail(screen: Screen, live: bool) -> Markup:
    if screen.state is None:
        return Markup("")
    entry = Markup('<p id="anuncio" class="oculto" role="status"></p>') if live else Markup("")
    return embedded_state(screen.state) + entry
