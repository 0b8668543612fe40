"""/ficha/<codigo>: everything there is about one territory, on one page that prints well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from markupsafe import Markup

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.address.profiles import ABROAD_NAME, Profile, profile
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO, PAIS
from dashboard.figures.measures import Unaskable
from dashboard.figures.used import note_tables
from dashboard.indicators import INDICATORS
from dashboard.pages import ficha_extranjero, padron, touched
from dashboard.pages.mapa import picture
from dashboard.pages.model import NothingHere, Page, Request, Screen, face_of, parts
from dashboard.render import around, blocks, legend, quien_vota
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.charts import charts
from dashboard.render.dash_doors import Component, html
from dashboard.render.html import text, to_html
from dashboard.render.plano import LAYER_OF
from dashboard.render.preview import preview
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views.lugar import key_figure
from dashboard.words import ordinal

PATH = "/ficha/{codigo}"
VOTING = ("participacion", "participacion_lugar")
#: The questions about who voted that a profile answers.
WHO_VOTED = ("quien_vota_grupos", "quien_vota_edades", "quien_vota_lineas")
#: The charts of a profile, in order.
CHARTS = (
    "padron_edades",
    "padron_alfabetismo",
    *padron.BY_GROUP,
    "padron_faltan",
    "participacion_votos",
    "participacion_contienda",
    "censo_pueblo",
    "censo_idioma",
    "censo_comunidad",
)


def address(code: str, accessible: bool) -> str:
    """Where the profile of a territory is."""
    return face_of(PATH.format(codigo=code or "pais"), accessible).path


def build(site: Site, request: Request) -> Screen:
    """The profile. Raises NothingHere for a code that no territory has."""
    found = profile(request.parameters["codigo"], site.territories)
    if found is None:
        raise NothingHere("No hay ningún municipio ni departamento con ese código.")
    if found.level == ABROAD_NAME:
        return ficha_extranjero.build(site, request, found)
    selection = found.selection(site.offer("padron").default)
    place = site.answer("padron_lugar", selection)
    found_charts = parts(site, CHARTS, selection).values()
    answers = [answer for answer in found_charts if answer.facts and _has_data(answer)]
    face = face_of(padron.PATH, request.face.accessible)
    content = html.Article(
        [
            html.P(_crumb(site, found), className="migas"),
            html.H1(found.name),
            html.P([part for item in place.sentences for part in [*blocks.words(item), " "]], className="respuesta"),
            _key_figures(site, found),
            html.Div([_map(site, found), _comparison(site, found, face)], className="ficha-cabeza"),
            *_in_words(site, found),
            *charts(answers, face),
            *_who_voted(site, found, request.face.accessible),
            *_anomalies(site, found),
            *blocks.warnings(tuple(dict.fromkeys(text for answer in answers for text in answer.warnings))),
            *_around(site, found, request.face.accessible),
            blocks.downloads([place, *answers], face.accessible, _sheets(site, found)),
        ],
        className="ficha",
    )
    return Screen(
        title=f"{_full_name(found)}: padrón electoral | Padrón Abierto",
        description=" ".join(sentence.plain() for sentence in place.sentences),
        content=(content,),
        picture=f"/vista-previa/{site.release.id}/{found.slug}.png",
    )


def preview_of(site: Site, slug: str) -> bytes:
    """The PNG that is shown when the profile is shared. Raises NothingHere for a code that no territory has."""
    found = profile(slug, site.territories)
    if found is None:
        raise NothingHere("No hay ningún municipio ni departamento con ese código.")
    if found.level == ABROAD_NAME:
        return ficha_extranjero.preview_of(site, found)
    first = site.offer("padron").default
    facts = site.answer("padron_lugar", found.selection(first)).facts
    country = site.answer(padron.MAP.map_view, Selection(first))
    figure = facts.main.texts[0]
    phrase = f"personas empadronadas {facts.main.indicator.unit.phrase}"
    if site.release.synthetic:
        phrase = f"SINTÉTICO, no es real: {phrase}"
    return preview(
        found.name, found.parent, figure, phrase, site.shapes(None), country.figure["pintura"], found.code or None
    )


def _full_name(found: Profile) -> str:
    """A name that no other profile has: there is a municipio of Guatemala in the departamento of Guatemala."""
    if found.level == DEPARTAMENTO:
        return f"Departamento de {found.name}"
    return f"{found.name}, {found.parent}" if found.parent else found.name


def _has_data(answer: Answer) -> bool:
    """Whether a chart has something to show: not hundreds of races in the country's profile, nor shares of zero people."""
    if answer.kind == "contienda":
        return bool(answer.facts.single)
    return answer.kind != "barras" or bool(answer.facts.some)


def _crumb(site: Site, found: Profile) -> str:
    kinds = {PAIS: "País", DEPARTAMENTO: "Departamento", MUNICIPIO: "Municipio"}
    inside = f" · {found.parent}" if found.parent else ""
    return f"{kinds[found.level]}{inside} · padrón al {padron.registry_date(site)}"


