"""What every response says about itself: the one place where the site's security and caching policy is decided."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.pages.model import ACCESSIBLE_ROOT

#: Dash and Plotly set style attributes from script; no style can reach another host. Scripts are only our own files.
VISUAL_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
ACCESSIBLE_POLICY = VISUAL_POLICY.replace("script-src 'self'", "script-src 'none'").replace(
    "connect-src 'self'", "connect-src 'none'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_EVER = "public, max-age=31536000, immutable"
#: What a proxy may keep of a page for a minute, and show for a day while the site does not answer; a browser asks each time.
BY_OTHERS = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
#: What only whoever asked may see, once.
NOT_KEPT = "no-store"


def headers_of(path: str) -> dict[str, str]:
    """The policy of the response at `path`."""
    accessible = path.startswith(ACCESSIBLE_ROOT)
    return {"Content-Security-Policy": ACCESSIBLE_POLICY if accessible else VISUAL_POLICY, **FIXED}


class SecurityHeaders:
    """ASGI middleware that writes the policy on every response that does not bring its own; what does not say who may keep
    it is kept by nobody.
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
                headers.setdefault("Cache-Control", NOT_KEPT)
            await send(message)

        await self.app(scope, receive, send_with_headers)
