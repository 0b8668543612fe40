"""The words for the people and the places of a selection: «mujeres empadronadas de 18 a 25 años», «En Alta Verapaz»."""

from __future__ import annotations

from dashboard.address.selection import Selection
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO, PAIS, Group, Territories
from etl import fields
from etl.country import COUNTRY

REGISTERED = {None: "personas empadronadas", "mujeres": "mujeres empadronadas", "hombres": "hombres empadronados"}
READING = {"alfabeta": "que leen y escriben", "analfabeta": "que no leen ni escriben"}
#: How the value of a group is written after the people («de 18 a 25 años»). A group that is not here is written with
#: its title.
OF_GROUP = {"grupo_edad": "de {}", "pueblo": "de pueblo {}", "comunidad_linguistica": "de la comunidad {}"}
#: (one, several) of the places of each level.
LEVEL_NAMES = {MUNICIPIO: ("municipio", "municipios"), DEPARTAMENTO: ("departamento", "departamentos")}


def people(group: Group) -> str:
    """Who is counted, as a noun phrase."""
    words = REGISTERED[group.sexo]
    if group.trait is None:
        return words
    if group.trait.dimension == "alfabetismo":
        return f"{words} {READING[group.trait.value]}"
    name, value = group.trait.dimension, group.trait.value
    declared = fields.POPULATION_GROUP[name]
    label = (declared.labels or {}).get(value, value).lower()
    return f"{words} {OF_GROUP.get(name, f'({declared.title.lower()}: {{}})').format(label)}"


def place_name(code: str, territories: Territories) -> str:
    """The name of a place on its own; the country is «Guatemala»."""
    return territories.name(code) if code else COUNTRY.name


def full_name(code: str, territories: Territories) -> str:
    """A name that cannot be mistaken for another: «Chisec (Alta Verapaz)», «Alta Verapaz (departamento)»."""
    container = territories.departamento_of(code) if territories.level(code) == MUNICIPIO else "departamento"
    return f"{territories.name(code)} ({container})"


def within(code: str, territories: Territories) -> str:
    """Where something is, as a sentence begins: «En el país», «En el departamento de Guatemala», «En Chisec, Alta Verapaz».

    `code` is "" for the country.
    """
    if territories.level(code) == PAIS:
        return "En el país"
    if territories.level(code) == DEPARTAMENTO:
        return f"En el departamento de {territories.name(code)}"
    return f"En {territories.name(code)}, {territories.departamento_of(code)}"


def scope(selection: Selection) -> str:
    """The code of the territory the page is about: the departamento filtered, or the country ("")."""
    return selection.departamento or ""


def focus(selection: Selection) -> str:
    """The code of the most particular territory asked about: the chosen place, else the scope."""
    return selection.lugar or scope(selection)
