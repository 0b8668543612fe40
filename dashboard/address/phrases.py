"""The words for the people and the places of a selection: «mujeres empadronadas de 18 a 25 años», «En Alta Verapaz»."""

from __future__ import annotations

from dashboard.address.selection import DEPARTAMENTO, Group, Selection
from dashboard.address.vocabulary import DIMENSIONS, Territories

REGISTERED = {None: "personas empadronadas", "mujeres": "mujeres empadronadas", "hombres": "hombres empadronados"}
READING = {"alfabeta": "que leen y escriben", "analfabeta": "que no leen ni escriben"}
PLACES = {"municipio": ("municipio", "municipios"), DEPARTAMENTO: ("departamento", "departamentos")}


def people(group: Group) -> str:
    """Who is counted, as a noun phrase."""
    words = REGISTERED[group.sexo]
    if group.trait is None:
        return words
    if group.trait.dimension == "alfabetismo":
        return f"{words} {READING[group.trait.value]}"
    return f"{words} de {(DIMENSIONS['grupo_edad'].labels or {})[group.trait.value].lower()}"


def place_name(code: str, territories: Territories) -> str:
    """The name of a place on its own; the country is «Guatemala»."""
    return territories.name(code) if code else "Guatemala"


def full_name(code: str, territories: Territories) -> str:
    """A name that cannot be mistaken for another: «Chisec (Alta Verapaz)», «Alta Verapaz (departamento)»."""
    container = territories.departamento_of(code) if len(code) == 4 else "departamento"
    return f"{territories.name(code)} ({container})"


def within(code: str, territories: Territories) -> str:
    """«En el país», «En el departamento de Guatemala», «En Chisec, Alta Verapaz»."""
    if not code:
        return "En el país"
    if len(code) == 2:
        return f"En el departamento de {territories.name(code)}"
    return f"En {territories.name(code)}, {territories.departamento_of(code)}"


def scope(selection: Selection) -> str:
    """The code of the territory the page is about: the departamento filtered, or the country ("")."""
    return selection.departamento or ""


def focus(selection: Selection) -> str:
    """The code of the most particular territory asked about: the chosen place, else the scope."""
    return selection.lugar or scope(selection)
