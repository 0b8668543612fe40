"""Promise: who keeps to the OpenAPI document is answered. Of the valid requests that a program makes of it (Schemathesis, whose
choices are always the same), at least nine in ten are answered with 200, in all and in nearly every operation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode

#: How many of each hundred requests are answered: of all, and of those of any one operation.
OF_ALL, OF_ONE = 90, 50
#: The operations of which fewer may be, and why: what of them OpenAPI has no words for.
FEWER = {
    "/descargas/vista/cruces": "qué cuadro se publica depende de todo lo que se pide, y su orden de sus columnas",
    "/api/v1/pxweb/tables/participacion_mesa/": "tiene más de veinte mil mesas, que lista /metadata",
    "/api/v1/pxweb/tables/participacion_mesa_papeletas/": "lo mismo",
}


def answered(url: str, each: int, chosen: Callable[[str], bool]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Of every operation of the document that is `chosen` by its path, what `each` requests are told."""
    assert httpx.get(f"{url}/api/v1/openapi.json", timeout=120).status_code == 200  # the first time it takes a while
    document = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json", wait_for_schema=60)
    for found in document.get_all_operations():
        operation = found.ok()
        if chosen(operation.path):
            yield operation.path, told(url, each, operation.as_strategy(generation_mode=GenerationMode.POSITIVE))


def told(url: str, each: int, cases: SearchStrategy[schemathesis.Case]) -> list[tuple[int, str]]:
    """The status of `each` requests and, if it is not 200, the end of the address that was asked for."""
    said = []

    @settings(
        max_examples=each,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=url, timeout=120, allow_redirects=True)
        said.append((answer.status_code, (answer.request.path_url or "")[-300:] if answer.status_code != 200 else ""))

    ask()
    return said


def faults(found: dict[str, list[tuple[int, str]]]) -> list[str]:
    """What is not as it is promised, in words."""
    said = []
    every = [status for told in found.values() for status, _ in told]
    share = 100 * every.count(200) / len(every)
    if share < OF_ALL:
        said.append(f"{share:.1f} of each hundred requests are answered, in all")
    for path, told in found.items():
        good = sum(status == 200 for status, _ in told)
        if 100 * good < OF_ONE * len(told) and not path.startswith(tuple(FEWER)):
            refused = next(where for status, where in told if status != 200)
            said.append(f"{path}: {good} of {len(told)}; not {refused}")
    assert all(status < 500 for status in every)
    return said


def test_who_keeps_to_the_document_is_answered(site: str) -> None:
    some = "^(/api/v1/(datasets|estado|parametros|pxweb/tables)$|/api/v1/datasets/[{]|/descargas/[{]|/croissant/[{])"
    tables = "^/api/v1/(datasets|pxweb/tables)/(municipios_alias|poblacion_2011_2015|participacion_municipal)/data"
    views = "^/descargas/vista/(padron_mapa|participacion_recibidas|participacion_mesa|comparar)[.][{]"
    found = dict(answered(site, 6, lambda path: re.search(f"{some}|{tables}|{views}", path) is not None))
    assert len(found) > 15
    assert faults(found) == []


@pytest.mark.largo
def test_who_keeps_to_the_document_is_answered_in_every_operation(site: str) -> None:
    found = dict(answered(site, 25, lambda path: True))
    assert len(found) > 200 and sum(map(len, found.values())) > 4_000
    assert faults(found) == []


def test_what_is_counted_here_can_be_too_little(site: str) -> None:
    """The count itself: a document of which half is refused does not pass."""
    assert faults({"/una": [(200, "")] * 9 + [(400, "?x=1")]}) == []
    assert len(faults({"/una": [(200, "")] * 4 + [(400, "?x=1")] * 6})) == 2
    name = next(iter(FEWER))
    assert faults({"/una": [(200, "")] * 99, name: [(400, "?x=1")] * 9}) == []
