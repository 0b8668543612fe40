"""How long the server takes to answer the accessible page, which it paints whole, map included."""

from __future__ import annotations

import time
from statistics import median

import httpx

from bench.figures import Figure
from bench.size import Size
from bench.web import site_of

INDICADORES = ("empadronados", "analfabetismo", "empadronados")
DEPARTAMENTOS = [f"{code:02d}" for code in range(1, 23)]


def measure(size: Size) -> list[Figure]:
    """Median and worst milliseconds per request: one client, every departamento, `len(INDICADORES)` times."""
    with site_of(size, "server_time") as site, httpx.Client(base_url=site, timeout=60) as client:
        page = [
            answer_ms(client, "/accesible/padron", {"departamento": code, "indicador": indicador})
            for indicador in INDICADORES
            for code in DEPARTAMENTOS[: size.departamentos]
        ]
    return [
        Figure("/accesible/padron, servidor", median(page), "ms", note=f"mediana de {len(page)} peticiones"),
        Figure("/accesible/padron, la más lenta", max(page), "ms"),
    ]


def answer_ms(client: httpx.Client, path: str, parameters: dict[str, str]) -> float:
    """Milliseconds until the whole response has arrived; raises httpx.HTTPStatusError when it is an error."""
    start = time.perf_counter()
    client.get(path, params=parameters).raise_for_status()
    return (time.perf_counter() - start) * 1000
