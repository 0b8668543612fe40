"""Municipios grouped by how they are: a strip for each group, a dot for each municipio, and the figure of each group whole.

It speaks of places and not of persons, and says so: nothing is drawn through the dots.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dashboard.figures.tiers import ALMOST_NONE
from dashboard.kinds.classes import NO_CLASS, WITHOUT_FIGURE
from dashboard.kinds.franjas import FEWER, Band, Dot, Facts, ordinal
from dashboard.kinds.franjas_avisos import larger, missing, only, scarce
from dashboard.kinds.nube import NARROW, WIDE, Line, strips
from dashboard.view import Result
from dashboard.words import NBSP, WITHHELD, Figure, Sentence, Unit, integer, listing, sentence

DISTANCE = Unit(decimals=1)


def facts(result: Result) -> Facts:
    """What the query found is all there is to know."""
    found: Facts = result.material
    return found


# --- In words ----------------------------------------------------------------------------------------------------------


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The first group against the last, step by step; how far apart the places of one group are; the chosen place; and what
    must be known to read it.
    """
    found = [
        _lead(facts),
        _steps(facts),
        _inside(facts),
        _chosen(facts),
        scarce(facts),
        larger(facts),
        only(facts),
        *missing(facts),
    ]
    return tuple(item for item in found if item)


def _figure(band: Band) -> Figure:
    return Figure(band.text, band.value)


def _lead(facts: Facts) -> Sentence:
    told, unit = facts.told, facts.indicator.unit.phrase
    where, whole = facts.where, Figure(facts.text, facts.value)
    if len(told) < 2:
        withheld = any(band.text == WITHHELD for band in facts.bands)
        why = f" La cifra de los grupos {WITHHELD}: en ellos hay municipios que tampoco la tienen." if withheld else ""
        unit = f" {unit}" if unit else ""
        return sentence(f"{{where}} es {{whole}}{{unit}}.{why}", where=_begun(where), whole=whole, unit=unit)
    here = [band for band in facts.bands if band.dots]
    if (told[0], told[-1]) != (here[0], here[-1]):
        return _lead_without_ends(facts, here)
    return sentence(
        "Va de {low}{unit}, en los municipios donde menos {base} {are}, a {high}, donde más. {where} es {whole}.",
        low=_figure(told[0]),
        high=_figure(told[-1]),
        base=facts.characteristic.base,
        are=facts.characteristic.are,
        unit=f" {unit}" if unit else "",
        where=_begun(where),
        whole=whole,
    )


def _lead_without_ends(facts: Facts, here: Sequence[Band]) -> Sentence:
    """The same when the figure of the first group, or of the last, is not published: which ones are told, and why."""
    told, unit = facts.told, facts.indicator.unit.phrase
    states: dict[str, list[str]] = {}
    for band in here:
        if band.value is None:
            states.setdefault(band.text, []).append(str(band.number))
    lacking = [
        f"La cifra {'del grupo' if len(numbers) == 1 else 'de los grupos'} {listing(numbers)}"
        f"{' ' if state == WITHHELD else ': '}{state}"
        for state, numbers in states.items()
    ]
    return sentence(
        "Va de {low}{unit}, en el {first} grupo, a {high}, en el {last}. {where} es {whole}. {lacking}.",
        low=_figure(told[0]),
        high=_figure(told[-1]),
        first=ordinal(told[0].number),
        last=ordinal(told[-1].number),
        unit=f" {unit}" if unit else "",
        where=_begun(facts.where),
        whole=Figure(facts.text, facts.value),
        lacking=". ".join(lacking),
    )


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def difference(facts: Facts) -> float | None:
    """How many points the last group is above the first, as both are read; None with fewer than two figures."""
    told = facts.told
    if len(told) < 2:
        return None
    first, last = (facts.indicator.unit.rounded(band.value or 0.0) for band in (told[0], told[-1]))
    return DISTANCE.rounded(last - first)


def _steps(facts: Facts) -> Sentence | None:
    told, apart = facts.told, difference(facts)
    if apart is None or len(told) < 3:
        return None
    values = [facts.indicator.unit.rounded(band.value or 0.0) for band in told]
    shape = _shape([after - before for before, after in pairwise(values)])
    slots = {f"g{band.number}": _figure(band) for band in told}
    steps = listing([f"{{{slot}}}" for slot in slots])
    between = f"el {ordinal(told[0].number)} grupo y el {ordinal(told[-1].number)}"
    distance = f"Entre {between} hay {{points}} puntos." if apart else f"{_begun(between)} tienen la misma."
    points = {"points": Figure(DISTANCE.write(abs(apart)), abs(apart))} if apart else {}
    return sentence(f"De grupo en grupo {{shape}}: {steps}. {distance}", shape=shape, **slots, **points)


