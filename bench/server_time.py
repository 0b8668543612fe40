"""What the server spends on a page that nobody has asked for yet, and how long it takes to answer about population groups."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import mean, median, quantiles

import httpx

from bench import groups, never_seen
from bench.figures import Figure
from bench.size import Size
from bench.web import site_of

SEED, LIMIT_MS = 2026, 60
#: Of the pages of every kind together.
MEAN_MS = 7


def measure(size: Size) -> list[Figure]:
    """What the server spends on `size.selections` pages of the whole country never asked for before, of each kind: the median of
    each, and the mean of all. And, over cubes of full size, what 95 of every 100 questions as new of each page of groups do
    not pass, as one client waits for them.
    """
    found = [*never_seen.spent_ms(size.release, size.selections, SEED)]
    every = [spent for _, _, times in found for spent in times]
    return [
        *(_of_kind(*kind) for kind in found),
        Figure("una página nunca vista, procesador", mean(every), "ms", MEAN_MS, note=f"media de {len(every)} páginas"),
        *_of_groups(replace(size, site=None, release=groups.demonstration(size))),
    ]


def _of_kind(path: str, accessible: bool, times: Sequence[float]) -> Figure:
    note = f"mediana de {len(times)} páginas nunca vistas; 95 de cada 100, {p95(times):.0f} ms; la más lenta, {max(times):.0f}"
    name = ("/accesible" if accessible else "") + path
    return Figure(f"{name}, procesador", median(times), "ms", never_seen.LIMITS.get((path, accessible)), note=note)


def _of_groups(size: Size) -> Iterator[Figure]:
    chance = random.Random(SEED)
    with site_of(size, "server_time") as site, httpx.Client(base_url=site, timeout=60, follow_redirects=True) as client:
        for path, kept in groups.PAGES.items():
            filters = groups.offered(client.get(path, params=kept).raise_for_status().text)
            asked = [groups.question(filters, kept, chance) for _ in range(size.selections)]
            found = [answer_ms(client, path, query) for query in asked]
            note = f"{len(found)} preguntas al azar; mediana, {median(found):.0f} ms; la más lenta, {max(found):.0f}"
            yield Figure(f"{path}, servidor, 95 de cada 100", p95(found), "ms", LIMIT_MS, note=note)


def p95(values: Sequence[float]) -> float:
    """What 95 of every 100 do not pass; of a single value, that one."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def answer_ms(client: httpx.Client, path: str, parameters: dict[str, str]) -> float:
    """Milliseconds until the whole response has arrived; raises httpx.HTTPStatusError when it is an error."""
    start = time.perf_counter()
    client.get(path, params=parameters).raise_for_status()
    return (time.perf_counter() - start) * 1000
