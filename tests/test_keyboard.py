"""Promise: the keyboard alone is enough: reach the map, move to a neighbouring municipio, open it, come back; and the
focus is never lost, whatever the answer changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser_support import FRAMES, settle, visit
from tests.long_support import light_and_long

FOCUSED = "(document.activeElement.dataset && document.activeElement.dataset.codigo) || ''"
MOST_TABS = 40


@pytest.fixture(scope="module")
def shapes(release_path: Path) -> dict:
    """The national map's own file: outlines, points and neighbours."""
    return json.loads((release_path / "mapa_nacional.json").read_bytes())


def focused(page: Page) -> str:
    """The code of the place that has the focus; empty when it is elsewhere."""
    return page.evaluate(FOCUSED)


def where(page: Page) -> str:
    """The element that has the focus, as a selector a person can read."""
    return page.evaluate(
        "(({tagName, id, className}) => tagName.toLowerCase() + (id && '#' + id) + "
        "(typeof className === 'string' && className && '.' + className.trim().replaceAll(' ', '.')))"
        "(document.activeElement)"
    )


def tab_to_map(page: Page) -> str:
    """Press Tab until the focus is on the map; the code of the place it lands on."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if code := focused(page):
            return code
    raise AssertionError(f"The map was not reached in {MOST_TABS} presses of Tab")


def chosen(page: Page) -> list[str]:
    """The heading of the chosen place's card, if there is one."""
    return page.locator(".ficha-lugar h2").all_text_contents()


# ---- the map --------------------------------------------------------------------------------------------------------


def test_reach_the_map_move_to_a_neighbour_open_it_and_come_back(page: Page, shapes: dict) -> None:
    visit(page, "/padron")
    start = tab_to_map(page)

    page.keyboard.press("ArrowRight")
    neighbour = focused(page)
    assert neighbour in shapes["municipios"][start]["v"]
    assert shapes["municipios"][neighbour]["r"][0] > shapes["municipios"][start]["r"][0]
    label = page.locator(f"#mapa [data-codigo='{neighbour}']").get_attribute("aria-label")
    name = label.split(",")[0]
    assert name in page.locator(".globo").text_content()

    page.keyboard.press("Enter")
    settle(page)
    assert f"lugar={neighbour}" in page.url
    assert chosen(page) == [name]
    assert label.split(": ")[1].split(" por cada")[0] in page.locator(".ficha-lugar .cifra-grande").text_content()
    assert focused(page) == neighbour
    assert page.locator("#mapa [aria-selected=true]").get_attribute("data-codigo") == neighbour

    page.keyboard.press("Escape")
    settle(page)
    assert "lugar=" not in page.url
    assert chosen(page) == []
    assert focused(page) == neighbour

    page.keyboard.press("ArrowLeft")
    assert focused(page) == start


