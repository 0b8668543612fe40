"""The country whose registry this is, in one declaration: names, language, codes of its places, tribunal and laws.

It imports nothing of ours, so that the site and the ETL read the same facts. Codes of places are text, with their zeros:
a departamento is two digits («01»), a municipio the two of its departamento and two of its own («0101»).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Tribunal:
    """The body that keeps the registry: its name, how it is called for short, and where it publishes."""

    name: str
    acronym: str
    url: str

    @property
    def title(self) -> str:
        """As in «Tribunal Supremo Electoral (TSE)»."""
        return f"{self.name} ({self.acronym})"


@dataclass(frozen=True)
class Law:
    """A law by its name and its decree, and where it can be read."""

    name: str
    decree: str
    url: str


@dataclass(frozen=True)
class Country:
    """Everything that the code needs to know of one country.

    `iso` is its code in ISO 3166-1, of two letters. `crs` is the projection in which its areas and lengths are measured, in
    metres; `degrees`, the one of longitudes and latitudes. `departamento_digits` and `municipio_digits` are the lengths of the
    codes; `abroad` is the departamento that the tribunal's statistics give to residents abroad, and `abroad_in_trep` the one of
    its preliminary results.
    `capital` is the code of its municipio. `utc_offset` holds all year.
    """

    name: str
    iso: str
    locale: str
    utc_offset: str
    crs: str
    degrees: str
    departamento_digits: int
    municipio_digits: int
    capital: str
    abroad: str
    abroad_in_trep: str
    tribunal: Tribunal
    access_law: Law
    commitment: str

    @property
    def zone(self) -> timezone:
        """Its clocks, from `utc_offset`."""
        sign = -1 if self.utc_offset.startswith("-") else 1
        hours, minutes = map(int, self.utc_offset[1:].split(":"))
        return timezone(sign * timedelta(hours=hours, minutes=minutes))

    def today(self) -> date:
        """The day there, wherever the machine is."""
        return datetime.now(self.zone).date()

    @property
    def departamento_pattern(self) -> str:
        """What the code of a departamento looks like, as a regular expression."""
        return rf"\d{{{self.departamento_digits}}}"

    @property
    def municipio_pattern(self) -> str:
        """What the code of a municipio looks like, as a regular expression."""
        return rf"\d{{{self.municipio_digits}}}"


COUNTRY = Country(
    name="Guatemala",
    iso="GT",
    locale="es_GT",
    utc_offset="-06:00",
    crs="EPSG:32615",
    degrees="EPSG:4326",
    departamento_digits=2,
    municipio_digits=4,
    capital="0101",
    abroad="25",
    abroad_in_trep="23",
    tribunal=Tribunal("Tribunal Supremo Electoral", "TSE", "https://www.tse.org.gt"),
    access_law=Law(
        "Ley de Acceso a la Información Pública",
        "Decreto 57-2008",
        "https://sosep.gob.gt/index.php/ley-de-acceso-a-la-informacion-publica/",
    ),
    commitment="GT0105",
)

# --- Codes of places --------------------------------------------------------------------------------------------------


def is_departamento(code: str) -> bool:
    """Whether `code` has the length of a departamento's."""
    return len(code) == COUNTRY.departamento_digits


def is_municipio(code: str) -> bool:
    """Whether `code` has the length of a municipio's."""
    return len(code) == COUNTRY.municipio_digits


def departamento_of(code: str) -> str:
    """The departamento of a municipio, or the same code if it is a departamento's."""
    return code[: COUNTRY.departamento_digits]


def departamentos_of(codes: pd.Series) -> pd.Series:
    """The departamento of each municipio of a column; missing where the code is."""
    return codes.str[: COUNTRY.departamento_digits]


def numbers_within(codes: pd.Series) -> pd.Series:
    """The number of each municipio of a column within its departamento, as text without zeros: «0301» is «1»."""
    return codes.str[COUNTRY.departamento_digits :].astype("int64").astype("str")


def departamento_codes(numbers: pd.Series) -> pd.Series:
    """Codes of departamentos from their numbers as text: «1» is «01»."""
    return numbers.str.zfill(COUNTRY.departamento_digits)


def municipio_codes(numbers: pd.Series) -> pd.Series:
    """Codes of municipios from those that lost their first zero: «101» is «0101»."""
    return numbers.str.zfill(COUNTRY.municipio_digits)


def codes_abroad(numbers: pd.Series) -> pd.Series:
    """Codes of the places of residents abroad from their numbers as text: «3» is «2503»."""
    return COUNTRY.abroad + numbers.str.zfill(COUNTRY.municipio_digits - COUNTRY.departamento_digits)


# --- Names ------------------------------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """`text` as names are compared, searched and sorted: «San José  Pinula» = «SAN JOSE PINULA».

    Without accents, capitals, compatibility forms or repeated spaces; ñ is read as n.
    """
    if text.isascii():  # most of what is compared: nothing to take apart
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
