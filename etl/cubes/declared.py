"""The published breakdowns of the registry, declared: what is counted, by what, and how its parts add up.

A cube's data is one pandas frame with a row for each cell of each cross, zeros included, and these columns:

- one per level of each dimension (`Cube.columns`), text: the code of the value, or `TOTAL` when the cell adds up that
  level. A hierarchy is filled from the top: (01, 0101) is a municipio, (01, total) its departamento, (total, total) the
  country. A dimension that is not in the cell's cross is `total`: cells that two crosses share appear once.
- one per measure, int64: exact counts of people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from pathlib import Path

from etl import fields
from etl.model import TOTAL, Field

SIN_DATO = "sin_dato"
NO_APLICA = "no_aplica"
SENSITIVE_THRESHOLD = 10
#: Cut-offs of a registry nearer than this are not both published: between two of them so few people arrive and leave that
#: comparing them points at persons. Somewhat less than a year, so that a yearly count may come some weeks early.
EVERY = timedelta(days=330)
#: What no other table tells of people, month by month: the tribunal itself publishes, at every cut-off, the registry by sex, by
#: age and by literacy of each municipio, and that of each city abroad.
ATTRIBUTES = ("pueblo", "comunidad_linguistica")
#: The files of counted cubes that wait to be protected: the exact cells of each, and the account of every row.
EXACT, REPORT = ".exacto.parquet", "informe.json"


def folder_of(cutoff: Path, election: str) -> Path:
    """Where the cubes of an election wait, beside the folder named after their cut-off: 2026-07-12.2023-1."""
    return cutoff.with_name(f"{cutoff.name}.{election}")


def elections_of(cutoff: Path) -> list[Path]:
    """The folders of elections that are beside the one of a cut-off, in order."""
    return sorted(path for path in cutoff.parent.glob(f"{cutoff.name}.*") if path.is_dir() and moment(path) is not None)


def moment(folder: Path) -> tuple[str, str] | None:
    """The cut-off (ISO) and the election («» when of none) that the name of a folder says; None when it says none."""
    cutoff, _, election = folder.name.partition(".")
    try:
        date.fromisoformat(cutoff)
    except ValueError:
        return None
    return None if election and not re.fullmatch(fields.eleccion.pattern or ".+", election) else (cutoff, election)


@dataclass(frozen=True)
class Dimension:
    """One thing people are counted by; `levels` go from the coarsest to the finest, which names the dimension.

    `extra` are values that the shared vocabulary lacks and a registry needs (no answer, does not apply): they are
    published only when somebody has them.
    """

    levels: tuple[Field, ...]
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def field(self) -> Field:
        """The finest level, by which crosses name the dimension."""
        return self.levels[-1]

    def down_to(self, level: Field) -> tuple[tuple[Field, ...], ...]:
        """The levels that are filled at each level of detail, from none (the total) to those down to `level`."""
        return tuple(self.levels[:depth] for depth in range(self.levels.index(level) + 2))

    def published(self, level: Field) -> Field:
        """`level` as a column of a published cube: with the `total` mark among its values."""
        if level.labels:
            labels = {TOTAL: "Total", **level.labels, **dict(self.extra)}
            return replace(level, labels=labels)
        marks = "|".join((TOTAL, *dict(self.extra)))
        return replace(level, pattern=f"{level.pattern}|{marks}") if level.pattern else level


@dataclass(frozen=True)
class Cube:
    """One family of linked tables of counts: the crosses of `dimensions` that are made, with totals at every level.

    `crosses` hold the levels that each goes down to, mostly the finest; `measures` are counts of people, the first of them
    of everybody in the cell (the others are parts of it); with those who voted among them, everybody is everybody on the
    roll of an election.
    `residence` is where the people counted live (a value of `fields.residencia`). `threshold` is the smallest count that
    is published, `sensitive_threshold` the one of the crosses with a dimension in `sensitive` (names of finest levels).
    `election` is the one whose roll is counted, in a part of a cube that has several.
    """

    name: str
    title: str
    description: str
    measures: tuple[Field, ...]
    dimensions: tuple[Dimension, ...]
    crosses: tuple[tuple[Field, ...], ...]
    residence: str = "pais"
    threshold: int = 5
    sensitive_threshold: int = SENSITIVE_THRESHOLD
    sensitive: tuple[str, ...] = ()
    election: str = ""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that say which cell a row is, in order."""
        return tuple(level.name for dimension in self.dimensions for level in dimension.levels)

    @property
    def of_election(self) -> bool:
        """Whether it counts the roll of an election and who voted, not the registry of the day."""
        return fields.votantes in self.measures

    @property
    def attributes(self) -> tuple[str, ...]:
        """What is nobody else's to see of a person: a small change of it, from one cut-off to another, is confidential too."""
        return ATTRIBUTES

    @property
    def passing(self) -> tuple[str, ...]:
        """What everybody changes with time: of a small change by it, in a year, nobody can say who it was."""
        return (fields.grupo_edad.name,)

    @property
    def act(self) -> str:
        """What those of the second measure did: voted in that election."""
        return f"voto {self.election}".strip()

    def dimension(self, field: Field) -> Dimension:
        """The dimension that has `field` among its levels; KeyError if the cube has none."""
        for candidate in self.dimensions:
            if field in candidate.levels:
                return candidate
        raise KeyError(f"{self.name} no tiene la dimensión {field.name}")

    def margins_of(self, cross: tuple[Field, ...]) -> Iterator[tuple[str, ...]]:
        """The sets of filled columns of `cross`: every level down to its own of every dimension, from the grand total on."""
        depths = [self.dimension(field).down_to(field) for field in cross]
        for chosen in product(*depths):
            yield tuple(level.name for levels in chosen for level in levels)

    @cached_property
    def margins(self) -> tuple[tuple[str, ...], ...]:
        """The sets of filled columns of all crosses, each once: the GROUPING SETS that make the cube."""
        return tuple(dict.fromkeys(margin for cross in self.crosses for margin in self.margins_of(cross)))

    def threshold_of(self, cross: tuple[Field, ...]) -> int:
        """The smallest count that may be published in `cross`."""
        named = {field.name for field in cross}
        return self.sensitive_threshold if named & set(self.sensitive) else self.threshold

    def limited_to(self, columns: set[str], measures: set[str]) -> Cube | None:
        """The part of the cube that can be made from `columns` (finest levels) and `measures`; None if no cross can."""
        crosses = tuple(cross for cross in self.crosses if {field.name for field in cross} <= columns)
        kept = tuple(item for item in self.measures if item.name in measures)
        if not crosses or not kept:
            return None
        used = {field.name for cross in crosses for field in cross}
        dimensions = tuple(item for item in self.dimensions if used & {level.name for level in item.levels})
        return replace(self, crosses=crosses, dimensions=dimensions, measures=kept)