def test_the_map_is_one_stop_and_lets_go(page: Page) -> None:
    visit(page, "/padron")
    tab_to_map(page)
    assert page.locator("#mapa [tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert focused(page) == ""
    assert where(page) != "body"
    page.keyboard.press("Shift+Tab")
    assert focused(page) != ""
    page.keyboard.press("Shift+Tab")
    assert focused(page) == ""


def test_escape_first_closes_the_tooltip_and_then_clears_the_choice(page: Page) -> None:
    visit(page, "/padron?lugar=1601")
    page.locator("#mapa [data-codigo='1601']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.locator(".globo").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".globo").is_hidden()
    assert chosen(page) == ["Cobán"]
    page.keyboard.press("Escape")
    settle(page)
    assert chosen(page) == []


def test_every_move_goes_the_way_of_the_arrow_and_arrows_alone_reach_every_municipio(page: Page, shapes: dict) -> None:
    visit(page, "/padron")
    first = tab_to_map(page)
    moves = page.evaluate("""() => [...document.querySelectorAll("#mapa .municipios [data-codigo]")].flatMap((path) =>
        ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => {
            window.PadronMapa.enfocar(path.dataset.codigo);
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            return [path.dataset.codigo, key, document.activeElement.dataset.codigo];
        }))""")
    sign = {"ArrowUp": (1, -1), "ArrowDown": (1, 1), "ArrowLeft": (0, -1), "ArrowRight": (0, 1)}
    wrong = [
        (start, key, end)
        for start, key, end in moves
        for axis, direction in [sign[key]]
        if start != end
        and (shapes["municipios"][end]["r"][axis] - shapes["municipios"][start]["r"][axis]) * direction <= 0
    ]
    assert wrong == []
    assert len(moves) == 4 * 340
    reached, pending = {first}, [first]
    while pending:
        place = pending.pop()
        pending += {end for start, _, end in moves if start == place} - reached
        reached |= {*pending}
    assert reached == set(shapes["municipios"])


def test_home_end_and_letters(page: Page) -> None:
    visit(page, "/padron")
    tab_to_map(page)
    page.keyboard.press("End")
    assert focused(page) == "2217"
    page.keyboard.press("Home")
    assert focused(page) == "0101"
    page.keyboard.type("coban")
    assert focused(page) == "1601"


def test_departamentos_by_keyboard(page: Page, shapes: dict) -> None:
    visit(page, "/padron?ver=departamento")
    start = tab_to_map(page)
    assert len(start) == 2
    for key in ("ArrowLeft", "ArrowRight", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        if focused(page) != start:
            break
    assert focused(page) in shapes["departamentos"]
    moved = focused(page)
    page.keyboard.press("Enter")
    settle(page)
    assert f"lugar={moved}" in page.url
    assert focused(page) == moved


def test_inside_a_departamento_the_focus_stays_inside(page: Page) -> None:
    visit(page, "/padron?departamento=07")
    codes = {tab_to_map(page)}
    for key in ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"] * 3:
        page.keyboard.press(key)
        codes.add(focused(page))
    assert all(code.startswith("07") for code in codes)
    assert len(codes) > 2


def test_focus_on_the_map_is_drawn_above_its_neighbours(page: Page) -> None:
    visit(page, "/padron")
    code = tab_to_map(page)
    ring = page.locator("#mapa .encima .foco")
    assert ring.get_attribute("d") == page.locator(f"#mapa [data-codigo='{code}']").get_attribute("d")
    layers = page.evaluate(
        "[...document.querySelectorAll('#mapa svg > g')].map((layer) => layer.getAttribute('class'))"
    )
    assert all(
        layers.index("encima") > layers.index(name) for name in ("municipios", "departamentos", "lagos", "bordes")
    )
    page.keyboard.press("ArrowRight")
    assert ring.get_attribute("d") == page.locator(f"#mapa [data-codigo='{focused(page)}']").get_attribute("d")


def test_the_map_of_the_home_page_leads_to_the_place(page: Page) -> None:
    visit(page, "/")
    code = tab_to_map(page)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/padron?*lugar={code}*")


# ---- while the page is still arriving -------------------------------------------------------------------------------

WHERE_IT_IS = """() => {
    const { tagName, id, dataset, href } = document.activeElement;
    return [tagName, id, dataset.codigo, href, scrollY, Math.round(document.activeElement.getBoundingClientRect().top)];
}"""


@pytest.mark.parametrize("css", ["#f-sexo", "#q", ".ranking a", "#mapa [data-codigo='1601']"])
def test_the_focus_stays_where_it_was_when_dash_takes_the_page_over(page: Page, css: str) -> None:
    held: list[Route] = []
    page.route("**/_dash-dependencies", lambda route: held.append(route))
    page.goto("/padron")
    page.locator("#mapa path[role=option]").first.wait_for(state="attached")
    page.locator(css).first.focus()
    before = page.evaluate(WHERE_IT_IS)
    assert before[0] != "BODY"
    while not held:
        page.wait_for_timeout(10)
    held.pop().fallback()
    page.locator("html[data-respuesta]").wait_for()
    assert page.evaluate(WHERE_IT_IS) == before


@pytest.mark.parametrize("address", light_and_long(["/padron?lugar=1601", "/participacion"], 2))
def test_nothing_moves_when_the_charts_are_drawn(page: Page, address: str) -> None:
    visit(page, address)
    page.evaluate("""() => {
        window.heights = {};
        const watcher = new ResizeObserver((entries) => entries.forEach(({ target }) => {
            (window.heights[target.id] ||= new Set()).add(Math.round(target.getBoundingClientRect().height));
        }));
        document.querySelectorAll(".lienzo").forEach((chart) => watcher.observe(chart));
    }""")
    for chart in page.locator(".lienzo").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".js-plotly-plot .bars").first.wait_for(state="attached")
        assert chart.get_attribute("aria-hidden") == "true"  # its words and its table say it, not bare numbers
    page.evaluate(FRAMES)
    heights = page.evaluate("Object.entries(window.heights).map(([id, all]) => [id, ...all])")
    assert [one[0] for one in heights] == ["grafica-1-lienzo", "grafica-2-lienzo"]
    assert all(len(one) == 2 for one in heights), heights


# ---- filters, search, links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", light_and_long(["indicador", "sexo", "grupo", "ver", "departamento"], 3))
def test_a_filter_keeps_the_focus_when_its_results_arrive(page: Page, name: str) -> None:
    visit(page, "/padron?indicador=empadronados")
    before = page.locator("#pregunta").text_content()
    page.locator(f"#f-{name}").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**" + {"indicador": "indicador=adultos*", "grupo": "edad=18_25*"}.get(name, f"{name}=*"))
    settle(page)
    assert where(page).startswith(f"select#f-{name}")
    assert page.locator("#pregunta").text_content() != before
    page.keyboard.press("ArrowDown" if name != "ver" else "ArrowUp")
    settle(page)
    assert where(page).startswith(f"select#f-{name}")


def test_search_by_keyboard_with_and_without_accents(page: Page) -> None:
    for typed in ("coban", "COBÁN"):
        visit(page, "/padron")
        page.locator("#q").focus()
        page.keyboard.type(typed)
        page.locator("#sugerencias [role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        active = page.locator("#q").get_attribute("aria-activedescendant")
        assert page.locator(f"#{active}").get_attribute("data-codigo") == "1601"
        page.keyboard.press("Enter")
        page.wait_for_url("**lugar=1601*")
        settle(page)
        assert chosen(page) == ["Cobán"]
        assert where(page) != "body"


def test_search_closes_with_escape_and_keeps_what_was_typed(page: Page) -> None:
    visit(page, "/padron")
    page.locator("#q").focus()
    page.keyboard.type("ixc")
    page.locator("#sugerencias [role=option]").first.wait_for()
    assert page.locator("#q").get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert page.locator("#sugerencias").is_hidden()
    assert page.locator("#q").get_attribute("aria-expanded") == "false"
    assert page.locator("#q").input_value() == "ixc"
    assert where(page).startswith("input#q")


def test_enter_without_choosing_searches(page: Page) -> None:
    visit(page, "/")
    page.locator("#q").focus()
    page.keyboard.type("panzo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ficha/1607")
    visit(page, "/")
    page.locator("#q").focus()
    page.keyboard.type("la union")
    page.keyboard.press("Enter")
    page.wait_for_url("**/buscar?q=la+union")
    assert page.locator(".encontrados strong").all_text_contents()[0] == "La Unión"


def test_a_link_that_chooses_a_place_takes_the_focus_to_its_card(page: Page) -> None:
    visit(page, "/padron")
    page.locator(".ranking a[data-lugar]").first.focus()
    page.keyboard.press("Enter")
    page.locator(".ficha-lugar").wait_for()
    settle(page)
    assert where(page).startswith("h2#lugar-elegido")
    page.locator(".ficha-lugar a[data-lugar='']").focus()
    page.keyboard.press("Enter")
    page.locator(".invitacion").wait_for()
    settle(page)
    assert where(page).startswith("h2")


def test_skip_link_is_first_visible_and_works(open_page: Callable[..., Page]) -> None:
    page = open_page(reduced_motion="reduce")
    for address in ("/", "/padron", "/accesible/padron", "/metodologia"):
        visit(page, address)
        page.keyboard.press("Tab")
        assert where(page) == "a.salto"
        assert page.locator(".salto").bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert where(page).startswith("main#contenido")
        page.evaluate("window.stillHere = true")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.stillHere"), f"{address} was loaded again"


@pytest.mark.parametrize(
    "address",
    light_and_long(["/padron?lugar=1601", "/", "/accesible/padron?departamento=02&lugar=0201", "/datos"], 2),
)
def test_every_stop_is_on_screen_and_shows_its_focus(open_page: Callable[..., Page], address: str) -> None:
    """Tab from the top to the end of the page (or two hundred stops): no stop is invisible, lost or without a ring."""
    page = open_page(reduced_motion="reduce")
    visit(page, address)
    seen, lost = [], []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate("""() => {
            const node = document.activeElement;
            if (node === document.body) return null;
            const { width, height, top, bottom, left, right } = node.getBoundingClientRect();
            const inside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
            const { outlineStyle, outlineWidth } = getComputedStyle(node);
            const ring = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) ||
                Boolean(node.dataset.codigo && document.querySelector("#mapa .foco").getAttribute("d"));
            return { width, height, inside, ring, html: node.outerHTML.slice(0, 90) };
        }""")
        if stop is None:
            break
        seen.append(stop["html"])
        if not (stop["inside"] and stop["ring"] and stop["width"] > 1 and stop["height"] > 1):
            lost.append(stop)
    assert lost == []
    assert len(seen) > 15
