"""Promise: in the demonstration, whatever a form of a page offers is answered, in both modes, with a figure or with the reason
why there is none. The values are read from the forms themselves, as they are when each page is opened and after choosing each
value of its first control; and questions at random are answered the same by the page, its accessible twin, the files and the API.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from lxml.html import HtmlElement

from dashboard.app import create_app
from tests.crosses_support import Ask
from tests.release_support import run_apart
from tests.site_support import READERS, Document, accessible, same_cell, text_of

SEED, FEW, MANY = 918, 5, 500
#: Of the values of the forms, one in so many is asked for by `make test`.
ONE_IN = 90
#: The pages of figures of people; what each has for a form is found on it.
PAGES = ("/padron", "/participacion", "/extranjero", "/cruces", "/participacion/lugares", "/ficha/extranjero")
#: Pages that show what is asked for in links and lists, and so have no form of filters.
OTHERS = (
    *(
        "/",
        "/comparar?lugares=0101,1601,16",
        "/ficha/16",
        "/ficha/1601",
        "/ficha/pais",
        "/participacion/mesas",
        "/que-falta",
    ),
    *("/datos", "/datos/padron_cubo", "/datos/participacion_extranjero_cubo", "/extranjero/como-inscribirse"),
)
REASON = re.compile(
    "confidencial|nadie|sin dato publicado|no (se )?publica|no se cruza|no trae|Nadie ha publicado|no hay"
)


@dataclass(frozen=True)
class Form:
    """A form of a page: where it leads, what it sends as it is, and what each control offers."""

    action: str
    sent: dict[str, str]
    offers: dict[str, list[str]]

    def choosing(self, name: str, value: str) -> str:
        """The address to which the form leads when one value is changed."""
        chosen = {key: said for key, said in {**self.sent, name: value}.items() if said}
        path, _, fragment = self.action.partition("#")
        return f"{path}?{urlencode(chosen)}" + (f"#{fragment}" if fragment else "")


def form_of(node: HtmlElement) -> Form:
    sent, offers = {}, {}
    for control in node.cssselect("select[name], input[name]"):
        if control.get("disabled") is not None:
            continue
        name = str(control.get("name"))
        if control.tag != "select":
            sent[name] = control.get("value") or ""
            continue
        values = [str(option.get("value") or "") for option in control.cssselect("option:not([disabled])")]
        chosen = [option.get("value") or "" for option in control.cssselect("option[selected]")]
        offers[name], sent[name] = values, chosen[0] if chosen else values[0]
    return Form(str(node.get("action")), sent, offers)


def forms_of(answer: httpx.Response) -> list[Form]:
    page = Document(answer.text)
    return [form for form in map(form_of, page.all("main form[method=get], main form:not([method])")) if form.offers]


def offered(ask: Ask, path: str) -> list[str]:
    """Every address to which a form of a page leads with one value changed; and with the first control's changed, each value
    that it then offers and did not before.
    """
    (first,) = ask(path)
    found: dict[str, None] = {}
    for form in forms_of(first):
        controls = list(form.offers)
        turned = [form.choosing(controls[0], value) for value in form.offers[controls[0]]]
        opened = [form, *(other for page in ask(*turned) for other in forms_of(page))]
        for one in opened:
            for name, values in one.offers.items():
                same = one is not form and values == form.offers.get(name)
                found |= dict.fromkeys(one.choosing(name, value) for value in ([] if same else values))
    return list(found)


def assert_answered(answer: httpx.Response) -> None:
    """A page with figures, or with the reason why there are none; and no more correction than one value needs."""
    assert answer.status_code == 200, f"{answer.url}: {answer.status_code}"
    page = Document(answer.text)
    assert page.all("main h1"), answer.url
    said = " ".join(text_of(node) for node in page.all("main p, main td, main li, main figcaption"))
    assert re.search(r"\d", said) or REASON.search(said), f"{answer.url}: {said[:200]}"
    answers = " ".join(page.texts("main .respuesta, main .frase"))
    assert re.search(r"\d", answers) or REASON.search(answers), f"{answer.url}: {answers[:300]}"
    assert "None" not in said and "nan" not in said.split(), answer.url


def turned(addresses: list[str], every: int) -> list[str]:
    """One of so many addresses, by turns in each mode; all of them in both when `every` is one."""
    if every == 1:
        return [address for one in addresses for address in (one, accessible(one))]
    return [accessible(one) if turn % 2 else one for turn, one in enumerate(addresses[::every])]


@pytest.fixture(scope="module")
def ask(demonstration: Path) -> Ask:
    """The site of the demonstration, as a browser asks it: it follows where a form leads."""
    app = create_app(demonstration / "release" / "current")

    async def asked(paths: tuple[str, ...]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sitio", follow_redirects=True) as client:
            return [await client.get(path) for path in paths]

    return lambda *paths: run_apart(lambda: asked(paths))


@pytest.mark.parametrize("path", PAGES)
def test_what_a_form_offers_is_answered(path: str, ask: Ask) -> None:
    (page,) = ask(path)
    found = [
        form.choosing(name, value)
        for form in forms_of(page)
        for name, values in form.offers.items()
        for value in values
    ]
    assert len(found) > 5
    for answer in ask(*turned(found, ONE_IN)):
        assert_answered(answer)


@pytest.mark.largo
@pytest.mark.parametrize("path", PAGES)
def test_everything_that_a_form_offers_is_answered(path: str, ask: Ask) -> None:
    found = offered(ask, path)
    answers = ask(*turned(found, 1))
    print(f"{path}: {len(answers)}")
    for answer in answers:
        assert_answered(answer)


def test_the_pages_without_filters_answer(ask: Ask) -> None:
    for answer in ask(*OTHERS, *map(accessible, OTHERS)):
        assert answer.status_code == 200, answer.url


# --- Questions at random ---------------------------------------------------------------------------------------------------


def at_random(ask: Ask, many: int) -> Iterator[str]:
    """Addresses of every page with a form: up to four of its controls with any of their values, at once."""
    chance = random.Random(SEED)
    forms = {path: forms_of(answer)[0] for path, answer in zip(PAGES[:-1], ask(*PAGES[:-1]), strict=True)}
    for turn in range(many):
        path = [*forms][turn % len(forms)]
        form = forms[path]
        names = chance.sample([*form.offers], min(4, len(form.offers)))
        chosen = {name: chance.choice(form.offers[name]) for name in names}
        yield f"{path}?{urlencode({name: value for name, value in chosen.items() if value})}"


def files_of(page: Document) -> list[str]:
    """The addresses of the files of a page, in JSON, each view once; those that are about the whole page alone."""
    links = [str(link.get("href")) for link in page.all("main a[href^='/descargas/vista/']")]
    return list(dict.fromkeys(link for link in links if urlsplit(link).path.endswith(".json")))


def in_every_format(ask: Ask, link: str) -> None:
    """The four files of a view, and what the API says of it, have the same cells."""
    parts = urlsplit(link)
    stem = parts.path.removesuffix(".json")
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] != "excel"])
    found = ask(*(f"{stem}.{suffix}?{query}" for suffix in READERS))
    assert {answer.status_code for answer in found} == {200}, f"{link}: {found[0].text[:200]}"
    tables = dict(
        zip(READERS, (READERS[name](answer.content) for name, answer in zip(READERS, found, strict=True)), strict=True)
    )
    for suffix in ("csv", "xlsx", "json"):
        for row, typed in zip(tables[suffix], tables["parquet"], strict=True):
            assert all(same_cell(row[name], typed[name], suffix) for name in row if name in typed), (
                f"{link} {suffix} {row}"
            )


def same_words(one: Document, other: Document) -> None:
    """The page and its accessible twin answer the same, in the same words."""
    assert one.texts("main h1") == other.texts("main h1")
    assert one.texts("main .respuesta") == other.texts("main .respuesta")
    assert one.texts("main .frase") == other.texts("main .frase")


def assert_faces_agree(ask: Ask, addresses: list[str], every: int) -> None:
    pages = ask(*addresses, *map(accessible, addresses))
    for turn, (visual, plain) in enumerate(zip(pages[: len(addresses)], pages[len(addresses) :], strict=True)):
        assert_answered(visual)
        assert_answered(plain)
        one, other = Document(visual.text), Document(plain.text)
        same_words(one, other)
        links = files_of(one)
        assert links and links == files_of(other), visual.url
        if turn % every == 0:
            in_every_format(ask, links[turn % len(links)])
            cells_agree(ask, other, links)


def cells_agree(ask: Ask, page: Document, links: list[str]) -> None:
    """Every number of the tables of the page is, but for its rounding, in one of its files."""
    told = [json.loads(answer.text)["filas"] for answer in ask(*links)]
    numbers = sorted(
        abs(value) for rows in told for row in rows for value in row.values() if isinstance(value, int | float)
    )
    for cell in page.all("main table td.num"):
        found = re.fullmatch(r"[+−]?(\d[\d,]*)(\.\d+)?\u00a0?%?", text_of(cell))
        if found:
            written = float(found[1].replace(",", "") + (found[2] or ""))
            half = 0.5 * 10.0 ** -(len(found[2]) - 1 if found[2] else 0) + 1e-9
            place = bisect_left(numbers, written - half)
            assert place < len(numbers) and numbers[place] <= written + half, f"{links}: {text_of(cell)}"


def test_the_faces_of_questions_at_random_agree(ask: Ask) -> None:
    assert_faces_agree(ask, [*at_random(ask, FEW)], 3)


@pytest.mark.largo
def test_the_faces_of_hundreds_of_questions_agree(ask: Ask) -> None:
    assert_faces_agree(ask, [*at_random(ask, MANY)], 2)


@pytest.mark.parametrize("page", ["/padron", "/participacion"])
@pytest.mark.parametrize("asked", ["sexo=mujeres", "alfabetismo=analfabeta", "edad=18_25&sexo=hombres"])
def test_the_answer_of_a_distance_is_about_the_groups_of_its_question(page: str, asked: str, ask: Ask) -> None:
    names = {"/padron": ("brecha", "brecha-personas"), "/participacion": ("brecha-participacion", "brecha-votantes")}
    for answer in ask(*(f"{page}?indicador={name}&{asked}" for name in names[page])):
        read = Document(answer.text)
        (question,), said = read.texts("h1"), " ".join(read.texts(".respuesta"))
        groups = re.search(r"(?:padrón|más|número) ((?:las|los) .+) que ((?:las|los) [^?]+?)(?: en \d{4})?\?", question)
        assert groups and all(re.search(rf"\b{re.escape(name)}\b(?! de \d)", said) for name in groups.groups()), said


def test_a_file_is_read_as_its_page_is(ask: Ask) -> None:
    """What the pages link to as a file is what anybody gets who asks the API for it."""
    (page,) = ask("/cruces?filas=edad&columnas=pueblo")
    (link,) = files_of(Document(page.text))
    sheet, told = ask(link.replace(".json", ".csv"), link)
    assert len(list(csv.DictReader(io.StringIO(sheet.text)))) == len(told.json()["filas"])
