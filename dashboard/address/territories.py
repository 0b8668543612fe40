"""The places of one release by their code, and which contains which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from etl.country import departamento_of, fold, is_departamento, is_municipio

MUNICIPIO, DEPARTAMENTO, PAIS = "municipio", "departamento", "pais"


@dataclass(frozen=True)
class Territories:
    """Names by code: municipios ("0101") and departamentos ("01"), in the alphabetical order a reader expects.

    The code of the country is "".
    """

    municipios: Mapping[str, str]
    departamentos: Mapping[str, str]

    @classmethod
    def sorted(cls, municipios: Mapping[str, str], departamentos: Mapping[str, str]) -> Territories:
        """Those places, in their order."""
        return cls(_by_name(municipios), _by_name(departamentos))

    @cached_property
    def by_name(self) -> tuple[str, ...]:
        """Every code, sorted by folded name."""
        names = {**self.municipios, **self.departamentos}
        return tuple(sorted(names, key=lambda code: (fold(names[code]), code)))

    @cached_property
    def _known(self) -> Mapping[str, tuple[str, ...]]:
        """What contains each place: a page asks it thousands of times."""
        return {code: _containing(code) for code in (*self.municipios, *self.departamentos, "")}

    @cached_property
    def _inside(self) -> Mapping[str, tuple[str, ...]]:
        """The municipios of each departamento."""
        found: dict[str, list[str]] = {}
        for code in self.municipios:
            found.setdefault(departamento_of(code), []).append(code)
        return {code: tuple(places) for code, places in found.items()}

    def level(self, code: str) -> str:
        """What kind of place a code is of: MUNICIPIO, DEPARTAMENTO or PAIS."""
        return MUNICIPIO if is_municipio(code) else DEPARTAMENTO if is_departamento(code) else PAIS

    def parent(self, code: str) -> str:
        """The code of the place that contains another: the departamento of a municipio, the country of the rest."""
        return departamento_of(code) if is_municipio(code) else ""

    def containing(self, code: str) -> tuple[str, ...]:
        """A place and those that contain it, up to the country, each once."""
        return self._known.get(code) or _containing(code)

    def under(self, code: str) -> tuple[str, ...]:
        """The municipios that a place is or has inside, in order: all of them, of the country."""
        if code in self.municipios:
            return (code,)
        return self._inside.get(code, ()) if code else tuple(self.municipios)

    def contains(self, container: str, code: str) -> bool:
        """Whether `code` is `container` or inside it."""
        return container in self.containing(code)

    def inside(self, code: str) -> tuple[str, ...]:
        """The places of the next finer level: the departamentos of the country, the municipios of a departamento."""
        if self.level(code) == PAIS:
            return tuple(self.departamentos)
        return self._inside.get(code, ()) if self.level(code) == DEPARTAMENTO else ()

    def name(self, code: str) -> str:
        """The name of a municipio or departamento; KeyError for an unknown code."""
        return self.municipios[code] if is_municipio(code) else self.departamentos[code]

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """The names by code as they are sorted: in lower case and without accents."""
        return {code: fold(name) for code, name in (*self.municipios.items(), *self.departamentos.items())}

    def departamento_of(self, codigo_municipio: str) -> str:
        """The name of the departamento of a municipio."""
        return self.departamentos[departamento_of(codigo_municipio) if is_municipio(codigo_municipio) else ""]


def _containing(code: str) -> tuple[str, ...]:
    """A place and those that contain it, by the form of its code."""
    return tuple(dict.fromkeys((code, departamento_of(code) if is_municipio(code) else "", "")))


def _by_name(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda pair: (fold(pair[1]), pair[0])))
