"""What every response says about itself: the one place where the site's security and caching policy is decided."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.address.own import ADDRESS_VARIABLE
from dashboard.pages.model import ACCESSIBLE_ROOT

#: Scripts are only our own files, and styles our own file and elements whose very text is known: nothing written inside a
#: page runs, nor paints anything. What a script sets through an element's `style` is the script's.
POLICY = (
    "default-src 'none'; script-src {own}; style-src 'self'{styles}; img-src 'self' data:; font-src 'self'; "
    "connect-src {own}; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {framed}"
)
#: Every <style> element that the scripts of Dash put in a page, as its SHA-256; the first is of an empty one. Those of other
#: versions, tests/test_no_inline_styles.py gives.
STYLES_OF_LIBRARIES = ("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "Do5Z9ZqsPvCQTUBQS9BnDm/2+on7omuzuLYk5sbA+2s=")
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: The actions of CKAN's API: what other sites may also ask by POST.
ACTIONS = ("/api/3/action/", "/api/action/")
#: The catalogue of what is published, as machines read it: in both its forms, for portals, and for who trains models.
CATALOGUE, DATA_JSON, CROISSANT = "/catalogo.", "/data.json", "/croissant"
#: What other sites may read from a reader's browser, and what they may show; everything else is only for our own pages.
OPEN = (
    "/api/", "/descargas/", "/vista-previa/", "/lugares/", "/imagen/", "/tacto/", "/analisis/", "/oembed", CATALOGUE, DATA_JSON,
    CROISSANT,
)  # fmt: skip
FOR_OTHERS = (*OPEN, "/incrustar/", "/assets/favicon")
#: What is the same for whoever asks for it.
FOR_ANYBODY = ("/api/",)
#: What the scripts of any other site may read: all of an open file or answer, its headers included. Nobody is told apart by
#: it, for the site has no sessions.
READ_BY_OTHERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Link, Repr-Digest, Retry-After"
    ),
}
#: For a year, this site is asked for in no way but with TLS.
ONLY_TLS = "max-age=31536000; includeSubDomains"
FOR_EVER = "public, max-age=31536000, immutable"
#: What a proxy may keep of a page for a minute, and show for a day while the site does not answer; a browser asks each time.
BY_OTHERS = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
#: What only whoever asked may see, once.
NOT_KEPT = "no-store"


def policy(accessible: bool, style: str = "", live: bool = False, framed: bool = False) -> str:
    """The Content-Security-Policy of a response: of a page, with the text of its <style> element ("" if it has none);
    `live` if Dash and Plotly run in it, which put there others of theirs; `framed` if any other site may show it in its pages.
    """
    known = [b64encode(hashlib.sha256(style.encode()).digest()).decode()] if style else []
    named = [f" 'sha256-{one}'" for one in (*known, *(STYLES_OF_LIBRARIES if live else ()))]
    return POLICY.format(
        own="'none'" if accessible else "'self'", styles="".join(named), framed="*" if framed else "'self'"
    )


def headers_of(path: str) -> dict[str, str]:
    """What every response at `path` says of what may be done with it; behind TLS, as the declared address of the site tells,
    also that browsers are to keep to it. A page says its own policy in place of the one here.
    """
    readers = "cross-origin" if path.startswith(FOR_OTHERS) else "same-origin"
    tls = os.environ.get(ADDRESS_VARIABLE, "").lower().startswith("https://")
    told = {
        "Content-Security-Policy": policy(path.startswith(ACCESSIBLE_ROOT)),
        "Cross-Origin-Resource-Policy": readers,
    }
    told |= READ_BY_OTHERS if path.startswith(OPEN) else {}
    return told | FIXED | ({"Strict-Transport-Security": ONLY_TLS} if tls else {})


class SecurityHeaders:
    """ASGI middleware that writes on every response what it does not say itself; what does not say who may keep it is kept by
    nobody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_of(scope["path"]).items():
                    headers.setdefault(name, value)
                shared = message["status"] == 200 and scope["path"].startswith(FOR_ANYBODY)
                headers.setdefault("Cache-Control", BY_OTHERS if shared else NOT_KEPT)
            await send(message)

        await self.app(scope, receive, send_with_headers)