def _key_figures(site: Site, found: Profile) -> Component:
    items = []
    for name in padron.MAP.topic.profile:
        if name not in site.offer("padron").indicators:
            continue
        figure, standing = key_figure(site.data, found.selection(name))
        place = f"{ordinal(standing.position)} de {standing.of} {standing.peers}" if standing else ""
        among = f"<small>{text(place)}</small>" if place else ""
        items.append(f"<li><strong>{text(figure)}</strong><span>{text(INDICATORS[name].short)}</span>{among}</li>")
    said = Attributes({"aria-label": f"Cinco cifras de {found.name}"})
    return html.Ul(Markup("".join(items)), className="cifras-clave", **said)


def _map(site: Site, found: Profile) -> Component:
    """Where it is: a municipio within its departamento, the rest among the departamentos."""
    departamento = site.territories.parent(found.code) if found.level == MUNICIPIO else ""
    mapa, written = site.data.once(("map of profiles", departamento), lambda: _map_of(site, departamento))
    note_tables(mapa.tables)
    shown = replace(mapa.selection, lugar=found.code or None)
    return html.Figure(
        [html.Div(picture(site, mapa, shown), className="mapa"), html.Div(written, className="bajo-mapa")],
        className="ficha-mapa",
    )


def _map_of(site: Site, departamento: str) -> tuple[Answer, Markup]:
    """The map of the municipios of a departamento or ("") of the departamentos, with its legend: the same for every place."""
    shown = Selection(site.offer("padron").default, nivel=DEPARTAMENTO)
    if departamento:
        shown = padron.MAP.parsed(site, {"departamento": departamento}).selection
    mapa = site.answer(padron.MAP.map_view, shown)
    return mapa, Markup(to_html(legend.legend(mapa)))


def _in_words(site: Site, found: Profile) -> list[Component]:
    """What the map of the whole country shows around a place: its rank and its neighbours."""
    if not found.code:
        return []
    mapa = site.answer(padron.MAP.map_view, Selection(site.offer("padron").default, nivel=found.level))
    return around.of_profile(mapa, site.geography(LAYER_OF[found.level]), site.territories, found.code)


def _comparison(site: Site, found: Profile, face: Face) -> Component:
    cards = []
    for topic, view, title in (("padron", "padron_lugar", "Su padrón"), (*VOTING, "Su participación")):
        asked = found.selection(site.offer(topic).default)
        own_face = face_of(f"/{topic}", face.accessible)
        cards += [blocks.place_card(of, asked, own_face, own=title) for of in parts(site, (view,), asked).values()]
    return html.Div(cards, className="ficha-tarjetas")


def _who_voted(site: Site, found: Profile, accessible: bool) -> list[Component]:
    """Who voted in the latest election and how it has changed, where the release counts them group by group."""
    asked, face = found.selection(site.offer("participacion").default), face_of("/participacion", accessible)
    answers = parts(site, WHO_VOTED, asked).values()
    sections = [quien_vota.section(answer, asked, face) for answer in answers if answer.rows]
    return [html.Div(sections, className="quienes-votan")] if sections else []


def _anomalies(site: Site, found: Profile) -> list[Component]:
    entries = site.release.manifest["advertencias"]
    texts = [entry["mensaje"] for entry in entries if found.code and found.code in entry["territorios"]]
    if not texts:
        return []
    title = html.H2("Anomalías conocidas", id="anomalias")
    return [html.Section([title, html.Ul([html.Li(text) for text in texts])], className="prosa")]


def _sheets(site: Site, found: Profile) -> list[Component]:
    """The sheets to touch of a territory: those of a municipio are of its departamento."""
    place = site.territories.parent(found.code) if found.level == MUNICIPIO else found.code
    asked = {topic: Selection(site.offer(topic).default) for topic in ("padron", VOTING[0])}
    return touched.offered(site, asked, place)


def _around(site: Site, found: Profile, accessible: bool) -> list[Component]:
    """Links to the neighbours of a municipio, the municipios of a departamento or the departamentos of the country."""
    if found.level == MUNICIPIO:
        try:
            neighbours = site.data.neighbours(found.code)
        except Unaskable:
            return []
        return [_links("Vecinos", neighbours, site, accessible, parents=True)]
    inside = site.territories.inside(found.code)
    several = LEVEL_NAMES[site.territories.level(inside[0])][1]
    return [_links(f"Sus {len(inside)} {several}", inside, site, accessible)]


def _links(title: str, codes: Sequence[str], site: Site, accessible: bool, parents: bool = False) -> Component:
    def linked(code: str) -> str:
        link = f'<a href="{escape(address(code, accessible))}">{text(site.names[code])}</a>'
        inside = f' <span class="de">{text(site.territories.departamento_of(code))}</span>' if parents else ""
        return f"<li>{link}{inside}</li>"

    items = Markup("".join([linked(code) for code in codes]))
    return html.Section([html.H2(title), html.Ul(items, className="lugares")], className="alrededor")


PAGE = Page(path=PATH, name="Ficha", build=build, in_menu=False)
