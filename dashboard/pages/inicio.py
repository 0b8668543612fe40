"""/: what this is, the five figures that matter, the map and the ways in."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.address.selection import Selection
from dashboard.figures.provenance import out_of_scale
from dashboard.indicators import INDICATORS
from dashboard.pages import buscar, padron
from dashboard.pages.mapa import picture
from dashboard.pages.model import Page, Request, Screen, face_of, map_frame
from dashboard.render import blocks, legend
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.words import listing
from etl.country import COUNTRY

PATH = "/"
#: The indicator of who voted, group by group.
BY_GROUP = "votaron"
#: What is said of who voted; and, where the release counts them group by group, by which.
VOTED = "La participación de cada elección desde 2007 y los votos de cada municipio."
VOTED_BY_GROUP = "Cuántas personas votaron en cada lugar y en cada elección, por {}."
#: What is said of the registry; and of its other groups, where the release has them.
REGISTERED = "Cuántas personas están empadronadas, de qué edades y cuántas leen y escriben."
OTHER_GROUPS = "{} También por {}."
SAID_OF_IT = ("sexo", "grupo_edad", "alfabetismo")
WAYS_IN = (
    ("/padron", "Busque su municipio", REGISTERED),
    ("/participacion", "Quiénes votaron", VOTED),
    ("/padron?indicador=analfabetismo", "Lectura y escritura", "Dónde hay más personas que no leen ni escriben."),
    (
        "/padron?indicador=cambio",
        "Qué cambió desde la última elección",
        "Dónde creció el padrón y dónde hay menos personas.",
    ),
    (
        "/cruces",
        "Dos cosas a la vez",
        "Cualquier cruce que la publicación traiga, en una tabla que se ordena y se descarga.",
    ),
    ("/extranjero", "Voto en el extranjero", "Dónde y cuántos votan fuera del país, y cómo inscribirse."),
    ("/fichas", "Una ficha por lugar", "Todas las cifras de cada municipio y departamento, para leer o imprimir."),
    ("/comparar", "Compare lugares", "Hasta cinco municipios o departamentos, lado a lado."),
    ("/datos", "Descargue los datos", "Todos los archivos, con su diccionario, su fuente, su corte y su licencia."),
    (
        "/que-falta",
        "Qué falta por publicar",
        f"Lo que el compromiso {COUNTRY.commitment} pide y el Tribunal no ha publicado, y cómo pedirlo.",
    ),
    ("/metodologia", "Cómo se calcula", "Fuentes, definiciones, fórmulas y anomalías conocidas."),
)


def build(site: Site, request: Request) -> Screen:
    """The home page: always the whole country, with the first indicator."""
    selection = Selection(site.offer("padron").default)
    mapa, country = site.answer("padron_mapa", selection), site.answer("padron_lugar", selection)
    face = face_of(padron.PATH, request.face.accessible)
    drawn = picture(site, mapa, selection) if request.face.accessible else None
    content: tuple[Component | Markup, ...] = (
        buscar.box(site, request.face.accessible),
        html.P(f"Guatemala · padrón al {padron.registry_date(site)}", className="migas"),
        html.H1("El padrón electoral de Guatemala, abierto"),
        html.P(
            "Quiénes pueden votar en cada municipio del país: cuántas personas son, de qué edades, cuántas mujeres y cuántas "
            f"leen y escriben. Con las cifras del {COUNTRY.tribunal.name}, su fuente y los archivos para descargar.",
            className="respuesta",
        ),
        _key_figures(country),
        *(html.P(text, className="nota") for text in out_of_scale(site.release, country.tables)),
        blocks.source_line(country.sources),
        html.Div(
            [
                html.Div(
                    [
                        html.H2(mapa.question),
                        html.P(blocks.words(mapa.sentences[0]), className="frase"),
                        map_frame(site, drawn, face_of(PATH, True).path, f"{padron.PATH}?lugar={{}}"),
                        html.Div(legend.legend(mapa), id="bajo-mapa"),
                    ],
                    className="columna-mapa",
                ),
                html.Div([*blocks.ranking(mapa, selection, face), *legend.ranking_note(mapa.facts)], id="lateral"),
            ],
            className="rejilla",
        ),
        html.H2("Por dónde empezar", id="por-donde"),
        html.Ul(
            [_way_in(request, path, title, _told(site, text)) for path, title, text in WAYS_IN],
            className="entradas",
            **Attributes({"aria-labelledby": "por-donde"}),
        ),
    )
    return Screen(
        title="Padrón Abierto: el padrón electoral de Guatemala, por municipio",
        description=" ".join(sentence.plain() for sentence in mapa.sentences[:2]),
        content=content,
        state=None if request.face.accessible else padron.MAP.state(site, selection),
    )


def _key_figures(country: Answer) -> Component:
    lines = {line.indicator.name: line for line in country.facts.lines}
    items = [
        html.Li([html.Strong(lines[name].texts[0]), html.Span(_counted(name))])
        for name in padron.MAP.topic.profile
        if name in lines
    ]
    return html.Ul(items, className="cifras-clave", **Attributes({"aria-label": "Cinco cifras del padrón del país"}))


def _counted(name: str) -> str:
    words = {
        "empadronados": "personas empadronadas",
        "tasa": "empadronados por cada 100 habitantes",
        "mujeres": "son mujeres",
        "jovenes-18-25": "tienen de 18 a 25 años",
        "analfabetismo": "no leen ni escriben",
    }
    return words.get(name, INDICATORS[name].short)


def _told(site: Site, text: str) -> str:
    if text == REGISTERED:
        more = [title for name, title in _groups(site, "padron", "empadronados").items() if name not in SAID_OF_IT]
        return OTHER_GROUPS.format(text, listing(more)) if more else text
    groups = _groups(site, "participacion", BY_GROUP) if text == VOTED else {}
    return VOTED_BY_GROUP.format(listing([*groups.values()])) if groups else text


def _groups(site: Site, topic: str, indicator: str) -> dict[str, str]:
    """The groups that an indicator can be asked for, by column, in words."""
    offer = site.offer(topic)
    return {name: item.title.lower() for name, item in offer.groups.items() if offer.crosses(indicator, (name,))}


def _way_in(request: Request, path: str, title: str, text: str) -> Component:
    address, _, query = path.partition("?")
    href = face_of(address, request.face.accessible).path + (f"?{query}" if query else "")
    return html.Li([html.H3(html.A(title, href=href)), html.P(text)])


PAGE = Page(
    path=PATH,
    name="Inicio",
    build=build,
    in_menu=False,
    scripts=("buscador.js", "mapa.js"),
    fixed=True,
    searches=True,
)
