"""`make capturas`: the pictures of the documentation, taken from the real site serving the real release; those of the
demonstration, from the site that `make demo` opens, and each of them says so.

Each is opened in Debian's Chromium, reduced to a palette and saved as PNG under `LARGEST` bytes. A request to another
host, an error in the console or a page that does not answer 200 stops the job: a broken page is never documented.
"""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser_support import ROOT, Theme, Watch, launch_chromium, running_site

RELEASE = ROOT / "data" / "release" / "current"
DEMONSTRATION = ROOT / "data" / "demo" / "2000000" / "release" / "current"
FOLDER = ROOT / "docs" / "img"
LARGEST = 120_000
PALETTES = (192, 128, 96, 64, 48, 32)
PLACE = "1601"
QUESTION = f"?indicador=analfabetismo&lugar={PLACE}"
# The visual mode of a page with filters marks its answer; the others are complete when they have loaded.
ANSWERED = "() => document.documentElement?.dataset.respuesta !== undefined && document.querySelector('#mapa path')"
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent; }"


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the address it shows, of the site of which release, and how it is seen.

    `waits` says that the page answers by script; `from_element` is what the top of the picture shows, when it is not
    the top of the page.
    """

    name: str
    address: str
    width: int = 1280
    height: int = 900
    theme: Theme = "light"
    scale: int = 1
    waits: bool = False
    from_element: str | None = None
    release: Path = RELEASE


def on_phone(name: str, address: str, from_element: str | None = None) -> Shot:
    """A picture of a live page as a phone shows it."""
    return Shot(name, address, width=360, height=780, scale=2, waits=True, from_element=from_element)


SHOTS = (
    Shot("inicio", "/", height=1120),
    Shot("padron", f"/padron{QUESTION}", height=1290, waits=True),
    Shot("padron-oscuro", f"/padron{QUESTION}", height=1290, theme="dark", waits=True),
    on_phone("padron-telefono", f"/padron{QUESTION}"),
    on_phone("padron-telefono-mapa", f"/padron{QUESTION}", from_element="#marco-mapa"),
    Shot("padron-accesible", f"/accesible/padron{QUESTION}", height=1290),
    Shot("participacion", "/participacion", height=1290, waits=True),
    Shot("ficha", f"/ficha/{PLACE}", height=1120),
    Shot(
        "demo-participacion",
        "/participacion?indicador=votaron&pueblo=maya",
        height=1660,
        waits=True,
        release=DEMONSTRATION,
    ),
    Shot("demo-origen", "/extranjero", height=1290, from_element="#origen", release=DEMONSTRATION),
)


def main() -> int:
    """Take every picture; 1 when a page asked others for something, logged an error or cannot be made small enough."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        for release in dict.fromkeys(shot.release for shot in SHOTS):
            with running_site(release, Path(folder) / "servidor.log") as site:
                if not all(taken(browser, site, shot) for shot in SHOTS if shot.release == release):
                    return 1
        browser.close()
    return 0


def taken(browser: Browser, site: str, shot: Shot) -> bool:
    """Whether the picture could be taken; it is left in its file, and what was wrong is said."""
    try:
        picture = compressed(photograph(browser, site, shot))
    except PictureError as error:
        print(f"{shot.name}: {error}", file=sys.stderr)
        return False
    (FOLDER / f"{shot.name}.png").write_bytes(picture)
    print(f"docs/img/{shot.name}.png  {len(picture) / 1000:.0f} kB  {shot.address}")
    return True


class PictureError(Exception):
    """Why a picture cannot be published; the message is for the person who asked for it, in Spanish."""


def photograph(browser: Browser, site: str, shot: Shot) -> bytes:
    """What `shot` shows, as the browser's own PNG; PictureError when the page is not as a reader should see it."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": shot.width, "height": shot.height},
        color_scheme=shot.theme,
        device_scale_factor=shot.scale,
        reduced_motion="reduce",
        locale="es-GT",
    )
    watch = Watch(site)
    page = context.new_page()
    watch.follow(page)
    response = page.goto(shot.address, wait_until="networkidle")
    if response is None or response.status != 200:
        raise PictureError(f"{shot.address} no respondió 200")
    if shot.waits:
        page.wait_for_function(ANSWERED)
    page.add_style_tag(content=STILL)
    if shot.from_element:
        page.locator(shot.from_element).evaluate("element => element.scrollIntoView({block: 'start'})")
    picture = page.screenshot(animations="disabled")
    context.close()
    if broken := watch.third_party + watch.errors:
        raise PictureError("; ".join(broken))
    return picture


def compressed(picture: bytes) -> bytes:
    """`picture` as a PNG of as many colours as fit in `LARGEST` bytes; PictureError if not even the fewest do."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in PALETTES:
        small = io.BytesIO()
        image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            small, "PNG", optimize=True
        )
        if small.tell() <= LARGEST:
            return small.getvalue()
    raise PictureError(f"pesa más de {LARGEST / 1000:.0f} kB aun con {PALETTES[-1]} colores")


if __name__ == "__main__":
    sys.exit(main())
