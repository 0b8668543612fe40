"""Promise: every page, in both modes, can be read, touched and trusted in a browser: it asks nothing of any other host, its
console is silent, nothing sticks out from 320 to 1440 px, nothing is too small for a finger or an eye, and axe-core finds
no violation in light nor dark.

One visit to each address serves all of these promises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, product
from urllib.parse import urlsplit

import pytest

from dashboard.pages import PAGES
from tests.browser_support import LOOKS, Look, Windows
from tests.site_support import ADDRESSES, ERROR_PAGE, EXAMPLES, accessible
from tests.visits_support import WIDTHS, Visit, visited

#: Seen with every part that can be opened, open.
ABROAD = (
    "/extranjero?eleccion=2019-1&mostrar=votantes",
    "/extranjero?eleccion=2019-1&mostrar=centros&ver=por-mil",
    "/extranjero?ver=por-mil",
    "/extranjero/como-inscribirse?estado=TX",
    "/extranjero/como-inscribirse?estado=VI",
    "/ficha/extranjero",
)
OPENED = (
    *ABROAD,
    "/extranjero",
    "/extranjero/como-inscribirse",
    "/que-falta",
    "/datos/padron_municipal",
    "/datos/limites",
    "/padron?indicador=brecha-analfabetismo",
)
#: Looked at by axe in every theme at every width; the others, by turns, in one of them: every pair of a page, a mode, a
#: width and a theme is there, and `make test-largo` looks at all of them in all.
WHOLLY = ("/padron",)
CHOSEN = "/padron?lugar=1601"
VISUAL = tuple(dict.fromkeys((*ADDRESSES, *OPENED, CHOSEN)))
FOUND = (*VISUAL, *map(accessible, VISUAL))
#: The first address of each page, in both modes, and a place chosen on the map: looked at in `make test`.
FIRST = {*{urlsplit(address).path: address for address in reversed(FOUND)}.values(), CHOSEN, ERROR_PAGE}
NOT_FOUND = (ERROR_PAGE, accessible(ERROR_PAGE), "/ficha/9999")

See = Callable[[str], Visit]


@pytest.fixture(scope="session")
def see(windows: Windows, site: str) -> See:
    """A function that visits an address, once."""
    seen: dict[str, Visit] = {}

    def at(address: str) -> Visit:
        if address not in seen:
            seen[address] = visited(windows, site, address, plain(address) in OPENED, looks_at(address))
        return seen[address]

    return at


def plain(address: str) -> str:
    """An address in the visual mode."""
    return address.removeprefix("/accesible") or "/"


def looks_at(address: str) -> tuple[Look, ...]:
    """The widths and themes in which axe looks at an address."""
    if plain(address) in WHOLLY:
        return LOOKS
    turn = VISUAL.index(plain(address)) if plain(address) in VISUAL else NOT_FOUND.index(address)
    return (LOOKS[turn % 4 if address == plain(address) else 3 - turn % 4],)


def at_each(addresses: Sequence[str]) -> pytest.MarkDecorator:
    """A case for each address, of those that are not `FIRST` in `make test-largo`; tests/conftest.py gives all the cases of
    one to one process, which visits it once.
    """
    every = [address if address in FIRST else pytest.param(address, marks=pytest.mark.largo) for address in addresses]
    return pytest.mark.parametrize("address", every)


def test_every_pair_of_a_page_a_mode_a_width_and_a_theme_is_looked_at() -> None:
    looked = [
        (("page", plain(address)), ("mode", address == plain(address)), ("width", width), ("theme", theme))
        for address in FOUND
        for width, theme in looks_at(address)
    ]
    values = {factor: {dict(one)[factor] for one in looked} for factor in ("page", "mode", "width", "theme")}
    assert len(values["page"]) == len(VISUAL)
    for first, second in combinations(values, 2):
        found = {(dict(one)[first], dict(one)[second]) for one in looked}
        assert found == set(product(values[first], values[second])), (first, second)


def test_every_page_has_an_example() -> None:
    assert [page.path for page in PAGES if "{" in page.path and page.path not in EXAMPLES] == []


@at_each((*FOUND, *NOT_FOUND))
def test_a_whole_visit_stays_at_home(see: See, site: str, address: str) -> None:
    """From the top to the bottom, charts and all. In every other browser test too, a request to another host is a failure."""
    assert see(address).hosts == {urlsplit(site).netloc}


@at_each((*FOUND, *NOT_FOUND))
def test_the_console_is_silent(see: See, address: str) -> None:
    seen = see(address)
    assert seen.status == (404 if address in NOT_FOUND else 200)
    assert len(seen.errors) == (address in NOT_FOUND), seen.errors  # the browser reports the 404 we asked for


@at_each((*FOUND, *NOT_FOUND))
def test_no_page_scrolls_sideways(see: See, address: str) -> None:
    assert see(address).wide == {width: [] for width in WIDTHS}


@at_each((*FOUND, *NOT_FOUND))
def test_controls_can_be_touched(see: See, address: str) -> None:
    assert see(address).untouchable == []


@at_each((*FOUND, *NOT_FOUND))
def test_type_is_legible_on_a_phone(see: See, address: str) -> None:
    assert see(address).illegible == []


@at_each((*FOUND, *NOT_FOUND))
def test_axe_finds_nothing(see: See, address: str) -> None:
    assert see(address).violations == []


@pytest.mark.largo
@pytest.mark.parametrize("look", LOOKS)
@at_each(FOUND)
def test_axe_finds_nothing_in_any_look(windows: Windows, site: str, address: str, look: Look) -> None:
    assert visited(windows, site, address, plain(address) in OPENED, (look,)).violations == []
