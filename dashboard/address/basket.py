"""The query string of an analysis: the figures that it gathers, each with its own question, in one parameter.

`padron_mapa~nivel~departamento.extranjero_serie` are two: a view, then the name and the value of each thing that is asked of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from dashboard.address.parameters import Parameter, Question

#: What is between two figures, and between what is said of one: neither is changed by the rules of an address.
BETWEEN, WITHIN = ".", "~"
#: An address that is sent by post or in a message should not be cut.
MOST_FIGURES = 20
LONGEST_FIGURE = 600

FIGURES = Parameter(
    "tarjetas",
    "Tarjetas",
    f"Las cifras que se reúnen, hasta {MOST_FIGURES}: cada una, el nombre de su vista y lo que se le pide",
    {},
    most=MOST_FIGURES,
    control=False,
)
ADDED = Parameter("agregar", "Agregar", "La dirección de otra cifra de este sitio, que se agrega", {}, control=False)


@dataclass(frozen=True)
class Basket(Question):
    """The figures that an address gathers, as it says them."""

    tarjetas: str = ""

    @property
    def figures(self) -> tuple[str, ...]:
        """Each figure, in order."""
        return tuple(text for text in self.tarjetas.split(BETWEEN) if text)

    def of(self, figures: tuple[str, ...]) -> Basket:
        """The same with other figures."""
        return Basket(BETWEEN.join(figures))

    def without(self, figure: str) -> Basket:
        """The same without a figure."""
        return self.of(tuple(one for one in self.figures if one != figure))

    def after(self, figure: str) -> Basket:
        """The same with a figure one place earlier."""
        before = list(self.figures)
        at = before.index(figure)
        before[max(0, at - 1) : at + 1] = reversed(before[max(0, at - 1) : at + 1])
        return self.of(tuple(before))


def figure_of(view: str, asked: Mapping[str, str]) -> str:
    """How an address says a figure: a view, and what is asked of it."""
    return WITHIN.join([view, *(_quoted(text) for pair in asked.items() for text in pair)])


def read_figure(text: str) -> tuple[str, dict[str, str]]:
    """The view of a figure, and what is asked of it. What has no value is said with an empty one."""
    view, *rest = text[:LONGEST_FIGURE].split(WITHIN)
    pairs = [*rest, *([""] if len(rest) % 2 else [])]
    said = [unquote(part, errors="replace") for part in pairs]
    return view, dict(zip(said[::2], said[1::2], strict=True))


def _quoted(text: str) -> str:
    return quote(text, safe=",").replace(BETWEEN, "%2E").replace(WITHIN, "%7E")