def _shape(changes: Sequence[float]) -> str:
    """How a figure goes from one group to the next."""
    rises, falls = all(change >= 0 for change in changes), all(change <= 0 for change in changes)
    if rises and falls:
        return "es la misma"
    if 0 in changes and (rises or falls):
        return "sube, sin bajar nunca" if rises else "baja, sin subir nunca"
    return "sube siempre" if rises else "baja siempre" if falls else "no sube ni baja siempre"


def _inside(facts: Facts) -> Sentence | None:
    """How far apart the places of the last group are, and how many of them are on the other side of the first."""
    told, apart = facts.told, difference(facts)
    if apart is None or len(told[-1].known) < 2:
        return None
    first, last = told[0], told[-1]
    rounded = facts.indicator.unit.rounded
    lowest, highest = last.known[0], last.known[-1]
    wide = rounded(highest.value or 0.0) - rounded(lowest.value or 0.0)
    limit, below = rounded(first.value or 0.0), apart >= 0
    across = [
        dot for dot in last.known if (rounded(dot.value or 0.0) < limit if below else rounded(dot.value or 0.0) > limit)
    ]
    opening = (
        "Pero hay más distancia entre los municipios de un mismo grupo"
        if wide > abs(apart)
        else "También hay distancia entre los municipios de un mismo grupo"
    )
    return sentence(
        "{opening}: en el {last} van de {low} en {low_place} a {high} en {high_place}, y {count} de los {all} están por "
        "{side} de la cifra del {first}.",
        opening=opening,
        low=Figure(lowest.text, lowest.value),
        low_place=lowest.named,
        high=Figure(highest.text, highest.value),
        high_place=highest.named,
        count=Figure(integer(len(across)), len(across)),
        all=integer(len(last.known)),
        side="debajo" if below else "encima",
        first=f"{ordinal(first.number)} grupo",
        last=ordinal(last.number),
    )


def _chosen(facts: Facts) -> Sentence | None:
    dot, characteristic = facts.chosen, facts.characteristic
    if dot is None:
        return None
    band = next(band for band in facts.bands if band.number == dot.tier)
    own = "Su cifra es {value}" if dot.value is not None else "No tiene cifra ({value})"
    return sentence(
        f"{{name}} está en el {{group}} grupo: {{share}} {{base}} {{are}}. {own}; la de su grupo, {{whole}}.",
        name=dot.named,
        group=ordinal(dot.tier),
        share=Figure(_of_each(facts, dot), dot.share),
        base=characteristic.base,
        are=characteristic.are,
        value=Figure(dot.text, dot.value) if dot.value is not None else dot.text,
        whole=_figure(band),
    )


def figure(facts: Facts) -> dict[str, object]:
    """The paint of the map, as `kinds.mapa` gives it, and the strips of a wide screen and of a phone."""
    styles = {str(band.number): facts.style(band.number) for band in facts.bands} | {str(NO_CLASS): WITHOUT_FIGURE}
    return {
        "pintura": {dot.code: [dot.tier, _on_the_map(facts, dot)] for dot in facts.dots},
        "clases": styles,
        "paleta": "secuencial",
        "unidad": "",
        "franjas": {shape.name: strips(_lines(facts), facts.value, facts.text, shape) for shape in (WIDE, NARROW)},
    }


def _on_the_map(facts: Facts, dot: Dot) -> str:
    """What a dot says of itself: its group, its share and its figure with its unit, or why it has none."""
    figure = f"{dot.text} {facts.indicator.unit.phrase}".strip() if dot.value is not None else dot.text
    return f"grupo {dot.tier} ({_of_each(facts, dot)}); {figure}"


def _of_each(facts: Facts, dot: Dot) -> str:
    """The share of a municipio: «12.3 de cada 100»."""
    return FEWER if 0 < dot.share < ALMOST_NONE else f"{facts.shares.write(dot.share)} de cada 100"


def _lines(facts: Facts) -> list[Line]:
    """What is drawn of each group: its places from the lowest to the highest, those named and its own figure."""
    return [_line(facts, band) for band in facts.bands]


def _line(facts: Facts, band: Band) -> Line:
    known, chosen = band.known, facts.chosen.code if facts.chosen else ""
    ends = (known[0], known[-1]) if len(known) > 1 else known
    named = {dot.code: f"{dot.name} {dot.text}" for dot in (*ends, *(dot for dot in known if dot.code == chosen))}
    return Line(
        tuple((dot.code, dot.value or 0.0, dot.people) for dot in known),
        named,
        chosen if chosen in named else "",
        band.value,
        band.text.removesuffix(f"{NBSP}{facts.indicator.unit.mark}"),
    )
