"""What a change of the filters asks through Dash, and its answer, a page: Dash's protocol, without Dash's dispatch.

Dash would answer in the loop that every other visitor waits for, take whatever comes and hide what fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dashboard.pages import LIVE
from dashboard.site import Site
from dashboard.web.addresses import visit_of
from dashboard.web.kept import Made
from dashboard.web.painting import painted
from dashboard.web.problems import PROBLEM
from dashboard.web.security import NOT_KEPT, headers_of

PATH = "/_dash-update-component"
ASKED, ANSWERED, SAID = "consulta", "estado", "value"
LONGEST_ADDRESS, MOST_MOVES = 4_000, 3
MOVED = (301, 302)


class Malformed(ValueError):
    """A live request that the site's own scripts never send; the message says what is wrong with it."""


class Changed(BaseModel):
    """The one thing whose change the site answers: the number of the question, which tells it from the same one asked again, and
    the address that it asks for.
    """

    model_config = ConfigDict(strict=True)
    id: Literal["consulta"]
    property: Literal["value"]
    value: str = Field(max_length=LONGEST_ADDRESS, pattern=r"^[0-9]{1,9} /")


class LiveRequest(BaseModel):
    """A request as Dash's script sends it; what else it says, the answer does not depend on."""

    model_config = ConfigDict(strict=True)
    output: Literal["..estado.value.."]
    inputs: list[Changed] = Field(min_length=1, max_length=1)


def read(body: bytes) -> str:
    """What a live request asks, with its number; Malformed for what is not one."""
    try:
        asked = LiveRequest.model_validate(json.loads(body)).inputs[0].value
    except ValidationError as error:
        first = error.errors()[0]
        raise Malformed(f"no es lo que una página del sitio pide: {'.'.join(map(str, first['loc']))[:80]}") from None
    except (ValueError, RecursionError):
        raise Malformed("no es JSON") from None
    try:
        path = urlsplit(asked.partition(" ")[2]).path
    except ValueError:
        raise Malformed("no es una dirección") from None
    if path not in LIVE:
        raise Malformed("no es la dirección de una página con filtros")
    return asked


def page_at(site: Site, address: str, live_tags: Callable[[], Markup] | None) -> str:
    """The HTML of the live page at an address, or at the one where that leads."""
    for _ in range(MOST_MOVES):
        parts = urlsplit(address)
        visit = visit_of(parts.path, parts.path, parts.query)
        if visit is None:
            break
        made = painted(site, visit, live_tags)
        if made.status not in MOVED:
            return made.body.decode()
        address = made.headers["Location"]
    raise Malformed("no es la dirección de una página con filtros")


def live_answer(site: Site, body: bytes, live_tags: Callable[[], Markup] | None = None) -> Made:
    """The answer to a live request, as Dash's script takes it; 400 and why for one that is malformed."""
    try:
        asked = read(body)
        page = page_at(site, asked.partition(" ")[2], live_tags)
    except Malformed as error:
        return _problem(400, "La petición está mal formada", str(error))
    answer = json.dumps({"pedida": asked, "pagina": page}, ensure_ascii=False)
    return _json({"multi": True, "response": {ANSWERED: {SAID: answer}}}, "application/json")


def _problem(status: int, title: str, detail: str) -> Made:
    return _json({"type": "about:blank", "title": title, "status": status, "detail": detail}, PROBLEM, status)


def _json(told: dict[str, Any], kind: str, status: int = 200) -> Made:
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Made(body, {"Content-Type": kind, "Cache-Control": NOT_KEPT, **headers_of(PATH)}, status)
