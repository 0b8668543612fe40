"""Promise: whoever types the municipio they live in finds it, in the browser and without JavaScript alike: with typos, without
accents, by what people call it, with its departamento; several are told apart, none is never a dead end, and the topic stays."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page
from rapidfuzz.distance import OSA

from dashboard.address.found_places import Found, FoundPlaces
from dashboard.address.nicknames import NICKNAMES
from dashboard.address.vocabulary import MUNICIPIO
from dashboard.site import Site
from etl.country import fold
from etl.release import Release
from tests.browser_support import visit
from tests.place_spellings_support import NICKNAMES as SAID
from tests.place_spellings_support import SPELLINGS, TYPOS, WITH_DEPARTAMENTO, WITHOUT_ACCENTS
from tests.site_support import Document

OpenPage = Callable[..., Page]
#: Of the spellings of people, those that may fail: some are as near to another place.
MOST_WRONG = 3
MUTATED, SEED = 60, 2026
#: Several places, and the first of them.
SEVERAL = {
    "san jose": "0509",
    "santa barbara": "1015",
    "san lorenzo": "1007",
    "la libertad": "1311",
    "san francisco": "1706",
    "flores": "1701",
    "guatemala": "0101",
    "jalapa": "2101",
    "quetzaltenango": "0901",
    "santa catarina": "",
    "san juan": "",
}
NOBODY = ("zzzz", "santa elena de la nada", "colonia el milagro mixco", "wwwww wwwww")


@pytest.fixture(scope="module")
def known(release_path: Path) -> FoundPlaces:
    return Site(Release.open(release_path, whole=False)).found_places


@pytest.fixture(scope="module")
def names(known: FoundPlaces) -> dict[str, str]:
    """The name of every municipio and departamento, by code."""
    return {**known.territories.municipios, **known.territories.departamentos}


def first(found: Found) -> str:
    """The code of the first place found; "" if none was."""
    return (*found.codes, "")[0]


def mutated(name: str, chance: random.Random, kinds: Sequence[str]) -> str:
    """A name with one letter missing, swapped with the next, added or changed."""
    at, letter = chance.randrange(len(name) - 1), chance.choice(string.ascii_lowercase)
    return {
        "missing": name[:at] + name[at + 1 :],
        "swapped": name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        "added": name[:at] + letter + name[at:],
        "changed": name[:at] + letter + name[at + 1 :],
    }[chance.choice(kinds)]


def mutations(names: dict[str, str]) -> dict[str, str]:
    """Sixty names of municipios with one typo anywhere, and their codes: the same on every run."""
    chance = random.Random(SEED)
    codes = chance.sample(sorted(code for code in names if len(code) == 4), MUTATED)
    return {mutated(fold(names[code]), chance, ("missing", "swapped", "added", "changed")): code for code in codes}


# --- What is found ----------------------------------------------------------------------------------------------------


def test_what_people_type_is_found_first(known: FoundPlaces) -> None:
    assert len(TYPOS) >= 20 and len(SAID) >= 12 and len(WITHOUT_ACCENTS) >= 15 and len(WITH_DEPARTAMENTO) >= 15
    wrong = {typed: code for typed, code in SPELLINGS.items() if first(known.find(typed)) != code}
    assert len(wrong) <= MOST_WRONG, wrong
    followed = {typed: found.one for typed in SPELLINGS if (found := known.find(typed)).one}
    assert {typed: code for typed, code in followed.items() if code != SPELLINGS[typed]} == {}
    assert len(followed) >= len(SPELLINGS) * 0.85


def test_typos_that_nobody_chose_are_found_too(known: FoundPlaces, names: dict[str, str]) -> None:
    wrong = {
        typed: names[code]
        for typed, code in mutations(names).items()
        if fold(names.get(first(known.find(typed)), "")) != fold(names[code])
    }
    assert len(wrong) <= MOST_WRONG, wrong


def test_every_place_is_found_by_its_name_and_its_departamento(known: FoundPlaces, names: dict[str, str]) -> None:
    places = known.territories
    for code, name in names.items():
        around = places.departamento_of(code) if places.level(code) == MUNICIPIO else "departamento"
        for typed in (f"{name}, {around}", f"{fold(name)} {fold(around)}".upper(), f"{name} ({around})"):
            assert known.find(typed).one == code, typed
        assert names[first(known.find(name))] == name
        assert known.find(code).one == code


@pytest.mark.parametrize("seed", [0, 3])
def test_every_name_with_one_typo_is_found_first(known: FoundPlaces, names: dict[str, str], seed: int) -> None:
    """Unless what is left of it is as near to the name of another place."""
    chance = random.Random(seed)
    for name in names.values():
        typed = mutated(fold(name), chance, ("missing", "swapped"))
        found = fold(names[first(known.find(typed))])
        assert found == fold(name) or OSA.distance(typed, found) <= 1 or found.startswith(typed), (typed, name)


@pytest.mark.parametrize("typed", SEVERAL)
def test_namesakes_are_a_list_and_never_one_of_them(known: FoundPlaces, typed: str) -> None:
    found = known.find(typed)
    assert found.one == "" and len(found.codes) > 1
    assert SEVERAL[typed] in ("", first(found))


def test_every_nickname_is_of_a_place_and_says_where_it_can_be_read(known: FoundPlaces, names: dict[str, str]) -> None:
    declared = {(item.said, fold(item.municipio), fold(item.departamento)) for item in NICKNAMES}
    kept = {
        (said, fold(names[code]), fold(known.territories.departamento_of(code)))
        for code, all_said in known.nicknames.items()
        for said in all_said
    }
    assert declared == kept
    assert all(len(item.source) > 20 for item in NICKNAMES)
    for item in NICKNAMES:
        if [other.said for other in NICKNAMES].count(item.said) == 1:
            assert fold(names[first(known.find(item.said))]) == fold(item.municipio), item


@pytest.mark.parametrize("typed", NOBODY)
def test_when_there_is_none_the_nearest_are_offered(known: FoundPlaces, client: httpx.Client, typed: str) -> None:
    assert known.find(typed).codes == () and len(known.find(typed).nearest) >= 3
    for root in ("", "/accesible"):
        response = client.get(f"{root}/buscar", params={"q": typed})
        page = Document(response.text)
        assert response.status_code == 200 and f"No encontramos «{typed}»" in page.texts("h2")
        assert [link.get("href") for link in page.all(".encontrados a")] == [
            f"{root}/ficha/{code}" for code in known.find(typed).nearest
        ]
        assert page.all(f"#contenido a[href='{root}/fichas']")


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ["", "/accesible"])
@pytest.mark.parametrize(
    ("query", "leads"),
    [
        ("q=cob%C3%A1n", "/ficha/1601"),
        ("q=Xela", "/ficha/0901"),
        ("q=cuvan", "/ficha/1601"),
        ("q=coban&tema=participacion", "/participacion?lugar=1601"),
        ("q=coban&tema=padron", "/padron?lugar=1601"),
        ("q=peten&tema=participacion", "/participacion?departamento=17"),
        ("q=0901", "/ficha/0901"),
    ],
)
def test_one_clear_place_is_followed_in_its_topic(client: httpx.Client, root: str, query: str, leads: str) -> None:
    answer = client.get(f"{root}/buscar?{query}", follow_redirects=False)
    path, _, place = answer.headers["location"].partition("?")
    assert (answer.status_code, path) == (303, root + leads.partition("?")[0])
    assert leads.partition("?")[2] in place.split("&") or not place
    assert client.get(answer.headers["location"], follow_redirects=False).status_code == 200


@pytest.mark.parametrize("root", ["", "/accesible"])
def test_several_are_a_list_that_keeps_the_topic(client: httpx.Client, root: str) -> None:
    answer = client.get(f"{root}/buscar?q=san+jose&tema=participacion")
    page = Document(answer.text)
    assert answer.status_code == 200 and page.one("h1 label").get("for") == page.one("#q").get("id")
    links = [link.get("href") for link in page.all(".encontrados a")]
    assert [link.startswith(f"{root}/participacion?") for link in links] == [True] * len(links)
    assert [link.rpartition("lugar=")[2] for link in links[:2]] == ["0509", "1702"]
    assert page.texts(".encontrados a .de")[:2] == ["Escuintla", "Petén"]
    assert page.one("form input[name=tema]").get("value") == "participacion"
    plain = Document(client.get(f"{root}/buscar?q=san+jose&tema=nada").text)
    assert plain.all("form input[name=tema]") == []
    assert plain.all(".encontrados a")[0].get("href") == f"{root}/ficha/0509"


@pytest.mark.parametrize("root", ["", "/accesible"])
def test_the_pages_of_a_topic_carry_it(client: httpx.Client, root: str) -> None:
    carried = {
        "/padron": "padron",
        "/participacion": "participacion",
        "/participacion/lugares": "participacion",
        "/participacion/mesas": "participacion",
        "/": None,
        "/fichas": None,
        "/buscar": None,
        "/buscar?tema=padron": "padron",
    }
    for path, topic in carried.items():
        form = Document(client.get(root + path).text).one("form[role=search]")
        hidden = [item.get("value") for item in form.cssselect("input[name=tema]")]
        assert (form.get("action"), hidden) == (f"{root}/buscar", [topic] if topic else []), path


@pytest.mark.parametrize("root", ["", "/accesible"])
def test_nothing_typed_shows_the_question_and_examples(client: httpx.Client, root: str) -> None:
    for path in ("/buscar", "/buscar?q=", "/buscar?q=+++", "/"):
        page = Document(client.get(root + path).text)
        assert page.texts("form[role=search] label") == ["¿En qué municipio vive?"]
        assert [link.get("href") for link in page.all(".busqueda-ejemplos a")] == [
            f"{root}/ficha/{code}" for code in ("0101", "0901", "1601", "2101")
        ]


def test_hostile_texts_find_nothing_and_break_nothing(known: FoundPlaces, client: httpx.Client) -> None:
    long = (
        "a" * 5000,
        "san " * 2000,
        "a b c d e f g h " * 50,
        "0" * 4000,
        "\u0301" * 3000,
        "guatemala " * 400,
        "ñ" * 900,
    )
    for typed in (*long, "%", "'", "\\", "<b>", "1 2 3", "-", "…", "' OR 1=1 --", "\x00", "{{7*7}}", "𝕏𝕖𝕝𝕒\u202e"):
        found = known.find(typed)
        assert len(found.codes) <= 362 and len(found.nearest) <= 5 and found == known.find(typed[:80])
        if len(typed) < 1000:
            assert client.get("/buscar", params={"q": typed}).status_code == 200


# --- The box ----------------------------------------------------------------------------------------------------------

ALL = """async (texts) => {
  const box = document.getElementById("q"), { encontrar, pais } = document.body.dataset;
  const [all, { finder }] = await Promise.all([fetch(box.dataset.lugares).then((answer) => answer.json()), import(encontrar)]);
  const find = finder(all, pais);
  return texts.map((text) => { const [found, none] = find(text); return [found.map(({ code }) => code), none]; });
}"""


def test_the_browser_finds_what_the_server_finds(known: FoundPlaces, names: dict[str, str], page: Page) -> None:
    short = [
        "",
        "s",
        "la",
        "el",
        "san",
        "santa",
        "q",
        "san j",
        "quezalt",
        "de la",
        "12345",
        "1 2 3",
        "ñandú",
        "a b c d",
    ]
    texts = [*SPELLINGS, *mutations(names), *SEVERAL, *NOBODY, *names.values(), *short, "san " * 30, "x" * 300]
    visit(page, "/buscar")
    for typed, (codes, none) in zip(texts, page.evaluate(ALL, texts), strict=True):
        found = known.find(typed)
        assert (codes, none) == ([*(found.codes or found.nearest)], not found.codes and bool(found.nearest)), typed


def test_the_box_suggests_chooses_and_says_so(open_page: OpenPage) -> None:
    page = open_page(width=360)
    visit(page, "/")
    page.locator("#q").focus()
    page.keyboard.type("huheuetenango")
    page.locator("#sugerencias [role=option]").first.wait_for()
    assert page.locator("#sugerencias [role=option]").first.get_attribute("data-codigo") == "1301"
    for option in page.locator("#sugerencias [role=option]").all():
        assert (option.bounding_box() or {})["height"] >= 44
    page.keyboard.press("Escape")
    assert page.locator("#sugerencias").is_hidden()
    page.locator("#q").fill("")
    page.keyboard.type("santa elena")
    page.locator("#sugerencias[data-aviso*='No encontramos']").wait_for()
    assert page.locator("[role=search] [role=status]").text_content() == "No encontramos ese nombre. ¿Quiso decir…?"
    assert page.locator("#sugerencias [role=option]").count() >= 3
    page.locator("#q").fill("")
    page.keyboard.type("xela")
    page.locator("#sugerencias [data-codigo='0901']").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ficha/0901")


def test_the_box_keeps_the_topic(open_page: OpenPage) -> None:
    page = open_page()
    for path, wanted in (("/participacion/mesas", "**/participacion?*lugar=1601*"), ("/fichas", "**/ficha/1601")):
        page.goto(path)
        page.locator("#q").focus()
        page.keyboard.type("coban")
        page.locator("#sugerencias [data-codigo='1601']").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(wanted)


def test_what_the_browser_needs_is_small(client: httpx.Client) -> None:
    """The box comes with every page; what finds, only for whoever goes to it."""
    page = Document(client.get("/fichas").text)
    heaviest = {page.one("body").get("data-encontrar"): 3_400, page.one("#q").get("data-lugares"): 6_500}
    box = next(script.get("src") for script in page.all("script") if "buscador.js" in (script.get("src") or ""))
    for address, most in (heaviest | {box: 2_400}).items():
        with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
            assert sum(len(piece) for piece in answer.iter_raw()) <= most, address
    assert all(len(row) >= 3 for row in json.loads(client.get(page.one("#q").get("data-lugares")).text).values())
