"""/participacion/mesas: whether the actas add up and the ballots of a polling table agree, from the country to one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup

from dashboard.address.parameters import Parameter
from dashboard.address.selection import ACTAS, ALL_ROWS, Selection
from dashboard.address.vocabulary import Offer
from dashboard.figures.polling import FAR
from dashboard.indicators.offers import ACTAS as TOPIC
from dashboard.kinds import coincidencia, libro, mesa, papeletas
from dashboard.pages import participacion
from dashboard.pages.form import controls
from dashboard.pages.mesas_place import NO_CENTRE, Card
from dashboard.pages.model import Page, Request, Screen, Understood, face_of, lacking, map_frame, parts
from dashboard.render import blocks
from dashboard.render import mesas as drawn
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.jinja import render
from dashboard.render.plano import LAYER_OF, painted_map
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.words import integer
from etl.country import COUNTRY, is_municipio

PATH = f"{participacion.PATH}/mesas"
#: The answers in the order of the page; those that the release cannot give are left out.
VIEWS = (
    "participacion_actas",
    "participacion_papeletas",
    "participacion_coincidencia",
    "participacion_mesas",
    "participacion_mesa",
    "participacion_mesa_discrepancias",
    "participacion_discrepancias",
    "participacion_recibidas",
)
#: The rows of a table that are shown without asking for all: the capital has 1,877 polling tables.
MOST_ROWS = 200
#: Those that say nothing of an election of one ballot.
COMPARING = ("participacion_papeletas", "participacion_coincidencia")
SEVERAL = "Varias papeletas, una persona"


def build(site: Site, request: Request) -> Screen:
    """The page for one election, one ballot, one place and perhaps one polling table."""
    offer = site.offer(TOPIC)
    asked = ACTAS.asked(request.query, offer)
    selection, face = _placed(asked.selection), request.face
    ledger = site.answer("participacion_actas", selection)
    found = parts(site, _shown(selection), selection)
    one = found.get("participacion_mesa")
    form = render(
        "mesas.html.j2",
        path=face.path,
        controls=controls(_asked_in_form(offer, selection), selection),
        eleccion=selection.eleccion,
        mesa=selection.mesa or "",
    )
    content = html.Div(
        [
            html.P(_crumb(site, selection, ledger), className="migas"),
            html.H1(ledger.question),
            html.P(blocks.words(ledger.sentences[0]), className="respuesta"),
            *blocks.corrections((*asked.notices, *([NO_CENTRE] if "centro" in asked.unknown else []))),
            form,
            drawn.ledger(ledger),
            *(html.P(blocks.words(item), className="nota") for item in ledger.sentences[2:]),
            *_data_of(ledger, selection, face),
            blocks.source_line(ledger.sources),
            *_several(site, found, selection, face),
            *_rates(found, selection, face),
            _why(ledger, found),
            blocks.downloads(
                [ledger, *(found[view] for view in VIEWS if view in found and _drawn(view, found))], face.accessible
            ),
        ],
        className="pagina-mesas",
    )
    return Screen(
        title=f"{mesa.title(one.facts) if one else ledger.question} | Padrón Abierto",
        description=" ".join(item.plain() for item in ledger.sentences[:2]),
        content=(content,),
        query_string=selection.url(""),
        state=_state(site, found, selection) if not face.accessible else None,
    )


def _asked_in_form(offer: Offer, selection: Selection) -> list[Parameter]:
    """The parameters with a control; of the ballots, those of the election that is shown."""
    there = offer.ballots_of.get(selection.eleccion, {})
    found = ACTAS.only("eleccion", "papeleta", "departamento").parameters(offer)
    return [replace(item, values=there) if item.name == "papeleta" else item for item in found]


def _placed(selection: Selection) -> Selection:
    """The same question with a departamento that was asked for as a place in its own parameter."""
    if not selection.lugar or is_municipio(selection.lugar):
        return selection
    return replace(selection, departamento=selection.lugar, lugar=None)


def _shown(selection: Selection) -> tuple[str, ...]:
    """The views of the page, but the ledger: the polling tables one by one only of a municipio, one only when chosen."""
    left_out = {"participacion_actas"}
    if not selection.lugar:
        left_out.add("participacion_mesas")
    if not selection.mesa:
        left_out |= {"participacion_mesa", "participacion_mesa_discrepancias"}
    if not selection.lugar or selection.mesa:
        left_out.add("participacion_discrepancias")
    return tuple(view for view in VIEWS if view not in left_out)


def _crumb(site: Site, selection: Selection, answer: Answer) -> str:
    """«Guatemala · Elecciones generales 2019, primera vuelta · cifras preliminares, corte 24–25 de junio de 2019»."""
    event = site.offer(TOPIC).every_election[selection.eleccion]
    when = " y ".join(dict.fromkeys(source.cutoff_text for source in answer.sources))
    return f"{COUNTRY.name} · {event} · cifras preliminares, corte {when}"


def _data_of(answer: Answer, selection: Selection, face: Face) -> list[Component]:
    """The data of a figure as a table, folded, and its notes: the page says its sources once, with the files."""
    table = blocks.table(answer, answer.title, selection, face)
    summary = html.Summary("Ver los datos en tabla")
    return [
        html.Details([summary, table], className="datos", open=face.accessible or None),
        *blocks.notes(answer, False),
    ]


# --- Several ballots ---------------------------------------------------------------------------------------------------


def _several(site: Site, found: dict[str, Answer], selection: Selection, face: Face) -> Iterator[Component]:
    """The sections that compare the ballots; or why they cannot be compared."""
    several = found.get("participacion_papeletas")
    compared = several is not None and several.facts.ballots > 1
    if several is None:
        yield html.Section(
            [html.H2(SEVERAL), *lacking("no trae las papeletas de cada mesa lado a lado")], className="parte"
        )
    elif not compared:
        said = html.P(blocks.words(several.sentences[0]), className="respuesta")
        yield html.Section([html.H2(SEVERAL), said], className="parte")
        if _home(selection.departamento) == selection.departamento:
            card = Card(site, found, selection, face).component()
            yield html.Section([html.H2("¿De dónde hay actas?"), card], className="parte")
    else:
        yield _distances(several, selection, face)
        if found["participacion_coincidencia"].facts.places:
            yield _where(site, found, selection, face)
    if "participacion_mesa" in found:
        yield _one_table(site, found, selection, face)
    if "participacion_mesas" in found:
        yield _all_tables(found, selection, face)


def _drawn(view: str, found: dict[str, Answer]) -> bool:
    """Whether the page shows an answer: those that compare the ballots, only where there are several."""
    return view not in COMPARING or found["participacion_papeletas"].facts.ballots > 1


def _distances(answer: Answer, selection: Selection, face: Face) -> Component:
    facts: papeletas.Facts = answer.facts
    pictures = [html.Div([drawn.squares(facts), drawn.distances(facts)], className="reparto")] if facts.whole else []
    said = [
        html.P(blocks.words(item), className="respuesta" if number == 0 else "nota")
        for number, item in enumerate(answer.sentences)
    ]
    return html.Section(
        [html.H2(answer.question), *said[:1], *pictures, *said[1:], *_data_of(answer, selection, face)],
        className="parte",
    )


def _where(site: Site, found: dict[str, Answer], selection: Selection, face: Face) -> Component:
    """The map, its legend, and the place chosen with what contains it."""
    answer = found["participacion_coincidencia"]
    facts: coincidencia.Facts = answer.facts
    inner = _painted(site, answer, selection) if face.accessible else None
    choosing = replace(selection, mesa=None, centro=None, lugar=None).url(face.path)
    going = f"{choosing}{'&' if '?' in choosing else '?'}lugar={{}}#lugar"
    legend = [html.Li(html.Span(words), className=style) for style, words in facts.labels]
    column = html.Div(
        [
            map_frame(site, inner, selection.url(face_of(PATH, True).path), going),
            html.P("Mesas con los totales iguales, de cada 100", className="leyenda-titulo"),
            html.Ul(legend, className="leyenda"),
            *_data_of(answer, replace(selection, mesa=None), face),
            blocks.source_line(answer.sources),
        ],
        className="columna-mapa",
    )
    said = [
        html.P(blocks.words(item), className="respuesta" if number == 0 else "nota")
        for number, item in enumerate(answer.sentences)
    ]
    return html.Section(
        [
            html.H2(answer.question),
            *said,
            html.Div(
                [column, html.Div(Card(site, found, selection, face).component(), id="lateral")], className="rejilla"
            ),
        ],
        className="parte",
    )


def _painted(site: Site, answer: Answer, selection: Selection) -> Markup:
    label = " ".join(sentence.plain() for sentence in answer.sentences[:1])
    shapes = site.shapes(_home(selection.departamento))
    return painted_map(shapes, answer.figure, "municipio", selection.lugar, f"Mapa. {label}", site.names)


def _home(departamento: str | None) -> str | None:
    """A departamento of the map: those abroad are not drawn."""
    return None if departamento == COUNTRY.abroad else departamento


def _state(site: Site, found: dict[str, Answer], selection: Selection) -> dict[str, object] | None:
    """What the script of the map paints."""
    answer = found.get("participacion_coincidencia")
    if answer is None or not answer.facts.known:
        return None
    return {
        "capa": LAYER_OF["municipio"],
        "departamento": _home(selection.departamento) or "",
        "lugar": selection.lugar or "",
        **answer.figure,
    }


def _one_table(site: Site, found: dict[str, Answer], selection: Selection, face: Face) -> Component:
    """One polling table: where it is, what its ballots say and what does not add up in its actas."""
    answer = found["participacion_mesa"]
    facts: mesa.Facts = answer.facts
    odd = found["participacion_mesa_discrepancias"]
    trail = Card(site, found, selection, face).trail()
    nav = html.Nav(
        html.Ol([*(html.Li(link) for link in trail), html.Li(html.B(f"Mesa {facts.mesa}"))]),
        className="hilo",
        **Attributes({"aria-label": "Dónde está la mesa"}),
    )
    said = [blocks.words(item) for item in answer.sentences]
    return html.Section(
        [
            nav,
            html.H2(mesa.title(facts)),
            html.P(said[0], className="respuesta"),
            *(html.P(words, className="frase") for words in said[1:]),
            html.Div([drawn.ballots(facts), blocks.source_line(answer.sources)], className="tarjeta ficha-lugar"),
            *([_folded(odd, selection, face, "lista-de-discrepancias")] if odd.rows else []),
            *_data_of(answer, selection, face),
        ],
        id="mesa",
        className="parte",
    )


def _all_tables(found: dict[str, Answer], selection: Selection, face: Face) -> Component:
    """Every polling table of a municipio, with the total of each ballot; and what does not add up in their actas."""
    answer, odd = found["participacion_mesas"], found.get("participacion_discrepancias")
    folded = [_folded(answer, selection, face, "lista-de-mesas")]
    if odd and odd.rows:
        said = [html.P(blocks.words(item), className="frase") for item in odd.sentences[:1]]
        folded += [*said, _folded(odd, selection, face, "lista-de-discrepancias")]
    return html.Section([html.H2(answer.question), *folded], className="parte")


def _folded(answer: Answer, selection: Selection, face: Face, name: str) -> Component:
    """The rows of an answer, folded, the first of them when there are very many; a link to `name` opens them."""
    total = len(answer.rows)
    most = None if selection.filas else MOST_ROWS
    shown = f" (primeras {MOST_ROWS} de {integer(total)})" if most and total > most else ""
    frame = blocks.table(answer, answer.title + shown, selection, face, most)
    every = f"{replace(selection, filas=ALL_ROWS).url(face.path)}#{name}"
    more = [html.P(html.A(f"Ver las {integer(total)} filas", href=every, className="boton"))] if shown else []
    summary = html.Summary(f"{answer.title} ({integer(total)})")
    inside = html.Div([frame, *more], id=name)
    return html.Details([summary, inside], className="datos", open=(face.accessible or bool(selection.filas)) or None)


def _rates(found: dict[str, Answer], selection: Selection, face: Face) -> list[Component]:
    answer = found.get("participacion_recibidas")
    if answer is None or answer.facts.whole.rate is None:
        return []
    said = [html.P(blocks.words(item), className="frase") for item in answer.sentences]
    data = _data_of(answer, selection, face)
    return [html.Section([html.H2(answer.question), *said, drawn.rates(answer.facts), *data], className="parte")]


def _why(ledger: Answer, found: dict[str, Answer]) -> Component:
    """What may be behind a difference."""
    facts: libro.Facts = ledger.facts
    several = found.get("participacion_papeletas")
    far, right = (several.facts.by_class[FAR].tables, several.facts.written_right) if several else (0, 0)
    return html.Section(
        [
            html.H2("Por qué pueden no coincidir"),
            html.P(
                "Una diferencia dice dónde mirar; no dice quién se equivocó. Muchas veces la razón es sencilla.",
                className="respuesta",
            ),
            drawn.reasons(far, right, facts.unwritten.actas, facts.material.ballot),
        ],
        className="parte",
    )


def _asks(site: Site, request: Request) -> Understood:
    asked = ACTAS.asked(request.query, site.offer(TOPIC))
    return Understood(_placed(asked.selection).url(""), bool(asked.notices) or "centro" in asked.unknown)


PAGE = Page(path=PATH, name="Mesas", build=build, in_menu=False, asks=_asks, scripts=("buscador.js", "mapa.js"))
