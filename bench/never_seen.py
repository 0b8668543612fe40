"""Pages of the whole country that nobody has asked for yet: what one thread of the server spends to make each, kind by kind."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import groups
from dashboard.address.parameters import query_of
from dashboard.figures.used import noting_tables
from dashboard.pages import PAGES, Request
from dashboard.pages.model import face_of
from dashboard.site import Site
from dashboard.web.document import document
from dashboard.web.garbage import look_for_garbage_less
from etl.release import Release

BY_PATH = {page.path: page for page in PAGES}
PROFILE, COMPARED = "/ficha/{codigo}", "/comparar"
#: The most milliseconds that a page may take: the map of the whole country with its table, the same for the script to paint,
#: and everything about one place.
LIMITS: dict[tuple[str, bool], float] = {("/padron", True): 15, ("/padron", False): 8, (PROFILE, False): 8}
#: The other kinds that are asked, in the visual mode and in the accessible one.
OTHERS = (
    ("/participacion", False),
    ("/participacion", True),
    ("/cruces", False),
    ("/participacion/lugares", False),
    ("/extranjero", False),
    (COMPARED, False),
)
#: What would make of the page the one of a place, which is smaller.
PLACES = ("departamento", "municipio", "lugar", "lugares")
TRIES = 50


@dataclass(frozen=True)
class Address:
    """What is asked: a page, in one mode, with its parameters and the parts of its path that name something."""

    path: str
    accessible: bool
    query: dict[str, str]
    parts: dict[str, str]


def spent_ms(release: Path, most: int, seed: int) -> Iterator[tuple[str, bool, list[float]]]:
    """The milliseconds of processor that each of up to `most` different pages takes, kind by kind: (path, accessible, times).

    Nothing is kept of a page before: one of each kind is made first, so that what all have in common is ready. Garbage is
    looked for as often as in the server.
    """
    site, chance, often = Site(Release.open(release)), random.Random(seed), gc.get_threshold()
    for path, accessible in (*LIMITS, *OTHERS):
        first, *addresses = _different(_asked(site, path, accessible, chance), most + 1)
        _milliseconds(site, first)
        look_for_garbage_less()
        times = [_milliseconds(site, address) for address in addresses]
        gc.unfreeze()
        gc.set_threshold(*often)
        yield path, accessible, times


def _different(made: Callable[[], Address], most: int) -> list[Address]:
    found: dict[str, Address] = {}
    for _ in range(most * TRIES):
        if len(found) == most:
            break
        address = made()
        found.setdefault(repr(address), address)
    return list(found.values())


def _asked(site: Site, path: str, accessible: bool, chance: random.Random) -> Callable[[], Address]:
    """What makes the addresses of a kind, at random among what its form offers."""
    codes = list(site.territories.municipios)
    if path == PROFILE:
        return lambda: Address(path, accessible, {}, {"codigo": chance.choice(codes)})

    def several() -> dict[str, str]:
        return {"lugares": ",".join(chance.sample(codes, 3))} if path == COMPARED else {}

    form = groups.offered(_made(site, Address(path, accessible, several(), {})))
    filters = {name: values for name, values in form.items() if name not in PLACES}
    return lambda: Address(path, accessible, groups.question(filters, several(), chance), {})


def _made(site: Site, address: Address) -> str:
    """The page, as the server makes it."""
    page, face = BY_PATH[address.path], face_of(address.path.format(**address.parts), address.accessible)
    request = Request(query_of(address.query.items()), face, address.parts)
    with noting_tables() as used:
        screen = page.screen(site, request)
    return document(site, page, request, screen, "http://127.0.0.1", None, used)


def _milliseconds(site: Site, address: Address) -> float:
    start = time.process_time()
    _made(site, address).encode()
    return (time.process_time() - start) * 1000
