"""Which page an address is of, and how the site itself would write that address: only that one is kept, the others lead to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, quote

from dashboard.address.named_release import with_pin
from dashboard.address.parameters import query_of
from dashboard.pages import PAGES, Page, Request
from dashboard.pages.model import Understood, face_of
from dashboard.site import Site
from dashboard.web.pinned import pin_of

PART = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Visit:
    """One page, asked for by one address: `path` and `query` as the address had them, `named` the parts of its path.

    One that names a release is of that one, `pinned`; `query` does not say it, and `came` is the query as it came.
    """

    page: Page
    accessible: bool
    named: Mapping[str, str]
    path: str
    query: str
    pinned: str = ""
    came: str = ""

    @cached_property
    def request(self) -> Request:
        """What the page is asked."""
        return self.asking(self.query)

    @property
    def address(self) -> str:
        """The address as it came."""
        query = self.came or self.query
        return f"{self.path}?{query}" if query else self.path

    def without_pin(self, site: Site) -> str:
        """The same page of whichever release is current."""
        return quote(self.request.face.path) + self.understood(site).query

    def _own(self, address: str) -> str:
        """An address as it is of the release that this one names."""
        return with_pin(address, self.pinned) if self.pinned else address

    def asking(self, query: str) -> Request:
        """The same page, asked by another query."""
        pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
        face = face_of(self.page.path.format(**self.named), self.accessible)
        return Request(query_of(pairs), face, self.named)

    def leads_to(self, site: Site) -> str | None:
        """Where the address leads: one of before to that of today, one that the site would write otherwise to the one that it
        writes. None when it is the page's own, or when only it can tell what could not be honoured. A path that asks for
        nothing stays: it is the address of what the page shows first, which the next release may change.
        """
        if site not in self._leads:
            self._leads[site] = self._leads_to(site)
        return self._leads[site]

    def _leads_to(self, site: Site) -> str | None:
        request = self.request
        if moved := self.page.moved(site, request):
            path, _, query = moved.partition("?")
            there = visit_of(path, path, self._own(f"?{query}").removeprefix("?") if self.pinned else query)
            return (there and there.leads_to(site)) or self._own(moved)
        understood = self.understood(site)
        path = self._own(quote(request.face.path))
        own = self._own(quote(request.face.path) + understood.query)
        if self.address in (path, own) or understood.corrected:
            return None
        if understood == self.page.understood(site, self.asking("")):
            return path
        again = self.page.understood(site, self.asking(understood.query.removeprefix("?")))
        return own if again == understood else None

    def is_kept(self, site: Site) -> bool:
        """Whether what the page says depends on nothing but the release, the day and the address, written as the site does."""
        return self.page.kept and not self.understood(site).corrected and self.leads_to(site) is None

    def understood(self, site: Site) -> Understood:
        """What the page understands of the address."""
        if site not in self._understood:
            self._understood[site] = self.page.understood(site, self.request)
        return self._understood[site]

    # What one visit is asked several times, by the release that answers it.
    @cached_property
    def _leads(self) -> dict[Site, str | None]:
        return {}

    @cached_property
    def _understood(self) -> dict[Site, Understood]:
        return {}


def visit_of(path: str, raw_path: str, query: str) -> Visit | None:
    """The page at `path`, which came written as `raw_path`, with its query; None when it is no page."""
    plain = path.rstrip("/") or "/"
    found = PLAIN.get(plain) or next(_named(plain), None)
    if found is None:
        return None
    page, accessible, named = found
    pinned, rest = pin_of(query) if page.kept else ("", query)
    return Visit(page, accessible, named, raw_path, rest, pinned, query if pinned else "")


def _named(path: str) -> Iterator[tuple[Page, bool, Mapping[str, str]]]:
    for pattern, page, accessible in PATTERNS:
        if match := pattern.fullmatch(path):
            yield page, accessible, match.groupdict()


#: Every page without parts in its path, in both modes.
PLAIN: Mapping[str, tuple[Page, bool, Mapping[str, str]]] = {
    face_of(page.path, accessible).path.rstrip("/") or "/": (page, accessible, {})
    for page in PAGES
    if not PART.search(page.path)
    for accessible in (False, True)
}
#: The others, in order.
PATTERNS = tuple(
    (re.compile(PART.sub(r"(?P<\1>[^/]+)", face_of(page.path, accessible).path)), page, accessible)
    for page in PAGES
    if PART.search(page.path)
    for accessible in (False, True)
)
