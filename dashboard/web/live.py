"""What a change of the filters asks without leaving the page, and its answer: Dash's protocol, without Dash's dispatch.

Dash would answer in the loop that every other visitor waits for, take whatever comes and hide what fails.
"""

from __future__ import annotations

import json
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dashboard.address.parameters import query_of
from dashboard.pages import LIVE, mapa
from dashboard.pages.model import face_of
from dashboard.render.html import to_html
from dashboard.render.pictures import bars
from dashboard.site import Site
from dashboard.web.kept import Made
from dashboard.web.problems import PROBLEM
from dashboard.web.security import NOT_KEPT, headers_of

PATH = "/_dash-update-component"
ASKED, ANSWERED = "consulta", "estado"
LONGEST_ADDRESS, MOST_DRAWN = 4_000, 20


class Malformed(ValueError):
    """A live request that the site's own scripts never send; the message says what is wrong with it."""


class Part(BaseModel):
    """What the page has open: its address, and the charts that are drawn already."""

    model_config = ConfigDict(strict=True)
    url: str = Field(max_length=LONGEST_ADDRESS)
    dibujadas: list[str] = Field(default=[], max_length=MOST_DRAWN)


class Changed(BaseModel):
    """The one thing whose change the site answers."""

    model_config = ConfigDict(strict=True)
    id: Literal["consulta"]
    property: Literal["data"]
    value: Part


class LiveRequest(BaseModel):
    """A request as Dash's script sends it; what else it says, the answer does not depend on."""

    model_config = ConfigDict(strict=True)
    output: Literal["..estado.data.."]
    inputs: list[Changed] = Field(min_length=1, max_length=1)


def read(body: bytes) -> tuple[str, frozenset[str]]:
    """The address that a live request asks for and the charts that it has; Malformed for what is not one."""
    try:
        asked = LiveRequest.model_validate(json.loads(body)).inputs[0].value
    except ValidationError as error:
        first = error.errors()[0]
        raise Malformed(f"no es lo que una página del sitio pide: {'.'.join(map(str, first['loc']))[:80]}") from None
    except (ValueError, RecursionError):
        raise Malformed("no es JSON") from None
    try:
        path = urlsplit(asked.url).path
    except ValueError:
        raise Malformed("no es una dirección") from None
    if path not in LIVE:
        raise Malformed("no es la dirección de una página con filtros")
    return asked.url, frozenset(asked.dibujadas)


def answered(site: Site, address: str, drawn: frozenset[str]) -> dict[str, Any]:
    """Everything that a live page shows for one address: its state and, as HTML, its parts by element id. A browser reads HTML
    in a fraction of what building the same from components takes. The charts `drawn` are left to Plotly.
    """
    parts = urlsplit(address)
    page = LIVE[parts.path]
    asked = page.parsed(site, query_of(parse_qsl(parts.query, keep_blank_values=True, errors="replace")))
    filled = page.fill(site, asked, face_of(page.path, False))
    blocks = {name: to_html(filled[name]) for name in mapa.BLOCKS}
    for slot, answer in page.figures(site, asked.selection).items():
        if slot not in drawn:
            blocks[f"{slot}-lienzo"] = to_html(answer and bars(answer))
    return page.state(site, asked) | {"pedida": address, "bloques": blocks}


def live_answer(site: Site, body: bytes) -> Made:
    """The answer to a live request, as Dash's script takes it; 400 and why for one that is malformed."""
    try:
        address, drawn = read(body)
    except Malformed as error:
        return _problem(400, "La petición está mal formada", str(error))
    told = {"multi": True, "response": {ANSWERED: {"data": answered(site, address, drawn)}}}
    return _json(told, "application/json")


def _problem(status: int, title: str, detail: str) -> Made:
    return _json({"type": "about:blank", "title": title, "status": status, "detail": detail}, PROBLEM, status)


def _json(told: dict[str, Any], kind: str, status: int = 200) -> Made:
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Made(body, {"Content-Type": kind, "Cache-Control": NOT_KEPT, **headers_of(PATH)}, status)
