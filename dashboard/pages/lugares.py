"""/participacion/lugares: municipios grouped by their census, and what each group has of any figure of places.

Of places and never of persons: the page says so before anything can be chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dashboard.address.parameters import Parameter
from dashboard.address.selection import ALL_ROWS, Selection
from dashboard.address.vocabulary import MUNICIPIO
from dashboard.figures.elections import ELECTION
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import COUNTRY_CODE
from dashboard.indicators.offers import GROUPED
from dashboard.kinds.franjas import Facts
from dashboard.pages import participacion
from dashboard.pages.form import Control, controls, options_form
from dashboard.pages.model import Page, Request, Screen, Understood, face_of, map_frame, parts
from dashboard.pages.que_falta import PATH as MISSING
from dashboard.render import blocks
from dashboard.render import lugares as drawn
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.plano import LAYER_OF, painted_map
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views.lugares import PAGE as CONTRACT
from dashboard.views.lugares import scope_of
from dashboard.words import plural
from etl.country import is_municipio

PATH = participacion.GROUPED_PATH
MAIN, GROUPS, OTHERS = "participacion_lugares", "participacion_lugares_grupos", "participacion_lugares_otras"
TABLE = "municipios-en-tabla"
FIRST = ("caracteristica", "indicador")
NUMBERS = {1: "Un", 2: "Dos", 3: "Tres", 4: "Cuatro", 5: "Cinco"}
FRACTIONS = {2: "segunda", 3: "tercera", 4: "cuarta", 5: "quinta"}


def build(site: Site, request: Request) -> Screen:
    """The page for one characteristic, one figure, one departamento and perhaps one municipio."""
    asked = CONTRACT.asked(request.query, site.offer(GROUPED))
    selection, face = _placed(site, asked.selection), request.face
    answer = site.answer(MAIN, selection)
    found = parts(site, (GROUPS, OTHERS), selection)
    content = html.Div(
        [
            html.P(_crumb(answer.facts), className="migas"),
            html.H1(answer.question),
            html.P(blocks.words(answer.sentences[0]), className="respuesta"),
            *blocks.corrections(asked.notices),
            drawn.caution(answer, _ways(face)),
            options_form(_form(site, selection), face.path, "Ver"),
            _strips(site, answer, selection, face),
            *([_where(site, answer, found[GROUPS], selection, face)] if GROUPS in found else []),
            *([_others(site, found[OTHERS], selection, face)] if OTHERS in found else []),
            blocks.downloads([answer, *found.values()], face.accessible),
            drawn.for_programs(answer, selection.url(PATH)),
        ],
        className="pagina-lugares",
    )
    return Screen(
        title=f"{answer.question} | Padrón Abierto",
        description=" ".join(item.plain() for item in answer.sentences[:2]),
        content=(content,),
        query_string=selection.url(""),
        state=None if face.accessible else _state(site, answer, selection),
    )


def _placed(site: Site, selection: Selection) -> Selection:
    """The same question with a departamento that was asked for as a place in its own parameter."""
    if not selection.lugar or is_municipio(selection.lugar):
        return selection
    return replace(selection, departamento=scope_of(site.data, selection), lugar=None)


def _crumb(facts: Facts) -> str:
    """«Participación · lugares · todo el país · censo de 2018»."""
    return f"Participación · lugares · {facts.where.removeprefix('en ')} · censo de 2018"


def _ways(face: Face) -> list[Component | str]:
    """Where what is of persons is, and how to ask for what nobody published."""
    groups, missing = (face_of(path, face.accessible).path for path in (participacion.PATH, MISSING))
    return [
        "Lo que hay publicado de las personas está en ",
        html.A("Participación", href=groups),
        "; lo que nadie ha publicado todavía por pueblo o por idioma, y cómo pedirlo, en ",
        html.A("Qué falta por publicar", href=missing),
        ".",
    ]


# --- What is asked -----------------------------------------------------------------------------------------------------


def _form(site: Site, selection: Selection) -> list[Control]:
    """The filters, what the place is like first; of the elections and the cut-offs, those of the indicator; of the places,
    those inside.
    """
    offer = site.offer(GROUPED)
    declared = {item.name: item for item in CONTRACT.parameters(offer)}
    names = (*FIRST, *(name for name in declared if name not in FIRST))
    # With a single cut-off there is nothing to choose.
    several = {name: days for name, days in offer.cutoffs.items() if len(days) > 1}
    of_indicator = {ELECTION: offer.elections, "corte": several}
    there = {name: found.get(selection.indicador, {}) for name, found in of_indicator.items()}
    asked = [_shown(site, declared[name], there, selection) for name in names if name in declared]
    return controls(asked, selection, lambda item: bool(there.get(item.name, True)))


def _shown(site: Site, item: Parameter, there: Mapping[str, Mapping[str, str]], selection: Selection) -> Parameter:
    if item.name in there:
        values = there[item.name]
        newest = "" if item.name == ELECTION else "El más reciente"
        return replace(item, values=values, everything=newest if values else "No aplica")
    if item.name == "lugar":
        return _places(site, item, selection)
    return item


def _places(site: Site, item: Parameter, selection: Selection) -> Parameter:
    """The municipios that may be looked for in the picture, by departamento."""
    places = site.territories
    inside = {
        code: name for code, name in places.municipios.items() if places.contains(scope_of(site.data, selection), code)
    }
    headings: dict[str, list[str]] = {"": [""]}
    for code in inside:
        headings.setdefault(places.departamento_of(code), []).append(code)
    ordered = {title: headings[title] for title in ("", *places.departamentos.values()) if title in headings}
    title = "Municipio"
    return replace(item, title=title, values={"": "Ninguno", **inside}, headings=ordered, control=True)


# --- What is shown -----------------------------------------------------------------------------------------------------


def _strips(site: Site, answer: Answer, selection: Selection, face: Face) -> Component:
    facts: Facts = answer.facts
    count, base = len(facts.bands), facts.characteristic.base
    equal = ", con igual cantidad de personas" if facts.even else ", de menos a más"
    each = f"Cada grupo reúne cerca de una {FRACTIONS[count]} parte de los {base} del país. " if facts.even else ""
    inside = scope_of(site.data, selection) != COUNTRY_CODE
    only = f"Aquí se muestran los {facts.where.replace('en ', 'de ', 1)}. " if inside else ""
    return html.Section(
        [
            html.H2(
                f"{NUMBERS[count]} {'grupo' if count == 1 else 'grupos'} de municipios{equal if count > 1 else ''}"
            ),
            html.P(
                f"{each}{only}Los puntos son municipios; el círculo grande, la cifra de todo el grupo, calculada después de "
                "sumar.",
                className="frase",
            ),
            drawn.key(facts),
            drawn.strips(answer, choosing=not face.accessible),
            html.P(drawn.axis_note(answer), className="nota"),
            html.Div([html.P(blocks.words(item)) for item in answer.sentences[1:]], className="dichos"),
            *_table(answer, selection, face),
            *_notes(answer),
            blocks.source_line(answer.sources),
        ],
        className="parte",
    )


def _table(answer: Answer, selection: Selection, face: Face) -> list[Component]:
    """Every municipio as a table; in the visual mode, when it is asked for."""
    count = plural(len(answer.rows), "municipio", "municipios")
    if face.accessible or selection.filas:
        inside = blocks.table(answer, answer.title, selection, face)
        return [html.Details([html.Summary(f"{count} en tabla"), inside], className="datos", open=True, id=TABLE)]
    whole = f"{replace(selection, filas=ALL_ROWS).url(face.path)}#{TABLE}"
    return [html.P(html.A(f"Ver {count} en tabla", href=whole, className="boton"))]


def _notes(answer: Answer) -> list[Component]:
    """What must be known, but for what the page says before the filters."""
    said = answer.facts.cautions
    found = [html.P(text, className="nota") for text in answer.notes if text not in said]
    return [*found, *blocks.warnings(answer.warnings)]


def _where(site: Site, main: Answer, answer: Answer, selection: Selection, face: Face) -> Component:
    """The groups as a table beside the map with their colours."""
    label = f"Mapa. {answer.sentences[0].plain() if answer.sentences else answer.question}"
    shown = [*_map(site, main, selection, face, label), drawn.legend(answer.facts)]
    return html.Section(
        [
            html.H2(answer.question),
            *(html.P(blocks.words(item), className="frase") for item in answer.sentences),
            html.Div([drawn.groups(answer), html.Div(shown)], className="con-mapa"),
        ],
        className="parte",
    )


def _map(site: Site, answer: Answer, selection: Selection, face: Face, label: str) -> list[Component]:
    """The map for the script to draw, or the painted picture; neither when the release has no boundaries."""
    try:
        shapes = site.shapes(selection.departamento)
    except Unaskable:
        return []
    figure, inner = answer.figure, None
    if face.accessible:
        inner = painted_map(shapes, figure, MUNICIPIO, selection.lugar, label, site.names)
    choosing = replace(selection, lugar=None).url(face.path)
    going = f"{choosing}{'&' if '?' in choosing else '?'}lugar={{}}"
    return [map_frame(site, inner, selection.url(face_of(PATH, True).path), going)]


def _others(site: Site, answer: Answer, selection: Selection, face: Face) -> Component:
    names = (series.characteristic.name for series in answer.facts.series)
    address = {name: replace(selection, caracteristica=name).url(face.path) for name in names}
    whole = answer.facts
    return html.Section(
        [
            html.H2(answer.question),
            html.P(
                f"{whole.indicator.title}, con otros grupos de igual cantidad de personas, en una misma escala. Línea de "
                f"guiones: {whole.where.removeprefix('en ')}, {whole.text}.",
                className="frase",
            ),
            drawn.others(answer, address),
            *(html.P(blocks.words(item), className="frase") for item in answer.sentences),
            html.Details(
                [html.Summary("Ver los datos en tabla"), blocks.table(answer, answer.title, selection, face)],
                className="datos",
                open=face.accessible or None,
            ),
        ],
        className="parte",
    )


def _state(site: Site, answer: Answer, selection: Selection) -> dict[str, object]:
    """What the scripts paint the map with, and name the dots."""
    figure = {name: answer.figure[name] for name in ("pintura", "clases", "paleta", "unidad")}
    return {
        "capa": LAYER_OF[MUNICIPIO],
        "departamento": selection.departamento or "",
        "lugar": selection.lugar or "",
        **figure,
    }


def _asks(site: Site, request: Request) -> Understood:
    asked = CONTRACT.asked(request.query, site.offer(GROUPED))
    return Understood(_placed(site, asked.selection).url(""), bool(asked.notices))


PAGE = Page(
    path=PATH,
    asks=_asks,
    name="Lugares",
    build=build,
    in_menu=False,
    scripts=("buscador.js", "copiar.js", "vivo.js", "mapa.js", "lugares.js"),
)
