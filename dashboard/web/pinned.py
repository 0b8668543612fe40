"""An address that names a release (`publicacion=`) shows that one for ever: what it says depends on nothing that comes later."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import unquote_plus

from markupsafe import Markup

from dashboard.address.extracts import API
from dashboard.address.named_release import PUBLICATION, with_pin
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import html
from dashboard.render.html import to_html
from dashboard.render.notebooks import PATH as NOTEBOOKS_PATH
from dashboard.render.tactile.offered import PATH as TACTILE_PATH

#: Where the sheets to touch are.
SHEETS = TACTILE_PATH.partition("{")[0]
TAG = re.compile(r"<(?P<name>a|form|div)\b[^>]*>")
ADDRESS = re.compile(r'\b(?P<attribute>href|action|data-destino)="(?P<address>/[^"]*)"')
#: What marks the link that leaves the release.
LEAVES = "data-vigente="
#: Addresses that take the parameter besides pages: the files of a view, its sheets to touch, what is asked of a table, and the
#: worked analyses.
ALSO = ("/descargas/vista/", SHEETS, API, NOTEBOOKS_PATH)


def pin_of(query: str) -> tuple[str, str]:
    """The release that a query names, "" if none, and the rest of the query, as it came. Named twice, the last one holds."""
    named, rest = "", []
    for item in query.split("&") if query else ():
        name, _, value = item.partition("=")
        if unquote_plus(name) == PUBLICATION:
            named = unquote_plus(value)
        else:
            rest.append(item)
    return named, "&".join(rest)


def notice(release_id: str, address: str) -> Markup:
    """What a page says of being of one release, whichever is current; `address` is the page without it."""
    leave = html.A("Ver esta página con los datos vigentes", href=address, **Attributes({"data-vigente": ""}))
    said = html.P(
        [
            html.Strong(["Publicación ", html.Code(release_id), "."]),
            " Esta dirección muestra siempre lo mismo, aunque después se publiquen otras: puede citarla. ",
            leave,
        ]
    )
    inside = html.Div(said, className="ancho")
    return Markup(to_html(html.Aside(inside, className="fija", **Attributes({"aria-label": "Publicación fija"}))))


def staying(written: str, release_id: str, takes: Callable[[str], bool]) -> str:
    """A document whose links and forms lead to the same release; `takes` says whether the page at a path can be of one."""

    def in_tag(found: re.Match[str]) -> str:
        tag = found[0]
        if LEAVES in tag:
            return tag
        changed = ADDRESS.sub(in_attribute, tag)
        if found["name"] == "form" and (action := ADDRESS.search(tag)) and can_stay(unescape(action["address"])):
            return f'{tag}<input type="hidden" name="{PUBLICATION}" value="{escape(release_id)}">'
        return changed

    def in_attribute(found: re.Match[str]) -> str:
        address = unescape(found["address"])
        if found["attribute"] == "action" or not can_stay(address):
            return found[0]
        return f'{found["attribute"]}="{escape(with_pin(address, release_id))}"'

    def can_stay(address: str) -> bool:
        path, query = re.split(r"[?#]", f"{address}?", maxsplit=1)
        if pin_of(query.rstrip("?"))[0]:  # it says already which release it is of
            return False
        return path.startswith(ALSO) or takes(path)

    return TAG.sub(in_tag, written)
