"""Questions that a release answers, as examples of what may be asked of its tables: each is read before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from dashboard.address.extract_query import Unreadable, extract_of
from dashboard.address.extracts import API, DEPARTAMENTO, FROM, GROUP, MUNICIPIO, ORDER, PAGE, Offered
from dashboard.figures.extracts import extracts_of, tables_of
from etl import fields
from etl.model import Kind
from etl.release import DamagedError, FileFacts, Release

Pairs = tuple[tuple[str, str], ...]
#: Where PxWeb's programs ask.
PXWEB = "/api/v1/pxweb/tables"
#: What people come for.
SOUGHT = (fields.empadronados.name, fields.poblacion.name)
#: As it is written in an address that is meant to be read.
PLAIN = ",()*[]-_."


@dataclass(frozen=True)
class Example:
    """One question: what it asks, in words, and its address."""

    words: str
    table: str
    suffix: str
    pairs: Pairs = ()

    @property
    def address(self) -> str:
        """Where it is answered."""
        query = "&".join(f"{quote(name, safe=PLAIN)}={quote(value, safe=PLAIN)}" for name, value in self.pairs)
        path = f"{PXWEB}/{self.table}/data" if self.suffix == "pxweb" else f"{API}/{self.table}/data.{self.suffix}"
        return f"{path}?{query}" if query else path

    def answered(self, offered: Offered) -> bool:
        """Whether the table takes what it asks; what PxWeb takes is always of values that the table has."""
        try:
            extract_of(offered, {name: [value] for name, value in self.pairs} if self.suffix != "pxweb" else {})
        except Unreadable:
            return False
        return True


def examples(release: Release) -> tuple[Example, ...]:
    """One question of each kind, of the first table of a release that it can be asked of."""
    tables = tables_of(release)
    kinds: tuple[Callable[[Release, Offered, FileFacts], Example | None], ...] = (
        _whole,
        _rows,
        _ranged,
        _sums,
        _page,
        _statistical,
        _pxweb,
    )
    return tuple(found for make in kinds if (found := next(_found(release, tables, make), None)))


def _found(
    release: Release,
    tables: Mapping[str, tuple[Offered, FileFacts]],
    make: Callable[[Release, Offered, FileFacts], Example | None],
) -> Iterator[Example]:
    for offered, facts in sorted(tables.values(), key=lambda item: _interest(item[0])):
        made = None
        with suppress(DamagedError):  # another table will do
            made = make(release, offered, facts)
        if made is not None and made.answered(offered):
            yield made


def _interest(offered: Offered) -> int:
    """Where a table goes among those that an example may be of: what people come for first, the rest as the release has it."""
    names = {item.name for item in offered.additive}
    return next((place for place, name in enumerate(SOUGHT) if name in names), len(SOUGHT))


def _whole(release: Release, offered: Offered, facts: FileFacts) -> Example | None:
    return Example(f"La tabla entera: {_title(facts)}, en CSV.", offered.table.name, "csv")


def _counted(offered: Offered) -> bool:
    return MUNICIPIO in offered.table.key and bool(offered.additive) and not offered.crossed


def _rows(release: Release, offered: Offered, facts: FileFacts) -> Example | None:
    if not _counted(offered):
        return None
    code = _code(release, offered)
    figure = offered.additive[0].name
    pairs = (("departamento", code), ("columnas", ",".join((*offered.table.key, figure))), (ORDER, f"-{figure}"))
    return Example(
        f"{_title(facts)}: un departamento, algunas columnas, de más a menos.", offered.table.name, "csv", pairs
    )


def _ranged(release: Release, offered: Offered, facts: FileFacts) -> Example | None:
    dated = [name for name in offered.table.key if offered.columns[name].kind is Kind.ENTERO and name == "anio"]
    if not _counted(offered) or not dated:
        return None
    values = extracts_of(release).distinct(offered, dated[0])
    pairs = ((f"{dated[0]}{FROM}", str(values[-2:][0])), ("departamento", _code(release, offered)))
    return Example(
        f"{_title(facts)}: desde un año, un departamento, una fila por línea.", offered.table.name, "jsonl", pairs
    )


def _sums(release: Release, offered: Offered, facts: FileFacts) -> Example | None:
    if not _counted(offered):
        return None
    return Example(f"{_title(facts)}: la suma de cada departamento.", offered.table.name, "json", _by(offered))


def _by(offered: Offered) -> Pairs:
    loose = [name for name in offered.table.key if not offered.columns[name].divides]
    return ((GROUP, ",".join((DEPARTAMENTO, *loose))), (ORDER, f"-{offered.additive[0].name}"))


def _page(release: Release, offered: Offered, facts: FileFacts) -> Example | None:
    if (facts["filas"] or 0) < 1_000:
        return None
    return Example(f"{_title(facts)}: por páginas de 100 filas.", offered.table.name, "json", ((PAGE, "100"),))


def _statistical(release: Release, offered: Offered, facts: FileFacts) -> Example | None:
    if not _counted(offered):
        return None
    return Example(
        f"{_title(facts)}: lo mismo por departamento, en JSON-stat 2.0.",
        offered.table.name,
        "jsonstat",
        _by(offered)[:1],
    )


def _pxweb(release: Release, offered: Offered, facts: FileFacts) -> Example | None:
    if not _counted(offered):
        return None
    pairs = ((f"valueCodes[{MUNICIPIO}]", f"{_code(release, offered)}*"), ("outputFormat", "json-stat2"))
    return Example(
        f"{_title(facts)}: los municipios de un departamento, como PxWebApi 2.", offered.table.name, "pxweb", pairs
    )


def _code(release: Release, offered: Offered) -> str:
    """A departamento that a table has rows of."""
    return str(extracts_of(release).distinct(offered, DEPARTAMENTO)[0])


def _title(facts: FileFacts) -> str:
    return facts["titulo"]
