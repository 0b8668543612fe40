"""Which crosses to publish of pueblo and linguistic community: what each design hides, cross by cross, and its seconds.

A cell of five ladinos of a municipio hides the thousands of mayas of its row, so the finer a cross is, the more people it
loses. Every design is protected whole, with the crosses that have no pueblo, over everybody who is registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import pandas as pd

from bench.counts import (
    ALFABETISMO,
    COMUNIDAD,
    EDAD,
    MUNICIPIO,
    NO_COMMUNITY,
    PUEBLO,
    SEXO,
    TRAITS,
    axis_of,
    counted,
    people_counted,
    top,
)
from bench.figures import Figure
from bench.size import Size
from etl.disclosure.policy import Policy
from etl.disclosure.suppression import protect
from etl.disclosure.tables import Axis, Cross, Nest, link

DAY = "2026-07-12"
MAYA, LADINO = "maya", "ladino"
LIMIT = 10  # of every hundred people, those that any published cross may hide
POLICY = Policy(hidden_zeros=())
THREE_AGES = {"18_25": "18_30", "26_30": "18_30", "61_65": "61_mas", "66_70": "61_mas", "70_mas": "61_mas"}
TWO_AGES = {"18_25": "18_30", "26_30": "18_30"}
#: A trait of a cross, and whether it stops at the values that are part of nothing: departamentos, coarse ages, joined pueblos.
Shape = Mapping[str, bool]
FINE, COARSE = False, True
EVERYWHERE: tuple[Shape, ...] = (
    {MUNICIPIO: FINE, SEXO: FINE, EDAD: FINE},
    {MUNICIPIO: FINE, SEXO: FINE, ALFABETISMO: FINE},
    {MUNICIPIO: FINE, SEXO: FINE, COMUNIDAD: FINE},
)
BY_DEPARTAMENTO: Shape = {MUNICIPIO: COARSE, SEXO: FINE, EDAD: FINE, PUEBLO: FINE}
WITHOUT_AGES: Shape = {MUNICIPIO: FINE, SEXO: FINE, PUEBLO: FINE}


@dataclass(frozen=True)
class Design:
    """Some crosses beside those that are in every design; the ages and the pueblos that are joined in the coarse ones."""

    title: str
    crosses: tuple[Shape, ...]
    ages: Mapping[str, str] | None = None
    others: bool = False
    limit: float | None = None

    def axes(self, people: pd.DataFrame) -> list[Axis]:
        """The axes of its tables."""
        rest = {age: "31_mas" if self.ages == TWO_AGES else "31_60" for age in people[EDAD].unique()}
        small = {pueblo: "otros" for pueblo in people[PUEBLO].unique() if pueblo not in (MAYA, LADINO)}
        joined = {EDAD: rest | dict(self.ages) if self.ages else None, PUEBLO: small if self.others else None}
        return [axis_of(people, trait, joined.get(trait)) for trait in TRAITS]


DESIGNS = (
    Design(
        "pueblo sin edad por municipio, con once edades por departamento (el que se publica)",
        (WITHOUT_AGES, BY_DEPARTAMENTO),
        limit=LIMIT,
    ),
    Design("pueblo con once edades por municipio (el de antes)", ({**WITHOUT_AGES, EDAD: FINE},)),
    Design("pueblo con tres edades por municipio", ({**WITHOUT_AGES, EDAD: COARSE}, BY_DEPARTAMENTO), THREE_AGES),
    Design(
        "pueblo con dos edades por municipio, sin sexo",
        (WITHOUT_AGES, {MUNICIPIO: FINE, EDAD: COARSE, PUEBLO: FINE}, BY_DEPARTAMENTO),
        TWO_AGES,
    ),
    Design(
        "pueblos pequeños juntos, con once edades por municipio",
        ({**WITHOUT_AGES, EDAD: FINE, PUEBLO: COARSE}, WITHOUT_AGES, BY_DEPARTAMENTO),
        others=True,
    ),
)


def measure(size: Size) -> list[Figure]:
    """Of each design, the share of people that its worst cross hides; the others, and the seconds, are in the note."""
    people = people_counted(size, DAY)
    return [measured(design, people) for design in DESIGNS]


def measured(design: Design, people: pd.DataFrame) -> Figure:
    """What one design hides."""
    axes = design.axes(people)
    named = {axis.name: axis for axis in axes}
    crosses = [
        Cross(_words(shape), {trait: top(named[trait]) if coarse else None for trait, coarse in shape.items()})
        for shape in (*EVERYWHERE, *design.crosses)
    ]
    communities = tuple(node for node in top(named[COMUNIDAD]) if node != NO_COMMUNITY)
    tables = link(axes, crosses, (Nest(COMUNIDAD, communities, PUEBLO, MAYA),))
    values = counted(tables, people)
    start = perf_counter()
    hidden = protect(tables, values, POLICY).hidden
    seconds = perf_counter() - start
    lost = {}
    for cross in crosses:
        finest = tables.of(cross)[tables.leaves(cross)]
        shares = values[finest][hidden[finest]].sum() / values[finest].sum(), np.mean(hidden[finest])
        lost[cross.name] = 100 * float(shares[0]), 100 * float(shares[1])
    said = "; ".join(f"{name}: {of_people:.1f} % y {of_cells:.0f} %" for name, (of_people, of_cells) in lost.items())
    return Figure(
        f"personas ocultas en el peor cruce: {design.title}",
        max(of_people for of_people, _ in lost.values()),
        "%",
        design.limit,
        note=f"personas y celdas ocultas de cada cruce: {said}; {tables.cells:,} celdas, {seconds:.1f} s",
    )


def _words(shape: Shape) -> str:
    """The name of a cross: «departamento × sexo × grupo_edad × pueblo»."""
    coarse = {MUNICIPIO: "departamento", EDAD: "edades juntas", PUEBLO: "pueblos juntos"}
    fine = {MUNICIPIO: "municipio", COMUNIDAD: "comunidad"}
    return " × ".join((coarse if stops else fine).get(trait, trait) for trait, stops in shape.items())
