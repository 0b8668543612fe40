"""The pages of population groups over cubes of full size: the demonstration that is served, what is changed and asked of it."""

from __future__ import annotations

import random
from pathlib import Path

import lxml.html

from bench.figures import ROOT
from bench.size import Size

#: Each page with population groups, and the filters that make it be about them: kept as they are given.
PAGES: dict[str, dict[str, str]] = {
    "/padron": {},
    "/participacion": {"indicador": "votaron"},
    "/extranjero": {},
    "/cruces": {},
    "/participacion/lugares": {},
}
#: The filters of a map page that are changed in the browser, and the page they are changed on.
CHANGED = {
    "el grupo (/participacion)": ("/participacion?indicador=votaron", "#f-grupo"),
    "la elección de un grupo (/participacion)": ("/participacion?indicador=votaron&pueblo=maya", "#f-eleccion"),
    "el grupo (/padron)": ("/padron?indicador=empadronados", "#f-grupo"),
}
_MADE: dict[Path, Path] = {}


def demonstration(size: Size) -> Path:
    """The release of a demonstration: the one given, or one of as many invented people as `size` says, made once."""
    if size.demonstration is not None:
        return size.demonstration
    folder = size.folder / "demostracion"
    if folder not in _MADE:
        wanted = [] if size.people is None else ["--personas", str(size.people)]
        size.run(["-m", "etl", "demo", "--carpeta", str(folder), *wanted], ROOT)
        _MADE[folder] = folder / "release" / "current"
    return _MADE[folder]


def offered(page: str) -> dict[str, list[str]]:
    """The values that the filters of a page offer, by the name of their parameter."""
    selects = lxml.html.document_fromstring(page).cssselect("main form select[name]")
    values = {
        select.get("name"): [option.get("value") for option in select.cssselect("option:not([disabled])")]
        for select in selects
    }
    return {name: [value for value in found if value] for name, found in values.items() if name}


def question(filters: dict[str, list[str]], kept: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Some of the filters, each with one of its values."""
    names = [name for name, values in filters.items() if values and name not in kept and chance.random() < 0.5]
    return kept | dict(parameter(name, chance.choice(filters[name])) for name in names)


def parameter(name: str, value: str) -> tuple[str, str]:
    """What a filter adds to the address: one control chooses among the traits, and says whose its value is («edad.18_25»)."""
    if name != "grupo":
        return name, value
    trait, _, chosen = value.partition(".")
    return trait, chosen
