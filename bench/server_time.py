"""How long the server takes to answer: the accessible page, a file of exactly what it shows, and the health check."""

from __future__ import annotations

import time
from statistics import median

import httpx

from bench.figures import RELEASE, Figure, log_file
from tests.browser_support import running_site

ROUNDS = 3
DEPARTAMENTOS = [f"{code:02d}" for code in range(1, 23)]


def measure() -> list[Figure]:
    """Median milliseconds per request, one client, over the 22 departamentos; the first round warms the server."""
    with running_site(RELEASE, log_file("server_time")) as site, httpx.Client(base_url=site, timeout=60) as client:
        floor = answer_ms(client, "/salud", {})
        page = [
            answer_ms(client, "/accesible/padron", {"departamento": code, "indicador": indicador})
            for indicador in ("empadronados", "analfabetismo", "empadronados")
            for code in DEPARTAMENTOS
        ]
    return [
        Figure("/accesible/padron, servidor", median(page), "ms", other_title="/salud", other=floor),
        Figure("/accesible/padron, la más lenta", max(page), "ms"),
    ]


def answer_ms(client: httpx.Client, path: str, parameters: dict[str, str]) -> float:
    """Milliseconds until the whole response has arrived; raises httpx.HTTPStatusError when it is an error."""
    start = time.perf_counter()
    client.get(path, params=parameters).raise_for_status()
    return (time.perf_counter() - start) * 1000
