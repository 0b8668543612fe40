"""Promise: what the map is made of is said once. The script, the style sheet and the server cannot tell it differently."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest
from PIL import Image
from playwright.sync_api import Browser

from dashboard import ASSETS
from dashboard.kinds.classes import NO_CLASS, WITHOUT_FIGURE, classify
from dashboard.kinds.palette import OWN_COLOUR, THEMES
from dashboard.render import preview
from dashboard.render.plano import CHOSEN, LAYER_OF, LAYERS, MARKS, OUTSIDE, empty_map, painted_map
from dashboard.words import CHANGE, COUNT

STYLES = "".join(path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("estilos*.css")))
SCRIPT = (ASSETS / "mapa.js").read_text(encoding="utf-8")
SQUARE = "M0 0l9 0 0 9-9 0z"
SHAPES = {
    "viewBox": [0, 0, 9, 9],
    "contexto": [SQUARE],
    "lagos": [SQUARE],
    "departamentos": {"01": {"d": SQUARE}},
    "municipios": {"0101": {"d": SQUARE}, "0102": {"d": SQUARE}},
}
PAINT = {"pintura": {"0101": [2, "7"], "01": [NO_CLASS, "nada"]}, "clases": {"2": "q2", "-1": WITHOUT_FIGURE}}


def layers(svg: lxml.html.HtmlElement) -> list[str]:
    return [layer.get("class") for layer in svg.iter("g")]


@pytest.mark.parametrize("level", LAYER_OF)
def test_the_server_paints_the_layers_that_the_script_fills_in_the_same_order(level: str) -> None:
    given = lxml.html.fromstring(str(empty_map()))
    assert layers(given) == list(LAYERS)
    names = {"01": "Guatemala", "0101": "Guatemala"}
    chosen = next(iter(SHAPES[LAYER_OF[level]]))
    painted = lxml.html.fromstring(str(painted_map(SHAPES, PAINT, level, chosen, "Mapa", names)))
    assert all(LAYERS.index(a) < LAYERS.index(b) for a, b in pairwise(layers(painted)))
    assert {*LAYERS} - {*layers(painted)} == {"rotulos", *({*LAYER_OF.values()} - {LAYER_OF[level]})}
    marks = [mark.get("class") for mark in given.cssselect(".encima > *")]
    assert marks == [*MARKS, *CHOSEN]
    assert [mark.get("class") for mark in painted.cssselect(".encima > *")] == list(CHOSEN)
    for svg in (given, painted):
        assert len(svg.cssselect("pattern#trama .trama-fondo, pattern#trama .trama-linea")) == 2


def test_the_script_names_no_layer_that_the_server_does_not_give() -> None:
    used = {*re.findall(r"layers\.([a-z]+)", SCRIPT), *re.findall(r'\bfill\("([a-z]+)"', SCRIPT)}
    used |= {*re.findall(r'outline\("([a-z-]+)"', SCRIPT)}
    assert used and used <= {*LAYERS, *MARKS, "trama"}, used - {*LAYERS, *MARKS}
    assert f'"{OUTSIDE}"' in SCRIPT and WITHOUT_FIGURE not in SCRIPT
    assert not re.findall(r"\b[qd]\d\b|#[0-9a-f]{3,6}\b", SCRIPT), "Classes and colours come from the server"


def test_every_layer_mark_and_class_has_a_style() -> None:
    around = classify((-3.0, -2.0, -1.0, 1.0, 2.0, 3.0), CHANGE, diverging=True)
    upwards = classify(tuple(float(value) for value in range(60)), COUNT, diverging=False)
    classes = {style for found in (around, upwards) for style in found.styles().values()}
    assert {WITHOUT_FIGURE, "q0", "q5"} <= classes and [style for style in classes if style.startswith("d")]
    for name in (*LAYERS, *MARKS, OUTSIDE, *classes):
        assert re.search(rf"\.{name}\b", STYLES), name


def test_charts_and_shared_pictures_wear_the_colours_of_the_style_sheet(browser: Browser) -> None:
    """As the browser computes them, which knows nothing of how the site reads them."""
    names = [*OWN_COLOUR, "ink", "bg", "accent", *(f"q{klass}" for klass in range(6))]
    for theme, scheme in (("claro", "light"), ("oscuro", "dark")):
        page = browser.new_page(color_scheme=scheme)
        page.set_content(f"<style>{STYLES}</style>")
        script = (
            "names => names.map((name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name))"
        )
        assert page.evaluate(script, names) == [THEMES[theme][name] for name in names]
        page.close()
    shapes = {"viewBox": [0, 0, 9, 9], "municipios": {"0101": {"d": SQUARE}}, "departamentos": {}}
    drawn = preview.preview("Un lugar", "", "7", "personas", shapes, {"0101": [5, "7"]}, None)
    colours = Image.open(io.BytesIO(drawn)).convert("RGB").getcolors(1 << 20) or []
    wanted = tuple(int(THEMES["claro"]["q5"][start : start + 2], 16) for start in (1, 3, 5))
    (most, second) = [colour for _, colour in sorted(colours, reverse=True)[:2]]
    assert max(abs(a - b) for a, b in zip(second, wanted, strict=True)) <= 4, (most, second)


#: Ways of reading from a code what contains it, or of what level it is.
SLICING = re.compile(
    r"\b(code|codigo\w*|lugar|slug|place)\b(\.value)?(\[:\d\]|\.length\b|\.startsWith\(|\.startswith\(|\.slice\()"
    r"|\blen\((code|codigo\w*|lugar|slug)\)"
    r"|(?<!: )[\"']25[\"']"  # but the dots of a cell of braille
)


def test_no_module_nor_script_slices_a_code() -> None:
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in (*Path(ASSETS).glob("*.js"), *(ASSETS.parent / "dashboard").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if SLICING.search(line)
    ]
    assert found == []
