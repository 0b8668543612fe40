"""What the addresses of the maps, the profiles and the comparison may ask: their parameters and the question they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from dashboard.address.parameters import GROUPS, Contract, Offer, Parameter, Question
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO

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
    """The people asked about. There is one slot for a trait: a group that no figure exists for cannot be written down."""

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

    indicador: str = ""
    departamento: str | None = None
    group: Group = Group()
    nivel: str = MUNICIPIO
    lugar: str | None = None
    filas: str | None = None
    lugares: tuple[str, ...] = ()

    def values(self) -> dict[str, str]:
        """As every question; each population group is a parameter, and the level that an address need not say is not."""
        asked = {URL_NAMES.get(name, name): value for name, value in self.group.conditions().items()}
        changed = {GROUPS: "", "ver": "" if self.nivel == MUNICIPIO else self.nivel, "lugares": ",".join(self.lugares)}
        found: dict[str, str] = {}
        for name, value in (super().values() | changed).items():
            found |= asked if name == GROUPS else {name: value}
        return found


def _parameters(offer: Offer) -> tuple[Parameter, ...]:
    places = {**offer.territories.departamentos, **offer.territories.municipios}
    homes = offer.territories.departamentos
    several = f"De dos a {MOST_COMPARED} códigos de lugar, separados por comas"
    pattern = rf"{PLACE}(,{PLACE}){{0,{MOST_COMPARED - 1}}}"
    return (
        Parameter(
            "indicador", "Indicador", "Qué se mide", offer.indicators, offer.default, headings=offer.headings, kept=True
        ),
        Parameter("departamento", "Departamento", "Código de dos cifras", homes, everything="Todo el país"),
        *(_group_parameter(name, offer) for name in offer.groups),
        Parameter("ver", "Ver por", "Por qué lugares se muestra", LEVELS, MUNICIPIO),
        Parameter("lugar", "Lugar", "Código del lugar", places, unused="ninguno", pattern=PLACE, control=False),
        Parameter("filas", "Filas", "Si se muestran todas las filas", {ALL_ROWS: "Todas"}, control=False),
        Parameter("lugares", "Lugares", several, places, "", "", "ninguno", "", pattern, MOST_COMPARED, control=False),
    )


def _group_parameter(name: str, offer: Offer) -> Parameter:
    group = offer.groups[name]
    return Parameter(
        URL_NAMES.get(name, name),
        SHORT.get(name, group.title),
        group.description,
        group.labels or {},
        everything=EVERYBODY.get(name, "Todas"),
        column=name,
        group=True,
    )


def _build(values: Mapping[str, str], offer: Offer, notices: list[str]) -> Selection:
    indicador = values.get("indicador", "")
    departamento = values.get("departamento") or None
    nivel = _level(values.get("ver") or MUNICIPIO, indicador, departamento, offer, notices)
    return Selection(
        indicador,
        departamento,
        _group(values, indicador, offer, notices),
        nivel,
        _place(values, departamento, nivel, offer, notices),
        values.get("filas") or None,
        _places(values, offer, notices),
    )


def _level(nivel: str, indicador: str, departamento: str | None, offer: Offer, notices: list[str]) -> str:
    if nivel == DEPARTAMENTO and indicador in offer.only_municipios:
        notices.append(f"«{offer.indicators[indicador]}» no se suma por departamento: se muestra por municipio.")
        return MUNICIPIO
    if departamento and nivel == DEPARTAMENTO:
        notices.append("Al elegir un departamento se muestran sus municipios.")
        return MUNICIPIO
    return nivel


def _group(values: Mapping[str, str], indicador: str, offer: Offer, notices: list[str]) -> Group:
    titles = {name: item.title.lower() for name, item in offer.groups.items()}
    asked = {name: value for name in offer.groups if (value := values.get(URL_NAMES.get(name, name)))}
    for name in [name for name in asked if not offer.crosses(indicador, (name,))]:
        del asked[name]
        title = offer.indicators[indicador]
        notices.append(f"El indicador «{title}» no se divide por {titles[name]}: se muestra sin ese filtro.")
    sexo, traits = asked.pop("sexo", None), [Trait(name, value) for name, value in asked.items()]
    if len(traits) > 1:
        kept, dropped = (titles[trait.dimension] for trait in traits[:2])
        notices.append(f"La fuente no cruza {kept} con {dropped}: se muestra solo {kept}.")
    trait = traits[0] if traits else None
    if sexo and trait and not offer.crosses(indicador, ("sexo", trait.dimension)):
        notices.append(f"La fuente no cruza sexo con {titles[trait.dimension]}: se muestra sin sexo.")
        sexo = None
    return Group(sexo, trait)


def _place(
    values: Mapping[str, str], departamento: str | None, nivel: str, offer: Offer, notices: list[str]
) -> str | None:
    territories, code = offer.territories, values.get("lugar") or None
    if code is None:
        return None
    if "ver" in values and territories.level(code) != nivel:
        if nivel == DEPARTAMENTO:  # a municipio chosen before changing the level stays chosen through its departamento
            return territories.parent(code)
        name = territories.name(code)
        notices.append(f"{name} es un departamento y aquí se ve por municipio: se muestra sin lugar elegido.")
        return None
    if departamento and not territories.contains(departamento, code):
        home = territories.departamentos[departamento]
        notices.append(f"{territories.name(code)} no está en {home}: se muestra sin lugar elegido.")
        return None
    return code


def _places(values: Mapping[str, str], offer: Offer, notices: list[str]) -> tuple[str, ...]:
    known = {**offer.territories.departamentos, **offer.territories.municipios}
    asked = [code.strip() for code in values.get("lugares", "").split(",") if code.strip()]
    found = tuple(dict.fromkeys(code for code in asked if code in known))
    if unknown := len([code for code in asked if code not in known]):
        said = "no existe: se muestra sin él" if unknown == 1 else "no existen: se muestra sin ellos"
        notices.append(f"{unknown} de los lugares pedidos {said}.")
    if len(found) > MOST_COMPARED:
        notices.append(f"Se comparan {MOST_COMPARED} lugares como máximo: se muestran los primeros.")
    return found[:MOST_COMPARED]


#: Everything that the page of a map may ask; each view takes the part of it that it depends on.
MAPS = Contract(_parameters, _build)
PAGE = MAPS.only("indicador", "departamento", GROUPS, "ver", "lugar", "filas")
COMPARED = MAPS.only("lugares")
PLACED = MAPS.only("departamento", "lugar")
