"""A pyramid: women and men on the roll of an election by age, and how many of them voted."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.kinds.edades import Age, Facts
from dashboard.kinds.votaron import count, hidden, unsaid
from dashboard.view import Result
from dashboard.words import Figure, Sentence, sentence

__all__ = ("Facts", "facts", "figure", "text", "widest")


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def widest(facts: Facts) -> float:
    """How many the longest of its bars has."""
    return max((side.roll or 0 for age in facts.ages for side in (age.women, age.men)), default=0)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many there are and how many voted, which ages have most of each, and what is not published."""
    return (*_whole(facts), *_largest(facts), *hidden(facts.hidden))


def _whole(facts: Facts) -> list[Sentence]:
    counts = {
        "women": facts.women.roll,
        "men": facts.men.roll,
        "women_voted": facts.women.voters,
        "men_voted": facts.men.voters,
    }
    if None in counts.values() or facts.women.hidden or facts.men.hidden:
        why = unsaid(facts.women, facts.men)
        return [sentence("{within}, en {election}, la participación por sexo {why}.", **_where(facts), why=why)]
    words = (
        "{within}, en el padrón de {election} había {women} mujeres y {men} hombres; votaron {women_voted} mujeres y "
        "{men_voted} hombres."
    )
    return [sentence(words, **_where(facts), **{name: count(value) for name, value in counts.items()})]


def _where(facts: Facts) -> dict[str, str | Figure]:
    return {"within": facts.within, "election": facts.election}


def _largest(facts: Facts) -> list[Sentence]:
    """The ages with most people; nothing when one that is not published might have more."""
    on_the_roll = _top(facts, lambda age: _sum(age.women.roll, age.men.roll))
    voters = _top(facts, lambda age: _sum(age.women.voters, age.men.voters))
    if on_the_roll is None or voters is None:
        return []
    if on_the_roll == voters:
        words = "El grupo de edad más numeroso, en el padrón y entre quienes votaron, es el de {roll}."
        return [sentence(words, roll=on_the_roll.name)]
    words = "El grupo de edad más numeroso del padrón es el de {roll}; entre quienes votaron, el de {voters}."
    return [sentence(words, roll=on_the_roll.name, voters=voters.name)]


def _sum(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first + second


def _top(facts: Facts, of: Callable[[Age], float | None]) -> Age | None:
    found = [(age, of(age)) for age in facts.ages]
    known = [(age, value) for age, value in found if value is not None]
    return max(known, key=lambda pair: pair[1])[0] if known and len(known) == len(found) else None


def figure(facts: Facts) -> list[dict[str, object]]:
    """The bars of each age: on the roll and voters, of each side; None where a count is not published."""
    return [
        {
            "edad": age.name,
            "mujeres": {"empadronadas": age.women.roll, "votaron": age.women.voters},
            "hombres": {"empadronados": age.men.roll, "votaron": age.men.voters},
        }
        for age in facts.ages
    ]
