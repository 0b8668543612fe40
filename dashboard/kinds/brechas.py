"""How many points more women voted than men at each age, election by election."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.kinds.edades import Facts as Ages
from dashboard.kinds.edades import more_men
from dashboard.kinds.votaron import Frame, count, hidden, not_counted, points, unsaid
from dashboard.view import Result
from dashboard.words import Figure, Sentence, listing, plural, sentence


@dataclass(frozen=True)
class Facts:
    """The elections of a place, the oldest first, each with its ages; None in a frame without figures."""

    within: str
    frames: tuple[tuple[Frame, Ages | None], ...]

    @property
    def counted(self) -> tuple[Ages, ...]:
        """The elections with figures."""
        return tuple(ages for _, ages in self.frames if ages is not None)

    @property
    def reach(self) -> tuple[float, float]:
        """The lowest and the highest distance drawn, with the zero inside."""
        found = [0.0, *(gap for ages in self.counted for _, gap in ages.apart)]
        return min(found), max(found)


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """From the first election to the last, in how many ages men voted more, and what is not published."""
    when: dict[str, list[str]] = {}
    for ages in facts.counted:
        for name in ages.hidden:
            when.setdefault(name, []).append(ages.election)
    names = [
        f"{name}, en {listing(years)}" if "(" in name else f"{name} ({listing(years)})" for name, years in when.items()
    ]
    return (
        *_change(facts),
        *_other_way(facts),
        *hidden(names),
        *not_counted(frame for frame, _ in facts.frames),
    )


def _change(facts: Facts) -> list[Sentence]:
    known = [(ages.election, ages.gap) for ages in facts.counted if ages.gap is not None]
    if not known:
        why = unsaid(*(side for ages in facts.counted for side in (ages.women, ages.men)))
        return [sentence("{within} la participación por sexo {why}.", within=facts.within, why=why)]
    (first, before), (last, now) = known[0], known[-1]
    slots: dict[str, str | Figure] = {"within": facts.within, "last": last, "now": points(now, signed=True)}
    if len(known) == 1:
        words = "{within}, en {last} la distancia entre mujeres y hombres, de todas las edades, fue de {now} puntos."
        return [sentence(words, **slots)]
    words = (
        "{within}, la distancia entre mujeres y hombres, de todas las edades, pasó de {before} puntos en {first} a {now} en "
        "{last}."
    )
    return [sentence(words, first=first, before=points(before, signed=True), **slots)]


def _other_way(facts: Facts) -> list[Sentence]:
    """The elections in which men of some age voted more."""
    parts: list[str] = []
    slots: dict[str, str | Figure] = {}
    for number, ages in enumerate(facts.counted):
        men = more_men(ages)
        if men:
            several = plural(len(ages.apart), "grupo de edad", "grupos de edad")
            slots |= {f"in{number}": ages.election, f"men{number}": count(men), f"of{number}": several}
            parts.append(f"en {{in{number}}}, en {{men{number}}} de {{of{number}}} con cifra")
    return [sentence("Los hombres votaron más que las mujeres " + "; ".join(parts) + ".", **slots)] if parts else []


def figure(facts: Facts) -> list[dict[str, object]]:
    """The columns: the distance at each age of each election; None where a rate is not published."""
    return [
        {"eleccion": frame.label, "edades": None if ages is None else {age.name: age.gap for age in ages.ages}}
        for frame, ages in facts.frames
    ]
