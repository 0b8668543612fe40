"""The people that are asked about: of one sex or of both, with one trait or whatever theirs is."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.address.attributes import hash_kept


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

    __hash__ = hash_kept

    def conditions(self) -> dict[str, str]:
        """Column name -> value, for the query."""
        found = {"sexo": self.sexo} if self.sexo else {}
        return found | ({self.trait.dimension: self.trait.value} if self.trait else {})

    def but(self, dimension: str, value: str) -> Group:
        """The same people with another value of one dimension: of sexo, or of their trait."""
        return Group(value, self.trait) if dimension == "sexo" else Group(self.sexo, Trait(dimension, value))


EVERYONE = Group()
