"""/extranjero/como-inscribirse: the procedure as a person needs it, on one printed page; history apart."""

from __future__ import annotations

from dashboard.address.abroad import CONSULATES
from dashboard.address.parameters import Question
from dashboard.kinds import hechos
from dashboard.pages import extranjero
from dashboard.pages.form import controls, options_form
from dashboard.pages.model import Page, Request, Screen, Understood, face_of
from dashboard.render import abroad, blocks
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site
from dashboard.view import Answer
from etl.country import COUNTRY

PATH = f"{extranjero.PATH}/como-inscribirse"
#: The topics in the order one goes through them, as a person would ask; each is a step.
STEPS = {
    "quien_puede": "¿Puedo votar?",
    "documento": "¿Con qué documento?",
    "donde": "¿Dónde me inscribo?",
    "plazo": "¿Hasta cuándo?",
    "votar": "¿Y el día de votar?",
}
MORE = {hechos.NEWS: "Qué cambió en 2026", "base_legal": "En qué se basa"}
CONTACT = "contacto"


def build(site: Site, request: Request) -> Screen:
    """The steps, whom to ask, the consulates of one state and what is over."""
    asked = CONSULATES.asked(request.query, site.offer("extranjero"))
    steps, offices = site.answer("procedimientos", Question()), site.answer("consulados", asked.selection)
    content = html.Div(
        [
            html.P(f"Voto en el extranjero · reglas según fuentes {_when(steps)}", className="migas"),
            html.H1(steps.question),
            *abroad.paragraphs(steps.sentences[:-1], "respuesta"),
            html.P(
                [
                    *blocks.words(steps.sentences[-1]),
                    " Esta página reúne lo que dicen el reglamento, sus reformas y la prensa: no sustituye a lo que le diga el "
                    f"{COUNTRY.tribunal.name}.",
                ],
                className="hallazgo",
            ),
            *abroad.notices(asked.notices),
            html.Ol([_step(steps, topic, title) for topic, title in STEPS.items()], className="pasos"),
            html.Div(
                [_contact(steps), *(_more(steps, topic, title) for topic, title in MORE.items())], className="junto"
            ),
            _consulates(site, offices, request.face),
            _history(steps),
            html.P(_back(request.face), className="vuelta"),
            blocks.source_line(steps.sources),
            *blocks.notes(steps),
            blocks.downloads([steps, offices], request.face.accessible),
        ],
        className="tramite",
    )
    return Screen(
        title="Cómo inscribirse y votar desde el extranjero | Padrón Abierto",
        description="Quién puede votar desde el extranjero, con qué documento, dónde inscribirse, hasta cuándo y qué "
        "consulado queda cerca. Cada dato con su fuente, su fecha y su confianza.",
        content=(content,),
        query_string=asked.selection.url(""),
        picture=f"/vista-previa/{site.release.id}/extranjero.png",
    )


def _when(answer: Answer) -> str:
    return answer.sources[0].cutoff_text


def _step(answer: Answer, topic: str, title: str) -> Component:
    found = answer.facts.today(topic)
    said = abroad.facts_list(found, answer.facts.statuses) if found else html.P("No se ha hallado nada que rija hoy.")
    return html.Li([html.H2(title), said])


def _contact(answer: Answer) -> Component:
    """The contacts, and how sure the facts that give them are."""
    facts = answer.facts
    said = facts.today(CONTACT)
    trust = [
        html.P(
            [
                f"{facts.statuses[fact.status]}. Confianza {fact.confidence}. {fact.cutoff[:1].upper()}{fact.cutoff[1:]}. ",
                abroad.source(fact.source, fact.url),
                f". {fact.note}" if fact.note else ".",
            ],
            className="fuente",
        )
        for fact in said
    ]
    return html.Section([html.H2("¿A quién pregunto?"), abroad.contacts(facts), *trust])


def _more(answer: Answer, topic: str, title: str) -> Component:
    said = abroad.facts_list(answer.facts.today(topic), answer.facts.statuses)
    return html.Section([html.H2(title), said])


def _consulates(site: Site, answer: Answer, face: Face) -> Component:
    found = controls(CONSULATES.parameters(site.offer("extranjero")), answer.selection)
    table = blocks.table(answer, answer.title, answer.selection, face)
    return html.Section(
        [
            html.H2(answer.question, id="consulados"),
            options_form(found, f"{face.path}#consulados", "Ver consulados"),
            *abroad.paragraphs(answer.sentences, "frase"),
            abroad.offices(answer),
            *(html.P(note, className="nota") for note in answer.notes),
            html.Details(
                [html.Summary("Cómo se sabe de cada consulado"), table],
                className="datos",
                open=face.accessible or None,
            ),
            blocks.source_line(answer.sources),
        ],
        className="donde",
    )


def _history(answer: Answer) -> Component:
    facts = answer.facts
    items = [
        html.Li(
            [
                html.H3(fact.subject),
                html.P(f"{fact.words.rstrip('.')}."),
                *([html.P(["Hoy, en su lugar: ", html.Strong(fact.replaced_by), "."])] if fact.replaced_by else []),
                html.P(
                    [
                        f"{fact.status_words[:1].upper()}{fact.status_words[1:]}. ",
                        f"{fact.until}. " if fact.until else "",
                        f"Confianza {fact.confidence}. ",
                        f"{fact.cutoff[:1].upper()}{fact.cutoff[1:]}. ",
                        abroad.source(fact.source, fact.url),
                        f". {fact.note}" if fact.note else ".",
                    ],
                    className="fuente",
                ),
            ]
        )
        for fact in facts.history
    ]
    return html.Section(
        [
            html.H2("Lo que ya pasó o ya no rige"),
            html.P("No lo use para inscribirse: está aquí para que no se confunda con lo de hoy."),
            html.Ul(items),
        ],
        className="historico",
    )


def _back(face: Face) -> Component:
    return html.A("Ver las cifras del voto en el extranjero", href=face_of(extranjero.PATH, face.accessible).path)


def _asks(site: Site, request: Request) -> Understood:
    asked = CONSULATES.asked(request.query, site.offer("extranjero"))
    return Understood(asked.selection.url(""), bool(asked.notices))


PAGE = Page(
    path=PATH, name="Cómo inscribirse", build=build, in_menu=False, asks=_asks, scripts=("buscador.js", "vivo.js")
)
