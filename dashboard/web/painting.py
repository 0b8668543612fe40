"""From a visit to the bytes of its page: what is done once for each address and release."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from markupsafe import Markup

from dashboard.address.named_release import LATEST, with_pin
from dashboard.address.own import base_url
from dashboard.figures.used import noting_tables
from dashboard.pages import PAGES
from dashboard.site import Site
from dashboard.view import on_day, today
from dashboard.web.addresses import Visit, visit_of
from dashboard.web.document import document, policy_of
from dashboard.web.kept import BROTLI, IDENTITY, KeptAnswers, Made
from dashboard.web.pinned import notice, staying
from dashboard.web.security import BY_OTHERS, NOT_KEPT, headers_of
from dashboard.web.shelf import Shelf
from etl.release.analyses import stamp
from etl.release.register import cutoff_of

HTML = "text/html; charset=utf-8"
#: What everybody opens besides the pages without parts in their address.
ALSO_OPENED = ("/ficha/pais", "/accesible/ficha/pais")
#: Bytes of pages that all the processes keep on the disk.
PAGES_ON_DISK = 256 << 20

log = logging.getLogger(__name__)


def generation(site: Site) -> str:
    """What changes when every page has to be made again: the release, the day, which some pages count from, and the analyses of
    others, which one lists.
    """
    return f"{site.release.id} {today().isoformat()} {stamp(site.release.root.parent)}"


def pages_shelf(workspace: Path) -> Shelf:
    """Where every process of a run keeps the pages that are made, in its folder `workspace`."""
    return Shelf(workspace / "paginas", PAGES_ON_DISK)


def key_of(site: Site, address: str) -> str:
    """Under what the page at `address` is kept."""
    return f"{generation(site)} {address}"


def pinned_key(address: str) -> str:
    """Under what the page at `address` is kept when it names a release: no day and no other release changes it."""
    return f"fija {address}"


def painted_of(release_site: Callable[[str], Site], current: Site, visit: Visit) -> Made:
    """The page of a visit that names a release, which `release_site` opens: the same for ever, or the way to it if it names the
    latest. Raises what `release_site` and `painted` raise.
    """
    if visit.pinned == LATEST:
        asked = replace(visit, pinned=current.release.id)
        there = asked.leads_to(current) or with_pin(
            visit.path + (f"?{visit.query}" if visit.query else ""), asked.pinned
        )
        return Made(b"", {"Location": there, "Cache-Control": BY_OTHERS, **headers_of(visit.path)}, 302)
    site = release_site(visit.pinned)
    with on_day(cutoff_of(site.release.id)):
        return painted(site, visit, None)


def _takes_pin(path: str) -> bool:
    """Whether the page at a path can be of one release."""
    found = visit_of(path, path, "")
    return found is not None and found.page.kept


def painted(site: Site, visit: Visit, live_tags: Callable[[], Markup] | None) -> Made:
    """The page of one visit, or where its address leads. Raises what the page raises: NothingHere, Unaskable, DamagedError."""
    if address := visit.leads_to(site):
        told = {"Location": address, "Cache-Control": BY_OTHERS, **headers_of(visit.path)}
        return Made(b"", told, 301)
    page, request = visit.page, visit.request
    if answered := page.follows(site, request):
        told = {"Location": answered, "Cache-Control": BY_OTHERS, **headers_of(visit.path)}
        return Made(b"", told, 303)
    tags = live_tags() if live_tags and page.live and not visit.accessible else None
    with noting_tables() as used:
        screen = page.screen(site, request)
    pinned = notice(visit.pinned, visit.without_pin(site)) if visit.pinned else None
    written = document(site, page, request, screen, base_url(), tags, used, pinned)
    if visit.pinned:
        written = staying(written, visit.pinned, _takes_pin)
    shared = screen.status == 200 and not visit.understood(site).corrected
    told = {"Content-Type": HTML, "Cache-Control": BY_OTHERS if shared else NOT_KEPT, **headers_of(visit.path)}
    return Made(written.encode(), told | policy_of(written, visit.accessible, tags is not None), screen.status)


def paint_what_everybody_opens(site: Site, kept: KeptAnswers, live_tags: Callable[[], Markup]) -> None:
    """Make, before the release is served, the pages that everybody opens. One that fails is made when it is asked for."""
    plain = [page.path for page in PAGES if "{" not in page.path]
    for address in (*plain, *(f"/accesible{path}" for path in plain), *ALSO_OPENED):
        visit = visit_of(address, address, "")
        if visit is None:
            continue
        try:
            if not visit.is_kept(site):
                continue
            for encoding in (BROTLI, IDENTITY):
                kept.obtained(key_of(site, address), encoding, partial(painted, site, visit, live_tags))
        except Exception as error:  # the release is served all the same, as without this
            log.warning("no se pudo preparar %s: %s", address, error)
