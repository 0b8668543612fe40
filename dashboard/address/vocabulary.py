"""What the figures of one release are divided by, and what it lets an address ask."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from dashboard.address.crossable import Crossable, Level
from dashboard.address.people import EVERYONE as EVERYONE
from dashboard.address.people import Group as Group
from dashboard.address.people import Trait as Trait
from dashboard.address.territories import DEPARTAMENTO as DEPARTAMENTO
from dashboard.address.territories import MUNICIPIO as MUNICIPIO
from dashboard.address.territories import PAIS as PAIS
from dashboard.address.territories import Territories as Territories
from etl.model import Field

MOST_COMPARED = 5
Kept = TypeVar("Kept")
#: In which order the groups of who voted are: from who voted more, or from the largest.
BY_TURNOUT, BY_SIZE = "participacion", "tamano"
ORDERS = {BY_TURNOUT: "Por participación", BY_SIZE: "Por tamaño"}
COARSE, UNCROSSED = "El cruce de {} con {} solo se publica por departamento", "No se publica el cruce de {} con {}"
APART = "Aquí no se cruzan {} y {}"
NO_CENTRE = "El centro {} no está en el municipio que se pide: se muestra sin ese filtro."
NO_TABLE = "La mesa {} no está en lo que se pide: se muestra la mesa si es de la elección."


@dataclass(frozen=True)
class Vocabulary:
    """The population groups a reader can filter by, by column name; each has the values that the release uses."""

    groups: Mapping[str, Field]


def in_order(centre: str) -> tuple[int, str]:
    """What the codes of centres are sorted by: they are numbers, written as text."""
    return (int(centre), centre) if centre.isdecimal() else (sys.maxsize, centre)


@dataclass(frozen=True)
class Offer:
    """What one release lets an address ask about one topic: its places, its indicators and its population groups; by
    indicator, the elections that it can be asked for, the one by default first ("" has those of a topic without indicators),
    and its cut-offs in the same way; whether an indicator `crosses` some groups down to a level;
    `versus`, the indicators that set a group against another, and `of_a_group`, those that mean
    nothing of everybody; of one that compares two elections, those `earlier` than each; `by_size`, the values of each group
    from the one with most people; of the actas, the ballots of each election by code and, of each of its polling tables by
    number, its place and its centre there (None where nobody says it); the characteristics that places can be grouped by, the
    one by default first, with the headings they are listed under; `crossable`, the tables that are crossed; abroad, what each
    place (column, value) is inside of; and what who voted is `divided` by.
    """

    territories: Territories
    groups: Mapping[str, Field] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    default: str = ""
    only_municipios: frozenset[str] = frozenset()
    crosses: Callable[..., bool] = lambda indicador, dimensions, level=MUNICIPIO: True
    states: Mapping[str, str] = field(default_factory=dict)
    elections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cutoffs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    versus: frozenset[str] = frozenset()
    earlier: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    of_a_group: frozenset[str] = frozenset()
    by_size: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ballots_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mesas_of: Mapping[str, Mapping[str, tuple[str, str | None]]] = field(default_factory=dict)
    abroad: Mapping[str, str] = field(default_factory=dict)
    characteristics: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, Sequence[str]] = field(default_factory=dict)
    insides: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    divided: Mapping[str, str] = field(default_factory=dict)
    crossable: tuple[Crossable, ...] = ()
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, kept under `key`: for what depends on nothing but what is offered."""
        self._kept[key] = kept = self._kept[key] if key in self._kept else make()
        return kept

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """Every level that some table is crossed by, with all its values, by name in the address."""
        found: dict[str, Level] = {}
        for source in self.crossable:
            for name, level in source.levels.items():
                values = {**found[name].values, **level.values} if name in found else level.values
                found[name] = replace(level, values=values)
        return found

    @cached_property
    def crossed_values(self) -> Mapping[str, str]:
        """The values of all of those levels, with the words for each."""
        return {value: words for level in self.levels.values() for value, words in level.values.items()}

    @cached_property
    def departamentos(self) -> Mapping[str, str]:
        """The departamentos that may be asked for, those of residents abroad last."""
        return {**self.territories.departamentos, **self.abroad}

    @property
    def orders(self) -> Mapping[str, str]:
        """The orders that the groups of who voted may be in."""
        return ORDERS if self.divided else {}

    @cached_property
    def ballots(self) -> Mapping[str, str]:
        """The ballots of any of its elections, with the words for each."""
        return {code: words for there in self.ballots_of.values() for code, words in there.items()}

    @cached_property
    def mesas(self) -> Mapping[str, str]:
        """The numbers of the polling tables of any of its elections, each with itself as its words."""
        return {number: number for there in self.mesas_of.values() for number in there}

    @cached_property
    def _centros(self) -> frozenset[tuple[str, str, str]]:
        every = ((event, *there) for event, found in self.mesas_of.items() for there in found.values())
        return frozenset((event, place, centre) for event, place, centre in every if centre)

    @cached_property
    def centros(self) -> Mapping[str, str]:
        """The codes of the centres of any place in any of its elections, each with itself as its words."""
        return {centre: centre for centre in sorted({found[-1] for found in self._centros}, key=in_order)}

    def has_centro(self, eleccion: str, lugar: str | None, centro: str | None) -> bool:
        """Whether a municipio has a centre in an election."""
        return (eleccion, lugar, centro) in self._centros

    @property
    def every_election(self) -> Mapping[str, str]:
        """The elections that any of its indicators can be asked for, the latest first."""
        found = {code: title for offered in self.elections.values() for code, title in offered.items()}
        return dict(sorted(found.items(), reverse=True))

    def election(self, indicador: str, asked: str | None) -> tuple[str, list[str]]:
        """The election asked for, if the indicator has it, or else its latest, and what must be said; none of one that is
        not asked by election, nor where nothing of elections may be asked (None).
        """
        offered = self.elections.get(indicador, {})
        if asked is None or asked in (offered if indicador or offered else self.every_election):
            return asked or "", []
        latest = next(iter(offered), "")
        shown = "la última que las tiene" if latest else "sin ese filtro"
        return latest, [f"«{self.titled(indicador)}» no tiene cifras de {asked}: se muestra {shown}."] if asked else []

    @property
    def every_cutoff(self) -> Mapping[str, str]:
        """The cut-offs that any of its indicators can be asked as of, the latest first."""
        found = {day: words for offered in self.cutoffs.values() for day, words in offered.items()}
        return dict(sorted(found.items(), reverse=True))

    @cached_property
    def every_rival(self) -> Mapping[str, str]:
        """What any group, or any election, may be set against by some indicator."""
        before = [found for offered in self.earlier.values() for found in offered.values()]
        found = {code: title for titles in before for code, title in titles.items()}
        return {**(self.categories if self.versus else {}), **found}

    @cached_property
    def categories(self) -> Mapping[str, str]:
        """The values of all its population groups, with the words for each."""
        return {value: words for item in self.groups.values() for value, words in (item.labels or {}).items()}

    def cutoff(self, indicador: str, asked: str) -> tuple[str, list[str]]:
        """The cut-off asked for, if the indicator has figures as of it, or else none (its latest), and what must be said."""
        if not asked or asked in (self.cutoffs.get(indicador, {}) if indicador else self.every_cutoff):
            return asked, []
        words = self.every_cutoff.get(asked, asked)
        return "", [f"«{self.titled(indicador)}» no tiene cifras al {words}: se muestra su corte más reciente."]

    def titled(self, indicador: str) -> str:
        """The title of an indicator, or its name when there is no such one."""
        return self.indicators.get(indicador, indicador)

    def group(
        self,
        indicador: str,
        values: Mapping[str, str],
        departamento: str | None,
        places: Iterable[str | None],
        seen: str | None,
    ) -> tuple[Group, list[str]]:
        """Of the values asked for, by dimension, the group that the release crosses for an indicator, and what must be said. One
        that is only published by departamento is kept where no municipio must be shown: inside a `departamento`, or among the
        `places` where the level cannot be chosen (`seen` is None).
        """
        titles = {name: item.title.lower() for name, item in self.groups.items()}
        asked = {name: value for name in titles if (value := values.get(name))}
        notices = []
        for name in [name for name in asked if not self.crosses(indicador, (name,))]:
            del asked[name]
            title = f"El indicador «{self.titled(indicador)}»" if indicador else "Lo que se compara"
            notices.append(f"{title} no se divide por {titles[name]}: se muestra sin ese filtro.")
        sexo, traits = asked.pop("sexo", None), [Trait(name, value) for name, value in asked.items()]
        if len(traits) > 1:
            first, second = (trait.dimension for trait in traits[:2])
            why = self._why_apart(indicador, (first, second)) or APART
            notices.append(f"{why.format(titles[first], titles[second])}: se muestra solo {titles[first]}.")
        trait = traits[0] if traits else None
        towns = self.territories.municipios
        fixed = (
            departamento or indicador in self.only_municipios or (seen is None and any(one in towns for one in places))
        )
        finest = MUNICIPIO if fixed else DEPARTAMENTO
        if sexo and trait and not self.crosses(indicador, ("sexo", trait.dimension), finest):
            why = self._why_apart(indicador, ("sexo", trait.dimension))
            notices.append(f"{why.format('sexo', titles[trait.dimension])}: se muestra sin sexo.")
            sexo = None
        return Group(sexo, trait), notices

    def _why_apart(self, indicador: str, dimensions: tuple[str, str]) -> str:
        """Why two dimensions are not shown together, with room for the title of each; "" when they are published so."""
        if self.crosses(indicador, dimensions):
            return ""
        return COARSE if self.crosses(indicador, dimensions, DEPARTAMENTO) else UNCROSSED

    def about(
        self, own: tuple[str, ...], asked: Mapping[str, str], values: Mapping[str, str], notices: list[str]
    ) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
        """What is counted, the election, the cut-off and the people of a question about those abroad, once `notices` says what
        had to be corrected: of the values `asked` by column, those that a table crosses with the columns `own` and together.
        """
        cuenta = values.get("cuenta", "")
        eleccion, said = self.election(cuenta, values.get("eleccion"))
        corte, more = self.cutoff(cuenta, values.get("corte", ""))
        notices += [*said, *more]
        kept: dict[str, str] = {}
        for name, value in asked.items():
            why = self._outside(name, value, kept) or self._uncrossed(cuenta, name, (*own, *kept), own)
            if why:
                notices.append(f"{why}: se muestra sin ese filtro.")
            else:
                kept[name] = value
        return cuenta, eleccion, corte, tuple(kept.items())

    def _outside(self, name: str, value: str, kept: Mapping[str, str]) -> str:
        """Why a place cannot be asked for with the ones that are `kept`: it is in another; "" when it can."""
        inside = self.insides.get((name, value), {})
        others = [column for column in inside if kept.get(column, inside[column]) != inside[column]]
        found = [(self.groups[column].labels or {})[code] for column in others for code in (kept[column],)]
        return f"{(self.groups[name].labels or {})[value]} no está en {found[0]}" if found else ""

    def _uncrossed(self, cuenta: str, name: str, others: tuple[str, ...], own: tuple[str, ...]) -> str:
        """Why a column cannot be asked for besides `others`: no table crosses them; "" when one does."""
        if self.crosses(cuenta, (*others, name)) or not self.crosses(cuenta, own):
            return ""
        asked = [column for column in dict.fromkeys((name, *others)) if column in self.groups]
        outer = {outer for (column, _), inside in self.insides.items() if column in asked for outer in inside}
        titles = [self.groups[column].title.lower() for column in asked if column not in outer or column == name]
        return f"De «{self.titled(cuenta)}» no se publica el cruce de {' con '.join(titles)}"

    def rivals(self, indicador: str, group: Group) -> Mapping[str, Group]:
        """The groups that `group` may be set against, by the value that tells each apart; none for an indicator that does
        not compare two. They differ from it in one dimension.
        """
        if indicador not in self.versus:
            return {}
        return {
            value: group.but(name, value)
            for name, own in group.conditions().items()
            for value in self.groups[name].labels or {}
            if value != own
        }

    def versus_of(self, indicador: str, eleccion: str, group: Group, asked: str) -> tuple[tuple[Group, str], list[str]]:
        """The group and the value that tells apart the one it is set against, for an indicator that compares two, and what
        must be said. Where everybody means nothing it is the first sexo; if it is not asked against whom, the largest. Of one
        that compares two elections it is an earlier one ("" the last).
        """
        if indicador in self.earlier:
            known = not asked or asked in self.earlier[indicador].get(eleccion, {})
            words = f"«{self.every_rival.get(asked, asked)}» no es una elección anterior con que comparar: se muestra la última."
            return (group, asked if known else ""), [] if known else [words]
        if indicador in self.of_a_group and group == EVERYONE:
            group = Group(next(iter(self.groups["sexo"].labels or {}), None))
        rivals = self.rivals(indicador, group)
        if asked in rivals or not (asked or rivals):
            return (group, asked), []
        largest = (value for name in group.conditions() for value in self.by_size.get(name, ()))
        first = next((value for value in largest if value in rivals), next(iter(rivals), ""))
        shown = f"frente a {self.categories[first].lower()}" if first else "sin ese filtro"
        said = f"«{self.categories.get(asked, asked)}» no es otro grupo con que comparar: se muestra {shown}."
        return (group, first), [said] if asked else []

    def level(self, indicador: str, departamento: str | None, group: Group, asked: str | None) -> tuple[str, list[str]]:
        """The level asked for, or else the municipio or the finest at which the group is published, and what must be said;
        the municipio where no level may be asked for (None).
        """
        if asked is None:
            return MUNICIPIO, []
        if group.trait and not departamento and not self.crosses(indicador, tuple(group.conditions())):
            title = self.groups[group.trait.dimension].title.lower()
            said = [f"{COARSE.format('sexo', title)}: se muestra por departamento."]
            return DEPARTAMENTO, [] if asked == DEPARTAMENTO else said
        if asked == DEPARTAMENTO and indicador in self.only_municipios:
            return MUNICIPIO, [f"«{self.titled(indicador)}» no se suma por departamento: se muestra por municipio."]
        if departamento and asked == DEPARTAMENTO:
            return MUNICIPIO, ["Al elegir un departamento se muestran sus municipios."]
        return asked, []

    def ballot(self, eleccion: str, asked: str) -> tuple[str, list[str]]:
        """The ballot asked for, if it is among those of an election, and what must be said."""
        if not asked or asked in self.ballots_of.get(eleccion, {}):
            return asked, []
        return "", ["Esa papeleta no está entre las actas de la elección: se muestra sin ese filtro."]

    def table(
        self, eleccion: str, departamento: str | None, lugar: str | None, centro: str | None, mesa: str | None
    ) -> tuple[tuple[str | None, str | None, str | None, str | None], list[str]]:
        """The departamento, the place, its centre and the polling table to show, and what must be said: with a table, the places
        are its own.
        """
        code, its = self.mesas_of.get(eleccion, {}).get(mesa or "", ("", None))
        inside = all(self.territories.contains(asked, code) for asked in (departamento, lugar) if asked)
        said = [NO_TABLE.format(mesa)] if mesa and not (code and inside and centro in (None, its)) else []
        if mesa and code:
            at_home = code in self.territories.municipios
            return ((None, code, its, mesa) if at_home else (self.territories.parent(code), None, None, mesa)), said
        if centro and not self.has_centro(eleccion, lugar, centro):
            said.append(NO_CENTRE.format(centro))
            centro = None
        return (departamento, lugar, centro, None), said

    def compared(self, asked: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
        """The places to show side by side, each once, of the codes asked for, and what must be said."""
        codes = [code.strip() for code in asked if code.strip()]
        found = tuple(dict.fromkeys(code for code in codes if code in self.territories.by_name))
        said = []
        if unknown := len([code for code in codes if code not in self.territories.by_name]):
            shown = "no existe: se muestra sin él" if unknown == 1 else "no existen: se muestra sin ellos"
            said.append(f"{unknown} de los lugares pedidos {shown}.")
        if len(found) > MOST_COMPARED:
            said.append(f"Se comparan {MOST_COMPARED} lugares como máximo: se muestran los primeros.")
        return found[:MOST_COMPARED], said

    def beside(self, indicador: str, group: Group) -> tuple[Group, ...]:
        """The groups that one is read beside: those that differ from it in one dimension, and everybody; those of both sexes,
        if it is of neither. None for an indicator that compares two groups by itself, or that is not divided.
        """
        if indicador in self.of_a_group or not self.groups:
            return ()
        sexes = self.groups["sexo"].labels or {} if self.crosses(indicador, ("sexo",)) else {}
        found = [group.but("sexo", sexo) for sexo in sexes if sexo != group.sexo]
        if group.trait:
            values = self.groups[group.trait.dimension].labels or {}
            found += [group.but(group.trait.dimension, value) for value in values if value != group.trait.value]
        finest = MUNICIPIO if self.crosses(indicador, tuple(group.conditions())) else DEPARTAMENTO
        both = [item for item in (*found, EVERYONE) if self.crosses(indicador, tuple(item.conditions()), finest)]
        return tuple(item for item in both if item != group)

    @property
    def described(self) -> tuple[Mapping[str, str], str]:
        """The characteristics there are, and the one by default."""
        return self.characteristics, next(iter(self.characteristics), "")

    @property
    def choice(self) -> tuple[Mapping[str, str], str]:
        """The elections there are, and the one by default where no indicator decides it."""
        return self.every_election, self.election("", "")[0]


def once(declare: Callable[[Offer], Kept]) -> Callable[[Offer], Kept]:
    """`declare`, which reads nothing but an offer, done once for each."""
    return lambda offer: offer.once(declare, lambda: declare(offer))