# --- Dimensions -----------------------------------------------------------------------------------------------------

NO_ANSWER = (SIN_DATO, "Sin dato en el registro")
grupo_edad = fields.described(
    fields.grupo_edad,
    "Tramo de edad del TSE, con los años cumplidos en la fecha de corte. Quien tiene 70 se cuenta en «70 y más».",
    english=(
        "Age group",
        "Age bracket of the TSE, in full years at the cut-off date. People aged 70 are counted in “70 and over”.",
    ),
)
grupo_edad_al_votar = fields.described(
    fields.grupo_edad,
    "Tramo de edad del TSE, con los años cumplidos el día de la primera vuelta de la elección. Quien tiene 70 se cuenta en "
    "«70 y más».",
    english=(
        "Age group",
        "Age bracket of the TSE, in full years on the day of the first round of the election. People "
        "aged 70 are counted in “70 and over”.",
    ),
)
pueblo = fields.described(
    fields.pueblo,
    "Pueblo con el que la persona se identificó al empadronarse.",
    english=("People (pueblo)", "People (ethnic group) the person identified with when registering."),
)
comunidad_linguistica = fields.described(
    fields.comunidad_linguistica,
    "Comunidad lingüística con la que la persona maya se identificó al empadronarse.",
    english=("Linguistic community", "Linguistic community the Maya person identified with when registering."),
)

