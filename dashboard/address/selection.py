"""The URL contract: a query string becomes one frozen `Selection`, and back.

Every face of an answer (page, file, accessible page) is asked for with the same Spanish parameters. A value that cannot
be honoured is corrected and the correction is said (`Parsed.notices`); an unknown parameter is ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from dashboard.address.vocabulary import DIMENSIONS, TRAITS, Territories

MUNICIPIO = "municipio"
DEPARTAMENTO = "departamento"
LEVELS = {MUNICIPIO: "Municipio", DEPARTAMENTO: "Departamento"}
ALL_ROWS = "todas"
#: What a file says of a filter that was not used.
EVERY = "todos"
LONGEST_VALUE_SHOWN = 40
#: What stands for a character that cannot be shown (a null byte, half of a surrogate pair).
UNSHOWABLE = "\ufffd"
MOST_COMPARED = 5


@dataclass(frozen=True)
class Trait:
    """The one trait that may be crossed with sexo: a grupo de edad or an alfabetismo, never both."""

    dimension: str
    value: str


@dataclass(frozen=True)
class Group:
    """The people asked about. There is one slot for a trait because the source crosses sexo × edad and sexo × alfabetismo,
    never the three: a group that no figure exists for cannot be written down.
    """

    sexo: str | None = None
    trait: Trait | None = None

    def conditions(self) -> dict[str, str]:
        """Column name -> value, for the query."""
        found = {"sexo": self.sexo} if self.sexo else {}
        if self.trait:
            found[self.trait.dimension] = self.trait.value
        return found


@dataclass(frozen=True)
class Selection:
    """What is asked: an indicator, for a group of people, over a territory, seen by a level, with a chosen place
    (or several, side by side)."""

    indicador: str
    group: Group = Group()
    departamento: str | None = None
    nivel: str = MUNICIPIO
    lugar: str | None = None
    filas: str | None = None
    lugares: tuple[str, ...] = ()

    def parameters(self) -> dict[str, str]:
        """The canonical query parameters: defaults are left out, the order is fixed."""
        conditions = self.group.conditions()
        pairs = {
            "indicador": self.indicador,
            "departamento": self.departamento,
            **{URL_NAMES[name]: conditions.get(name) for name in DIMENSIONS},
            "ver": self.nivel if self.nivel != MUNICIPIO else None,
            "lugar": self.lugar,
            "filas": self.filas,
            "lugares": ",".join(self.lugares),
        }
        return {name: value for name, value in pairs.items() if value}

    def context(self) -> list[tuple[str, str, str]]:
        """What was asked, for the columns of a file: (name, title, value)."""
        conditions = self.group.conditions()
        return [
            ("consulta_indicador", "Indicador pedido", self.indicador),
            ("consulta_departamento", "Departamento pedido", self.departamento or EVERY),
            ("consulta_lugar", "Lugar elegido", self.lugar or "ninguno"),
            ("consulta_sexo", "Sexo pedido", conditions.get("sexo", EVERY)),
            ("consulta_grupo_edad", "Grupo de edad pedido", conditions.get("grupo_edad", EVERY)),
            ("consulta_alfabetismo", "Alfabetismo pedido", conditions.get("alfabetismo", EVERY)),
        ]

    def url(self, path: str, **changes: object) -> str:
        """`path` with this selection, after `changes` to its attributes."""
        return f"{path}?{urlencode(replace(self, **changes).parameters(), safe=',')}"


URL_NAMES = {"sexo": "sexo", "grupo_edad": "edad", "alfabetismo": "alfabetismo"}


@dataclass(frozen=True)
class Parsed:
    """A selection and, in Spanish, everything about the address that had to be corrected."""

    selection: Selection
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """What the parser must know of the indicators: their titles, which one is first, which dimensions each can be split by."""

    titles: Mapping[str, str]
    default: str
    only_municipios: frozenset[str]
    accepted: Callable[[str], frozenset[str]]


def query_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The parameters of an address, one value each, as text that a page can carry.

    A parameter that comes with different values keeps them all, joined by commas: a list for `lugares`; for any other,
    a value that does not exist, so that it is corrected and said instead of chosen in silence.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append("".join(letter if letter.isprintable() else UNSHOWABLE for letter in value))
    return {name: ",".join(dict.fromkeys(found)) for name, found in values.items()}


def parse(query: Mapping[str, str], catalogue: Catalogue, territories: Territories) -> Parsed:
    """The selection that `query` asks for. Never raises: what cannot be honoured becomes a notice."""
    notices: list[str] = []
    indicador = one_of("indicador", query, catalogue.titles, notices) or catalogue.default
    departamento = one_of("departamento", query, territories.departamentos, notices)
    nivel = one_of("ver", query, LEVELS, notices) or MUNICIPIO
    if nivel == DEPARTAMENTO and indicador in catalogue.only_municipios:
        notices.append(f"«{catalogue.titles[indicador]}» no se suma por departamento: se muestra por municipio.")
        nivel = MUNICIPIO
    if departamento and nivel == DEPARTAMENTO:
        notices.append("Al elegir un departamento se muestran sus municipios.")
        nivel = MUNICIPIO
    group = _group(query, indicador, catalogue, notices)
    lugar = _lugar(query, departamento, nivel, territories, notices)
    filas = ALL_ROWS if query.get("filas") == ALL_ROWS else None
    lugares = _lugares(query, territories, notices)
    return Parsed(Selection(indicador, group, departamento, nivel, lugar, filas, lugares), tuple(notices))


def _lugares(query: Mapping[str, str], territories: Territories, notices: list[str]) -> tuple[str, ...]:
    known = {**territories.departamentos, **territories.municipios}
    asked = [code.strip() for code in (query.get("lugares") or "").split(",") if code.strip()]
    found = tuple(dict.fromkeys(code for code in asked if code in known))
    if unknown := len([code for code in asked if code not in known]):
        notices.append(
            f"{unknown} de los lugares pedidos no existe: se muestra sin él."
            if unknown == 1
            else f"{unknown} de los lugares pedidos no existen: se muestra sin ellos."
        )
    if len(found) > MOST_COMPARED:
        notices.append(f"Se comparan {MOST_COMPARED} lugares como máximo: se muestran los primeros.")
    return found[:MOST_COMPARED]


def one_of(name: str, query: Mapping[str, str], allowed: Mapping[str, str], notices: list[str]) -> str | None:
    """The value of the parameter `name` if it is allowed; when it is not, None, and `notices` says so."""
    value = (query.get(name) or "").strip()
    if not value:
        return None
    if value in allowed:
        return value
    shown = value if len(value) <= LONGEST_VALUE_SHOWN else value[:LONGEST_VALUE_SHOWN] + "…"
    notices.append(f"No hay «{shown}» en {name}: se muestra sin ese filtro.")
    return None


def _group(query: Mapping[str, str], indicador: str, catalogue: Catalogue, notices: list[str]) -> Group:
    asked = {
        name: value
        for name in DIMENSIONS
        if (value := one_of(URL_NAMES[name], query, DIMENSIONS[name].labels or {}, notices))
    }
    accepted = catalogue.accepted(indicador)
    for name in [name for name in asked if name not in accepted]:
        del asked[name]
        notices.append(
            f"El indicador «{catalogue.titles[indicador]}» no se divide por {DIMENSIONS[name].title.lower()}: "
            "se muestra sin ese filtro."
        )
    traits = [Trait(name, asked[name]) for name in TRAITS if name in asked]
    if len(traits) > 1:
        kept, dropped = (DIMENSIONS[trait.dimension].title.lower() for trait in traits[:2])
        notices.append(f"La fuente no cruza {kept} con {dropped}: se muestra solo {kept}.")
    return Group(asked.get("sexo"), traits[0] if traits else None)


def _lugar(
    query: Mapping[str, str], departamento: str | None, nivel: str, territories: Territories, notices: list[str]
) -> str | None:
    names = territories.municipios if nivel == MUNICIPIO else territories.departamentos
    value = (query.get("lugar") or "").strip()
    if nivel == DEPARTAMENTO and value in territories.municipios:
        # A municipio chosen before changing the level stays chosen through its departamento.
        return value[:2]
    if nivel == MUNICIPIO and value in territories.departamentos:
        notices.append(
            f"{territories.name(value)} es un departamento y aquí se ve por municipio: se muestra sin lugar elegido."
        )
        return None
    lugar = one_of("lugar", query, names, notices)
    if lugar and departamento and not lugar.startswith(departamento):
        notices.append(
            f"{names[lugar]} no está en {territories.departamentos[departamento]}: se muestra sin lugar elegido."
        )
        return None
    return lugar
