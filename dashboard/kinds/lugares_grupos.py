"""The groups of municipios, each whole: a table is its picture."""

from __future__ import annotations

from dashboard.kinds.franjas import Facts, ordinal
from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, listing, plural, sentence

MOST_NAMED = 3


def facts(result: Result) -> Facts:
    """What the query found is all there is to know."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many people and municipios each group has, and in which departamentos the last is."""
    told = [band for band in facts.bands if band.dots]
    if not told:
        return ()
    last, by = told[-1], facts.characteristic
    homes: dict[str, float] = {}
    for dot in last.dots:
        homes[dot.parent] = homes.get(dot.parent, 0.0) + dot.people
    named = sorted(homes, key=lambda name: (-homes[name], name))[:MOST_NAMED]
    opening = "El {group} grupo, donde más {base} {are}, tiene {count}"
    share = Figure(facts.shares.write(last.share), last.share)
    where = f", sobre todo en {listing(named)}" if len(homes) > 1 else ""
    return (
        sentence(
            f"{opening} y {{people}}{where}: {{share}} de cada 100 {{are}}.",
            group=ordinal(last.number),
            base=by.base,
            are=by.are,
            count=Figure(plural(len(last.dots), "municipio", "municipios"), len(last.dots)),
            people=f"{integer(last.people)} {by.base}",
            share=share,
        ),
    )


def figure(facts: Facts) -> list[dict[str, object]]:
    """The groups as written: number, style, range and figure."""
    return [
        {"grupo": band.number, "estilo": facts.style(band.number), "entre": facts.range(band), "cifra": band.text}
        for band in facts.bands
    ]
