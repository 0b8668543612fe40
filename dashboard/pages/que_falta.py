"""/que-falta: what commitment GT0105 asks for, what of it is published and how to ask for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dashboard.address.parameters import Question
from dashboard.commitment.crosses import LEVELS, Availability, Cell, Instead
from dashboard.commitment.supply import Supply
from dashboard.indicators.offers import GROUPED
from dashboard.kinds.cruces import WORDS, Block, Row
from dashboard.pages.model import Page, Request, Screen, face_of
from dashboard.pages.participacion import GROUPED_PATH
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site
from dashboard.words import Sentence, listing, plural
from etl.country import COUNTRY

PATH = "/que-falta"
SHAPES = {Availability.PUBLISHED: "lleno", Availability.PARTIAL: "medio", Availability.MISSING: "vacio"}
MEANINGS = {
    Availability.PUBLISHED: "hay cifra de todos los lugares (y de todas las elecciones)",
    Availability.PARTIAL: "hay cifra de algunos lugares o de algunas elecciones, o una sola y de poca confianza",
    Availability.MISSING: "no se ha hallado en ninguna fuente pública",
}


def build(site: Site, request: Request) -> Screen:
    """The matrix, block by block, with the words to ask for each gap."""
    answer = site.answer("que_falta", Question())
    facts, accessible = answer.facts, request.face.accessible
    summary = answer.sentences[0]
    content = html.Div(
        [
            html.P(
                f"Compromiso {COUNTRY.commitment} de gobierno abierto · padrón y participación, por grupo de población",
                className="migas",
            ),
            html.H1(answer.question),
            html.P(blocks.words(summary), className="respuesta"),
            *_meanwhile(site, accessible),
            _key(),
            *(
                _block(block, words, accessible)
                for block, words in zip(facts.blocks, answer.sentences[1:], strict=True)
            ),
            html.Section(
                [html.H2("Cómo se calcula"), *blocks.notes(answer, warned=False), blocks.source_line(answer.sources)],
                className="prosa",
            ),
            blocks.downloads([answer], accessible),
        ],
        className="que-falta",
    )
    return Screen(
        title="Qué falta por publicar del padrón y la participación en Guatemala | Padrón Abierto",
        description=summary.plain(),
        content=(content,),
    )


def _meanwhile(site: Site, accessible: bool) -> list[Component]:
    """The way to what can be said today of places, while nobody says it of persons; none when the release has no census."""
    offer = site.offer(GROUPED)
    if not offer.indicators or not offer.characteristics:
        return []
    link = html.A("municipios según su censo", href=face_of(GROUPED_PATH, accessible).path)
    return [
        html.P(["Mientras tanto se pueden comparar ", link, ": dice cómo son los lugares, no qué hacen las personas."])
    ]


def _shape(state: Availability) -> Component:
    return html.Span(className=f"forma {SHAPES[state]}", **Attributes({"aria-hidden": "true"}))


def _key() -> Component:
    items = [html.Li([_shape(state), html.Strong(WORDS[state]), f": {words}."]) for state, words in MEANINGS.items()]
    return html.Ul(items, className="clave-cruces", **Attributes({"aria-label": "Qué quiere decir cada estado"}))


def _block(block: Block, words: Sentence, accessible: bool) -> Component:
    heading = f"{block.topic}-{block.residence}"
    return html.Section(
        [
            html.H2(block.title, id=heading),
            html.P(blocks.words(words), className="frase"),
            html.Div(
                _matrix(block),
                className="tabla-marco",
                tabIndex=0,
                role="region",
                **Attributes({"aria-label": f"{block.title}: qué está publicado"}),
            ),
            html.H3("Qué hay, y cómo pedir lo que falta"),
            *(_row(row, accessible) for row in block.rows),
        ],
        className="bloque-cruces",
        **Attributes({"aria-labelledby": heading}),
    )


def _matrix(block: Block) -> Component:
    head = html.Tr(
        [
            html.Th("Grupo de población", scope="col"),
            *(html.Th(level.replace("Departa", "Departa\u00ad"), scope="col") for level in block.levels),
        ]
    )
    body = [html.Tr([html.Th(row.title, scope="row"), *(_cell(cell) for cell in row.cells)]) for row in block.rows]
    caption = html.Caption(f"{block.title}, por grupo de población y nivel", className="oculto")
    return html.Table([caption, html.Thead(head), html.Tbody(body)], className="tabla cruces")


def _cell(cell: Cell) -> Component:
    evidence = [html.Small(text) for text in _evidence(cell)]
    return html.Td([_shape(cell.state), html.Strong(WORDS[cell.state]), *evidence], className=SHAPES[cell.state])


def _evidence(cell: Cell) -> list[str]:
    """What the cell of the matrix says under its state: as of when and how sure, or how much there is."""
    if cell.state is Availability.MISSING:
        return []
    if cell.state is Availability.PARTIAL:
        return [cell.detail.split(";")[0], f"confianza {cell.confidence}"]
    return [cell.cutoff or "", f"confianza {cell.confidence}"]


def _row(row: Row, accessible: bool) -> Component:
    counts = {state: sum(cell.state is state for cell in row.cells) for state in Availability}
    found = {state: count for state, count in counts.items() if count}
    said = listing([f"{WORDS[state].lower()} en {_levels(count, len(row.cells))}" for state, count in found.items()])
    return html.Details(
        [
            html.Summary(f"{row.title}: {said}"),
            html.Dl(
                [part for _, alike in groupby(row.cells, _told) for part in _described(list(alike), accessible)],
                className="cruce",
                id=f"{row.topic}-{row.residence}-{row.cells[0].cross.division}",
            ),
            *_requests(row),
        ],
        className="datos",
        open=accessible or None,
    )


def _levels(count: int, of: int) -> str:
    return f"los {of} niveles" if count == of else plural(count, "nivel", "niveles")


def _told(cell: Cell) -> tuple[object, ...]:
    """What the words about a cell depend on: levels that have the same are described once."""
    table = cell.best.supply.table.name if cell.best else None
    return cell.state, cell.detail, table, cell.cutoff, cell.confidence, cell.instead


def _described(cells: Sequence[Cell], accessible: bool) -> list[Component]:
    """Levels of which the same is known, and what it is."""
    cell = cells[0]
    names = [LEVELS[item.cross.residence][item.cross.level] for item in cells]
    title = listing([names[0], *(name[0].lower() + name[1:] for name in names[1:])])
    words = [_published(cell, cell.best.supply, accessible) if cell.best else ["No publicado."]]
    words += [_instead(item, accessible) for item in cell.instead]
    return [html.Dt([_shape(cell.state), title]), html.Dd([html.P(said) for said in words])]


def _published(cell: Cell, supply: Supply, accessible: bool) -> list[Component | str]:
    return [
        f"{WORDS[cell.state]}{f' ({cell.detail})' if cell.detail else ''}: ",
        _table_link(supply.dataset, supply.table.title, accessible),
        f". Corte: {cell.cutoff}. Confianza {cell.confidence}.",
    ]


def _instead(item: Instead, accessible: bool) -> list[Component | str]:
    return ["Lo más cercano: ", _table_link(item.dataset, item.title, accessible), f", que {item.why}."]


def _table_link(dataset: str, title: str, accessible: bool) -> Component:
    return html.A(title, href=face_of(f"/datos/{dataset}", accessible).path)


def _requests(row: Row) -> list[Component]:
    if not row.petitions:
        return []
    title = "Texto para pedirlo al Tribunal" if len(row.petitions) == 1 else "Textos para pedirlo al Tribunal"
    return [
        html.P(html.Strong(title), className="solicitud-titulo"),
        *(html.P(text, className="solicitud") for text in row.petitions),
    ]


PAGE = Page(path=PATH, name="Qué falta", build=build, in_menu=False, fixed=True)
