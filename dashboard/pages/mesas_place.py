"""The card of the place on /participacion/mesas: where one is, from the country down to a centre, and the way further in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dashboard.address.selection import Selection
from dashboard.figures.polling import Agreement
from dashboard.indicators.offers import ACTAS as TOPIC
from dashboard.kinds import mesas
from dashboard.render import blocks
from dashboard.render import mesas as drawn
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.words import PERCENT, integer, plural
from etl.country import COUNTRY, departamento_of, is_municipio

NO_CENTRE = "La fuente no dice en qué centro de votación estuvo cada mesa."
#: Places in a list, those that agree least first.
ORDER = "Los que menos coinciden van primero."
Line = tuple[str, str, Agreement]


@dataclass(frozen=True)
class Card:
    """The card of one selection: `found` are the answers of the page."""

    site: Site
    found: dict[str, Answer]
    selection: Selection
    face: Face

    def component(self) -> Component:
        """The way from the country to where one is, how many tables agree at each step, and what is inside."""
        code = self._code
        steps = [(self._name(place), self._at(place), self._sum(place)) for place in self._chain]
        if self.selection.centro:
            steps.append((self._centre, self._at(code, self.selection.centro), mesas.agreement(self._facts.tables)))
        route = [self._step(line, number == len(steps)) for number, line in enumerate(steps, start=1)]
        return html.Section(
            [html.Ol(route, className="ruta"), *(self._municipio() if self.selection.lugar else self._inside())],
            id="lugar",
            className="tarjeta ficha-lugar" if code else "tarjeta",
            **Attributes({"aria-label": "El lugar y lo que lo contiene"}),
        )

    def trail(self) -> list[Component]:
        """The links from the country to the place, or to its centre, for what is inside it."""
        links: list[Component] = [
            html.A(self.site.names.get(code, COUNTRY.name), href=self._at(code)) for code in self._chain
        ]
        if self.selection.centro:
            links.append(html.A(self._centre, href=self._at(self._code, self.selection.centro)))
        return links

    # --- Where one is --------------------------------------------------------------------------------------------------

    @property
    def _code(self) -> str:
        """The place; those abroad have no card of their own."""
        departamento = self.selection.departamento
        return self.selection.lugar or ("" if departamento == COUNTRY.abroad else departamento or "")

    @property
    def _chain(self) -> Sequence[str]:
        return tuple(reversed(self.site.territories.containing(self._code)))

    @property
    def _centre(self) -> str:
        return f"Centro {self.selection.centro}"

    @property
    def _facts(self) -> mesas.Facts:
        found: mesas.Facts = self.found["participacion_mesas"].facts
        return found

    @cached_property
    def _by_code(self) -> dict[str, Agreement]:
        """The agreement of each municipio; of an election of one ballot, only how many tables there are."""
        event = self.selection.eleccion
        there = Counter(place for place, _ in self.site.offer(TOPIC).mesas_of.get(event, {}).values())
        places = self.site.answer("participacion_coincidencia", replace(self.selection, departamento=None)).facts.places
        compared = {place.code: place.agreement for place in places}
        return {code: item if item.tables else Agreement(tables=there[code]) for code, item in compared.items()}

    def _sum(self, code: str) -> Agreement:
        inside = (item for place, item in self._by_code.items() if code in ("", place, departamento_of(place)))
        return sum(inside, Agreement())

    def _name(self, code: str) -> str:
        return self.site.names[code] if code else f"{COUNTRY.name}, el país"

    def _at(self, code: str, centre: str | None = None) -> str:
        """The address of a place: the country, a departamento, a municipio or one of its centres."""
        departamento, lugar = (None, code) if is_municipio(code) else (code or None, None)
        there = replace(self.selection, departamento=departamento, lugar=lugar, centro=centre, mesa=None)
        return f"{there.url(self.face.path)}#lugar"

    def _table_at(self, number: str) -> str:
        return f"{replace(self.selection, mesa=number, departamento=None).url(self.face.path)}#mesa"

    def _step(self, line: Line, last: bool) -> Component:
        name, address, item = line
        label = html.B(name) if last and not self.selection.mesa else html.A(name, href=address)
        return html.Li([label, html.Span(_share(item) or _tables(item))], **drawn.current(last))

    # --- What is inside ------------------------------------------------------------------------------------------------

    def _inside(self) -> list[Component]:
        """The places of the next level."""
        inside = self.site.territories.inside(self._code)
        lines = [(self._name(place), self._at(place), self._sum(place)) for place in inside]
        what = "Elija un municipio" if self._code else "Elija un departamento"
        return _choice(
            what, [line for line in lines if line[-1].tables], " También puede escribir el número de una mesa."
        )

    def _municipio(self) -> list[Component | str]:
        """How many polling tables of a municipio, or of a centre, agree, each of them, and the way to its centres."""
        answer, facts, chosen = self.found["participacion_mesas"], self._facts, self.selection.mesa
        if not facts.tables:
            return [html.P("No hay mesas de este municipio en la publicación.")]
        return [
            *_agreeing(answer, chosen),
            *([] if self._all_listed else drawn.farthest(facts, chosen, self._table_at)),
            *self._centres(),
            html.P(html.A(_every(len(facts.tables)), href="#lista-de-mesas", className="boton")),
            blocks.source_line(answer.sources),
        ]

    @property
    def _all_listed(self) -> bool:
        """Whether the tables are listed one by one: those of a centre, and those of one ballot that nobody gives a centre."""
        return bool(self.selection.centro) or (self._facts.ballots < 2 and not self._facts.centres)

    def _centres(self) -> list[Component | str]:
        """The centres of a municipio; or, of one of them, its tables; or that nobody says which they are."""
        facts = self._facts
        unknown = [] if facts.centres else [html.P(NO_CENTRE, className="nota")]
        if self._all_listed:
            return [*drawn.all_tables(facts, self.selection.mesa, self._table_at), *unknown]
        lines = [
            (f"Centro {code}", self._at(self._code, code), mesas.agreement(rows))
            for code, rows in facts.centres.items()
        ]
        return [*(_choice("Elija un centro de votación", lines) if lines else []), *unknown]


def _choice(what: str, lines: Sequence[Line], more: str = "") -> list[Component]:
    """Places to choose from, those that agree least first: one more step in."""
    if not lines:
        return [html.P("No hay mesas de este lugar en la publicación.")]
    ordered = sorted(lines, key=_agrees_least)
    items = [
        html.Li(
            [html.A(name, href=address), html.Span(_tables(item)), *([html.B(said)] if (said := _share(item)) else [])]
        )
        for name, address, item in ordered
    ]
    how = (ORDER if any(item.whole for _, _, item in lines) else "") + more
    return [
        html.H3(what),
        *([html.P(how.strip(), className="nota")] if how else []),
        html.Ol(items, className="lista-mesas larga"),
    ]


def _agreeing(answer: Answer, chosen: str | None) -> list[Component | str]:
    """How many tables agree, as a figure and as squares; in words where none can be compared."""
    facts: mesas.Facts = answer.facts
    said = [html.P(blocks.words(item), className="nota") for item in answer.sentences[1:]]
    if facts.ballots < 2:
        return [html.P(blocks.words(answer.sentences[0])), *said]
    big = html.P(
        [
            html.Strong(f"{integer(facts.equal)} de {integer(facts.whole)}"),
            html.Span(f"mesas con los {facts.several} totales iguales"),
        ],
        className="cifra-grande",
    )
    return [
        big if facts.whole else html.P(blocks.words(answer.sentences[0])),
        drawn.table_squares(facts, chosen),
        *said,
    ]


def _every(count: int) -> str:
    return "Ver la mesa" if count == 1 else f"Ver las {integer(count)} mesas"


def _agrees_least(line: Line) -> float:
    """The order of a list: what cannot be compared goes last."""
    share = line[-1].share
    return 101.0 if share is None else share


def _share(item: Agreement) -> str:
    """How many of every hundred agree, as it is written; nothing where no table can be compared."""
    return PERCENT.write(item.share) if item.whole else ""


def _tables(item: Agreement) -> str:
    return plural(item.whole or item.tables, "mesa", "mesas")
