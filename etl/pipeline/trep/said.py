"""Which ballot a file of the TREP is of and when it was cut: by its words, its name and the folders that it came in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from etl.country import COUNTRY, fold

MONTHS = {
    **{"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8},
    **{"septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12},
}
#: Words of a preamble, most telling first.
OFFICES = {
    "presiden": "presidencia",
    "parlamento": "parlacen",
    "parlacen": "parlacen",
    "dip par": "parlacen",
    "corporacion": "corporacion_municipal",
    "municipal": "corporacion_municipal",
    "distri": "diputados_distritales",
    "dip dist": "diputados_distritales",
    "nacional": "diputados_lista_nacional",
    "dip nac": "diputados_lista_nacional",
}
#: The number that the TREP gives to each ballot.
OFFICE_CODES = {
    "1": "presidencia",
    "2": "diputados_lista_nacional",
    "3": "diputados_distritales",
    "4": "corporacion_municipal",
    "5": "parlacen",
}
_IN_NAME = (re.compile(r"_tc([1-5])(?!\d)"), re.compile(r"_e([1-5])(?=d\d|\D|$)"))
_IN_FOLDER = re.compile(r"\s*([1-5])\s*[-_]")
_DAY = re.compile(r"(\d{1,2}) (?:de )?([a-z]+) (?:de(?:l)? )?(\d{4}),? (\d{1,2}):(\d{2})")
_NUMBERS = (
    re.compile(r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4})[ T,]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}))?"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})[ T]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}))?"),
)
_AFTER = re.compile(r"(?:\.\d+)?\s*(?P<half>[ap]\.?\s?m\.?)?(?:z|-06:?00)?")
#: No acta was published by a computer before.
_FIRST_SECOND = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())


def plain(name: str) -> str:
    """Words to compare: without accents or capitals, parted by one space."""
    return " ".join(re.split(r"[^a-z0-9]+", fold(name))).strip()


def office_in(words: str) -> str | None:
    """The ballot that some words name."""
    text = plain(words)
    return next((office for word, office in OFFICES.items() if word in text), None)


def offices_named(name: str) -> list[tuple[str, str]]:
    """The ballots that the name of a file and those of its folders («4-CORPORACIÓN») say, each after the words that do."""
    *folders, file = name.split("/")
    found = [(file, match) for pattern in _IN_NAME if (match := pattern.search(file))][:1]
    named = [(words, OFFICE_CODES[match.group(1)]) for words, match in found]
    named += [(folder, OFFICE_CODES[match.group(1)]) for folder in folders if (match := _IN_FOLDER.match(folder))]
    return [(words, office) for words, office in named if words == file or office == office_in(words)]


# --- When ---------------------------------------------------------------------------------------------------------------


def day_in_words(words: str) -> str | None:
    """The day and hour of «20 agosto 2023 23:12 (UTC -6)», in ISO 8601."""
    found = _DAY.search(fold(words))
    if not found or found.group(2) not in MONTHS:
        return None
    day, month, year, hour, minute = found.groups()
    return _iso(int(year), MONTHS[month], int(day), int(hour), int(minute))


def day_in_numbers(text: str) -> str | None:
    """The day and hour of «20/08/2023 22:02:59», day first, or of an ISO date, in ISO 8601 and the time of the country."""
    for pattern in _NUMBERS:
        found = pattern.match(text.strip())
        after = _AFTER.fullmatch(text.strip()[found.end() :].casefold().strip()) if found else None
        if found and after:
            hour, half = int(found["H"]), (after["half"] or "")[:1]
            if half and not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if half == "p" else 0) if half else hour
            return _iso(int(found["y"]), int(found["m"]), int(found["d"]), hour, int(found["M"]), int(found["S"] or 0))
    return None


def day_of_second(second: int) -> str | None:
    """The day and hour of a second since 1970, in ISO 8601 and the time of the country."""
    if not _FIRST_SECOND <= second < 2**32:
        return None
    return datetime.fromtimestamp(second, COUNTRY.zone).replace(tzinfo=None).isoformat() + COUNTRY.utc_offset


def day_in_folder(name: str) -> str | None:
    """The cut-off that the site of the TREP puts in the address of a file («…/1692574389/1692594771/gtm2023_…json»)."""
    seconds = [part for part in name.split("/")[:-1] if re.fullmatch(r"\d{10}", part)]
    return day_of_second(int(seconds[-1])) if seconds else None


def latest(days: Sequence[str]) -> str:
    """The last of some days in ISO 8601; empty when none is known."""
    return max(days, default="")


def _iso(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> str | None:
    try:
        return datetime(year, month, day, hour, minute, second).isoformat() + COUNTRY.utc_offset
    except ValueError:
        return None
