"""/extranjero: where Guatemalans abroad are registered and vote, how many, and who says so."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from markupsafe import Markup

from dashboard.address.abroad import ABROAD
from dashboard.address.parameters import Question
from dashboard.figures.abroad import voted_abroad
from dashboard.figures.elections import label
from dashboard.figures.measures import Unaskable
from dashboard.pages import diaspora
from dashboard.pages.diaspora_asked import Diaspora, asked, understood
from dashboard.pages.form import controls, options_form
from dashboard.pages.model import Page, Request, Screen, Understood, face_of, parts
from dashboard.pages.moved import with_code
from dashboard.render import abroad, blocks
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.words import listing

PATH = "/extranjero"
CRUMB = "Guatemaltecos en el extranjero"
#: The views that do not depend on the map's choices, in the order shown.
ALWAYS = ("extranjero_serie", "extranjero_participacion", "extranjero_sexo", "extranjero_cifras")
#: What an address asks of the published figures.
OF_PUBLISHED = ("eleccion", "mostrar", "ver")
BELOW = "Lo que publican el Tribunal y otras fuentes"


def build(site: Site, request: Request) -> Screen:
    """The people counted one by one, by any group, and the published figures: whichever of the two the release has."""
    found = asked(site, request, OF_PUBLISHED)
    if found is None:
        return _published(site, request)
    try:
        published = _published(site, request, found)
    except Unaskable:
        published = None
    content = html.Div(
        [
            html.P(CRUMB, className="migas"),
            html.H1(diaspora.TITLE),
            *diaspora.head(found),
            *diaspora.sections(found),
            _to_register(request.face.accessible),
            *diaspora.foot(found),
            *abroad.warnings(found.answers),
            *(published.content if published else ()),
        ],
        className="extranjero diaspora",
    )
    return Screen(
        title=f"{diaspora.TITLE} | Padrón Abierto",
        description=diaspora.described(found),
        content=(content,),
        query_string=found.query(found.question),
        picture=f"/vista-previa/{site.release.id}/extranjero.png",
    )


def _published(site: Site, request: Request, people: Diaspora | None = None) -> Screen:
    """The published figures for one election and one map; below the people counted one by one, `people`, when there are."""
    offer = site.offer("extranjero")
    read = ABROAD.asked(request.query, offer)
    selection, accessible = read.selection, request.face.accessible
    cities, states = site.answer("extranjero_ciudades", selection), site.answer("extranjero_estados", selection)
    series = site.answer("extranjero_serie", Question())
    found = parts(site, ALWAYS, Question())
    answer = [part for item in cities.sentences[:1] for part in blocks.words(item)]
    kept = people.question.parameters() if people else {}
    kept.pop("eleccion", None)  # the form has its own
    form = options_form(
        controls(ABROAD.parameters(offer), selection), request.face.path, "Ver", kept, "p" if people else "o"
    )
    news = [*_aside(site, series, cities, states), *_news(site)]
    content = html.Div(
        [
            html.P(_crumb(site), className="migas"),
            html.H2(BELOW, className="titulo-publicado") if people else html.H1(cities.question),
            html.P(answer, className="respuesta"),
            *abroad.paragraphs(series.sentences[:1], "hallazgo"),
            *abroad.notices(read.notices),
            form,
            html.Div(
                [
                    _map(site, states, cities),
                    html.Div(news if people else [*news, _to_register(accessible)], id="lateral"),
                ],
                className="rejilla",
            ),
            html.Div(abroad.charts(found, request.face), className="ficha-graficas"),
            _tables(site, cities, states, accessible),
            *(
                part(found["extranjero_cifras"], accessible)
                for part in (abroad.disagreements, abroad.all_figures)
                if "extranjero_cifras" in found
            ),
            *abroad.warnings([cities, states, *found.values()]),
            blocks.downloads([cities, states, *found.values()], accessible),
        ],
        className="publicado" if people else "extranjero",
    )
    return Screen(
        title=f"{cities.question} {label(site.data, selection.eleccion)} | Padrón Abierto",
        description=" ".join(sentence.plain() for sentence in (*cities.sentences[:1], *series.sentences[:1])),
        content=(content,),
        query_string=selection.url(""),
        picture=f"/vista-previa/{site.release.id}/extranjero.png",
    )


def _map(site: Site, states: Answer, cities: Answer) -> Component:
    """The map of the United States with its notes and its sources."""
    drawn: list[Component | Markup] = [
        abroad.states_map(site.data.states_map, states, cities),
        *blocks.notes(states, warned=False),
        blocks.source_line(tuple(dict.fromkeys((*cities.sources, *states.sources)))),
    ]
    return html.Div(drawn, className="columna-mapa")


def _crumb(site: Site) -> str:
    """«Guatemaltecos en el extranjero · elecciones de 2019 y 2023»."""
    years = [item.year for item in voted_abroad(site.data)]
    return f"{CRUMB} · elecciones de {listing(years)}" if years else CRUMB


def between(site: Site) -> str:
    """«De 2019 a 2023»: the elections that are compared."""
    years = [item.year for item in voted_abroad(site.data)]
    return f"De {years[0]} a {years[-1]}" if len(years) > 1 else "El voto en el extranjero"


def _then_and_now(site: Site, series: Answer) -> Component:
    table = abroad.elections_table(series, [item.code for item in voted_abroad(site.data)])
    return html.Section([html.H2(between(site)), table], className="tarjeta")


def _in_words(cities: Answer, states: Answer) -> Component:
    sentences = (*cities.sentences[1:], *states.sentences)
    return html.Section([html.H2("Lo que muestra el mapa"), *abroad.paragraphs(sentences, "")], className="en-palabras")


def _aside(site: Site, series: Answer, cities: Answer, states: Answer) -> list[Component]:
    return [_then_and_now(site, series), _in_words(cities, states)]


def _news(site: Site) -> list[Component]:
    """What has changed since the elections of the map, and what is announced of the next, while it holds."""
    found = [fact for answer in parts(site, ("procedimientos",), Question()).values() for fact in answer.facts.news]
    items = [
        html.Li([html.P(f"{fact.words.rstrip('.')}."), html.P(abroad.evidence(fact), className="fuente")])
        for fact in found
    ]
    return (
        [html.Section([html.H2("Lo nuevo"), html.Ul(items, className="hechos")], className="tarjeta")] if items else []
    )


def _to_register(accessible: bool) -> Component:
    href = face_of(f"{PATH}/como-inscribirse", accessible).path
    text = "Quién puede, con qué documento, dónde y hasta cuándo, y los consulados de cada estado."
    return html.Section(
        [html.H2("¿Vive fuera del país?"), html.P(text), html.A("Cómo inscribirse", href=href, className="boton")],
        className="tarjeta",
    )


def _tables(site: Site, cities: Answer, states: Answer, accessible: bool) -> Component:
    year = label(site.data, cities.selection.eleccion)
    found = [(f"Las ciudades en {year}, cifra por cifra", cities), ("Los estados, uno por uno", states)]
    return html.Section(
        [
            html.H2("Todo lo que muestra el mapa"),
            *(
                html.Details(
                    [
                        html.Summary(summary),
                        blocks.table(answer, answer.title, answer.selection, blocks.Face("")),
                        *(html.P(note, className="nota") for note in answer.notes),
                    ],
                    className="datos",
                    open=accessible or None,
                )
                for summary, answer in found
            ),
        ],
        className="tabla-completa",
    )


def _moved(site: Site, request: Request) -> str | None:
    query = with_code(request.query, site.offer("extranjero"), voted_abroad(site.data))
    return f"{request.face.path}?{urlencode(query)}" if query else None


def _asks(site: Site, request: Request) -> Understood:
    read = ABROAD.asked(request.query, site.offer("extranjero"))
    published = read.selection.parameters()
    found = understood(site, request, {name: published.get(name, "") for name in OF_PUBLISHED})
    if found is None:
        return Understood(read.selection.url(""), bool(read.notices))
    return replace(found, corrected=found.corrected or bool(read.notices))


PAGE = Page(
    path=PATH,
    asks=_asks,
    name="Extranjero",
    build=build,
    moved=_moved,
    scripts=("buscador.js", "vivo.js", "rejilla.js", "teselas.js"),
)
