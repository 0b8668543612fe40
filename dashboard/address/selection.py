"""What the addresses of the maps, the profiles and the comparison may ask: their parameters and the question they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from dashboard.address.parameters import GROUPS, Contract, Parameter, Question
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO, Offer

LEVELS = {MUNICIPIO: "Municipio", DEPARTAMENTO: "Departamento"}
ALL_ROWS = "todas"
MOST_COMPARED = 5
PLACE = r"\d{2}(\d{2})?"
#: Population groups whose name in the address, in a label or in the choice of everybody is not that of their column.
URL_NAMES = {"grupo_edad": "edad"}
SHORT = {"grupo_edad": "Edad"}
EVERYBODY = {"sexo": "Mujeres y hombres", "pueblo": "Todos"}


@dataclass(frozen=True)
class Trait:
    """The one trait that may be crossed with sexo: a grupo de edad, an alfabetismo, a pueblo…, never two."""

    dimension: str
    value: str


@dataclass(frozen=True)
class Group:
    """The people asked about. No source crosses two traits, so there is room for only one besides sexo."""

    sexo: str | None = None
    trait: Trait | None = None

    def conditions(self) -> dict[str, str]:
        """Column name -> value, for the query."""
        found = {"sexo": self.sexo} if self.sexo else {}
        return found | ({self.trait.dimension: self.trait.value} if self.trait else {})


@dataclass(frozen=True)
class Selection(Question):
    """What is asked: an indicator, for a group of people, over a territory, seen by a level, with a chosen place
    (or several, side by side)."""

    ASKED_AS: ClassVar[Mapping[str, str]] = {"group": GROUPS, "nivel": "ver"}
    KEPT: ClassVar[frozenset[str]] = frozenset({"indicador"})

    indicador: str = ""
    departamento: str | None = None
    group: Group = Group()
    nivel: str = MUNICIPIO
    lugar: str | None = None
    filas: str | None = None
    lugares: tuple[str, ...] = ()

    def values(self) -> dict[str, str]:
        """The values by parameter, as in every question, with one for each population group in place of `group`."""
        asked = {URL_NAMES.get(name, name): value for name, value in self.group.conditions().items()}
        found: dict[str, str] = {}
        for name, value in super().values().items():
            found |= asked if name == GROUPS else {name: ",".join(value) if name == "lugares" else value}
        return found


def _parameters(offer: Offer) -> tuple[Parameter, ...]:
    homes = offer.territories.departamentos
    places = {**homes, **offer.territories.municipios}
    several = f"De dos a {MOST_COMPARED} códigos de lugar, separados por comas"
    pattern = rf"{PLACE}(,{PLACE}){{0,{MOST_COMPARED - 1}}}"
    return (
        Parameter("indicador", "Indicador", "Qué se mide", offer.indicators, offer.default, headings=offer.headings),
        Parameter("departamento", "Departamento", "Código de dos cifras", homes, everything="Todo el país"),
        *(_group_parameter(name, offer) for name in offer.groups),
        Parameter("ver", "Ver por", "Por qué lugares se muestra", LEVELS, MUNICIPIO),
        Parameter("lugar", "Lugar", "Código del lugar", places, unused="ninguno", pattern=PLACE, control=False),
        Parameter("filas", "Filas", "Si se muestran todas las filas", {ALL_ROWS: "Todas"}, control=False),
        Parameter("lugares", "Lugares", several, places, "", "", "ninguno", "", pattern, MOST_COMPARED, control=False),
    )


def _group_parameter(name: str, offer: Offer) -> Parameter:
    group, everything = offer.groups[name], EVERYBODY.get(name, "Todas")
    url, title = URL_NAMES.get(name, name), SHORT.get(name, group.title)
    return Parameter(url, title, group.description, group.labels or {}, "", everything, column=name, group=True)


@dataclass(frozen=True)
class _Building:
    """Makes a question from the values of an address. A value that contradicts the others is corrected and noticed."""

    values: Mapping[str, str]
    offer: Offer
    notices: list[str]

    def question(self) -> Selection:
        """The question. Each attribute is decided after the ones that it depends on."""
        indicador, departamento = self.values.get("indicador", ""), self.values.get("departamento") or None
        group, nivel = self._group(indicador), self._level(indicador, departamento)
        lugar, filas = self._place(departamento, nivel), self.values.get("filas") or None
        return Selection(indicador, departamento, group, nivel, lugar, filas, self._places())

    def _level(self, indicador: str, departamento: str | None) -> str:
        nivel = self.values.get("ver") or MUNICIPIO
        if nivel == DEPARTAMENTO and indicador in self.offer.only_municipios:
            title = self.offer.indicators[indicador]
            self.notices.append(f"«{title}» no se suma por departamento: se muestra por municipio.")
            return MUNICIPIO
        if departamento and nivel == DEPARTAMENTO:
            self.notices.append("Al elegir un departamento se muestran sus municipios.")
            return MUNICIPIO
        return nivel

    def _group(self, indicador: str) -> Group:
        titles = {name: item.title.lower() for name, item in self.offer.groups.items()}
        asked = {name: value for name in titles if (value := self.values.get(URL_NAMES.get(name, name)))}
        for name in [name for name in asked if not self.offer.crosses(indicador, (name,))]:
            del asked[name]
            title = self.offer.indicators[indicador]
            self.notices.append(f"El indicador «{title}» no se divide por {titles[name]}: se muestra sin ese filtro.")
        sexo, traits = asked.pop("sexo", None), [Trait(name, value) for name, value in asked.items()]
        if len(traits) > 1:
            kept, dropped = (titles[trait.dimension] for trait in traits[:2])
            self.notices.append(f"La fuente no cruza {kept} con {dropped}: se muestra solo {kept}.")
        trait = traits[0] if traits else None
        if sexo and trait and not self.offer.crosses(indicador, ("sexo", trait.dimension)):
            self.notices.append(f"La fuente no cruza sexo con {titles[trait.dimension]}: se muestra sin sexo.")
            sexo = None
        return Group(sexo, trait)

    def _place(self, departamento: str | None, nivel: str) -> str | None:
        territories, code = self.offer.territories, self.values.get("lugar") or None
        if code is None:
            return None
        name, reason = territories.name(code), ""
        if "ver" in self.values and territories.level(code) != nivel:
            if nivel == DEPARTAMENTO:  # the level was changed: the chosen municipio gives way to its departamento
                return territories.parent(code)
            reason = "es un departamento y aquí se ve por municipio"
        elif departamento and not territories.contains(departamento, code):
            reason = f"no está en {territories.name(departamento)}"
        if reason:
            self.notices.append(f"{name} {reason}: se muestra sin lugar elegido.")
        return None if reason else code

    def _places(self) -> tuple[str, ...]:
        asked = [code.strip() for code in self.values.get("lugares", "").split(",") if code.strip()]
        found = tuple(dict.fromkeys(code for code in asked if code in self.offer.territories.by_name))
        if unknown := len([code for code in asked if code not in self.offer.territories.by_name]):
            said = "no existe: se muestra sin él" if unknown == 1 else "no existen: se muestra sin ellos"
            self.notices.append(f"{unknown} de los lugares pedidos {said}.")
        if len(found) > MOST_COMPARED:
            self.notices.append(f"Se comparan {MOST_COMPARED} lugares como máximo: se muestran los primeros.")
        return found[:MOST_COMPARED]


#: Everything that the page of a map may ask; each view takes the part of it that it depends on.
MAPS = Contract(_parameters, lambda values, offer, notices: _Building(values, offer, notices).question())
PAGE = MAPS.only("indicador", "departamento", GROUPS, "ver", "lugar", "filas")
COMPARED = MAPS.only("lugares")
PLACED = MAPS.only("departamento", "lugar")
