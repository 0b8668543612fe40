"""What an indicator is: one question over every municipio, declared once; and the topics that gather them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from dashboard.figures.measures import ASKED, BEFORE, OTHERS, Measure, Quantity, Status
from dashboard.words import Unit


@dataclass(frozen=True)
class Finding:
    """Something worth saying of the territories whose value passes `test`; {cuantos} and {lista} are filled in."""

    test: Callable[[float], bool]
    template: str


@dataclass(frozen=True)
class Indicator:
    """One question about the registry.

    `lead` answers it for a territory: {en} ("En el país"), {valor}, {quienes} and the quantities by name. `short` names
    the figure in a comparison. `diverging` measures have a meaningful zero. `statuses` say where the source doubts
    its own figures; `only_municipios` says that a sum over several places means nothing.

    An indicator whose quantities are counted election by election is asked for one of them: its words have {eleccion},
    {antes} (the one before), {hoy} (the cut-off of the quantities of no election) and what `named` finds in its table
    (slot, column); each caveat of `unless` is said when the election has no figures of a quantity. The words of any have
    {quienes} («mujeres mayas empadronadas»), {las_personas} («las mujeres mayas») and, if it sets them against others, {frente}.
    The sentence of a `contrasted` one says how far the group is from the one it is read beside, and from everybody.
    `titled` is its title once that is known, in which {title} is the one that it is chosen by. `by_election.at` gives it so.
    """

    name: str
    title: str
    group: str
    question: str
    short: str
    measure: Measure
    unit: Unit
    lead: str
    definition: str
    findings: tuple[Finding, ...] = ()
    caveats: tuple[str, ...] = ()
    diverging: bool = False
    highest: str = "Los más altos"
    lowest: str = "Los más bajos"
    statuses: tuple[Status, ...] = ()
    only_municipios: bool = False
    titled: str = ""
    named: tuple[tuple[str, str], ...] = ()
    unless: tuple[tuple[Quantity, str], ...] = ()
    contrasted: bool = False

    @property
    def by_election(self) -> bool:
        """Whether it must be asked for one election."""
        return any(quantity.when in (ASKED, BEFORE) for quantity in self.measure.quantities)

    @property
    def of_a_group(self) -> bool:
        """Whether it means nothing of everybody: it is a group's part of them all, or it sets one against another."""
        return any(quantity.whose is not None for quantity in self.measure.quantities)

    @property
    def versus(self) -> bool:
        """Whether it sets a group against another."""
        return any(quantity.whose == OTHERS for quantity in self.measure.quantities)


@dataclass(frozen=True)
class Topic:
    """The indicators of one map page; the first one shown, of these the first that there is; and those that describe a place
    whatever the one chosen.
    """

    name: str
    indicators: tuple[Indicator, ...]
    default: tuple[str, ...]
    profile: tuple[str, ...]

    @cached_property
    def by_name(self) -> dict[str, Indicator]:
        """The indicators by the name they have in the address."""
        return {indicator.name: indicator for indicator in self.indicators}

    def groups(self) -> dict[str, list[Indicator]]:
        """The indicators by the heading they are listed under."""
        found: dict[str, list[Indicator]] = {}
        for indicator in self.indicators:
            found.setdefault(indicator.group, []).append(indicator)
        return found
