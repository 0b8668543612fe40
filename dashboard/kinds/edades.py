"""Women and men at each age, in one election: two lines, and how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dashboard.figures.turnout import Voted
from dashboard.kinds.votaron import DISTANCE, FEW, count, distance, hidden, in_ages, points, rate, unsaid
from dashboard.view import Result
from dashboard.words import Figure, Sentence, plural, sentence

#: How a sentence calls each sex.
SIDES = {"mujeres": "las mujeres", "hombres": "los hombres"}


@dataclass(frozen=True)
class Age:
    """One age: what is published of its women and of its men."""

    code: str
    name: str
    women: Voted
    men: Voted

    @cached_property
    def gap(self) -> float | None:
        """How many points the rate of women is above that of men; None when either is not published."""
        return distance(self.women, self.men)


@dataclass(frozen=True)
class Facts:
    """The ages of a place in one election, from the youngest, and what is published of all its women and men."""

    within: str
    election: str
    women: Voted
    men: Voted
    ages: tuple[Age, ...]

    @cached_property
    def gap(self) -> float | None:
        """The distance between all women and all men."""
        return distance(self.women, self.men)

    @cached_property
    def apart(self) -> tuple[tuple[Age, float], ...]:
        """The ages with a distance, and it."""
        return tuple((age, age.gap) for age in self.ages if age.gap is not None)

    @cached_property
    def many(self) -> tuple[tuple[Age, float], ...]:
        """Of the ages with a distance, those with more than a few of each sex."""
        return tuple((age, gap) for age, gap in self.apart if min(age.women.roll or 0, age.men.roll or 0) >= FEW)

    @cached_property
    def widest(self) -> tuple[Age, float] | None:
        """Of the ages with a distance and more than a few of each sex, the one with the largest to either side."""
        return max(self.many, key=lambda pair: abs(pair[1]), default=None)

    @cached_property
    def hidden(self) -> list[str]:
        """The ages with a side that is not published, in words."""
        found = []
        for age in self.ages:
            sides = [words for words, side in (("mujeres", age.women), ("hombres", age.men)) if side.hidden]
            if sides:
                found.append(age.name if len(sides) == 2 else f"{age.name} ({sides[0]})")
        return found


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many of each hundred voted, at which age they are farthest apart, who votes more, and what is not published."""
    return (*_whole(facts), *_who_votes_more(facts), *hidden(facts.hidden))


def _whole(facts: Facts) -> list[Sentence]:
    if facts.women.rate is None or facts.men.rate is None:
        why = unsaid(facts.women, facts.men)
        return [sentence("{within}, en {election}, la participación por sexo {why}.", **_where(facts), why=why)]
    words = "{within}, en {election} votaron {women} de cada 100 mujeres y {men} de cada 100 hombres"
    slots = _where(facts) | {"women": rate(facts.women), "men": rate(facts.men)}
    widest = facts.widest
    if widest is None:
        return [sentence(words + ".", **slots)]
    age, gap = widest
    among = ", entre las edades que se publican," if facts.hidden else ""
    if len(facts.many) < len(facts.apart):
        among = f", entre las edades con {FEW} personas o más de cada sexo,"
    slots |= {"ages": in_ages(age.name), "gap": points(gap), "who": SIDES["mujeres" if gap >= 0 else "hombres"]}
    return [sentence(words + "; la distancia" + among + " es mayor {ages}: {gap} puntos más {who}.", **slots)]


def _where(facts: Facts) -> dict[str, str | Figure]:
    return {"within": facts.within, "election": facts.election}


def _who_votes_more(facts: Facts) -> list[Sentence]:
    """In how many ages women vote more, and in how many men, on the figures that a reader sees."""
    if len(facts.apart) < 2:
        return []
    women, men = more_women(facts), more_men(facts)
    every = len(facts.apart) == len(facts.ages)
    if every and len(facts.apart) in (women, men):
        return [sentence("En todas las edades votaron más {who}.", who=SIDES["mujeres" if women else "hombres"])]
    words = "De {ages} con cifra, las mujeres votaron más en {women} y los hombres en {men}."
    ages = plural(len(facts.apart), "grupo de edad", "grupos de edad")
    return [sentence(words, ages=ages, women=count(women), men=count(men))]


def more_women(facts: Facts) -> int:
    """In how many ages women voted more, as a reader sees the figures."""
    return sum(DISTANCE.rounded(gap) > 0 for _, gap in facts.apart)


def more_men(facts: Facts) -> int:
    """In how many ages men did."""
    return sum(DISTANCE.rounded(gap) < 0 for _, gap in facts.apart)


def figure(facts: Facts) -> list[dict[str, object]]:
    """The points of the two lines; None where the rate is not published."""
    return [
        {"edad": age.name, "mujeres": age.women.rate, "hombres": age.men.rate, "distancia": age.gap}
        for age in facts.ages
    ]
