"""The ages of the people abroad beside those of the people inside the country, age by age."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.view import Result
from dashboard.words import NO_DATA, PERCENT, Figure, Sentence, Unit, listing, sentence

MOST_NAMED = 3


@dataclass(frozen=True)
class Age:
    """An age group: its figure abroad and inside, each with why it is not published when it is not."""

    code: str
    name: str
    abroad: float | None
    inside: float | None
    why: str
    hidden: bool


@dataclass(frozen=True)
class Facts:
    """The ages from the youngest. A figure is a share of all ages or, with `turnout`, the turnout of each age."""

    ages: tuple[Age, ...]
    unit: Unit
    turnout: bool
    who: str

    @property
    def widest(self) -> float:
        """The longest bar."""
        return max((value or 0 for age in self.ages for value in (age.abroad, age.inside)), default=0)

    def write(self, value: float | None, age: Age) -> str:
        """A figure as a reader sees it."""
        return self.unit.write(value) if value is not None else age.why if age.hidden else NO_DATA


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """Which ages weigh more abroad than inside, among those published."""
    known = [age for age in facts.ages if age.abroad is not None and age.inside is not None]
    hidden = [age.name for age in facts.ages if age.hidden]
    said = []
    if known:
        top = max(known, key=lambda age: age.abroad or 0)
        said.append(
            sentence(
                "{among}la edad con la cifra más alta fuera es la de {name}: {abroad}; dentro del país, {inside}.",
                among="Entre las edades con cifra publicada, " if hidden else "De todas las edades, ",
                name=top.name.lower(),
                abroad=Figure(facts.unit.write(top.abroad), top.abroad),
                inside=Figure(facts.unit.write(top.inside), top.inside),
            )
        )
        more = [age.name.lower() for age in known if (age.abroad or 0) > (age.inside or 0)]
        if more and not facts.turnout and len(more) < len(known):
            said.append(sentence("Pesan más fuera que dentro los grupos de {names}.", names=listing(more)))
    if hidden:
        named = listing([name.lower() for name in hidden])
        said.append(sentence("De {names}, la cifra de fuera no se publica por confidencialidad.", names=named))
    return tuple(said) or (sentence("No hay ninguna edad con cifra publicada fuera y dentro del país."),)


def figure(facts: Facts) -> dict[str, object]:
    """The bars: age, abroad, inside."""
    return {"barras": [[age.name, age.abroad, age.inside] for age in facts.ages], "unidad": PERCENT.mark}
