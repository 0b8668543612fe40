"""From changing a filter to seeing the results, measured inside the browser, beside reloading the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from playwright.sync_api import Page

from bench import groups
from bench.figures import Figure
from bench.size import Size
from bench.web import page_of, site_of

# Chooses one option as a person would and resolves, in milliseconds, once its results have been painted: the page
# marks the answer on screen in <html data-respuesta>, and two frames later the browser has shown it.
CHANGE = """async ([selector, value]) => {
  const root = document.documentElement, select = document.querySelector(selector), before = root.dataset.respuesta;
  const painted = new Promise((resolve) => new MutationObserver((_, observer) => {
    if (root.dataset.respuesta === before) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  }).observe(root, {attributes: true, attributeFilter: ["data-respuesta"]}));
  const start = performance.now();
  select.value = value;
  select.dispatchEvent(new Event("input", {bubbles: true}));
  select.dispatchEvent(new Event("change", {bubbles: true}));
  await painted;
  return performance.now() - start;
}"""
LIMIT_MS = 150
READY = "() => document.documentElement?.dataset.respuesta !== undefined"


def measure(size: Size) -> list[Figure]:
    """Median milliseconds of `size.changes` changes of departamento, then as many of indicator; and, over cubes of full size,
    of each filter of population groups.
    """
    with site_of(size, "filter_change") as site, page_of(size, 1440, 900) as page:
        page.goto(f"{site}/padron", wait_until="networkidle")
        page.wait_for_function(READY)
        departamento = changes(page, "#f-departamento", size.changes)
        indicador = changes(page, "#f-indicador", size.changes)
        reload = [reloaded(page, f"{site}/padron?departamento={code:02d}") for code in range(1, size.changes + 1)]
    other, others = "recargar la página", median(reload)
    return [
        Figure("cambiar el departamento", median(departamento), "ms", LIMIT_MS, other, others, spread(departamento)),
        Figure("cambiar el indicador", median(indicador), "ms", LIMIT_MS, other, others, spread(indicador)),
        *_of_groups(replace(size, site=None, release=groups.demonstration(size))),
    ]


def _of_groups(size: Size) -> Iterator[Figure]:
    with site_of(size, "filter_change") as site, page_of(size, 1440, 900) as page:
        for title, (address, selector) in groups.CHANGED.items():
            page.goto(f"{site}{address}", wait_until="networkidle")
            page.wait_for_function(READY)
            found = changes(page, selector, size.changes)
            again = median(reloaded(page, f"{site}{address}") for _ in range(size.changes))
            yield Figure(f"cambiar {title}", median(found), "ms", LIMIT_MS, "recargar la página", again, spread(found))


def changes(page: Page, selector: str, count: int) -> list[float]:
    """Milliseconds of each change, going through the options of a select from the second one on, over and over."""
    options = page.eval_on_selector_all(f"{selector} option:not([disabled])", "all => all.map(one => one.value)")
    order = [options[(i + 1) % len(options)] for i in range(count)]
    return [page.evaluate(CHANGE, [selector, value]) for value in order]


def reloaded(page: Page, url: str) -> float:
    """Milliseconds from the start of a navigation until its results are on screen, browser cache warm."""
    page.goto(url, wait_until="commit")
    milliseconds: float = page.evaluate(
        """() => new Promise((resolve) => {
          const look = () => document.documentElement?.dataset.respuesta !== undefined
            ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())))
            : requestAnimationFrame(look);
          look();
        })"""
    )
    return milliseconds


def spread(values: list[float]) -> str:
    """The fastest and the slowest, for the reader who distrusts a median."""
    return f"mediana de {len(values)}; de {min(values):.0f} a {max(values):.0f}"
