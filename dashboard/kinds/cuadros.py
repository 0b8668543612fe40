"""People abroad by where they live: states of the United States as equal tiles, their cities, and the other countries."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.figures.diaspora import TURNOUT, Reading
from dashboard.kinds.fuera import Scale, Spot, hidden_in, leaders, legend, total_of
from dashboard.view import Result
from dashboard.words import NO_DATA, Figure, Sentence, plural, sentence

#: Of those counted, one.
ONE = {"personas": "persona", "mujeres": "mujer", "hombres": "hombre"}
NO_CENTRE = "sin centro de votación"


@dataclass(frozen=True)
class Facts:
    """The states that have people counted, with their cities, and the other countries, each in the order of its figures.

    `absent` are the states that have nobody counted, with why in words. `who` and `the` name the people; `more` says when.
    """

    states: tuple[Spot, ...]
    countries: tuple[Spot, ...]
    absent: dict[str, tuple[str, str]]
    scale: Scale
    total: Reading
    who: str
    the: str
    more: str

    @property
    def cuenta(self) -> str:
        """What is counted."""
        return self.scale.cuenta

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The classes of the tiles in words."""
        return legend(self.scale, self.states, "estado", "estados")

    @property
    def without_centre(self) -> bool:
        """Whether every state without people counted is one where nobody could vote."""
        return all(why == NO_CENTRE for _, why in self.absent.values())


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many in all, in how many places, where most of them, and in how many it is not said."""
    found = [total_of(facts.total, facts.cuenta, facts.who, facts.the, facts.more)]
    found += _where(facts)
    found += leaders(facts.states, facts.cuenta, "el estado", "los estados")
    cities = [city for state in facts.states for city in state.inside]
    found += hidden_in((*facts.states, *facts.countries), "estado o país", "estados o países")
    found += hidden_in(cities, "ciudad", "ciudades")
    return tuple(found)


def _where(facts: Facts) -> list[Sentence]:
    """The states with a figure that is not zero, and the people of other countries."""
    states = [spot for spot in facts.states if spot.value]
    if not states:
        return []
    count = Figure(plural(len(states), "estado", "estados"), len(states))
    found = [sentence("Hay cifra publicada de {count} de los Estados Unidos.", count=count)]
    for spot in (spot for spot in facts.countries if spot.value is not None):
        found.append(sentence("{name}: {value}.", name=spot.name, value=Figure(spot.text, spot.value)))
    return found


def spoken(facts: Facts, spot: Spot) -> str:
    """A state as a screen reader says it: «California: 25,612 personas; 2 ciudades»."""
    if spot.value is None:
        said = spot.text
    elif facts.cuenta == TURNOUT:
        said = f"participación de {spot.text}"
    else:
        noun = facts.who.partition(" ")[0]
        said = f"{spot.text} {ONE.get(noun, noun) if spot.value == 1 else noun}"
    cities = f"; {plural(len(spot.inside), 'ciudad', 'ciudades')}" if spot.inside else ""
    return f"{spot.name}: {said}{cities}"


def figure(facts: Facts) -> dict[str, object]:
    """The paint: {code of the state: [class, figure as written]}, and the legend."""
    painted = {spot.code: [spot.css, spot.text] for spot in facts.states}
    return {"pintura": painted, "leyenda": facts.legend, "sin_dato": NO_DATA}
