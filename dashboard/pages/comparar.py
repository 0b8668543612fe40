"""/comparar?lugares=0101,1601: two to five territories side by side."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from markupsafe import Markup

from dashboard.address.parameters import Asked
from dashboard.address.phrases import full_name
from dashboard.address.selection import COMPARED, Selection
from dashboard.address.vocabulary import MOST_COMPARED, Offer
from dashboard.figures.elections import ELECTION
from dashboard.pages import coarser
from dashboard.pages.ficha import address
from dashboard.pages.filters import CUTOFF, SEX
from dashboard.pages.form import controls, options_form, trait_control, ungrouped
from dashboard.pages.model import Page, Request, Screen, Understood, told
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.jinja import render
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.words import WITHHELD, listing

PATH = "/comparar"
LONGEST_NAME = 80
#: Places offered when what was typed may be several.
MOST_CANDIDATES = 20


def build(site: Site, request: Request) -> Screen:
    """The comparison, and the form that adds a place to it."""
    offer = site.offer("comparar")
    asked, candidates, added = _asked(site, request)
    selection, lugares = asked.selection, asked.selection.lugares
    notices = [*told(asked, COMPARED, offer), *added]
    names = [full_name(code, site.territories) for code in lugares]
    answer = site.answer("comparar", selection) if len(lugares) > 1 else None
    content = html.Div(
        [
            html.H1(answer.question if answer else "Compare lugares"),
            html.P(_intro(names), className="respuesta"),
            *blocks.corrections(notices, coarser.way(site, offer, asked, request.face)),
            *_candidates(site, candidates, selection, request.face),
            _form(site, selection, request.face),
            _chosen(site, selection, request.face),
            *([_filters(offer, selection, request.face)] if answer else []),
            *(_comparison(answer, selection, request.face.accessible) if answer else []),
        ],
        className="comparar",
    )
    return Screen(
        title=f"{listing(names) if names else 'Comparar lugares'} | Padrón Abierto",
        description="Las cifras del padrón de hasta cinco municipios o departamentos de Guatemala, lado a lado.",
        content=(content,),
        query_string=selection.url("") if lugares else "",
    )


def _asked(site: Site, request: Request) -> tuple[Asked[Selection], tuple[str, ...], list[str]]:
    """What is asked, with the place that was typed added; or the places to choose it from, and what must be said."""
    offer = site.offer("comparar")
    asked = COMPARED.asked(request.query, offer)
    typed = (request.query.get("agregar") or "").strip()[:LONGEST_NAME]
    lugares, candidates, added = _with_added(site, asked.selection.lugares, typed)
    if lugares != asked.selection.lugares:
        asked = COMPARED.asked({**request.query, "lugares": ",".join(lugares)}, offer)
    return asked, candidates, added


def _asks(site: Site, request: Request) -> Understood:
    asked, candidates, added = _asked(site, request)
    said = told(asked, COMPARED, site.offer("comparar"))
    return Understood(asked.selection.url("") if asked.selection.lugares else "", bool(said or candidates or added))


def _with_added(site: Site, lugares: tuple[str, ...], typed: str) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """The places after adding the one typed; or the candidates to choose from, and what must be said."""
    if not typed:
        return lugares, (), []
    if len(lugares) >= MOST_COMPARED:
        return lugares, (), [f"Ya hay {MOST_COMPARED} lugares: quite uno para agregar otro."]
    found = site.found_places.find(typed)
    if found.one:
        return tuple(dict.fromkeys((*lugares, found.one))), (), []
    if not found.codes:
        return lugares, found.nearest, [f"No encontramos «{typed}»."]
    return lugares, found.codes[:MOST_CANDIDATES], []


def _intro(names: list[str]) -> str:
    if len(names) > 1:
        return f"{listing(names)}, lado a lado."
    if names:
        return f"Agregue otro lugar para compararlo con {names[0]}."
    return "Elija de dos a cinco municipios o departamentos para ver sus cifras lado a lado."


def _candidates(site: Site, codes: tuple[str, ...], selection: Selection, face: Face) -> list[Component]:
    if not codes:
        return []
    items = [
        html.Li(
            html.A(full_name(code, site.territories), href=face.link(selection, lugares=(*selection.lugares, code)))
        )
        for code in codes
    ]
    return [html.Section([html.H2("¿Cuál de estos?"), html.Ul(items, className="lugares")])]


def _form(site: Site, selection: Selection, face: Face) -> Markup:
    names = [full_name(code, site.territories) for code in site.territories.by_name]
    return render("agregar.html.j2", path=face.path, kept=selection.parameters(), names=names)


def _filters(offer: Offer, selection: Selection, face: Face) -> Markup:
    """Of whom and of when: what is not chosen is told of every election and of every cut-off."""
    declared = [item for item in COMPARED.parameters(offer) if item.control]
    traits = [item for item in declared if item.group and item.column != SEX]
    whole = {ELECTION: "Todas", CUTOFF: "Todos"}
    shown = [
        replace(item, everything=whole.get(item.name, item.everything))
        for item in declared
        if item not in traits and (item.name != CUTOFF or len(item.values) > 1)
    ]
    found = controls(shown, selection)
    if traits:
        found.append(trait_control(traits, selection))
    return options_form(found, face.path, "Ver", {"lugares": ",".join(selection.lugares)})


def _moved(site: Site, request: Request) -> str | None:
    query = ungrouped(request.query)
    return f"{request.face.path}?{urlencode(query, safe=',')}" if query is not None else None


def _chosen(site: Site, selection: Selection, face: Face) -> Component:
    items = []
    for code in selection.lugares:
        name = full_name(code, site.territories)
        rest = tuple(other for other in selection.lugares if other != code)
        items.append(
            html.Li(
                [
                    html.A(name, href=address(code, face.accessible)),
                    " ",
                    html.A(
                        "Quitar",
                        href=face.link(selection, lugares=rest),
                        className="boton",
                        **Attributes({"aria-label": f"Quitar {name}"}),
                    ),
                ]
            )
        )
    return html.Ul(items, className="elegidos", **Attributes({"aria-label": "Lugares elegidos"}))


def _comparison(answer: Answer, selection: Selection, accessible: bool) -> list[Component | Markup]:
    facts = answer.facts
    head = html.Tr(
        [
            html.Th("Indicador", scope="col"),
            *(html.Th(name, scope="col", className="num") for name in facts.names.values()),
        ]
    )
    body = [
        html.Tr(
            [
                html.Th(line.indicator.short, scope="row"),
                *(html.Td(text, className=_style(text)) for text in line.texts),
            ]
        )
        for line in facts.lines
    ]
    inner = html.Table(
        [html.Caption(answer.title), html.Thead(head), html.Tbody(body)],
        className="tabla lado-a-lado",
        style={"--lugares": len(facts.names)},
    )
    return [
        html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": answer.title})),
        html.H2("En palabras"),
        html.Ul([html.Li(blocks.words(item)) for item in answer.sentences], className="prosa"),
        *blocks.notes(answer),
        blocks.source_line(answer.sources),
        blocks.downloads([answer], accessible),
    ]


def _style(text: str) -> str:
    return "num confidencial" if text == WITHHELD else "num"


PAGE = Page(
    path=PATH,
    name="Comparar",
    build=build,
    in_menu=False,
    asks=_asks,
    moved=_moved,
    scripts=("buscador.js", "vivo.js"),
)