TERRITORIO = Dimension((fields.codigo_departamento, fields.codigo_municipio))
SEXO = Dimension((fields.sexo,))
EDAD = Dimension((grupo_edad,))
EDAD_AL_VOTAR = Dimension((grupo_edad_al_votar,))
ALFABETISMO = Dimension((fields.alfabetismo,), extra=(NO_ANSWER,))
PUEBLO = Dimension((pueblo,), extra=(NO_ANSWER,))
COMUNIDAD = Dimension((comunidad_linguistica,), extra=((NO_APLICA, "No aplica: no se identifica como maya"), NO_ANSWER))
CIUDAD = Dimension((fields.pais_residencia, fields.estado_residencia, fields.ciudad_residencia), extra=(NO_ANSWER,))
ORIGEN = Dimension((fields.codigo_departamento_origen,), extra=(NO_ANSWER,))

# --- Cubes ----------------------------------------------------------------------------------------------------------

#: Which crosses there are was chosen by measuring: docs/confidencialidad.md says what each design would hide.
SENSITIVE = ("pueblo", "comunidad_linguistica", "ciudad_residencia")

padron_cubo = Cube(
    name="padron_cubo",
    title="Padrón por municipio y grupo de población",
    description="Ciudadanos empadronados en el país por municipio, sexo, edad, alfabetismo, pueblo y comunidad "
    "lingüística, en los cruces declarados y con totales en cada nivel.",
    measures=(fields.empadronados,),
    dimensions=(TERRITORIO, SEXO, EDAD, ALFABETISMO, PUEBLO, COMUNIDAD),
    crosses=(
        (fields.codigo_municipio, fields.sexo, grupo_edad),
        (fields.codigo_municipio, fields.sexo, fields.alfabetismo),
        (fields.codigo_municipio, fields.sexo, pueblo),
        (fields.codigo_departamento, fields.sexo, grupo_edad, pueblo),
        (fields.codigo_municipio, comunidad_linguistica),
        (fields.codigo_departamento, fields.sexo, comunidad_linguistica),
    ),
    sensitive=SENSITIVE,
)
participacion_cubo = Cube(
    name="participacion_cubo",
    title="Participación por municipio y grupo de población",
    description="Ciudadanos del padrón de la elección que residen en el país, y cuántos votaron, por municipio, sexo, "
    "edad, alfabetismo y pueblo.",
    measures=(fields.empadronados, fields.votantes),
    dimensions=(TERRITORIO, SEXO, EDAD_AL_VOTAR, ALFABETISMO, PUEBLO),
    crosses=(
        (fields.codigo_municipio, fields.sexo, grupo_edad_al_votar),
        (fields.codigo_municipio, fields.sexo, fields.alfabetismo),
        (fields.codigo_municipio, pueblo),
    ),
    sensitive=SENSITIVE,
)
extranjero_cubo = Cube(
    name="extranjero_cubo",
    title="Empadronados en el extranjero por ciudad y grupo de población",
    description="Ciudadanos empadronados que residen en el extranjero, por país, estado y ciudad, sexo, edad y "
    "departamento de origen.",
    measures=(fields.empadronados,),
    dimensions=(CIUDAD, SEXO, EDAD, ORIGEN),
    crosses=(
        (fields.ciudad_residencia, fields.sexo, grupo_edad),
        (fields.ciudad_residencia, fields.sexo, fields.codigo_departamento_origen),
        (fields.sexo, grupo_edad, fields.codigo_departamento_origen),
    ),
    residence="extranjero",
    threshold=SENSITIVE_THRESHOLD,  # every cell says that its people live abroad
    sensitive=SENSITIVE,
)
# So few people vote abroad that, crossed or by where they come from, a tenth of the votes or more would be confidential.
participacion_extranjero_cubo = Cube(
    name="participacion_extranjero_cubo",
    title="Participación en el extranjero por ciudad y grupo de población",
    description="Ciudadanos del padrón de la elección que residen en el extranjero, y cuántos votaron, por país, estado "
    "y ciudad, por sexo y por edad.",
    measures=(fields.empadronados, fields.votantes),
    dimensions=(CIUDAD, SEXO, EDAD_AL_VOTAR),
    crosses=((fields.ciudad_residencia,), (fields.sexo,), (grupo_edad_al_votar,)),
    residence="extranjero",
    threshold=SENSITIVE_THRESHOLD,  # every cell says that its people live abroad
    sensitive=SENSITIVE,
)

CUBES = (padron_cubo, participacion_cubo, extranjero_cubo, participacion_extranjero_cubo)
