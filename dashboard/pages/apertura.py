"""/datos/apertura: how open the data is, by the principles of open election data and by what the commitment says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

from markupsafe import Markup

from dashboard.address.parameters import Question
from dashboard.commitment.crosses import Availability
from dashboard.commitment.openness import (
    OURS,
    POINTS,
    SOURCE,
    Check,
    Principle,
    commitment,
    looked_at,
    principles,
)
from dashboard.figures.releases import Known, known
from dashboard.pages.model import Page, Request, Screen, face_of
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.icons import CHECK, DIFFERENT, UNKNOWN, icon
from dashboard.render.tables import TABLE_FORMATS
from dashboard.site import Site
from dashboard.view import today
from dashboard.words import listing, plural
from etl.country import COUNTRY
from etl.release import ReleaseError
from etl.release.analyses import read_analyses

PATH = "/datos/apertura"
LIMITS = (
    "La cuenta la hace el propio sitio con la publicación que está viendo: cada principio vale veinte puntos, los de la parte de "
    "sus comprobaciones que se cumple, sin redondear hacia arriba. No es la evaluación que hizo el NDI en 2014, que midió lo que "
    "el Tribunal publicaba en su propio sitio."
)


def build(site: Site, request: Request) -> Screen:
    """The page. Unaskable when the release cannot be held to the commitment."""
    day, every = today(), known(site.release)
    written = _analyses(site)
    nine, parts = site.data.once((PATH, day, every, written), lambda: _counted(site, day, every, written))
    accessible = request.face.accessible
    answer = _answer(nine)
    content = html.Div(
        [
            html.P([html.A("Datos", href=face_of("/datos", accessible).path), " · apertura"], className="migas"),
            html.H1("¿Qué tan abiertos están los datos?"),
            html.P(answer, className="respuesta"),
            html.H2("Los nueve principios de datos electorales abiertos"),
            html.P(
                [
                    "Los principios son de la iniciativa del ",
                    html.A("Instituto Nacional Demócrata (NDI)", href=SOURCE),
                    f". {LIMITS}",
                ]
            ),
            html.Ol([_principle(item) for item in nine], className="principios"),
            html.H2(f"Lo que dice el compromiso {COUNTRY.commitment}"),
            *_parts(parts),
            html.P(
                [
                    "Cruce por cruce, con el texto para pedir lo que falta: ",
                    html.A("qué falta por publicar", href=face_of("/que-falta", accessible).path),
                    ". Con qué escribir un análisis: ",
                    html.A("análisis", href=face_of("/analisis", accessible).path),
                    ".",
                ]
            ),
        ],
        className="prosa pagina-apertura",
    )
    return Screen(
        title="Qué tan abiertos están los datos electorales de Guatemala | Padrón Abierto",
        description=answer,
        content=(content,),
    )


def _analyses(site: Site) -> int:
    """How many analyses others have published: none if the list cannot be read."""
    with suppress(ReleaseError):
        return len(read_analyses(site.release.root.parent))
    return 0


def _counted(
    site: Site, day: date, every: Sequence[Known], analyses: int
) -> tuple[tuple[Principle, ...], tuple[Check, ...]]:
    """The principles and the parts of the commitment, as they are on a day: reading the whole release takes a while."""
    states = list(_states(site))
    found = looked_at(site.data, every, [one[2] for one in states], list(TABLE_FORMATS), analyses, day)
    return principles(found), commitment(found, states)


def _states(site: Site) -> Iterator[tuple[str, str, Availability]]:
    """Every cross of the commitment: what is counted, of whom, and how much of it is published."""
    for block in site.answer("que_falta", Question()).facts.blocks:
        for row in block.rows:
            for cell in row.cells:
                yield block.topic, block.residence, cell.state


def _answer(nine: Sequence[Principle]) -> str:
    full = sum(item.points == POINTS for item in nine)
    ours = [item.name.lower() for item in nine if item.ours < POINTS]
    said = f"De nueve principios, {full} se cumplen enteros. "
    if ours:
        return said + f"A este sitio le falta en {listing(ours)}; lo demás depende del Tribunal."
    return said + "En todos, lo que depende de este sitio tiene 20 de 20; lo que falta depende del Tribunal."


def _principle(item: Principle) -> Component:
    points = html.Span([html.B(str(item.points)), f" de {POINTS}"], className="puntos-principio")
    own = f"Lo que depende de este sitio: {item.ours} de {POINTS}."
    bar = html.Span(
        html.I(style={"width": f"{100 * item.points / POINTS:.0f}%"}),
        className="barra-principio",
        **Attributes({"aria-hidden": "true"}),
    )
    return html.Li(
        [
            html.H3([f"{item.name} ", points]),
            bar,
            html.P(item.asks),
            html.Ul([_check(one) for one in item.checks], className="comprobaciones"),
            *([html.P(own, className="nota")] if item.points < POINTS else []),
        ]
    )


def _check(item: Check) -> Component:
    """A check: its mark, its words and, if it does not hold, what is missing and whose move it is."""
    shape = CHECK if item.holds else UNKNOWN if item.held else DIFFERENT
    state = "Se cumple: " if item.holds else "En parte: " if item.held else "No se cumple: "
    said: list[Component | Markup] = [icon(shape), html.Span([html.Span(state, className="oculto"), item.asked, "."])]
    if not item.holds:
        turn = "Le toca a este sitio." if item.whose == OURS else f"Le toca a {item.whose}.".replace(" a el ", " al ")
        said.append(html.Small(f"{item.missing} {turn}".strip()))
    return html.Li(said)


def _parts(parts: Sequence[Check]) -> list[Component]:
    whole = sum(item.holds for item in parts)
    summary = f"De {plural(len(parts), 'parte', 'partes')}, {whole} {'se cumple entera' if whole == 1 else 'se cumplen enteras'}."
    return [html.P(summary), html.Ul([_check(item) for item in parts], className="comprobaciones")]


PAGE = Page(path=PATH, name="Apertura", build=build, in_menu=False, kept=False)
