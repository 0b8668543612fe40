"""Who has a profile: the country, its departamentos, its municipios and those who live abroad."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.address.selection import Selection
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO, PAIS, Territories
from etl.country import COUNTRY

COUNTRY_NAME = "pais"
ABROAD_NAME = "extranjero"


@dataclass(frozen=True)
class Profile:
    """One territory: its part of the address, its code ("" for the country), its level, its name and what contains it."""

    slug: str
    code: str
    level: str
    name: str
    parent: str

    def selection(self, indicador: str) -> Selection:
        """The selection that asks for its figures."""
        if self.level == PAIS:
            return Selection(indicador)
        return Selection(indicador, nivel=self.level, lugar=self.code)


def profile(slug: str, territories: Territories) -> Profile | None:
    """The profile at `slug`; None when there is none."""
    if slug == COUNTRY_NAME:
        return Profile(slug, "", PAIS, COUNTRY.name, "")
    if slug == ABROAD_NAME:
        return Profile(slug, COUNTRY.abroad, ABROAD_NAME, "Guatemaltecos en el extranjero", "")
    if slug in territories.departamentos:
        return Profile(slug, slug, DEPARTAMENTO, territories.departamentos[slug], COUNTRY.name)
    if slug in territories.municipios:
        return Profile(slug, slug, MUNICIPIO, territories.municipios[slug], territories.departamento_of(slug))
    return None


def slugs(territories: Territories) -> tuple[str, ...]:
    """Every profile's part of the address."""
    return (COUNTRY_NAME, ABROAD_NAME, *territories.departamentos, *territories.municipios)
