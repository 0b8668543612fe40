"""Which pages need a file of the release: those that were seen to use it, opened as people open them."""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic, sleep

from dashboard.address.profiles import ABROAD_NAME, COUNTRY_NAME
from dashboard.figures.used import noting_tables
from dashboard.pages import PAGES, Page, Request
from dashboard.pages.model import face_of
from dashboard.render.html import to_html
from dashboard.site import Site
from etl.release import DamagedError, Release

#: What the scripts of a page ask for by itself: {dd} stands for any departamento.
FETCHED = re.compile(r'data-[a-z]+="/descargas/[^/"]+/([^/"]+)"')
ANY_DEPARTAMENTO = re.compile(r"(?<=_)\d\d(?=\.)")
#: How long it rests after each page, as a part of what that page took: readers come first.
REST = 0.5

log = logging.getLogger(__name__)


def pages_needing(
    release: Release, files: Collection[str], pages: Sequence[Page] = PAGES
) -> dict[str, tuple[str, ...]]:
    """The addresses of the pages that use each of `files`, in the order of the site; {parts} as they are declared.

    Each page is built on its own, with nothing in memory from any other, in both modes and as it opens: a page that has filters
    asks what each of them can be, and so for nearly every table that it may show. One that fails for want of a file needs it;
    one that can be built needs the tables that it notes and the files that its scripts ask for. With other filters a page may
    need more: there are too many to try them all. Of two damaged files, a page that stops at the first is not seen to need the
    second. Takes seconds.
    """
    found: dict[str, list[str]] = {name: [] for name in files}
    for page in pages:
        start = monotonic()
        used = _used_by(release, page, files)
        for name, needing in found.items():
            if name in used or ANY_DEPARTAMENTO.sub("{dd}", name) in used:
                needing.append(page.path)
        gc.collect()  # what was read for this page
        sleep((monotonic() - start) * REST)
    return {name: tuple(needing) for name, needing in found.items()}


def _used_by(release: Release, page: Page, files: Collection[str]) -> set[str]:
    """The files that a page uses."""
    found: set[str] = set()
    with noting_tables() as tables, _noting_damage(found):
        site = Site(release)
        for request in _asked(site, page, files):
            with _noting_damage(found):
                written = "".join(to_html(node) for node in page.build(site, request).content)
                found.update(FETCHED.findall(written))
    return found.union(map(release.table_file, tables))


@contextmanager
def _noting_damage(found: set[str]) -> Iterator[None]:
    """Add to `found` the file for want of which the block ends; of what else it may end, whoever asks for the page is told."""
    try:
        yield
    except DamagedError as error:
        found.add(error.file)
    except Exception:
        log.debug("una página no se pudo armar", exc_info=True)


def _asked(site: Site, page: Page, files: Collection[str]) -> Iterator[Request]:
    """The visits that a page is tried with."""
    for parts in _parts(site, page, files):
        for accessible in (False, True):
            yield Request({}, face_of(page.path.format(**parts), accessible), parts)


def _parts(site: Site, page: Page, files: Collection[str]) -> Iterator[dict[str, str]]:
    """The parts of the address that a page is tried with: for profiles, one of each level."""
    if "{codigo}" in page.path:
        own = (site.territories.departamentos, site.territories.municipios)
        for code in (COUNTRY_NAME, ABROAD_NAME, *(next(iter(codes)) for codes in own if codes)):
            yield {"codigo": code}
    elif "{conjunto}" in page.path:
        facts = site.release.manifest["archivos"]
        for name in dict.fromkeys(item["dataset"] for item in facts if item["nombre"] in files):
            yield {"conjunto": name}
    else:
        yield {}
