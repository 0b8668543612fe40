"""What the addresses of the maps, the profiles and the comparison may ask: their parameters and the question they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from dashboard.address.parameters import GROUPS, Contract, Parameter, Question
from dashboard.address.vocabulary import DEPARTAMENTO, EVERYONE, MUNICIPIO, Group, Offer, Trait

LEVELS = {MUNICIPIO: "Municipio", DEPARTAMENTO: "Departamento"}
ALL_ROWS = "todas"
MOST_COMPARED = 5
PLACE = r"\d{2}(\d{2})?"
#: Population groups whose name in the address, in a label or in the choice of everybody is not that of their column.
URL_NAMES = {"grupo_edad": "edad"}
SHORT = {"grupo_edad": "Edad"}
EVERYBODY = {"sexo": "Mujeres y hombres", "pueblo": "Todos"}


@dataclass(frozen=True)
class Selection(Question):
    """What is asked: an indicator (in an election, if it is counted by election), for a group of people, over a territory,
    seen by a level, with a chosen place (or several, side by side); of the actas, those of one election, the ballot
    (`papeleta`), the centre of a municipio (`centro`) and the polling table (`mesa`).
    """

    ASKED_AS: ClassVar[Mapping[str, str]] = {"group": GROUPS, "nivel": "ver"}
    KEPT: ClassVar[frozenset[str]] = frozenset({"indicador", "eleccion"})

    indicador: str = ""
    eleccion: str = ""
    departamento: str | None = None
    group: Group = EVERYONE
    nivel: str = MUNICIPIO
    lugar: str | None = None
    filas: str | None = None
    lugares: tuple[str, ...] = ()
    papeleta: str = ""
    centro: str | None = None
    mesa: str | None = None

    def values(self) -> dict[str, str]:
        """The values by parameter, as in every question, with one for each population group in place of `group`."""
        asked = {URL_NAMES.get(name, name): value for name, value in self.group.conditions().items()}
        found: dict[str, str] = {}
        for name, value in super().values().items():
            found |= asked if name == GROUPS else {name: ",".join(value) if name == "lugares" else value}
        return found


def _parameters(offer: Offer) -> tuple[Parameter, ...]:
    places = {**offer.territories.departamentos, **offer.territories.municipios}
    several = f"De dos a {MOST_COMPARED} códigos de lugar, separados por comas"
    pattern = rf"{PLACE}(,{PLACE}){{0,{MOST_COMPARED - 1}}}"
    return (
        Parameter("indicador", "Indicador", "Qué se mide", offer.indicators, offer.default, headings=offer.headings),
        Parameter("eleccion", "Elección", "Código; si falta, la última con cifras", *offer.choice, unused="ninguna"),
        Parameter("papeleta", "Papeleta", "Qué se elegía con ella", offer.ballots),
        Parameter("departamento", "Departamento", "Código de dos cifras", offer.departamentos, "", "Todo el país"),
        *(_group_parameter(name, offer) for name in offer.groups),
        Parameter("ver", "Ver por", "Por qué lugares se muestra", LEVELS, MUNICIPIO),
        Parameter("lugar", "Lugar", "Código del lugar", places, unused="ninguno", pattern=PLACE, control=False),
        Parameter("filas", "Filas", "Si se muestran todas las filas", {ALL_ROWS: "Todas"}, control=False),
        Parameter("centro", "Centro", "Su código", offer.centros, unused="ninguno", pattern=r"\d+", control=False),
        Parameter("mesa", "Mesa", "Número de la mesa", offer.mesas, "", "", "ninguna", pattern=r"\d+", control=False),
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
        eleccion, said = self.offer.election(indicador, self.values.get("eleccion"))
        self.notices.extend(said)
        group, nivel = self._group(indicador), self._level(indicador, departamento)
        lugar, filas = self._place(departamento, nivel), self.values.get("filas") or None
        departamento, lugar, centro, mesa = self._table(eleccion, departamento, lugar)
        table = (self._ballot(eleccion), centro, mesa)
        return Selection(indicador, eleccion, departamento, group, nivel, lugar, filas, self._places(), *table)

    def _ballot(self, eleccion: str) -> str:
        asked, there = self.values.get("papeleta", ""), self.offer.ballots_of.get(eleccion, {})
        if asked and asked not in there:
            self.notices.append("Esa papeleta no está entre las actas de la elección: se muestra sin ese filtro.")
        return asked if asked in there else ""

    def _table(self, eleccion: str, departamento: str | None, lugar: str | None) -> Sequence[str | None]:
        """The departamento, the place, its centre and the polling table to show: with a table, the places are its own."""
        mesa, centro, places = self.values.get("mesa"), self.values.get("centro") or None, self.offer.territories
        code, its = self.offer.mesas_of.get(eleccion, {}).get(mesa or "", ("", None))
        inside = all(places.contains(asked, code) for asked in (departamento, lugar) if asked) and centro in (None, its)
        if mesa and not (code and inside):
            self.notices.append(f"La mesa {mesa} no está en lo que se pide: se muestra la mesa si es de la elección.")
        if mesa and code:
            return (None, code, its, mesa) if code in places.municipios else (places.parent(code), None, None, mesa)
        if centro and not self.offer.has_centro(eleccion, lugar, centro):
            self.notices.append(f"El centro {centro} no está en el municipio que se pide: se muestra sin ese filtro.")
        return departamento, lugar, centro if self.offer.has_centro(eleccion, lugar, centro) else None, None

    def _level(self, indicador: str, departamento: str | None) -> str:
        nivel, reason = self.values.get("ver") or MUNICIPIO, ""
        if nivel == DEPARTAMENTO and indicador in self.offer.only_municipios:
            reason = f"«{self.offer.indicators[indicador]}» no se suma por departamento: se muestra por municipio."
        elif nivel == DEPARTAMENTO and departamento:
            reason = "Al elegir un departamento se muestran sus municipios."
        self.notices.extend([reason] if reason else [])
        return MUNICIPIO if reason else nivel

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
            reason = f"no está en {self.offer.departamentos[departamento]}"
        self.notices.extend([f"{name} {reason}: se muestra sin lugar elegido."] if reason else [])
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
PAGE = MAPS.only("indicador", "eleccion", "departamento", GROUPS, "ver", "lugar", "filas")
COMPARED = MAPS.only("lugares")
PLACED = MAPS.only("departamento", "lugar")
ACTAS = MAPS.only("eleccion", "papeleta", "departamento", "lugar", "filas", "centro", "mesa")
