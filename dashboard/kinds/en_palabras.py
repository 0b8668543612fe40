"""The map said in words: its extremes, where the high and the low figures are, and a place among its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.address.vocabulary import MUNICIPIO
from dashboard.figures.around import End, Geography, Trend, by_direction, trend
from dashboard.kinds.mapa import ENOUGH_PEOPLE, Facts, Place
from dashboard.words import Figure, Sentence, integer, listing, ordinal, plural, sentence

MOST_NAMED = 3
#: A departamento with less than this part of a group is not named: the group only touches it.
LEAST_OF_A_DEPARTAMENTO = 0.1
#: What is said of the figure of a neighbour beside that of the place, and of many neighbours.
HIGHER, LOWER, ALIKE, FEW = "más alto", "más bajo", "igual", "con menos de mil personas, no se compara"
EXTREMES = {
    "una alta": "La cifra más alta es {valor}, en {lugar}.",
    "una baja": "La más baja es {valor}, en {lugar}.",
    "varias altas": "La cifra más alta es {valor}. La tienen {cuantos}: {lugar}.",
    "varias bajas": "La más baja es {valor}. La tienen {cuantos}: {lugar}.",
}
RANKS = {
    ("alto", False): "Es el {puesto} más alto de {cuantos}.",
    ("alto", True): "Es el {puesto} más alto de {cuantos}, empatado con {otros}.",
    ("bajo", False): "Es el {puesto} más bajo de {cuantos}.",
    ("bajo", True): "Es el {puesto} más bajo de {cuantos}, empatado con {otros}.",
}
FIRST = {
    ("alto", False): "Es el más alto de {cuantos}.",
    ("alto", True): "Es el más alto de {cuantos}, empatado con {otros}.",
    ("bajo", False): "Es el más bajo de {cuantos}.",
    ("bajo", True): "Es el más bajo de {cuantos}, empatado con {otros}.",
}
TOGETHER = {
    ("altas", True): "Las cifras más altas se juntan en el {region} {donde}, sobre todo en {lugares}. "
    "Ahí hay {juntos} de los {cuantos} más altos, uno junto a otro.",
    ("altas", False): "Las cifras más altas se juntan en el {region} {donde}: {lugares}. "
    "Ahí hay {juntos} de los {cuantos} más altos, uno junto a otro.",
    ("bajas", True): "Las cifras más bajas se juntan en el {region} {donde}, sobre todo en {lugares}. "
    "Ahí hay {juntos} de los {cuantos} más bajos, uno junto a otro.",
    ("bajas", False): "Las cifras más bajas se juntan en el {region} {donde}: {lugares}. "
    "Ahí hay {juntos} de los {cuantos} más bajos, uno junto a otro.",
}
IN_TWO = {
    "altas": "Las cifras más altas forman dos grupos: uno en el {region} ({lugares}) y otro en el {otra} ({otros}). "
    "Ahí hay {juntos} de los {cuantos} más altos.",
    "bajas": "Las cifras más bajas forman dos grupos: uno en el {region} ({lugares}) y otro en el {otra} ({otros}). "
    "Ahí hay {juntos} de los {cuantos} más bajos.",
}
IN_SMALL = {
    ("altas", True): "Las cifras más altas forman varios grupos pequeños, sobre todo en {lugares}.",
    ("altas", False): "Las cifras más altas forman varios grupos pequeños: {lugares}.",
    ("bajas", True): "Las cifras más bajas forman varios grupos pequeños, sobre todo en {lugares}.",
    ("bajas", False): "Las cifras más bajas forman varios grupos pequeños: {lugares}.",
}
SCATTERED = {
    "altas": "Las cifras más altas están repartidas, sin un grupo grande.",
    "bajas": "Las cifras más bajas están repartidas, sin un grupo grande.",
    "": "Las cifras más altas y las más bajas están repartidas, sin un grupo grande.",
}


class Neighbour(NamedTuple):
    """A neighbour of a place: in which direction it is, and how its figure is beside that of the place ("" when one of the two
    has none).
    """

    direction: str
    place: Place
    compared: str


@dataclass(frozen=True)
class Around:
    """A place among its neighbours: those of the map, clockwise from the north, and the codes of those out of it."""

    place: Place
    neighbours: tuple[Neighbour, ...]
    outside: tuple[str, ...]


def extremes(facts: Facts) -> list[Sentence]:
    """The highest figure and the lowest, with everybody who has them, and the figure of the territory. Nothing with fewer than
    two places that may be set against others.
    """
    ranked, said = facts.ranked, []
    if len(ranked) > 1:
        top, bottom = _tied(ranked, ranked[0]), _tied(ranked, ranked[-1])
        if len(top) == len(ranked):
            alike = sentence(
                "Los {cuantos} tienen la misma cifra: {valor}.", cuantos=_count(top, facts), valor=_value(top[0], facts)
            )
            return [alike]
        said += [_extreme("alta", top, facts), _extreme("baja", bottom, facts)]
        if facts.lead:
            said.append(sentence("{en} es {valor}.", en=facts.lead["en"], valor=facts.lead["valor"]))
        if len(ranked) < len(facts.known):
            words = "Se comparan los {cuantos} con {menos} personas o más."
            said.append(sentence(words, cuantos=_count(ranked, facts), menos=integer(ENOUGH_PEOPLE)))
    return said


def trend_words(facts: Facts, where: Geography, inside: str) -> list[Sentence]:
    """Where the high figures are together, and the low ones; `inside` is the departamento of the map ("" the country)."""
    unit = facts.indicator.unit
    figures = {place.code: unit.rounded(place.value) for place in facts.ranked if place.value is not None}
    found = trend(figures, where)
    if found is None:
        return []
    return _told(found, facts, inside)


def _told(found: Trend, facts: Facts, inside: str) -> list[Sentence]:
    if not found.high.together and not found.low.together:
        return [sentence(SCATTERED[""])]
    return [_end("altas", found.high, facts, inside), _end("bajas", found.low, facts, inside)]


def _end(which: str, end: End, facts: Facts, inside: str) -> Sentence:
    if not end.together:
        return sentence(SCATTERED[which])
    if not end.groups:
        held, others = _held(end.codes, facts, inside)
        return sentence(IN_SMALL[which, others], lugares=listing(held))
    first, *more = end.groups
    together = len(first.codes)
    held, others = _held(first.codes, facts, inside)
    slots: dict[str, str | Figure] = {"region": first.region, "lugares": listing(held)}
    slots["cuantos"] = Figure(plural(end.size, *LEVEL_NAMES[facts.level]), end.size)
    if more and more[0].region != first.region:
        together += len(more[0].codes)
        slots |= {"otra": more[0].region, "otros": listing(_held(more[0].codes, facts, inside)[0])}
        return sentence(IN_TWO[which], juntos=Figure(integer(together), together), **slots)
    slots |= {"donde": "del departamento" if inside else "del país", "juntos": Figure(integer(together), together)}
    return sentence(TOGETHER[which, others], **slots)


def _held(codes: tuple[str, ...], facts: Facts, inside: str) -> tuple[list[str], bool]:
    """The departamentos that hold most of some places, or the first of them where those are not said; whether there are more."""
    of_code = {place.code: place for place in facts.ranked}
    if facts.level == MUNICIPIO and not inside:
        counts = Counter(of_code[code].parent for code in codes)
        large = [name for name, many in counts.most_common(MOST_NAMED) if many >= LEAST_OF_A_DEPARTAMENTO * len(codes)]
        named = large or [counts.most_common(1)[0][0]]
        return named, len(named) < len(counts)
    names = [place.name for place in facts.ranked if place.code in {*codes}]
    return names[:MOST_NAMED], len(names) > MOST_NAMED


def around(code: str, facts: Facts, where: Geography) -> Around | None:
    """A place of the map among its neighbours; None when the map does not have it."""
    of_code = {place.code: place for place in facts.places}
    place = of_code.get(code)
    if place is None or code not in where.points:
        return None
    near = by_direction(code, where)
    found = [
        Neighbour(way, of_code[other], _compared(of_code[other], place, facts))
        for way, other in near
        if other in of_code
    ]
    return Around(place, tuple(found), tuple(other for _, other in near if other not in of_code))


def _compared(other: Place, place: Place, facts: Facts) -> str:
    if other.value is None or place.value is None:
        return ""
    if any(item.size is not None and item.size < ENOUGH_PEOPLE for item in (other, place)):
        return FEW
    unit = facts.indicator.unit
    own, beside = unit.rounded(place.value), unit.rounded(other.value)
    return ALIKE if own == beside else HIGHER if beside > own else LOWER


def around_words(found: Around, facts: Facts) -> list[Sentence]:
    """The figure of a place, its rank among those that are ranked, and how it stands among its neighbours."""
    place = found.place
    said = [sentence("{lugar}: {valor}.", lugar=place.name, valor=_value(place, facts))]
    ranked = _rank(place, facts)
    standing = _standing(found)
    return said + ([ranked] if ranked else []) + ([standing] if standing else [])


def _rank(place: Place, facts: Facts) -> Sentence | None:
    if place not in facts.ranked or len(facts.ranked) < 2:
        return None
    unit, own = facts.indicator.unit, facts.indicator.unit.rounded(place.value or 0.0)
    every = [unit.rounded(other.value) for other in facts.ranked if other.value is not None]
    above, below = sum(value > own for value in every), sum(value < own for value in every)
    tied = len(every) - above - below - 1
    end, position = ("alto", above + 1) if above <= below else ("bajo", below + 1)
    slots: dict[str, str | Figure] = {
        "cuantos": Figure(plural(len(every), *LEVEL_NAMES[facts.level]), len(every)),
        "otros": Figure("otro" if tied == 1 else plural(tied, "otro", "otros"), tied),
    }
    if position == 1:
        return sentence(FIRST[end, tied > 0], **slots)
    return sentence(RANKS[end, tied > 0], puesto=Figure(ordinal(position), position), **slots)


def _standing(found: Around) -> Sentence | None:
    """«Es más alto que sus 7 vecinos.»; of some with a figure that may be set against its own."""
    compared = Counter(item.compared for item in found.neighbours)
    counts = {name: compared[name] for name in (HIGHER, LOWER, ALIKE)}
    every = sum(counts.values())
    if not every:
        return None
    said = "de este mapa" if found.outside else "con cifra" if every < len(found.neighbours) else ""
    neighbours = f"{plural(every, 'vecino', 'vecinos')} {said}".strip()
    count = Figure(neighbours if every > 1 else f"único {neighbours.split(' ', 1)[1]}", every)
    own = "sus" if every > 1 else "su"
    if counts[LOWER] == every:
        return sentence("Es más alto que {sus} {vecinos}.", sus=own, vecinos=count)
    if counts[HIGHER] == every:
        return sentence("Es más bajo que {sus} {vecinos}.", sus=own, vecinos=count)
    if counts[ALIKE] == every:
        return sentence("Es igual que {sus} {vecinos}.", sus=own, vecinos=count)
    parts = [
        plural(counts[HIGHER], "es más alto", "son más altos"),
        plural(counts[LOWER], "es más bajo", "son más bajos"),
        plural(counts[ALIKE], "es igual", "son iguales"),
    ]
    some = [words for words, many in zip(parts, counts.values(), strict=True) if many]
    return sentence("De {sus} {vecinos}, {partes}.", sus=own, vecinos=count, partes=listing(some))


def _extreme(which: str, places: Sequence[Place], facts: Facts) -> Sentence:
    named = [_named(place) for place in places[:MOST_NAMED]]
    value = _value(places[0], facts) if which == "alta" else Figure(places[0].text, places[0].value)
    if len(places) == 1:
        return sentence(EXTREMES[f"una {which}"], valor=value, lugar=named[0])
    if len(places) > MOST_NAMED:
        named.append(f"{integer(len(places) - MOST_NAMED)} más")
    return sentence(EXTREMES[f"varias {which}s"], valor=value, cuantos=_count(places, facts), lugar=listing(named))


def _tied(ranked: Sequence[Place], one: Place) -> list[Place]:
    """The places whose figure reads like that of `one`."""
    return [place for place in ranked if place.text == one.text]


def _count(places: Sequence[Place], facts: Facts) -> Figure:
    return Figure(plural(len(places), *LEVEL_NAMES[facts.level]), len(places))


def _value(place: Place, facts: Facts) -> Figure:
    """The figure of a place with what it counts: «45.3 por cada 100 habitantes»."""
    phrase = facts.indicator.unit.phrase if place.value is not None else ""
    return Figure(f"{place.text} {phrase}".strip(), place.value)


def _named(place: Place) -> str:
    return f"{place.name} ({place.parent})" if place.parent else place.name
