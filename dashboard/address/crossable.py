"""What the tables of a release cross, and the one that answers what is asked: nothing here knows which tables there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from etl.country import COUNTRY

#: More columns than these are no table that a person can read: they may be rows.
MOST_COLUMNS = 40
#: The columns that a table begins with when nobody asked for any: what commitment GT0105 asks about first.
FIRST_COLUMNS = ("pueblo", "edad")
PLACE, TOWN = "departamento", "municipio"
#: The parts of a question in the order in which they are kept when they cannot be had together.
FIRST_KEPT = ("cuenta", PLACE, "filas", "columnas")
LAST_KEPT = (TOWN, "eleccion", "corte")


@dataclass(frozen=True)
class Level:
    """One level of a dimension, with the words of each of its values in the order of the table.

    `column` is where a table has it; `family` names its dimension and `above` the coarser levels of that dimension (names in
    the address, as everywhere here). `paths` give for a value those of the levels above it and its own, as in the table.
    """

    name: str
    column: str
    title: str
    description: str
    family: str
    values: Mapping[str, str]
    paths: Mapping[str, tuple[str, ...]]
    above: tuple[str, ...] = ()

    def inside(self, conditions: Mapping[str, str], levels: Mapping[str, Level]) -> tuple[str, ...]:
        """Its values that are inside what is asked of the levels above it."""
        if not any(name in conditions for name in self.above):
            return tuple(self.values)
        wanted = [levels[name].paths[conditions[name]] for name in self.above if name in conditions]
        return tuple(value for value in self.values if all(_begins(self.paths[value], path) for path in wanted))


def _begins(path: Sequence[str], start: Sequence[str]) -> bool:
    return tuple(path[: len(start)]) == tuple(start)


@dataclass(frozen=True)
class Crossable:
    """One table whose counts are crossed: what may be counted with it, its levels by name, and the levels that are filled
    together. `occasions` are (election or "", day) with figures, the latest first; `abroad`, whether its people live abroad.
    """

    table: str
    counted: tuple[str, ...]
    levels: Mapping[str, Level]
    crosses: tuple[frozenset[str], ...]
    occasions: tuple[tuple[str, str], ...]
    abroad: bool = False

    def makes(self, names: Iterable[str]) -> bool:
        """Whether those levels are counted together."""
        wanted = frozenset(names)
        return any(wanted <= cross for cross in self.crosses)


@dataclass(frozen=True)
class Cross:
    """A table with rows and columns: what a question comes to in a release."""

    source: Crossable
    cuenta: str
    eleccion: str
    corte: str
    filas: str
    columnas: str
    conditions: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> Level:
        """The level of its rows."""
        return self.source.levels[self.filas]

    @property
    def columns(self) -> Level:
        """The level of its columns."""
        return self.source.levels[self.columnas]

    def values(self) -> dict[str, str]:
        """Everything that it was asked, or that was chosen for it, by the name in the address; `departamento` is always said."""
        place = COUNTRY.abroad if self.source.abroad else ""
        own = {"cuenta": self.cuenta, "eleccion": self.eleccion, "corte": self.corte}
        return own | {"filas": self.filas, "columnas": self.columnas, PLACE: place, **self.conditions}


def fit(sources: Iterable[Crossable], wanted: Mapping[str, str]) -> Cross | None:
    """The first cross that has everything wanted, by name in the address; None when no table has it.

    An empty departamento, if it is there, wants people who live in the country.
    """
    asked = dict(wanted)
    place = asked.pop(PLACE, None)
    cuenta, filas, columnas = (asked.pop(name, "") for name in ("cuenta", "filas", "columnas"))
    eleccion, corte = asked.pop("eleccion", ""), asked.pop("corte", "")
    if place and place != COUNTRY.abroad:
        asked[PLACE] = place
    for source in sources:
        if place is not None and source.abroad != (place == COUNTRY.abroad):
            continue
        counted = next((name for name in source.counted if cuenta in ("", name)), "")
        when = next((item for item in source.occasions if eleccion in ("", item[0]) and corte in ("", item[1])), None)
        if counted and when and _conditions_hold(source, asked):
            for rows, columns in _laid_out(source, asked, filas, columnas):
                return Cross(source, counted, *when, rows, columns, asked)
    return None


def _conditions_hold(source: Crossable, conditions: Mapping[str, str]) -> bool:
    """Whether a table has what is asked of whom, and no two of the conditions contradict each other."""
    levels = source.levels
    if any(name not in levels or value not in levels[name].values for name, value in conditions.items()):
        return False
    return all(
        _begins(levels[name].paths[value], levels[other].paths[conditions[other]])
        for name, value in conditions.items()
        for other in levels[name].above
        if other in conditions
    )


def _laid_out(source: Crossable, conditions: Mapping[str, str], filas: str, columnas: str) -> Iterator[tuple[str, str]]:
    """The rows and columns that a table can have besides some conditions: the ones asked for, or the best to begin with."""
    groups = [name for name, level in source.levels.items() if level.family == name and not level.above]
    begin = [name for name in FIRST_COLUMNS if name in groups]
    rows = [filas] if filas else sorted(source.levels, key=lambda name: _is_single(source, conditions, name))
    columns = [columnas] if columnas else [*begin, *(name for name in reversed(groups) if name not in begin)]
    for row in rows:
        for column in columns:
            if _stands(source, conditions, row, column):
                yield row, column


def _is_single(source: Crossable, conditions: Mapping[str, str], name: str) -> bool:
    return len(source.levels[name].inside(conditions, source.levels)) < 2


def _stands(source: Crossable, conditions: Mapping[str, str], filas: str, columnas: str) -> bool:
    levels = source.levels
    if filas not in levels or columnas not in levels or levels[filas].family == levels[columnas].family:
        return False
    for axis in (levels[filas], levels[columnas]):
        own = [name for name in conditions if levels[name].family == axis.family]
        if any(name not in axis.above for name in own):
            return False
    if not source.makes({filas, columnas, *conditions}):
        return False
    return len(levels[columnas].inside(conditions, levels)) <= MOST_COLUMNS


def kept(sources: Sequence[Crossable], asked: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Of what is asked, all that can be had together, and the names of the rest: what matters most is kept first."""
    rest = [name for name in asked if name not in FIRST_KEPT + LAST_KEPT]
    found: dict[str, str] = {}
    dropped = []
    for name in (*FIRST_KEPT, *rest, *LAST_KEPT):
        if not asked.get(name):
            continue
        if fit(sources, {**found, name: asked[name]}):
            found[name] = asked[name]
        else:
            dropped.append(name)
    return found, dropped


def obstacle(sources: Sequence[Crossable], wanted: Mapping[str, str], name: str, value: str) -> str | None:
    """Why `name` cannot be `value` with the rest of what is wanted: the name of what stands in its way, "" when it is all of
    it together. None when it can.
    """
    changed = {**wanted, name: value}
    if fit(sources, changed):
        return None
    for other in wanted:
        if other != name and fit(sources, {key: item for key, item in changed.items() if key != other}):
            return other
    return ""
