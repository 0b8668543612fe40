"""What went wrong, as whoever asked can take it: a problem (RFC 9457) for whoever wants a file or JSON, and words for others."""

from __future__ import annotations

import re
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

from dashboard.web.parts import NotSatisfiable, WantsAnother
from dashboard.web.security import NOT_KEPT, OPEN, headers_of

PROBLEM = "application/problem+json"
#: Addresses that only programs and the scripts of a page read: an error there is data, whatever whoever asks says that they take.
FOR_PROGRAMS = (*OPEN, "/assets/", "/_dash-", "/salud")
#: How the address of a file ends; those of pages have no dot.
FILE = re.compile(r"\.[A-Za-z0-9]{2,10}")
PAGES, DATA = re.compile(r"text/html|application/xhtml\+xml"), re.compile(r"application/([a-z.-]+\+)?json")
WEIGHT = re.compile(r"q\s*=\s*([01](?:\.\d{0,3})?)")


def reads_problems(scope: Scope, unless_asked_for_pages: bool = False) -> bool:
    """Whether who sent a request asked for a file or for JSON, and so is told what is wrong as data.

    Outside the addresses of programs, it is as they say (Accept): a browser takes pages. Of who says neither, the address tells
    or, with `unless_asked_for_pages`, it is a program.
    """
    path = str(scope["path"])
    if path.startswith(FOR_PROGRAMS):
        return True
    accepted = ",".join(Headers(scope=scope).getlist("accept")).lower()
    pages, data = _best(accepted, PAGES), _best(accepted, DATA)
    if data == pages == 0:
        return unless_asked_for_pages or FILE.search(path.rpartition("/")[2]) is not None
    return data > pages


def _best(accepted: str, kinds: re.Pattern[str]) -> float:
    """How much of some media types an Accept says that is taken, from 0 to 1; 0 if it does not name them."""
    best = 0.0
    for item in accepted.split(","):
        kind, _, more = item.partition(";")
        if kinds.fullmatch(kind.strip()):
            weight = WEIGHT.search(more)
            best = max(best, float(weight[1]) if weight else 1.0)
    return best


def problem(status: int, title: str, detail: str, **more: Any) -> JSONResponse:
    """An error as RFC 9457 writes it, in Spanish."""
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(said | more, status, media_type=PROBLEM)


def not_satisfiable(error: NotSatisfiable) -> Response:
    """What is told to whoever asks for a part that a file does not have."""
    said = problem(416, "El archivo no tiene ese tramo", str(error))
    said.headers["Content-Range"] = f"bytes */{error.size}"
    return said


def another_version(error: WantsAnother) -> Response:
    """What is told to whoever wants a version that is not there any more."""
    return problem(412, "El archivo cambió", str(error))


def told_at_the_door(scope: Scope, status: int, title: str, text: str) -> Response:
    """An error of what is before the application, with every header of an answer: a problem, or one line of plain text."""
    said = problem(status, title, text) if reads_problems(scope) else PlainTextResponse(f"{text}\n", status)
    said.headers.update(headers_of(scope["path"]) | {"Cache-Control": NOT_KEPT})
    return said
