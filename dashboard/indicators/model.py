"""What an indicator is: one question over every municipio, declared once; and the topics that gather them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from dashboard.figures.measures import Measure, Status
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


@dataclass(frozen=True)
class Topic:
    """The indicators of one map page, the first one shown and those that describe a place whatever the one chosen."""

    name: str
    indicators: tuple[Indicator, ...]
    default: str
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
