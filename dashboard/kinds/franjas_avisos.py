"""What must be known to read groups of municipios: which are hardly told apart, fewer or larger, and who has no figure."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.figures.tiers import TIERS
from dashboard.kinds.franjas import FEWER, Dot, Facts, ordinal
from dashboard.words import WITHHELD, Figure, Sentence, integer, listing, plural, sentence

MOST_MISSING = 8
#: So many places, or fewer, are said by their names.
FEW_PLACES = 3
#: Below so many of every hundred, two groups are hardly different.
SCARCE = 1.0


def scarce(facts: Facts) -> Sentence | None:
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


def larger(facts: Facts) -> Sentence | None:
    """Why the first group is larger than the others, and there may be fewer than five."""
    first, by = facts.bands[0], facts.characteristic
    if facts.even and len(facts.bands) == TIERS:
        return None
    if len(facts.bands) == 1 and first.almost_none:
        words = "En ningún municipio del país {are} ni 1 de cada 1,000 {base}: no hay grupos que comparar."
        return sentence(words, base=by.base, are=by.are)
    fewer = f", y por eso los grupos son {len(facts.bands)} y no {TIERS}" if len(facts.bands) < TIERS else ""
    if first.almost_none:
        count = Figure(plural(len(first.dots), *LEVEL_NAMES["municipio"]), len(first.dots))
        words = (
            "En {count}, {fewer_than} {base} {are}: unas pocas personas los cambiarían de orden, y van juntos{fewer}."
        )
        return sentence(words, count=count, fewer_than=FEWER, base=by.base, are=by.are, fewer=fewer)
    if first.high > 0:
        return sentence("Los municipios con la misma proporción no se separan{fewer}.", fewer=fewer)
    return sentence(
        "En los municipios del primer grupo, 0 de cada 100 {base} {are}: van todos juntos{fewer}.",
        base=by.base,
        are=by.are,
        fewer=fewer,
    )


def only(facts: Facts) -> Sentence | None:
    """Which places the last group is, when they are so few that its figure is theirs."""
    last = facts.bands[-1]
    if facts.even or not 0 < len(last.dots) <= FEW_PLACES:
        return None
    names = listing([dot.named for dot in last.dots])
    return sentence("El {last} grupo es solo {names}.", last=ordinal(last.number), names=names)


def missing(facts: Facts) -> list[Sentence]:
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
