"""How often a new delivery of a source is expected, in the words of `periodo`: «cada 3 meses», «cada elección»."""

from __future__ import annotations

import re

EVERY_ELECTION, NEVER = "cada elección", "no se renueva"
PATTERN = rf"^(cada (mes|año|[1-9]\d? (meses|años))|{EVERY_ELECTION}|{NEVER})\Z"
EXPECTED = f"se esperaba «cada 3 meses», «cada año», «cada 2 años», «{EVERY_ELECTION}» o «{NEVER}»"


def months(period: str) -> int | None:
    """The months of a period of time; None for one that is no time, or that is not written as a period."""
    found = re.fullmatch(r"cada (?:(\d+) )?(mes|meses|año|años)", period)
    if found is None:
        return None
    return int(found[1] or 1) * (12 if found[2].startswith("año") else 1)
