"""A built Screen inside the site's frame: one HTML document, in either mode."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from fastapi.responses import Response
from markupsafe import Markup

from dashboard.address.own import base_url
from dashboard.address.searched import topic_of
from dashboard.figures.provenance import scale
from dashboard.pages import MENU, Page, Request, Screen
from dashboard.pages.model import ACCESSIBLE_ROOT, embedded_state, face_of
from dashboard.render.html import style_rules, to_html
from dashboard.render.jinja import render
from dashboard.site import Site
from dashboard.web.assets_url import asset_url
from dashboard.web.banner import banner
from dashboard.web.metadata import in_page
from dashboard.web.security import policy
from dashboard.web.styles import sheets
from etl.country import COUNTRY


def html_response(
    site: Site,
    page: Page,
    request: Request,
    screen: Screen,
    live_tags: Markup | None = None,
    used: Collection[str] = (),
) -> Response:
    """The document as an HTTP response. `used` are the tables it was made from."""
    written = document(site, page, request, screen, base_url(), live_tags, used)
    headers = policy_of(written, request.face.accessible, bool(live_tags))
    return Response(written.encode(), screen.status, headers, "text/html; charset=utf-8")


def policy_of(written: str, accessible: bool, live: bool) -> dict[str, str]:
    """The header with the policy of a document, which names the one <style> element that it has; `live` if Dash runs in it."""
    style = written.partition("</head>")[0].partition("<style>")[2].partition("</style>")[0]
    return {"Content-Security-Policy": policy(accessible, style, live)}


def document(
    site: Site,
    page: Page,
    request: Request,
    screen: Screen,
    base: str,
    live_tags: Markup | None = None,
    used: Collection[str] = (),
    above: Markup | None = None,
) -> str:
    """The whole document. `base` is the site's own address, for what others must find;
    `live_tags` are what Dash needs to begin, in a live page of the visual mode; `above`, what goes before everything else.
    """
    accessible = request.face.accessible
    path = page.path.format(**request.parameters)
    other = face_of(path, not accessible).path
    query = screen.query_string or (f"?{urlencode({'q': screen.search})}" if screen.search else "")
    people = scale(site.release)
    content = Markup("".join(to_html(node) for node in screen.content))
    notice = (above or Markup("")) + banner(site.preview, request, used)
    return str(
        render(
            "base.html.j2",
            accessible=accessible,
            title=screen.title,
            description=screen.description,
            canonical=base + path + query,
            picture=base + (screen.picture or f"/vista-previa/{site.release.id}/pais.png"),
            root=ACCESSIBLE_ROOT if accessible else "",
            menu=MENU,
            current=page.path,
            other_face=other + query,
            search=screen.search,
            header_search=not page.searches,
            topic=screen.topic or topic_of(page.path),
            country=COUNTRY.name,
            places_url=site.places_url,
            release_id=site.release.id,
            synthetic=site.release.synthetic,
            invented=people[:1].upper() + people[1:],
            banner=notice,
            asset=asset_url,
            sheets=sheets(notice + content),
            style=Markup(style_rules(notice + content)),
            scripts=() if accessible else page.scripts,
            content=content,
            head=in_page(site, page.path, request, base),
            tail=("" if screen.state is None else embedded_state(screen.state)) + (live_tags or Markup("")),
        )
    )
