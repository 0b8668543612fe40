"""What the pages of other sites may ask of this one from a reader's browser (CORS): to read what is open data, and no more."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.web.security import ACTIONS, OPEN, headers_of

#: What a page of another site may ask with, and for how many seconds its browser need not ask again whether it may.
MAY_ASK = (
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"Accept, If-Modified-Since, If-None-Match, If-Range, Range"),
    (b"access-control-max-age", b"86400"),
    (b"vary", b"Access-Control-Request-Method, Access-Control-Request-Headers"),
)
#: The same, where what is asked may come in a body.
MAY_SEND = (
    (b"access-control-allow-methods", b"GET, HEAD, POST"),
    (b"access-control-allow-headers", MAY_ASK[1][1] + b", Content-Type"),
    *MAY_ASK[2:],
)


class CrossOrigin:
    """ASGI middleware that tells browsers, when they ask before asking (a preflight), what other sites may ask."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_preflight(scope):
            await self.app(scope, receive, send)
            return
        told = tuple((name.lower().encode(), value.encode()) for name, value in headers_of(scope["path"]).items())
        asked = MAY_SEND if scope["path"].startswith(ACTIONS) else MAY_ASK
        await send({"type": "http.response.start", "status": 204, "headers": [*told, *asked]})
        await send({"type": "http.response.body", "body": b""})


def _is_preflight(scope: Scope) -> bool:
    return bool(
        scope["type"] == "http"
        and scope["method"] == "OPTIONS"
        and scope["path"].startswith(OPEN)
        and any(name == b"access-control-request-method" for name, _ in scope["headers"])
    )
