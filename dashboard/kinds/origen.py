"""People abroad by the departamento that they come from: the map of Guatemala."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.figures.diaspora import Reading
from dashboard.kinds.fuera import Scale, Spot, hidden_in, leaders, legend, total_of
from dashboard.view import Result
from dashboard.words import Sentence


@dataclass(frozen=True)
class Facts:
    """The departamentos in the order of their figures. `who` and `the` name the people; `more` says when."""

    places: tuple[Spot, ...]
    scale: Scale
    total: Reading
    who: str
    the: str
    more: str

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The classes of the map in words."""
        return legend(self.scale, self.places, "departamento", "departamentos")


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """Where most of them come from, and of how many departamentos it is not said."""
    said = leaders(facts.places, facts.scale.cuenta, "el departamento", "los departamentos")
    said = said or [total_of(facts.total, facts.scale.cuenta, facts.who, facts.the, facts.more)]
    return (*said, *hidden_in(facts.places, "departamento", "departamentos"))


def figure(facts: Facts) -> dict[str, object]:
    """The paint: {code: [class, figure as written]}, the style of each class, and the legend."""
    return {
        "pintura": {spot.code: [spot.css, spot.text] for spot in facts.places},
        "clases": {spot.css: spot.css for spot in facts.places},
        "leyenda": facts.legend,
        "paleta": "secuencial",
    }
