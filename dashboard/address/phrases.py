"""The words for the people and the places of a selection: «mujeres empadronadas de 18 a 25 años», «En Alta Verapaz»."""

from __future__ import annotations

from dashboard.address.selection import Selection
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO, PAIS, Group, Territories
from etl import fields
from etl.country import COUNTRY

#: Those who are counted, and what they are: (noun, «registered», article).
REGISTERED = {
    None: ("personas", "empadronadas", "las"),
    "mujeres": ("mujeres", "empadronadas", "las"),
    "hombres": ("hombres", "empadronados", "los"),
}
READING = {"alfabeta": "que leen y escriben", "analfabeta": "que no leen ni escriben"}
#: How the value of a group is written after the people («de 18 a 25 años»). A group that is not here is written with
#: its title.
OF_GROUP = {"grupo_edad": "de {}", "pueblo": "de pueblo {}", "comunidad_linguistica": "de la comunidad {}"}
#: The pueblos that are an adjective of the people: «mujeres mayas», «hombres ladinos».
ADJECTIVES = {
    "maya": ("mayas", "mayas"),
    "garifuna": ("garífunas", "garífunas"),
    "xinka": ("xinkas", "xinkas"),
    "ladino": ("ladinas", "ladinos"),
    "afrodescendiente": ("afrodescendientes", "afrodescendientes"),
    "extranjera": ("de pueblo extranjero", "de pueblo extranjero"),
}
#: What a value that tells nothing about people is, after them.
UNSAID = {"sin_dato": "sin dato de {} en el registro", "no_aplica": "({}: no aplica)"}
#: (one, several) of the places of each level.
LEVEL_NAMES = {MUNICIPIO: ("municipio", "municipios"), DEPARTAMENTO: ("departamento", "departamentos")}


def people(group: Group, registered: bool = True, article: bool = False) -> str:
    """Who is counted, as a noun phrase: «mujeres mayas empadronadas», «hombres empadronados de 18 a 25 años».

    Without `registered`, «mujeres mayas»; with `article`, «las mujeres mayas».
    """
    noun, counted, the = REGISTERED[group.sexo]
    words = [the] if article else []
    words.append(noun)
    trait = _trait(group)
    if trait and not trait.startswith(AFTER):
        words.append(trait)
    if registered:
        words.append(counted)
    if trait and trait.startswith(AFTER):
        words.append(trait)
    return " ".join(words)


#: How the words of a trait begin that follow «registered».
AFTER = ("de ", "que ", "sin ", "a ", "(")


def _trait(group: Group) -> str:
    """The trait of a group, after its people; "" when it has none."""
    if group.trait is None:
        return ""
    name, value = group.trait.dimension, group.trait.value
    declared = fields.POPULATION_GROUP[name]
    title = declared.title.lower()
    if value in UNSAID:
        return UNSAID[value].format(title)
    if name == "alfabetismo":
        return READING[value]
    if name == "pueblo" and value in ADJECTIVES:
        return ADJECTIVES[value][group.sexo == "hombres"]
    label = (declared.labels or {}).get(value, value)
    return OF_GROUP.get(name, f"({title}: {{}})").format(label if name == "comunidad_linguistica" else label.lower())


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
