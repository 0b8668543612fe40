"""/ficha/extranjero: the profile of those who are registered abroad, in the look of the other profiles."""

from __future__ import annotations

from dashboard.address.abroad import ABROAD, Where
from dashboard.address.parameters import Question
from dashboard.address.profiles import Profile
from dashboard.figures.abroad import voted_abroad
from dashboard.figures.elections import label
from dashboard.figures.measures import Unaskable
from dashboard.figures.provenance import notices
from dashboard.pages import como_inscribirse, diaspora, extranjero
from dashboard.pages.diaspora_asked import Diaspora, asked
from dashboard.pages.model import Request, Screen, face_of, parts
from dashboard.render import abroad, blocks
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.preview import preview
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.words import WITHHELD

#: The measures in large type.
KEY = ("empadronados", "votantes", "participacion", "juntas_receptoras", "centros")
TABLES = ("extranjero", "centros_extranjero", "guatemaltecos_eeuu")


def build(site: Site, request: Request, found: Profile) -> Screen:
    """The profile of residents abroad: the people counted one by one and the published figures, as far as there are."""
    people = asked(site, Request({}, face_of(extranjero.PATH, request.face.accessible)))
    if people is None:
        return _published(site, request, found)
    try:
        published = _published(site, request, found, below=True)
    except Unaskable:
        published = None
    content = html.Article(
        [
            html.P("Extranjero", className="migas"),
            html.H1(found.name),
            *diaspora.answer(people),
            _counted(people),
            *diaspora.sections(people),
            *([] if published else [_ways_on(request.face.accessible)]),
            *diaspora.foot(people),
            *(published.content if published else ()),
        ],
        className="ficha extranjero diaspora",
    )
    return Screen(
        title=f"{found.name}: padrón y voto | Padrón Abierto",
        description=diaspora.described(people),
        content=(content,),
        picture=f"/vista-previa/{site.release.id}/{found.slug}.png",
    )


def _counted(people: Diaspora) -> Component:
    """What is counted of all the people abroad, in large type."""
    items = [
        html.Li([html.Strong(text), html.Span([html.Span(title), html.Small(when)])])
        for title, text, when in diaspora.key_figures(people)
    ]
    return html.Ul(items, className="cifras-clave", **Attributes({"aria-label": "Cifras del extranjero"}))


def _published(site: Site, request: Request, found: Profile, below: bool = False) -> Screen:
    """The profile with the published figures; `below` the people counted one by one, when the release counts them."""
    selection, accessible = latest(site), request.face.accessible
    codes = [item.code for item in voted_abroad(site.data)]
    cities, states = site.answer("extranjero_ciudades", selection), site.answer("extranjero_estados", selection)
    answers = parts(site, extranjero.ALWAYS, Question())
    series = site.answer("extranjero_serie", Question())
    card = html.Section([html.H2(extranjero.between(site)), abroad.elections_table(series, codes)], className="tarjeta")
    content = (html.Div if below else html.Article)(
        [
            html.P(f"Extranjero · padrón final de {label(site.data, selection.eleccion)}", className="migas"),
            html.H2(extranjero.BELOW, className="titulo-publicado") if below else html.H1(found.name),
            html.P([part for item in series.sentences for part in [*blocks.words(item), " "]], className="respuesta"),
            _key_figures(site, series, selection.eleccion),
            html.Div([abroad.states_map(site.data.states_map, states, cities), card], className="ficha-cabeza"),
            html.Div(abroad.charts(answers, request.face), className="ficha-graficas"),
            _anomalies(site),
            _ways_on(accessible),
            blocks.downloads([*answers.values(), cities, states], accessible),
        ],
        className="publicado" if below else "ficha extranjero",
    )
    return Screen(
        title=f"{found.name}: padrón y voto | Padrón Abierto",
        description=" ".join(sentence.plain() for sentence in series.sentences),
        content=(content,),
        picture=f"/vista-previa/{site.release.id}/{found.slug}.png",
    )


def latest(site: Site) -> Where:
    """The question of the map when nothing is asked: the latest election."""
    return ABROAD.asked({}, site.offer("extranjero")).selection


def preview_of(site: Site, found: Profile) -> bytes:
    """The PNG that is shown when the profile, or a page about the vote abroad, is shared."""
    people = asked(site, Request({}, face_of(extranjero.PATH, False)))
    if people is not None:
        return _preview_of(site, found, people)
    selection = latest(site)
    states, series = site.answer("extranjero_estados", selection), site.answer("extranjero_serie", Question())
    drawing = site.data.states_map
    shapes = {"viewBox": drawing["viewBox"], "municipios": drawing["estados"], "departamentos": {}}
    registered = series.facts.cell(selection.eleccion, "empadronados").text
    phrase = f"personas empadronadas en el extranjero en {label(site.data, selection.eleccion)}"
    if site.release.synthetic:
        phrase = f"SINTÉTICO, no es real: {phrase}"
    return preview(found.name, found.parent, registered, phrase, shapes, states.figure["pintura"], None)


def _preview_of(site: Site, found: Profile, people: Diaspora) -> bytes:
    """The same, of the people counted one by one."""
    drawing = site.data.states_map
    shapes = {"viewBox": drawing["viewBox"], "municipios": drawing["estados"], "departamentos": {}}
    title, text, when = diaspora.key_figures(people)[0]
    text = "confidencial" if text == WITHHELD else text
    phrase = f"{title.lower()} en el extranjero, {when}"
    if site.release.synthetic:
        phrase = f"SINTÉTICO, no es real: {phrase}"
    return preview(found.name, found.parent, text, phrase, shapes, diaspora.painted_states(people), None)


def _key_figures(site: Site, series: Answer, event: str) -> Component:
    facts = series.facts
    items = []
    for measure in KEY:
        cell = facts.cell(event, measure)
        titled = [html.Span(facts.measures[measure]), html.Small(abroad.trust(cell))]
        items.append(html.Li([html.Strong(cell.text), *titled]))
    return html.Ul(
        items,
        className="cifras-clave",
        **Attributes({"aria-label": f"Cinco cifras del extranjero en {label(site.data, event)}"}),
    )


def _anomalies(site: Site) -> Component:
    items = [html.Li(text) for text in notices(site.release, TABLES)]
    return html.Section([html.H2("Anomalías conocidas", id="anomalias"), html.Ul(items)], className="prosa")


def _ways_on(accessible: bool) -> Component:
    ways = (
        (extranjero.PATH, "El mapa y todas las cifras, con sus fuentes"),
        (como_inscribirse.PATH, "Cómo inscribirse y votar desde el extranjero"),
        ("/ficha/pais", "La ficha del país"),
    )
    items = [html.Li(html.A(text, href=face_of(path, accessible).path)) for path, text in ways]
    return html.Section([html.H2("Siga leyendo"), html.Ul(items, className="lugares")], className="alrededor")
