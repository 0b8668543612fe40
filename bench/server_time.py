"""How long the server takes to answer the accessible page, which it paints whole, map included."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median, quantiles

import httpx

from bench import groups
from bench.figures import Figure
from bench.size import Size
from bench.web import site_of

SEED, LIMIT_MS = 2026, 60
INDICADORES = ("empadronados", "analfabetismo", "empadronados")
DEPARTAMENTOS = [f"{code:02d}" for code in range(1, 23)]


def measure(size: Size) -> list[Figure]:
    """Median and worst milliseconds per request: one client, every departamento, `len(INDICADORES)` times. And, over cubes of
    full size, what 95 of every 100 of `size.selections` questions never asked before of each page of groups do not pass.
    """
    with site_of(size, "server_time") as site, httpx.Client(base_url=site, timeout=60) as client:
        page = [
            answer_ms(client, "/accesible/padron", {"departamento": code, "indicador": indicador})
            for indicador in INDICADORES
            for code in DEPARTAMENTOS[: size.departamentos]
        ]
    return [
        Figure("/accesible/padron, servidor", median(page), "ms", note=f"mediana de {len(page)} peticiones"),
        Figure("/accesible/padron, la más lenta", max(page), "ms"),
        *_of_groups(replace(size, site=None, release=groups.demonstration(size))),
    ]


def _of_groups(size: Size) -> Iterator[Figure]:
    chance = random.Random(SEED)
    with site_of(size, "server_time") as site, httpx.Client(base_url=site, timeout=60) as client:
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
