"""/cruces: any cross that the release publishes, as a heat table; the page an analyst lives in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup

from dashboard.address.crossable import PLACE, TOWN
from dashboard.address.crossing import ALL_ROWS, CROSSES, DOWN, NAME, OF_ROW, SHOWN, TOTAL, resolved
from dashboard.figures.crossings import lives_abroad, uncrossed
from dashboard.figures.measures import Unaskable
from dashboard.indicators.offers import CROSSES as TOPIC
from dashboard.kinds.calor import Facts
from dashboard.pages.cruces_form import PATH as PATH
from dashboard.pages.cruces_form import Asked, form, ready
from dashboard.pages.model import ACCESSIBLE_ROOT, Page, Request, Screen, Understood
from dashboard.pages.que_falta import PATH as WHAT_LACKS
from dashboard.render import blocks
from dashboard.render import calor as drawn
from dashboard.render.attributes import Attributes
from dashboard.render.calor import Look
from dashboard.render.dash_doors import Component, html
from dashboard.render.jinja import render
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views.cruces import day_of
from dashboard.words import integer, listing
from etl import fields

#: The cells of a table that are shown without asking for all: 340 municipios by 23 communities are 7,820.
MOST_CELLS, FEWEST_ROWS = 3000, 25
NOUNS = {
    "empadronados": "empadronados",
    "padron-eleccion": "en el padrón de la elección",
    "votantes": "votantes",
    "votaron": "votaron",
    "abstencion": "no votaron",
}
#: The groups that the commitment asks for: of those that no table crosses, the page says so.
SOUGHT = ("sexo", "grupo_edad", "alfabetismo", "pueblo", "comunidad_linguistica")
READY_IN_SIGHT = 4
#: Where the votes from abroad are read by one thing at a time.
WHO_VOTED_ABROAD = "/extranjero?cuenta=participacion"


def build(site: Site, request: Request) -> Screen:
    """The page of one cross."""
    offer = site.offer(TOPIC)
    read = CROSSES.asked(request.query, offer)
    found = resolved(read.selection, offer)
    if found is None:
        raise Unaskable("no hay ninguna tabla que cruce dos cosas")
    asked = Asked(*found, offer, request.face)
    answer = site.answer("cruces", asked.question)
    facts: Facts = answer.facts
    look = _look(asked, facts)
    spoken = [
        html.P(
            blocks.words(item), className="respuesta" if turn < 2 and not _warns(facts, answer, turn) else "hallazgo"
        )
        for turn, item in enumerate(answer.sentences)
    ]
    content = html.Div(
        [
            html.P(f"Cruces · padrón al {day_of(asked.cross)}", className="migas"),
            html.H1(answer.question),
            *spoken,
            *blocks.corrections(read.notices),
            form(asked),
            _begin(asked),
            _tools(asked, facts, look),
            html.Div(
                [
                    html.Div(list(_main(answer, facts, look, asked)), className="cruce-tabla"),
                    html.Div(list(_side(site, answer, facts, look, asked)), className="cruce-lado"),
                ],
                className="cruce-cuerpo",
            ),
            *_lacking(asked),
            *_apart(site, asked),
            _taken(answer, asked),
        ],
        className="pagina-cruces",
    )
    return Screen(
        title=f"{answer.question} | Padrón Abierto",
        description=" ".join(item.plain() for item in answer.sentences[:2]),
        content=(content,),
        query_string=asked.question.url(""),
    )


def _warns(facts: Facts, answer: Answer, turn: int) -> bool:
    """Whether a sentence is the one that says how many cells are not published."""
    return facts.hidden > 0 and turn == len(answer.sentences) - 1


def _look(asked: Asked, facts: Facts) -> Look:
    question, cross = asked.question, asked.cross
    most = max(FEWEST_ROWS, MOST_CELLS // max(1, len(facts.columns)))
    root = _root(asked)

    def row_link(row: str) -> str | None:
        if cross.filas == TOWN:
            return f"{root}/ficha/{row}"
        return asked.other(replace(question, departamento=row, filas=TOWN)) if cross.filas == PLACE else None

    return Look(
        mode=facts.mode(question.mostrar),
        order=question.orden,
        row=question.fila,
        column=question.columna,
        most=None if question.ver or len(facts.rows) <= most else most,
        accessible=asked.face.accessible,
        ordered=lambda order: asked.at(orden=order) + "#tabla-cruce",
        row_link=row_link,
    )


# --- The table --------------------------------------------------------------------------------------------------------


def _begin(asked: Asked) -> Component:
    """Where to begin, and where to ask for what is not published."""
    groups = ready(asked)
    everything = [pair for _, links in groups for pair in links]
    inside = [
        part
        for heading, links in groups
        for part in (html.H2(heading), html.P([part for pair in links for part in (_internal(*pair), " · ")][:-1]))
    ]
    first = [part for pair in everything[:READY_IN_SIGHT] for part in (_internal(*pair), " · ")][:-1]
    return html.Div(
        [
            html.P(
                [
                    "Solo se ofrece lo que la fuente publica junto; lo demás está en ",
                    html.A("qué falta, y cómo pedirlo", href=_root(asked) + WHAT_LACKS),
                    ". Empiece por una hecha: ",
                    *first,
                    ".",
                ],
                className="nota",
            ),
            html.Details(
                [html.Summary(f"Los {integer(len(everything))} cruces de dos en dos que se publican"), *inside],
                className="datos listos",
            ),
        ],
        className="empezar",
    )


def _root(asked: Asked) -> str:
    """What the addresses of its mode begin with."""
    return ACCESSIBLE_ROOT if asked.face.accessible else ""


def _internal(words: str, address: str) -> Component:
    return html.A(words, href=address)


def _tools(asked: Asked, facts: Facts, look: Look) -> Component:
    """What the big number of each cell is, and what the colours mean."""
    modes = []
    if not facts.is_rate:
        for name, words in SHOWN.items():
            current = Attributes({"aria-current": "true"}) if name == look.mode else Attributes()
            address = asked.at(mostrar="" if name == OF_ROW else name)
            modes.append(html.Li(html.A(words, href=address, className="boton", **current)))
    switch = html.Ul(modes, className="modos", **Attributes({"aria-label": "Qué dice cada celda"}))
    return html.Div([*([switch] if modes else []), drawn.legend(facts, look)], className="cruce-ajustes")


def _order_in_words(facts: Facts, look: Look) -> str:
    by, down = look.order.removeprefix(DOWN), look.order.startswith(DOWN)
    words = {NAME: facts.material.row_title, TOTAL: "el total"} | dict(facts.columns)
    if not by:
        return f"Filas en su orden: {facts.material.row_title.lower()}."
    sense = (
        "de la Z a la A"
        if by == NAME and down
        else "de la A a la Z"
        if by == NAME
        else "de mayor a menor"
        if down
        else "de menor a mayor"
    )
    last = " Las celdas sin cifra van al final." if by != NAME else ""
    return f"Filas ordenadas por «{words[by]}», {sense}.{last}"


def _main(answer: Answer, facts: Facts, look: Look, asked: Asked) -> Iterator[Component | Markup]:
    under = {
        OF_ROW: "el porcentaje de su fila y, debajo, cuántas personas son",
        "columna": "el porcentaje de su columna y, debajo, cuántas personas son",
        "personas": "cuántas personas son",
    }
    says = under.get(look.mode, "cuántas de cada 100 y, debajo, cuántas personas de cuántas")
    yield html.P([html.Span(_order_in_words(facts, look)), f" Cada celda: {says}."], className="nota", id="orden-cruce")
    yield drawn.heat_table(facts, look, answer.question)
    if look.most is not None:
        every = f"Ver las {integer(len(facts.rows))} filas (se muestran {integer(look.most)})"
        yield html.P(html.A(every, href=asked.at(ver=ALL_ROWS) + "#tabla-cruce", className="boton"))


def _side(site: Site, answer: Answer, facts: Facts, look: Look, asked: Asked) -> Iterator[Component | Markup]:
    if look.row and look.column:
        yield drawn.chosen(facts, look, NOUNS[asked.cross.cuenta], list(_ways(site, answer, look, asked)))
    else:
        yield html.Section(
            [
                html.H2("Elija una celda"),
                html.P(
                    "Verá qué parte es de su fila y de su columna, o por qué no se publica.", className="solo-con-js"
                ),
                html.P("Elija su fila y su columna en la lista.", className="solo-sin-js"),
            ],
            className="tarjeta invitacion",
        )
    yield _picker(facts, look, asked)
    yield drawn.row_bars(facts, look)
    yield html.P(
        [
            "Con el teclado: flechas para moverse por la tabla, ",
            html.B("Inicio"),
            " y ",
            html.B("Fin"),
            " para ir al borde, ",
            html.B("Intro"),
            " para fijar la celda. Los encabezados ordenan.",
        ],
        className="nota solo-con-js",
    )


def _ways(site: Site, answer: Answer, look: Look, asked: Asked) -> Iterator[Component | Markup]:
    """Where one can go from a cell: its municipios, and how people are protected when it is confidential."""
    if asked.cross.filas == PLACE and look.row != TOTAL and (address := look.row_link(look.row)):
        yield html.P(html.A("Ver por municipio", href=address, className="boton"))
    if answer.facts.tally(look.row, look.column).hidden:
        dataset = next(
            item["dataset"] for item in site.release.manifest["archivos"] if item["tabla"] == answer.tables[0]
        )
        yield html.P(html.A("Cómo se protege a las personas", href=f"{_root(asked)}/datos/{dataset}"))
    yield blocks.source_line(answer.sources)


def _picker(facts: Facts, look: Look, asked: Asked) -> Markup:
    """The choice of a cell without scripts: its row and its column."""
    hidden = {name: value for name, value in asked.question.parameters().items() if name not in ("fila", "columna")}
    axes = [
        ("fila", facts.material.row_title, {**facts.rows, TOTAL: "Total"}, look.row),
        ("columna", facts.material.column_title, {**facts.columns, TOTAL: "Total"}, look.column),
    ]
    return render("celda.html.j2", path=asked.face.path, hidden=hidden, axes=axes)


# --- What is not there, and what can be taken ---------------------------------------------------------------------------


def _lacking(asked: Asked) -> list[Component]:
    """What of the commitment no table of the release crosses, and where to ask for it."""
    there = {level.column for source in asked.offer.crossable for level in source.levels.values()}
    lacking = [fields.POPULATION_GROUP[name].title.lower() for name in SOUGHT if name not in there]
    counted = {name for source in asked.offer.crossable for name in source.counted}
    lacking += [] if "votaron" in counted else ["quiénes votaron"]
    lacking += [] if any(source.abroad for source in asked.offer.crossable) else ["dónde viven en el extranjero"]
    if not lacking:
        return []
    return [
        html.P(
            [
                "Todavía no se publica, y por eso no se puede cruzar: ",
                listing(lacking),
                ". ",
                html.A("Qué falta y cómo pedirlo", href=_root(asked) + WHAT_LACKS),
                ".",
            ],
            className="hallazgo falta-cruzar",
        )
    ]


def _apart(site: Site, asked: Asked) -> Iterator[Component]:
    """What is published by one thing at a time, why it cannot be crossed and where to read it."""
    for table in uncrossed(site.data):
        dataset = next(item["dataset"] for item in site.release.manifest["archivos"] if item["tabla"] == table.name)
        shown = WHO_VOTED_ABROAD if lives_abroad(table) else f"/datos/{dataset}"
        title = f"{table.title[0].lower()}{table.title[1:]}"
        said = f"Se publica cada cosa por separado, sin cruzar: {title}. Son tan pocas personas que, cruzada, casi toda sería "
        links: list[Component | str] = [html.A("Verla", href=_root(asked) + shown), " · "]
        links += [html.A("Cómo se protege a las personas", href=f"{_root(asked)}/datos/{dataset}")]
        yield html.P([f"{said}confidencial. ", *links], className="hallazgo sin-cruzar")


def _taken(answer: Answer, asked: Asked) -> Component:
    """The files of the very table, the same question for programs and the address to share."""
    api = answer.selection.url(f"/descargas/vista/{answer.view}.json")
    confidential = (
        " Las celdas confidenciales van vacías, con estado_celda = confidencial; nunca como cero."
        if answer.facts.hidden
        else ""
    )
    return html.Section(
        [
            html.H2("Llévese exactamente lo que ve"),
            html.Div(
                [
                    html.Div(
                        [
                            html.H3("Esta tabla, una fila por celda"),
                            html.P(blocks.file_links(answer, asked.face.accessible), className="botones"),
                            html.P(f"Trae también los totales y los dos porcentajes.{confidential}", className="nota"),
                        ],
                        className="tarjeta",
                    ),
                    html.Div(
                        [
                            html.H3("La misma consulta, para programas"),
                            _copied(f"GET {api}", api),
                            html.H3("Enlace permanente a esta vista"),
                            _copied(asked.at(), asked.at()),
                        ],
                        className="tarjeta",
                    ),
                ],
                className="junto",
            ),
            *blocks.notes(answer),
            blocks.source_line(answer.sources),
            html.P(blocks.citation(answer), className="cita"),
        ],
        className="llevar",
    )


def _copied(words: str, address: str) -> Markup:
    """An address to copy; the button works with scripts, and the words can be selected without them."""
    return render("copiar.html.j2", words=words, address=address)


def _asks(site: Site, request: Request) -> Understood:
    offer = site.offer(TOPIC)
    read = CROSSES.asked(request.query, offer)
    found = resolved(read.selection, offer)
    return Understood(found[0].url("") if found else "", bool(read.notices))


PAGE = Page(
    path=PATH, name="Cruces", build=build, asks=_asks, scripts=("buscador.js", "copiar.js", "vivo.js", "rejilla.js")
)
