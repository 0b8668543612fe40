"""The files of a release in the standards of elections: those that are made from its tables when they are asked for, and that
programs of others already read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from dashboard.figures.returns import ACTAS, events_with_figures, tables_of
from dashboard.render import nist, ocd
from dashboard.render.formats import CSV, Format
from etl.release import DamagedError, Release

#: The datasets beside whose tables each of them is offered.
OF_PLACES, OF_ELECTIONS = "territorio", "elecciones"
OCD_PREFIX = "ocd_"
Write = Callable[[BinaryIO], None]


@dataclass(frozen=True)
class StandardFile:
    """One of those files: its `name` in the addresses of a release, the one that people save it with, what it is, the dataset
    it is offered beside, how it is written (a function that other processes can run), and the tables that it is made from. A
    `long` one takes seconds.
    """

    name: str
    saved_as: str
    title: str
    format: Format
    dataset: str
    write: Write
    tables: tuple[str, ...]
    long: bool = False


def standard_files(release: Release) -> tuple[StandardFile, ...]:
    """Every one of a release, in the order in which they are listed; none of a kind whose tables are damaged."""
    return (*_of_places(release), *_of_elections(release))


def standard_file(release: Release, name: str) -> StandardFile | None:
    """The one with a name; None when there is none, DamagedError when it cannot be made."""
    if name.startswith(nist.PREFIX):
        events_with_figures(release)  # of a damaged table it says so, and the list does not
        files = _of_elections(release)
    else:
        files = _of_places(release) if name.startswith(OCD_PREFIX) else []
    found = next((item for item in files if item.name == name), None)
    for table in found.tables if found else ():
        release.table(table)
    return found


def _of_places(release: Release) -> list[StandardFile]:
    if not ocd.has(release):
        return []
    places = ocd.Places(release.root)
    code = ocd.CODE
    found = (
        (f"ocd_country_{code}.csv", f"country-{code}.csv", "Todas las divisiones", CSV, ocd.write_country),
        ("ocd_departments.csv", "departments.csv", "Los departamentos", CSV, ocd.write_departamentos),
        ("ocd_municipalities.csv", "municipalities.csv", "Los municipios", CSV, ocd.write_municipios),
        ("ocd_readme.md", "README.md", "Qué hay y de dónde sale (en inglés)", ocd.MARKDOWN, ocd.write_readme),
        ("ocd_division_ids.zip", f"ocd_division_ids_{release.id}.zip", "La carpeta entera", ocd.ZIP, ocd.write_folder),
    )
    tables = ("departamentos", "municipios")
    return [
        StandardFile(
            name,
            saved_as,
            f"Open Civic Data: {title[:1].lower()}{title[1:]}",
            form,
            OF_PLACES,
            partial(write, places),
            tables,
        )
        for name, saved_as, title, form, write in found
    ]


def _of_elections(release: Release) -> list[StandardFile]:
    long = ACTAS in release.tables
    tables = tables_of(release)
    found = []
    try:
        events = events_with_figures(release)
    except DamagedError:
        return []
    for code, title in events:
        name = nist.file_name(code)
        saved_as = f"{name.removesuffix('.json')}_{release.id}.json"
        write = partial(nist.write, nist.Report(release.root, code))
        found.append(StandardFile(name, saved_as, title, nist.NIST, OF_ELECTIONS, write, tables, long))
    return found
