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
from dashboard.render.html import DECLARES, piece, text
from dashboard.words import WITHHELD, integer, listing

#: What contains a place, by its level.
CONTAINERS = {DEPARTAMENTO: "Departa\u00admento", PAIS: "País"}
#: What stands for a figure that is not published: it may be cut where a card is too narrow for it.
CONFIDENTIAL = "confiden\u00adcial"
HIDDEN = f'<span class="ficha-confidencial" title="{WITHHELD}">{CONFIDENTIAL}</span>'
#: Fewer peers than these are not drawn.
LEAST_PEERS = 8
#: In how many steps of one line they are told apart.
STEPS = 90


def place_tables(facts: comparacion.Facts) -> list[tuple[str, str]]:
    """(what it is, table): the selected indicator group by group, if it is divided; and the other indicators, of everybody."""
    names = list(facts.names.values())
    found = [(f"{names[0]}, por grupo", _groups(facts, names))] if facts.groups else []
    rest = facts.lines[1:] if facts.groups else facts.lines
    return [*found, *([(names[0], _comparison(facts, rest, names))] if rest else [])]


def _header(first: str, facts: comparacion.Facts, names: list[str]) -> str:
    columns = [names[0], *(CONTAINERS[level] for level in list(facts.levels.values())[1:])]
    cells = "".join([f'<th class="num" scope="col">{text(name)}</th>' for name in columns])
    return f'<thead><tr><th scope="col">{first}</th>{cells}</tr></thead>'


def _comparison(facts: comparacion.Facts, lines: Sequence[Line], names: list[str]) -> str:
    """The figures of a place in one column, and those of what contains it in the others."""
    body = [f'<tr><th scope="row">{text(line.indicator.short)}</th>{_cells(line)}</tr>' for line in lines]
    caption = f"{names[0]} frente a {listing(names[1:])}"
    header = _header("Todas las personas" if facts.groups else "Indicador", facts, names)
    hidden = any(written == WITHHELD for line in lines for written in line.texts)
    classes = "comparacion lugar-y-lo-que-lo-contiene" + (" sobre-sus-cifras" if hidden else "")
    return _table(caption, header, body, classes, names)


def _table(caption: str, header: str, body: Sequence[str], classes: str, names: Sequence[str]) -> str:
    """A table of some places side by side: the style sheet is told how many they are."""
    inside = f'<caption class="oculto">{text(caption)}</caption>{header}<tbody>{"".join(body)}</tbody>'
    return piece("table", inside, classes, f"--lugares:{len(names)}")


def _groups(facts: comparacion.Facts, names: list[str]) -> str:
    """The selected indicator, group by group, with how many people it is about in the place."""
    body = [_group(line, chosen=not position) for position, line in enumerate(facts.groups)]
    caption = f"{facts.main.indicator.title}, por grupo"
    return _table(caption, _header("Por grupo", facts, names), body, "comparacion por-grupo sobre-sus-cifras", names)


def _group(line: Line, chosen: bool) -> str:
    name = f"{line.people[0].upper()}{line.people[1:]}"
    size = f"<small>{text(_size(line.size))}</small>" if line.size else ""
    own = ' class="el-pedido"' if chosen else ""
    return f'<tr{own}><th scope="row">{text(name)}{size}</th>{_cells(line)}</tr>'


def _size(written: str) -> str:
    return "personas: confidencial" if written == WITHHELD else f"{written} personas"


def _cells(line: Line) -> str:
    return "".join([f'<td class="num">{HIDDEN if said == WITHHELD else text(said)}</td>' for said in line.texts])


def strip(facts: comparacion.Facts) -> list[Markup]:
    """The place's peers along one line, marked the more strongly where there are more, with it and the country among them."""
    here, peers = facts.main.values[0], facts.peers
    if here is None or len(peers) < LEAST_PEERS or peers[0] == peers[-1]:
        return []
    unit, codes = facts.main.indicator.unit, list(facts.names)
    country = facts.main.values[-1] if len(codes) > 1 else None
    low, high = min(peers[0], here), max(peers[-1], here)

    def mark(classes: str, value: float) -> str:
        return piece("i", "", classes, f"--x:{(value - low) / (high - low):.4f}")

    among = mark("pais", country) if country is not None and low <= country <= high else ""
    marks = f"{_peers(peers, low, high)}{among}{mark('aqui', here)}"
    several = LEVEL_NAMES[MUNICIPIO if facts.levels[codes[0]] == MUNICIPIO else DEPARTAMENTO][1]
    scale = (unit.write(low), f"los {integer(len(peers))} {several} con cifra", unit.write(high))
    ends = "".join([f"<span>{text(said)}</span>" for said in scale])
    return [Markup(f'<div aria-hidden="true" class="tira-lugares">{marks}</div>{piece("p", ends, "tira-escala")}')]


@lru_cache(256)
def _peers(peers: tuple[float, ...], low: float, high: float) -> str:
    """The marks of the peers along a line: of the same indicator, those of most places are the same."""
    steps = Counter([round(STEPS * (value - low) / (high - low)) for value in peers])
    most = max(steps.values())
    return "".join(
        [f'<i{DECLARES}--x:{step / STEPS:.4f};--n:{count / most:.2f}"></i>' for step, count in sorted(steps.items())]
    )
