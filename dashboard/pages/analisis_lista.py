"""The analyses that others have published with these figures, on /analisis: the newest first, and how one more is listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.address.named_release import with_pin
from dashboard.pages.model import face_of
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site
from dashboard.view import is_for_ever
from dashboard.words import file_size, listing, long_date
from etl.release import ReleaseError
from etl.release.analyses import Analysis, read_analyses

TITLE = "Análisis publicados"
HOW = (
    "Para que se liste uno, quien administra este sitio lo declara con su título, quién lo firma, su fecha, dónde se lee y la "
    "publicación que cita."
)


def published(site: Site, face: Face) -> list[Component]:
    """The list; on a page that must be the same on any day, only the way to it."""
    heading = html.H2(TITLE, id="publicados")
    if is_for_ever():
        there = html.A("la página vigente", href=face.path, **Attributes({"data-vigente": ""}))
        return [heading, html.P(["La lista cambia con el tiempo: está en ", there, "."], className="prosa")]
    try:
        found = read_analyses(site.release.root.parent)
    except ReleaseError:
        words = "La lista está dañada en este servidor: no se puede mostrar."
        return [heading, html.P(words, className="error-dato")]
    if not found:
        none = f"Todavía no se ha publicado ninguno con estas cifras. {HOW}"
        return [heading, html.P(none, className="prosa")]
    items = html.Ul([_item(one, face.accessible) for one in found], className="analisis-publicados")
    return [heading, items, html.P(HOW, className="nota")]


def _item(one: Analysis, accessible: bool) -> Component:
    authors = f", {listing(one['autores'])}" if one.get("autores") else ""
    cited = one["publicacion"]
    there = face_of(with_pin("/datos", cited), accessible).path
    return html.Li(
        [
            html.H3(one["titulo"]),
            html.P(f"{one['organizacion']}{authors} · {long_date(date.fromisoformat(one['fecha']))}", className="de"),
            *([html.P(one["resumen"])] if one.get("resumen") else []),
            html.P(_ways(one), className="botones"),
            html.P(["Cita la publicación ", html.A(html.Code(cited), href=there), "."], className="nota"),
        ]
    )


def _ways(one: Analysis) -> Sequence[Component]:
    ways = []
    if name := one.get("archivo"):
        label = f"Descargar ({name.rpartition('.')[2].upper()}, {file_size(one['bytes'])})"
        said = Attributes({"aria-label": f"{label}: {one['titulo']}"})
        ways.append(html.A(label, href=f"/analisis/publicados/{name}", className="boton", download="", **said))
    if link := one.get("enlace"):
        said = Attributes({"aria-label": f"Leer en su sitio: {one['titulo']}"})
        ways.append(html.A("Leer en su sitio", href=link, className="boton", rel="noopener", **said))
    return ways
