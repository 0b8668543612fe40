"""What the pages about the vote abroad show of the people that a release counts there one by one: by any group it crosses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from markupsafe import Markup

from dashboard.address.abroad import people
from dashboard.address.selection import URL_NAMES
from dashboard.figures import diaspora
from dashboard.figures.diaspora import ESTADO, ORIGEN, PLACE
from dashboard.figures.measures import Unaskable
from dashboard.indicators.offers import DIASPORA
from dashboard.kinds import fuera, matriz
from dashboard.kinds.classes import NO_CLASS
from dashboard.pages import cruces
from dashboard.pages.diaspora_asked import AGES, FROM, MATRIX, OWN, PYRAMID, TURNOUT, WHERE, Diaspora, Part
from dashboard.pages.diaspora_form import form, sexes, why_not
from dashboard.pages.form import controls, options_form
from dashboard.render import blocks, diaspora_vote
from dashboard.render import diaspora as drawn
from dashboard.render.dash_doors import Component, html
from dashboard.render.plano import painted_map
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS
from dashboard.words import NO_DATA, listing, long_date

MOST_NAMED = 3
TITLE = "¿Desde dónde votan los guatemaltecos en el extranjero, y de dónde son?"


# --- The head of the page -----------------------------------------------------------------------------------------------


def head(found: Diaspora) -> list[Component | Markup]:
    """The answer, what had to be corrected and the filters."""
    return [*answer(found), *blocks.corrections(found.parts[WHERE].notices), form(found), *why_not(found)]


def answer(found: Diaspora) -> list[Component]:
    """How many, where, and of how many places it is not said."""
    part = found.parts[WHERE]
    sentences = part.answer.sentences if part.answer else ()
    spoken = [piece for item in sentences[:3] for piece in [*blocks.words(item), " "]]
    return [
        html.P(spoken or f"{part.why}.", className="respuesta"),
        *(html.P(blocks.words(item), className="hallazgo") for item in sentences[3:]),
    ]


def described(found: Diaspora) -> str:
    """The answer as plain text."""
    part = found.parts[WHERE]
    return " ".join(item.plain() for item in part.answer.sentences[:3]) if part.answer else part.why


def key_figures(found: Diaspora) -> list[tuple[str, str, str]]:
    """Of everything that is counted, its title, the figure of all the people abroad and when it is of."""
    data, offer = found.site.data, found.site.offer(DIASPORA)
    figures = []
    for cuenta, title in offer.indicators.items():
        question = people().asked({"cuenta": cuenta}, offer).selection
        total = diaspora.read(data, question, ()).get((), diaspora.NOTHING)
        when = long_date(diaspora.day_of(data, question))
        words = fuera.election(data, question) if question.eleccion else f"al {when}"
        figures.append((title, fuera.unit(cuenta).write(total.value) if total.value is not None else total.why, words))
    return figures


def painted_states(found: Diaspora) -> dict[str, list[object]]:
    """The class of each state, by its number, and its figure."""
    answered = found.answer(WHERE)
    spots = answered.facts.states if answered else ()
    known = {spot.code: [int(spot.css[1:]), spot.text] for spot in spots if spot.value is not None}
    return {code: known.get(code, [NO_CLASS, NO_DATA]) for code in found.site.data.states_map["estados"]}


# --- The sections -------------------------------------------------------------------------------------------------------


def sections(found: Diaspora) -> list[Component]:
    """Everything that is shown of the people abroad, question by question."""
    return [where(found), origins(found), *_pair(found, [PYRAMID, AGES]), *turnout(found)]


def where(found: Diaspora) -> Component:
    """Tiles of states, and the list of states, cities and other countries."""
    part = found.parts[WHERE]
    if part.answer is None:
        return _section("donde", "¿Dónde viven?", [_lacking(found, part)])
    ways = found.ways("donde")
    tiled = html.Div([html.H2(part.answer.question), drawn.tiles(part.answer, ways), *_data(found, part.answer)])
    listed = html.Div([html.H2("Estados y ciudades"), drawn.places_list(part.answer, ways)], className="lugares-fuera")
    return html.Section(html.Div([tiled, listed], className="donde-columnas"), id="donde", className="parte-fuera")


def origins(found: Diaspora) -> Component:
    """The map of where they come from, beside the matrix of where they live."""
    part, crossed = found.parts[FROM], found.parts[MATRIX]
    if part.answer is None:
        return _section("origen", "¿De dónde son?", [_lacking(found, part)])
    left: list[Component | Markup] = [
        html.H3(_whom(part.answer)),
        origin_map(found.site, part.answer, found.chosen.get(ORIGEN, "")),
    ]
    left += [*_of_origin(found), *_data(found, part.answer)]
    right: list[Component | Markup] = [
        html.H3(crossed.answer.question if crossed.answer else "De qué departamento a qué estado")
    ]
    if crossed.answer:
        right += _told(crossed.answer, crossed, part)
        right += sexes(found, OWN[MATRIX], "origen")
        right += [drawn.heat_table(crossed.answer, found.ways("origen")), *_one_column(found, crossed.answer)]
        right += [blocks.source_line(crossed.answer.sources), *_in_crosses(found)]
    else:
        right += [_lacking(found, crossed), drawn.origin_bars(part.answer, found.ways("origen"))]
    body = [
        *_told(part.answer, part, found.parts[WHERE]),
        html.Div([html.Div(left), html.Div(right)], className="de-donde"),
    ]
    return _section("origen", part.answer.question, body)


def _in_crosses(found: Diaspora) -> list[Component]:
    """The way to the same cross in the page of the crosses, which counts the same by the same names but for the turnout."""
    if found.question.cuenta == diaspora.TURNOUT:
        return []
    who = tuple(pair for pair in found.question.who if pair[0] not in OWN[MATRIX])
    asked = replace(found.question, who=who).parameters()
    two = {"filas": URL_NAMES[ORIGEN], "columnas": URL_NAMES[ESTADO]}
    href = f"{found.face(cruces.PATH)}?{urlencode({**asked, **two})}"
    return [html.P(html.A("Abrir este cruce en Cruces", href=href))]


def _whom(answer: Answer) -> str:
    who: str = answer.facts.who
    return f"{who[:1].upper()}{who[1:]}, por departamento de origen"


def origin_map(site: Site, answer: Answer, chosen: str) -> Component:
    """The map of Guatemala painted by departamento of origin."""
    label = f"Mapa de Guatemala por departamento de origen. {' '.join(item.plain() for item in answer.sentences)}"
    names = {spot.code: spot.name for spot in answer.facts.places}
    try:
        plano = painted_map(site.shapes(None), answer.figure, "departamento", chosen or None, label, names)
    except Unaskable as error:
        return html.P(f"Sin mapa: {error}.", className="nota")
    return html.Figure(
        [html.Div(plano, className="mapa mapa-origen"), drawn.key(answer.facts.legend)], className="figura-origen"
    )


def _of_origin(found: Diaspora) -> list[Component]:
    """How the two are read together: with a departamento chosen, where those of it live."""
    answered, code = found.answer(MATRIX), found.chosen.get(ORIGEN, "")
    if answered is None:
        return []
    facts: matriz.Facts = answered.facts
    row = next((spot for spot in facts.rows if spot.code == code), None)
    if row is None:
        return [html.P("Elija un departamento en la tabla para verlo también en el mapa.", className="nota")]
    known = [
        (column.name, facts.cells[(code, column.code)])
        for column in facts.columns
        if (code, column.code) in facts.cells
    ]
    where = [f"{name} ({cell.text})" for name, cell in known if cell.value][:MOST_NAMED]
    said = f" Entre las cifras publicadas: {listing(where)}." if where else ""
    return [html.P([html.Strong("Elegido: "), f"{row.name}, {row.text}.{said}"], className="como-se-lee")]


def _one_column(found: Diaspora, answer: Answer) -> list[Component]:
    """For a phone, where the matrix does not fit: a state is chosen and its column is seen as bars."""
    facts: matriz.Facts = answer.facts
    if not facts.columns:
        return []
    codes = {spot.code: spot.name for spot in facts.columns}
    chosen = found.chosen.get(ESTADO, "")
    place = chosen if chosen in codes else facts.columns[0].code
    kept = {**replace(found.question, who=_without(found, PLACE)).parameters(), **found.rest}
    parameters = people().parameters(found.site.offer(DIASPORA))
    offered = next((item for item in parameters if item.column == ESTADO), None)
    if offered is None:
        return []
    states = {code: name for code, name in codes.items() if code in offered.values}
    shown = replace(found.question, who=((ESTADO, place),))
    chooser = options_form(
        controls([replace(offered, title="Quienes viven en", values=states, everything="")], shown),
        f"{found.request.face.path}#origen",
        "Ver",
        kept,
        "c",
    )
    return [html.Div([chooser, drawn.column_bars(answer, place)], className="solo-angosto")]


def _without(found: Diaspora, columns: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in found.question.who if pair[0] not in {*columns})


def _pair(found: Diaspora, names: list[str]) -> list[Component]:
    """Two charts side by side."""
    draw = {PYRAMID: drawn.pyramid, AGES: drawn.ages}
    figures = []
    for name in names:
        part = found.parts[name]
        if part.answer is None:
            figures.append(html.Figure([html.H2(VIEWS[name].title), _lacking(found, part)]))
            continue
        words = _told(part.answer, part, found.parts[WHERE])
        figures.append(
            html.Figure([html.H2(part.answer.question), *words, draw[name](part.answer), *_data(found, part.answer)])
        )
    return [html.Section(html.Div(figures, className="par-fuera"), className="parte-fuera")]


def turnout(found: Diaspora) -> list[Component]:
    """Who voted, of a thousand in each election, and where; nothing when the release counts no election."""
    part = found.parts[TURNOUT]
    if part.answer is None:
        return []
    chosen = found.chosen.get(ESTADO, "")
    left = html.Div([*_told(part.answer, part, found.parts[WHERE]), diaspora_vote.squares(part.answer)])
    right = html.Div([html.H3("Por lugar"), diaspora_vote.turnout(part.answer, chosen), *_data(found, part.answer)])
    return [_section("voto", part.answer.question, [html.Div([left, right], className="par-fuera")])]


def _section(anchor: str, title: str, inside: list[Component]) -> Component:
    return html.Section([html.H2(title), *inside], id=anchor, className="parte-fuera")


def _told(answer: Answer, part: Part, before: Part) -> list[Component]:
    """The sentences of an answer and what it could not honour, unless it was said before."""
    words = [html.P(blocks.words(item), className="frase") for item in answer.sentences]
    return [*words, *(html.P(text, className="nota aviso") for text in part.notices if text not in before.notices)]


def _data(found: Diaspora, answer: Answer) -> list[Component | Markup]:
    return blocks.chart_data(answer, answer.selection, found.request.face, warned=False)


def _lacking(found: Diaspora, part: Part) -> Component:
    """Why there is no answer, and where to ask for it."""
    link = html.A("Qué falta por publicar", href=found.face("/que-falta"))
    return html.P([f"Esta publicación no trae ese cruce: {part.why}. ", link], className="frase")


def foot(found: Diaspora) -> list[Component]:
    """The files of what is shown, its address and those for programs."""
    return [
        blocks.downloads(found.answers, found.request.face.accessible),
        drawn.addresses(found.answers, found.url(found.question)),
    ]
