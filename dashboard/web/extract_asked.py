"""From an address to what it asks of a table of a release: which release, which table, which rows, and what its answer says of
itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import platform
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

import dashboard
from dashboard.address.extract_parameters import parameters
from dashboard.address.extract_query import Unreadable, extract_of
from dashboard.address.extracts import API, CURSOR, PAGE, SYNTHETIC, Extract, Offered
from dashboard.address.named_release import PUBLICATION, with_pin
from dashboard.figures.extracts import tables_of
from dashboard.pages.model import NothingHere
from dashboard.render.about import About
from dashboard.render.extracts import Told
from dashboard.render.tables import PublishedTable
from dashboard.web import links
from dashboard.web.api import Refused
from dashboard.web.security import BY_OTHERS, FOR_EVER
from dashboard.web.serving import ServedReleases
from etl.release import FileFacts, Release

PATH = API
#: Letters of an address that is told in a header.
LONGEST_CITED = 8_000
#: Folders whose code decides the bytes of an answer.
OF_THE_BYTES = ("address", "figures", "render")


@dataclass(frozen=True)
class AskedExtract:
    """What an address asks: an `extract` of a table of a `release`, in the format `suffix`; and whether it has `named` that
    release.
    """

    release: Release
    offered: Offered
    facts: FileFacts
    extract: Extract
    suffix: str
    named: bool = False

    @property
    def caching(self) -> str:
        """For how long its answer may be kept: for ever, if its address names the release."""
        return FOR_EVER if self.named else BY_OTHERS

    @property
    def mark(self) -> str:
        """What tells its bytes from any others: they follow from the release, the question and the code."""
        told = f"{self.release.id} {self.release.sha256} {code()} {self.suffix} {self.extract!r} {self.extract.asked!r}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def key(self, more: bool = False) -> str:
        """What it is kept under: a page, beside whether there is another after it."""
        return f"{self.mark} {more}"

    @property
    def page(self) -> tuple[tuple[str, str], ...]:
        """What the address says of which page it is."""
        taken = [(PAGE, str(self.extract.limit))] if self.extract.limit else []
        return (*taken, *([(CURSOR, self.cursor(self.extract.skip))] if self.extract.skip else []))

    def address(self, *more: tuple[str, str]) -> str:
        """Its address, written always in the same way."""
        query = urlencode([*self.extract.asked, *more], safe=",")
        return f"{PATH}/{self.extract.table}/data.{self.suffix}" + (f"?{query}" if query else "")

    def cursor(self, skip: int) -> str:
        """What stands for the rows after the first `skip`, of this release and question."""
        said = json.dumps([self.release.id, skip, _sum(self.extract)], separators=(",", ":"))
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")

    @property
    def next(self) -> str:
        """The address of the page after it."""
        limit = self.extract.limit or 0
        return self.address((PAGE, str(limit)), (CURSOR, self.cursor(self.extract.skip + limit)))

    def links(self, more: bool = False) -> dict[str, str]:
        """The header that says what describes it, its licence and how to cite it; of a page that has another after it, which."""
        described = f"{PATH}/{self.extract.table}"
        described = with_pin(described, self.release.id) if self.named else described
        cited = self.address(*self.page, (PUBLICATION, self.release.id))
        kept = cited if len(cited) <= LONGEST_CITED else None  # a header takes no more than an address does
        return links.of_extract(described, self.facts.get("licencia_url"), kept, self.next if more else None)

    @property
    def name(self) -> str:
        """The name that it is saved as."""
        mark = "sintetico_" if self.synthetic else ""
        part = "" if self.extract.whole == Extract(self.extract.table, tuple(self.offered.columns)) else "_consulta"
        return f"{mark}{self.extract.table}{part}_{self.release.id}.{self.suffix}"

    def told(self, more: bool = False) -> Told:
        """What its file says besides its rows."""
        return Told(
            table=self.extract.table,
            title=self.facts["titulo"],
            description=self.facts["descripcion"],
            asked=(*self.extract.asked, *((PAGE, str(self.extract.limit)),) * bool(self.extract.limit)),
            columns=self.offered.outcome(self.extract),
            about=self.about,
            synthetic=self.synthetic,
            next=self.next if more else None,
        )

    @property
    def about(self) -> About:
        """What its file says once."""
        found = PublishedTable(self.release.root / self.facts["nombre"], self.facts, self.release.id).about
        return replace(found, synthetic=self.synthetic)

    @property
    def synthetic(self) -> bool:
        """Whether the people that its table counts are invented."""
        return SYNTHETIC in self.offered.columns


def asked_extract(served: ServedReleases, table: str, suffix: str, query: QueryParams) -> AskedExtract:
    """What an address asks. NothingHere if there is no such table, Refused if it cannot be asked."""
    release, skip, summed, named = _release(served, query)
    offered, facts = offered_by(release, table)
    given = {name: query.getlist(name) for name in query}
    try:
        extract = extract_of(offered, given)
    except Unreadable as error:
        raise Refused(error.reasons, parameters(offered)) from None
    if summed is not None and summed != _sum(extract):
        raise Refused([f"{CURSOR} es de otra consulta: siga la dirección que viene en «siguiente»."], ())
    return AskedExtract(release, offered, facts, replace(extract, skip=skip), suffix, named)


def offered_by(release: Release, table: str) -> tuple[Offered, FileFacts]:
    """What a table of a release lets an address ask, and its facts; NothingHere if it has no such table of figures."""
    found = tables_of(release).get(table)
    if found is None:
        raise NothingHere(f"Esta publicación no tiene una tabla que se llame así. Las que hay: {PATH}")
    return found


def _release(served: ServedReleases, query: QueryParams) -> tuple[Release, int, str | None, bool]:
    """The release that is asked, how many rows are before the page and, of a cursor, what it is of; and whether the address names
    the release.
    """
    cursors, releases = query.getlist(CURSOR), query.getlist(PUBLICATION)
    if len(cursors) > 1 or len(releases) > 1 or "" in releases:
        raise Refused([f"{CURSOR} y {PUBLICATION} se piden una sola vez, con un valor."], ())
    name, skip, summed = _read(cursors[0]) if cursors else ("", 0, None)
    if releases and name not in ("", releases[0]):
        raise Refused([f"{CURSOR} es de otra publicación que la de {PUBLICATION}."], ())
    wanted = name or (releases[0] if releases else "")
    return served.release_named(wanted), skip, summed, bool(wanted)


def _read(cursor: str) -> tuple[str, int, str]:
    try:
        release, skip, summed = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not (isinstance(release, str) and isinstance(summed, str) and type(skip) is int and 0 <= skip < 2**62):
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise Refused([f"{CURSOR} no se escribe a mano: siga la dirección que viene en «siguiente»."], ()) from None
    return release, skip, summed


def _sum(extract: Extract) -> str:
    """What tells a question from another, whatever its page."""
    return hashlib.sha256(repr((extract.whole, extract.asked)).encode()).hexdigest()[:16]


@cache
def code() -> str:
    """What changes when the same question may give other bytes: the code that writes them, and what it is written with."""
    digest = hashlib.sha256(f"{platform.python_version()} {version('duckdb')} {version('pyarrow')}".encode())
    root = Path(dashboard.__file__).parent
    for path in sorted(path for folder in OF_THE_BYTES for path in (root / folder).glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
