"""Parts of the card of a place: its figure group by group, and where it is among its peers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO, PAIS
from dashboard.kinds import comparacion
from dashboard.kinds.comparacion import Line
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.html import DECLARES
from dashboard.words import WITHHELD, integer, listing

#: What contains a place, by its level.
CONTAINERS = {DEPARTAMENTO: "Departa\u00admento", PAIS: "País"}
#: What stands for a figure that is not published: it may be cut where a card is too narrow for it.
CONFIDENTIAL = "confiden\u00adcial"
#: Fewer peers than these are not drawn.
LEAST_PEERS = 8
#: In how many steps of one line they are told apart.
STEPS = 90


def place_tables(facts: comparacion.Facts) -> list[tuple[str, Component]]:
    """(what it is, table): the selected indicator group by group, if it is divided; and the other indicators, of everybody."""
    names = list(facts.names.values())
    found = [(f"{names[0]}, por grupo", _groups(facts, names))] if facts.groups else []
    rest = facts.lines[1:] if facts.groups else facts.lines
    return [*found, *([(names[0], _comparison(facts, rest, names))] if rest else [])]


def _header(first: str, facts: comparacion.Facts, names: list[str]) -> Component:
    columns = [names[0], *(CONTAINERS[level] for level in list(facts.levels.values())[1:])]
    cells = [html.Th(name, scope="col", className="num") for name in columns]
    return html.Thead(html.Tr([html.Th(first, scope="col"), *cells]))


def _comparison(facts: comparacion.Facts, lines: Sequence[Line], names: list[str]) -> Component:
    """The figures of a place in one column, and those of what contains it in the others."""
    body = [
        html.Tr(
            [
                html.Th(line.indicator.short, scope="row"),
                *(html.Td(_cell(text), className="num") for text in line.texts),
            ]
        )
        for line in lines
    ]
    caption = html.Caption(f"{names[0]} frente a {listing(names[1:])}", className="oculto")
    header = _header("Todas las personas" if facts.groups else "Indicador", facts, names)
    words = any(text == WITHHELD for line in lines for text in line.texts)
    name = "comparacion lugar-y-lo-que-lo-contiene" + (" sobre-sus-cifras" if words else "")
    return html.Table([caption, header, html.Tbody(body)], className=name, style=_columns(names))


def _columns(names: Sequence[str]) -> dict[str, int]:
    """How many places there are side by side, for the style sheet."""
    return {"--lugares": len(names)}


def _groups(facts: comparacion.Facts, names: list[str]) -> Component:
    """The selected indicator, group by group, with how many people it is about in the place."""
    body = [_group(line, chosen=not position) for position, line in enumerate(facts.groups)]
    caption = html.Caption(f"{facts.main.indicator.title}, por grupo", className="oculto")
    header = _header("Por grupo", facts, names)
    return html.Table(
        [caption, header, html.Tbody(body)], className="comparacion por-grupo sobre-sus-cifras", style=_columns(names)
    )


def _group(line: Line, chosen: bool) -> Component:
    name = f"{line.people[0].upper()}{line.people[1:]}"
    size = [html.Small(_size(line.size))] if line.size else []
    cells = [html.Td(_cell(text), className="num") for text in line.texts]
    return html.Tr([html.Th([name, *size], scope="row"), *cells], className="el-pedido" if chosen else None)


def _size(text: str) -> str:
    return "personas: confidencial" if text == WITHHELD else f"{text} personas"


def _cell(text: str) -> Component | str:
    return html.Span(CONFIDENTIAL, className="ficha-confidencial", title=WITHHELD) if text == WITHHELD else text


def strip(facts: comparacion.Facts) -> list[Component]:
    """The place's peers along one line, marked the more strongly where there are more, with it and the country among them."""
    here, peers = facts.main.values[0], facts.peers
    if here is None or len(peers) < LEAST_PEERS or peers[0] == peers[-1]:
        return []
    unit, codes = facts.main.indicator.unit, list(facts.names)
    country = facts.main.values[-1] if len(codes) > 1 else None
    low, high = min(peers[0], here), max(peers[-1], here)

    def at(value: float) -> dict[str, str]:
        return {"--x": f"{(value - low) / (high - low):.4f}"}

    marks: list[Component | Markup] = [_peers(peers, low, high)]
    if country is not None and low <= country <= high:
        marks.append(html.I(className="pais", style=at(country)))
    marks.append(html.I(className="aqui", style=at(here)))
    several = LEVEL_NAMES[MUNICIPIO if facts.levels[codes[0]] == MUNICIPIO else DEPARTAMENTO][1]
    scale = [
        html.Span(unit.write(low)),
        html.Span(f"los {integer(len(peers))} {several} con cifra"),
        html.Span(unit.write(high)),
    ]
    drawn = html.Div(marks, className="tira-lugares", **Attributes({"aria-hidden": "true"}))
    return [drawn, html.P(scale, className="tira-escala")]


@lru_cache(256)
def _peers(peers: tuple[float, ...], low: float, high: float) -> Markup:
    """The marks of the peers along a line: of the same indicator, those of most places are the same."""
    steps = Counter([round(STEPS * (value - low) / (high - low)) for value in peers])
    most = max(steps.values())
    return Markup(
        "".join(
            [
                f'<i{DECLARES}--x:{step / STEPS:.4f};--n:{count / most:.2f}"></i>'
                for step, count in sorted(steps.items())
            ]
        )
    )
