"""The identifiers of the places of a release in the files of Open Civic Data, as its repository has those of each country:
https://github.com/opencivicdata/ocd-division-ids. Its readers are of any country, so the words in them are in English.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow.parquet as pq

from dashboard.render.formats import Format
from etl.country import COUNTRY
from etl.fields import ocd
from etl.release import Release

MARKDOWN = Format("md", "Markdown", "text/markdown; charset=utf-8")
ZIP = Format("zip", "ZIP", "application/zip")
CODE = COUNTRY.iso.lower()
#: The columns that the rules give a meaning to come first, and the others in alphabetical order, as its compiler puts them.
COLUMNS = ("id", "name", "validThrough", "ine", "iso_3166_2", "iso_3166_2_until_2021", "validFrom")
#: The earliest time that a ZIP can tell: the same content is always the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
Row = dict[str, str]

README = """# {country}

This folder lists the administrative divisions of {country}:

* `departments.csv`: the {departamentos} departments (*departamentos*), as **department**. The identifier has the code of
  [ISO 3166-2:{iso}](https://www.iso.org/obp/ui/#iso:code:3166:{iso}) in force since 2021-11-25, which is also the one of the
  National Institute of Statistics (INE).
* `municipalities.csv`: the {municipios} municipalities (*municipios*), as **municipality**, each inside its department: several
  have the same name in different departments, and none inside one. The identifier has the name in lower case, with its accents
  and with underscores for spaces.
* `top_level.csv`: the country.

Columns besides those of OCDEP 2:

* `ine`: the code of the INE, text with its zeros: two digits of the department and two of the municipality.
* `iso_3166_2`: the code of the department. `iso_3166_2_until_2021`: the one it had until ISO changed it on 2021-11-25.
* `validFrom` is given for municipalities created after 2010, as precisely as it is known.

Sources: catalogue of the 2018 census (INE), <https://www.censopoblacion.gt>; ISO 3166-2:{iso}; press, for the dates. Made from
release `{release}` of Padrón Abierto, under CC BY 4.0.
"""


@dataclass(frozen=True)
class Places:
    """The places of the release in a folder: what each of these files is made from."""

    root: Path


def has(release: Release) -> bool:
    """Whether a release says the identifiers of its places."""
    tables = (release.tables.get(name) for name in ("departamentos", "municipios"))
    return all(table is not None and "codigo_ocd" in table.names for table in tables)


def write_country(places: Places, file: BinaryIO) -> None:
    """Every division in one file, by its identifier: what the compiler of that repository makes of the others."""
    rows = [*_country(), *_departamentos(places), *_municipios(places)]
    file.write(_csv(sorted(rows, key=_by_id)))


def write_top(_: Places, file: BinaryIO) -> None:
    """The country alone."""
    file.write(_csv(_country()))


def write_departamentos(places: Places, file: BinaryIO) -> None:
    """The first level."""
    file.write(_csv(_departamentos(places)))


def write_municipios(places: Places, file: BinaryIO) -> None:
    """The second level."""
    file.write(_csv(_municipios(places)))


def write_readme(places: Places, file: BinaryIO) -> None:
    """What the folder has and where it comes from."""
    release = Release.open(places.root, whole=False)
    words = {
        "country": COUNTRY.name,
        "iso": COUNTRY.iso,
        "departamentos": len(_departamentos(places)),
        "municipios": len(_municipios(places)),
        "release": release.id,
    }
    file.write(README.format(**words).encode())


def write_folder(places: Places, file: BinaryIO) -> None:
    """All of it in a ZIP, each in its place in that repository."""
    inside: dict[str, Callable[[Places, BinaryIO], None]] = {
        f"identifiers/country-{CODE}.csv": write_country,
        f"identifiers/country-{CODE}/README.md": write_readme,
        f"identifiers/country-{CODE}/departments.csv": write_departamentos,
        f"identifiers/country-{CODE}/municipalities.csv": write_municipios,
        f"identifiers/country-{CODE}/top_level.csv": write_top,
    }
    with zipfile.ZipFile(file, "w") as folder:
        for name, write in inside.items():
            content = io.BytesIO()
            write(places, content)
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            folder.writestr(entry, content.getvalue())


def _country() -> list[Row]:
    return [{"id": ocd.WHOLE, "name": COUNTRY.name}]


def _departamentos(places: Places) -> list[Row]:
    return sorted(
        (
            {
                "id": row["codigo_ocd"],
                "name": row["departamento"],
                "ine": row["codigo_departamento"],
                "iso_3166_2": row["codigo_iso"],
                "iso_3166_2_until_2021": row["codigo_iso_anterior"] or "",
            }
            for row in _rows(places, "departamentos")
        ),
        key=_by_id,
    )


def _municipios(places: Places) -> list[Row]:
    return sorted(
        (
            {
                "id": row["codigo_ocd"],
                "name": row["municipio"],
                "ine": row["codigo_municipio"],
                "validFrom": row["desde"] or "",
                "validThrough": row["hasta"] or "",
            }
            for row in _rows(places, "municipios")
        ),
        key=_by_id,
    )


def _by_id(row: Row) -> str:
    return row["id"]


def _rows(places: Places, table: str) -> list[dict[str, Any]]:
    release = Release.open(places.root, whole=False)
    found: list[dict[str, Any]] = pq.read_table(release.table(table)).to_pylist()
    return found


def _csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 with the columns that any row fills, and the ends of line of that repository (CRLF)."""
    listed = list(rows)
    columns = [name for name in COLUMNS if any(row.get(name) for row in listed)]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue().encode()
