"""Municipios grouped by how they are: a strip for each group, a dot for each municipio, and the figure of each group whole.

It speaks of places and not of persons, and says so: nothing is drawn through the dots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.figures.tiers import TIERS
from dashboard.indicators import Indicator
from dashboard.indicators.characteristics import Characteristic
from dashboard.indicators.fallacy import Example
from dashboard.kinds.cautela import OF_PLACES, caution, deceived
from dashboard.kinds.classes import NO_CLASS, WITHOUT_FIGURE
from dashboard.kinds.nube import NARROW, WIDE, Line, strips
from dashboard.view import Result
from dashboard.words import NBSP, WITHHELD, Figure, Sentence, Unit, integer, listing, plural, sentence

ORDINALS = ("primer", "segundo", "tercer", "cuarto", "quinto")
MOST_MISSING = 8
#: How many times the people of the smallest group the largest may have for both to be told as equal.
UNEVEN = 1.5
#: Below so many of every hundred, two groups are hardly different.
SCARCE = 1.0
#: Decimals that a share may need so that the ranges of two groups are not written alike.
DECIMALS = (1, 2, 3)
DISTANCE = Unit(decimals=1)


@dataclass(frozen=True)
class Dot:
    """One municipio: its share of every hundred and how many people it has; its figure or, without it, why as `text`."""

    code: str
    name: str
    parent: str
    tier: int
    share: float
    people: float
    value: float | None
    text: str
    reason: str | None = None

    @property
    def named(self) -> str:
        """A name that cannot be mistaken for another."""
        return f"{self.name} ({self.parent})"


@dataclass(frozen=True)
class Band:
    """One group: the shares that it goes between and the people it has (`whole`) in the whole country; and, of its
    municipios in the scope, the share and the people of all together, their figure or why there is none, and each of them.
    """

    number: int
    low: float
    high: float
    whole: float
    share: float | None
    people: float
    value: float | None
    text: str
    dots: tuple[Dot, ...]

    @property
    def known(self) -> tuple[Dot, ...]:
        """The municipios with a figure, from the lowest to the highest."""
        return tuple(sorted((dot for dot in self.dots if dot.value is not None), key=lambda dot: dot.value or 0.0))


@dataclass(frozen=True)
class Facts:
    """Everything the faces of the groups say. `value` is the figure of the whole scope («en todo el país», as `where`)."""

    characteristic: Characteristic
    indicator: Indicator
    bands: tuple[Band, ...]
    value: float | None
    text: str
    where: str
    chosen: Dot | None
    example: Example | None

    @property
    def dots(self) -> tuple[Dot, ...]:
        """Every municipio of the scope."""
        return tuple(dot for band in self.bands for dot in band.dots)

    @property
    def told(self) -> tuple[Band, ...]:
        """The groups with a figure."""
        return tuple(band for band in self.bands if band.value is not None)

    @property
    def even(self) -> bool:
        """Whether the groups have about as many people each: they do, unless many places have the same share."""
        people = [band.whole for band in self.bands]
        return max(people) <= UNEVEN * min(people)

    @property
    def cautions(self) -> tuple[str, ...]:
        """That they are of places and not of persons, and an example of how that deceives, if the release has one."""
        deceiving = (deceived(self.example).plain(),) if self.example else ()
        return (f"{OF_PLACES} {caution(self.characteristic)}", *deceiving)

    @property
    def shares(self) -> Unit:
        """How a share is written: with as few decimals as tell the ranges of two groups apart."""
        units = [Unit(decimals) for decimals in DECIMALS]
        apart = (unit for unit in units if len({_range(band, unit) for band in self.bands}) == len(self.bands))
        return next(apart, units[-1])

    def range(self, band: Band) -> str:
        """Between which shares a group goes: «0.2 a 3.1»."""
        return _range(band, self.shares)


def _range(band: Band, unit: Unit) -> str:
    low, high = unit.write(band.low), unit.write(band.high)
    return low if low == high else f"{low} a {high}"


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
        _scarce(facts),
        _larger(facts),
        *_missing(facts),
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
    lacking = [f"la del {ordinal(band.number)} grupo, {band.text}" for band in here if band.value is None]
    return sentence(
        "Va de {low}{unit}, en el {first} grupo, a {high}, en el {last}. {where} es {whole}. {lacking}.",
        low=_figure(told[0]),
        high=_figure(told[-1]),
        first=ordinal(told[0].number),
        last=ordinal(told[-1].number),
        unit=f" {unit}" if unit else "",
        where=_begun(facts.where),
        whole=Figure(facts.text, facts.value),
        lacking=_begun(listing(lacking)),
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
        f"{{name}} está en el {{group}} grupo: {{share}} de cada 100 {{base}} {{are}}. {own}; la de su grupo, {{whole}}.",
        name=dot.named,
        group=ordinal(dot.tier),
        share=Figure(facts.shares.write(dot.share), dot.share),
        base=characteristic.base,
        are=characteristic.are,
        value=Figure(dot.text, dot.value) if dot.value is not None else dot.text,
        whole=_figure(band),
    )


def ordinal(number: int) -> str:
    """«primer», «quinto»: before «grupo»."""
    return ORDINALS[number - 1]


def _scarce(facts: Facts) -> Sentence | None:
    """That most groups are hardly told apart, when there are very few people in all but the last."""
    shares = [band.share for band in facts.bands if band.share is not None]
    few = [share for share in shares if share < SCARCE]
    if len(few) < 2:
        return None
    where = f"En los {len(shares)} grupos" if len(few) == len(shares) else f"En {len(few)} de los {len(shares)} grupos"
    rest = (
        ": casi nada los distingue"
        if len(few) == len(shares)
        else f": entre ellos casi no hay diferencia, y en el último los hay muy distintos ({facts.range(facts.bands[-1])})"
    )
    return sentence(
        "{where}, menos de 1 de cada 100 {base} {are}{rest}.",
        where=where,
        base=facts.characteristic.base,
        are=facts.characteristic.are,
        rest=rest,
    )


def _larger(facts: Facts) -> Sentence | None:
    """Why the first group is larger than the others, and there may be fewer than five."""
    first = facts.bands[0]
    if facts.even and len(facts.bands) == TIERS:
        return None
    fewer = f", y por eso los grupos son {len(facts.bands)} y no {TIERS}" if len(facts.bands) < TIERS else ""
    if first.high > 0:
        return sentence("Los municipios con la misma proporción no se separan{fewer}.", fewer=fewer)
    return sentence(
        "En los municipios del primer grupo, 0 de cada 100 {base} {are}: van todos juntos{fewer}.",
        base=facts.characteristic.base,
        are=facts.characteristic.are,
        fewer=fewer,
    )


def _missing(facts: Facts) -> list[Sentence]:
    """The municipios without figure, by the reason their source gives."""
    lacking = [dot for dot in facts.dots if dot.value is None]
    states = dict.fromkeys(dot.text for dot in lacking)
    return [_without(state, [dot for dot in lacking if dot.text == state]) for state in states]


def _without(state: str, dots: Sequence[Dot]) -> Sentence:
    named = [dot.named for dot in dots[:MOST_MISSING]]
    if len(dots) > MOST_MISSING:
        named.append(f"{integer(len(dots) - MOST_MISSING)} más")
    counted = f"que no {'cuenta' if len(dots) == 1 else 'cuentan'} en la de su grupo"
    if state == WITHHELD:
        counted = "y por eso tampoco la de su grupo"
    return sentence(
        f"{{count}} sin cifra ({{state}}), {counted}: {{names}}.",
        count=Figure(plural(len(dots), *LEVEL_NAMES["municipio"]), len(dots)),
        state=state,
        names=listing(named),
    )


def figure(facts: Facts) -> dict[str, object]:
    """The paint of the map, as `kinds.mapa` gives it, and the strips of a wide screen and of a phone."""
    styles = {str(band.number): style(band.number) for band in facts.bands} | {str(NO_CLASS): WITHOUT_FIGURE}
    return {
        "pintura": {dot.code: [dot.tier, _on_the_map(facts, dot)] for dot in facts.dots},
        "clases": styles,
        "paleta": "secuencial",
        "unidad": "",
        "franjas": {shape.name: strips(_lines(facts), facts.value, facts.text, shape) for shape in (WIDE, NARROW)},
    }


def style(number: int) -> str:
    """How the style sheet calls the colour of a group."""
    return f"q{number}"


def _on_the_map(facts: Facts, dot: Dot) -> str:
    """What a dot says of itself: its group, its share and its figure with its unit, or why it has none."""
    figure = f"{dot.text} {facts.indicator.unit.phrase}".strip() if dot.value is not None else dot.text
    return f"grupo {dot.tier} ({facts.shares.write(dot.share)} de cada 100); {figure}"


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
