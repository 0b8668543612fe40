"""Which release an address names, so that what it gives is the same for ever."""

from __future__ import annotations

from dashboard.address.parameters import Parameter
from etl.release import NAME

#: The parameter, and the value that leads to the release that is current.
PUBLICATION, LATEST = "publicacion", "latest"
OF_RELEASE = Parameter(
    PUBLICATION,
    "Publicación",
    f"De qué publicación es: con ella, los mismos bytes siempre. «{LATEST}» lleva a la vigente",
    {LATEST: "La vigente"},
    pattern=f"({NAME.pattern}|{LATEST})?",
    control=False,
)


def with_pin(address: str, release_id: str) -> str:
    """`address` with the name of a release."""
    whole, mark, fragment = address.partition("#")
    return f"{whole}{'&' if '?' in whole else '?'}{PUBLICATION}={release_id}{mark}{fragment}"
