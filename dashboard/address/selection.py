"""What the addresses of the maps, the profiles and the comparison may ask: their parameters and the question they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from dashboard.address.attributes import hash_kept
from dashboard.address.parameters import GROUPS, Contract, Parameter, Question
from dashboard.address.vocabulary import BY_TURNOUT, DEPARTAMENTO, EVERYONE, MOST_COMPARED, MUNICIPIO, Group, Offer

LEVELS = {MUNICIPIO: "Municipio", DEPARTAMENTO: "Departamento"}
ALL_ROWS = "todas"
PLACE = r"\d{2}(\d{2})?"
#: Population groups whose name in the address, in a label or in the choice of everybody is not that of their column.
URL_NAMES = {"grupo_edad": "edad", "codigo_departamento_origen": "origen"}
URL_NAMES |= {f"{level}_residencia": level for level in ("pais", "estado", "ciudad")}
SHORT = {"grupo_edad": "Edad", "estado_residencia": "Estado", "ciudad_residencia": "Ciudad"}
MASCULINE = ("pueblo", "codigo_departamento_origen", "pais_residencia", "estado_residencia")
EVERYBODY = {"sexo": "Mujeres y hombres", **dict.fromkeys(MASCULINE, "Todos")}
T = TypeVar("T")


@dataclass(frozen=True)
class Selection(Question):
    """What is asked: an indicator (in an election, if it is counted by election; as of a cut-off, "" the latest), for a group
    of people (set against another, `frente`), over a territory, seen by a level, with a chosen place (or several, side by
    side); of the actas, those of one election, the ballot (`papeleta`), the centre of a municipio (`centro`) and the polling
    table (`mesa`); where places are grouped, by which `caracteristica`; of who voted, by which groups it is followed (`por`)
    and in which `orden` they are.
    """

    ASKED_AS: ClassVar[Mapping[str, str]] = {"group": GROUPS, "nivel": "ver"}
    KEPT: ClassVar[frozenset[str]] = frozenset({"indicador", "eleccion"})

    indicador: str = ""
    eleccion: str = ""
    corte: str = ""
    departamento: str | None = None
    group: Group = EVERYONE
    frente: str = ""
    nivel: str = MUNICIPIO
    lugar: str | None = None
    filas: str | None = None
    lugares: tuple[str, ...] = ()
    papeleta: str = ""
    centro: str | None = None
    mesa: str | None = None
    caracteristica: str = ""
    por: str = ""
    orden: str = BY_TURNOUT
    __hash__ = hash_kept

    def values(self) -> dict[str, str]:
        """The values by parameter, as in every question, with one for each population group in place of `group`."""
        asked = {URL_NAMES.get(name, name): value for name, value in self.group.conditions().items()}
        found: dict[str, str] = {}
        for name, value in super().values().items():
            found |= asked if name == GROUPS else {name: ",".join(value) if name == "lugares" else value}
        return found


def _parameters(offer: Offer) -> tuple[Parameter, ...]:
    places = {**offer.territories.departamentos, **offer.territories.municipios}
    several, pattern = f"De dos a {MOST_COMPARED} códigos, con comas", rf"{PLACE}(,{PLACE}){{0,{MOST_COMPARED - 1}}}"
    return (
        Parameter("indicador", "Indicador", "Qué se mide", offer.indicators, offer.default, headings=offer.headings),
        Parameter("eleccion", "Elección", "Código; si falta, la última con cifras", *offer.choice, unused="ninguna"),
        Parameter("corte", "Corte", "Día del padrón; si falta, el último", offer.every_cutoff, unused="el último"),
        Parameter("papeleta", "Papeleta", "Qué se elegía con ella", offer.ballots),
        Parameter("departamento", "Departamento", "Código de dos cifras", offer.departamentos, "", "Todo el país"),
        Parameter("caracteristica", "Cómo es el lugar", "Según el censo", *offer.described, headings=offer.sections),
        *(group_parameter(name, offer) for name in offer.groups),
        Parameter(
            "frente", "Frente a", "Con qué otro grupo o elección se compara", offer.every_rival, unused="ninguno"
        ),
        Parameter("ver", "Ver por", "Por qué lugares se muestra", LEVELS, MUNICIPIO),
        Parameter("lugar", "Lugar", "Código del lugar", places, unused="ninguno", pattern=PLACE, control=False),
        Parameter("por", "Líneas por", "Qué grupos se siguen", offer.divided, unused="el filtro", control=False),
        Parameter("orden", "Orden", "Cómo van los grupos", offer.orders, BY_TURNOUT, control=False),
        Parameter("filas", "Filas", "Si se muestran todas las filas", {ALL_ROWS: "Todas"}, control=False),
        Parameter("centro", "Centro", "Su código", offer.centros, unused="ninguno", pattern=r"\d+", control=False),
        Parameter("mesa", "Mesa", "Número de la mesa", offer.mesas, "", "", "ninguna", pattern=r"\d+", control=False),
        Parameter("lugares", "Lugares", several, places, "", "", "ninguno", "", pattern, MOST_COMPARED, control=False),
    )


def group_parameter(name: str, offer: Offer) -> Parameter:
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
        asked, offer = self.values.get, self.offer
        indicador, departamento = asked("indicador", ""), asked("departamento") or None
        eleccion = self._told(*offer.election(indicador, asked("eleccion")))
        corte = self._told(*offer.cutoff(indicador, asked("corte", "")))
        values = {name: asked(URL_NAMES.get(name, name), "") for name in offer.groups}
        lugares = self._told(*offer.compared(asked("lugares", "").split(",")))
        group = self._told(*offer.group(indicador, values, departamento, (asked("lugar"), *lugares), asked("ver")))
        group, frente = self._told(*offer.versus_of(indicador, eleccion, group, asked("frente", "")))
        nivel = self._told(*offer.level(indicador, departamento, group, asked("ver")))
        lugar, papeleta = self._place(departamento, nivel), self._told(*offer.ballot(eleccion, asked("papeleta", "")))
        centro, mesa = asked("centro") or None, asked("mesa")
        departamento, lugar, centro, mesa = self._told(*offer.table(eleccion, departamento, lugar, centro, mesa))
        found = (indicador, eleccion, corte, departamento, group, frente, nivel, lugar, asked("filas") or None)
        how = (asked("caracteristica", ""), asked("por", ""), asked("orden") or BY_TURNOUT)
        return Selection(*found, lugares, papeleta, centro, mesa, *how)

    def _told(self, decided: T, said: Iterable[str]) -> T:
        """What the offer decides of a value, after noticing what it says of it."""
        self.notices.extend(said)
        return decided

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


#: Everything that the page of a map may ask; each view takes the part of it that it depends on.
MAPS = Contract(_parameters, lambda values, offer, notices: _Building(values, offer, notices).question())
PLACES = ("departamento", "ver", "lugar", "filas")
PAGE = MAPS.only("indicador", "eleccion", "corte", GROUPS, "frente", *PLACES, "por", "orden")
COMPARED = MAPS.only("eleccion", "corte", GROUPS, "lugares")
PLACED = MAPS.only("departamento", "lugar")
DATED = MAPS.only("corte", "departamento", "lugar")
ACTAS = MAPS.only("eleccion", "papeleta", "departamento", "lugar", "filas", "centro", "mesa")
