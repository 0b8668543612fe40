"""/metodologia: sources, cut-offs, definitions, formulas, confidence and known anomalies, all from the declarations."""

from __future__ import annotations

from dashboard.indicators import TOPICS, Indicator, Topic
from dashboard.indicators.by_election import asked_in
from dashboard.pages.model import Page, Request, Screen
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site
from dashboard.words import listing
from etl.release import DatasetFacts

CONFIDENCE = {
    "alta": "documento oficial leído directamente; las sumas cuadran",
    "media-alta": "transcripción de cifras oficiales por un tercero, comprobada por sus sumas",
    "media": "prensa u otra fuente que cita a la autoridad, sin poder comprobarla del todo",
    "media-baja": "una sola mención, o con contradicciones que se muestran",
    "baja": "se publica solo para que se sepa que existe",
}


def build(site: Site, request: Request) -> Screen:
    """How every figure is made and what is known to be wrong with it."""
    prefix = "/accesible" if request.face.accessible else ""
    content = html.Div(
        [
            html.H1("Cómo se hacen estas cifras"),
            html.P(
                "Ninguna cifra de este sitio se escribe a mano: todas salen de los archivos de una publicación, que se "
                "construye y se comprueba con un solo programa. Lo que no se sabe se dice: un lugar sin cifra "
                "aparece como «sin dato publicado», nunca como cero.",
                className="respuesta",
            ),
            html.H2("Indicadores"),
            *(_indicator(site, topic, item, prefix) for topic in TOPICS.values() for item in topic.indicators),
            html.H2("Qué se puede cruzar"),
            html.P(
                "La fuente del padrón cruza el sexo con la edad y el sexo con el alfabetismo, pero no los tres, ni la edad "
                "con el alfabetismo. Por eso este sitio no deja pedir esas combinaciones: no hay cifra que las responda."
            ),
            html.P(
                [
                    "Lo que se pide y nadie ha publicado está, cruce por cruce, en ",
                    html.A("qué falta por publicar", href=f"{prefix}/que-falta"),
                    ".",
                ]
            ),
            html.H2("Reglas"),
            html.Ul([html.Li(rule) for rule in RULES]),
            html.H2("Fuentes"),
            *(_sources(entry) for entry in site.release.manifest["datasets"]),
            html.H2("Qué quiere decir la confianza"),
            html.Dl(
                [part for level, text in CONFIDENCE.items() for part in (html.Dt(level.capitalize()), html.Dd(text))]
            ),
            html.H2("Anomalías conocidas", id="anomalias"),
            html.P("Se publican como vienen en la fuente, y se dicen aquí:"),
            html.Ul([html.Li(entry["mensaje"]) for entry in site.release.manifest["advertencias"]]),
        ],
        className="prosa",
    )
    return Screen(
        title="Metodología: fuentes, definiciones y fórmulas | Padrón Abierto",
        description="De dónde sale cada cifra del padrón, cómo se calcula, cuánto se puede confiar en ella y qué anomalías "
        "tiene la fuente.",
        content=(content,),
    )


RULES = (
    "Las proporciones se calculan después de sumar, nunca promediando las de los municipios.",
    "El denominador siempre se nombra. Nunca se mezclan en una proporción la proyección con base 2002, el censo de 2018 y la "
    "población total de los acuerdos del Tribunal; lo que compara el padrón con el censo de 2018 lo dice en su nombre.",
    "Las clases del mapa son cuantiles de todo el país, redondeados; un color significa lo mismo en cada departamento.",
    "Los lugares se ordenan por la cifra tal como se lee en la página: si dos se leen igual, comparten el puesto.",
    "«El mapa en palabras» llama altas a la quinta parte de las cifras que son las más altas, y bajas a la quinta de las más "
    "bajas. Dice que se juntan solo si sus lugares se tocan más que en 99 de cada 100 repartos al azar (se hacen 199) de las "
    "mismas cifras sobre el mapa.",
    "Una corrección a una fuente es un archivo que dice qué, por qué y quién la señaló, y deja de aplicarse, con un aviso, "
    "cuando la fuente se corrige.",
)


def _indicator(site: Site, topic: Topic, indicator: Indicator, prefix: str) -> Component:
    offer = site.offer(topic.name)
    accepted = [item.title.lower() for name, item in offer.groups.items() if offer.crosses(indicator.name, (name,))]
    divided = f"Se puede dividir por {listing(accepted)}." if accepted else "No se divide: la fuente no lo permite."
    elections = [item.label for item in reversed(asked_in(site.data, indicator))]
    if indicator.name not in offer.indicators:
        divided = "Esta publicación no trae sus cifras."
    return html.Section(
        [
            html.H3(html.A(indicator.title, href=f"{prefix}/{topic.name}?indicador={indicator.name}")),
            html.P(indicator.definition),
            html.P(["Fórmula: ", html.Em(indicator.measure.formula()), ". ", divided]),
            *([html.P(f"Elecciones con cifra: {'; '.join(elections)}.")] if elections else []),
            *(html.P(caveat, className="nota") for caveat in indicator.caveats if caveat not in indicator.definition),
        ]
    )


def _sources(entry: DatasetFacts) -> Component:
    items = [
        html.Li(
            [
                html.A(source["titulo"], href=source["url"]),
                f". {source['editor']}; corte {source['corte_texto'] or source['corte']}; confianza {source['confianza']}; "
                f"licencia: {source['licencia']}.",
                f" {source['nota']}" if source["nota"] else "",
            ]
        )
        for source in entry["fuentes"]
    ]
    return html.Section([html.H3(entry["titulo"]), html.P(entry["descripcion"]), html.Ul(items)])


PAGE = Page(path="/metodologia", name="Metodología", build=build, fixed=True)
