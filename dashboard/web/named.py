"""What the site is called: whoever asks for another name was led here by mistake or on purpose, and is told so."""

from __future__ import annotations

import ipaddress
import os
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.address.own import ADDRESS_VARIABLE
from dashboard.web.problems import told_at_the_door

MISDIRECTED = 421
TITLE, WORDS = "Este sitio no se llama así", "Este sitio no se llama así: está en {}"


class Misnamed(ValueError):
    """The declared address of the site is not one; the message says so to whoever operates it."""


def declared_name() -> str | None:
    """The name in the address that the operator declared, None when there is none; Misnamed for what is no address."""
    address = os.environ.get(ADDRESS_VARIABLE, "")
    if not address:
        return None
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and parts.hostname and not parts.path.strip("/") and not parts.query
        _ = parts.port
    except ValueError:
        good = None
    if not good:
        raise Misnamed(
            f"{ADDRESS_VARIABLE} debe ser la dirección del sitio, como «https://padron.example.org», sin nada después."
        )
    return parts.hostname


class OnlyItsName:
    """ASGI middleware: answers only to the name that was declared, and to those of this machine, which a check of health uses.

    HTTP says which answer a request for another name gets: 421 (RFC 9110, 15.5.20).
    """

    def __init__(self, app: ASGIApp, name: str) -> None:
        self.app, self.name = app, name.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_ours(scope):
            await self.app(scope, receive, send)
            return
        refused = told_at_the_door(scope, MISDIRECTED, TITLE, WORDS.format(os.environ[ADDRESS_VARIABLE]))
        await refused(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            return False
        name = name_of(given[0].decode("latin-1"))
        return name == self.name or is_of_this_machine(name)


def name_of(host: str) -> str:
    """The name in a Host header, without its port; "" for what is no name."""
    with suppress(ValueError):
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    return ""


def is_of_this_machine(name: str) -> bool:
    """Whether a name or address is one by which a machine calls itself."""
    with suppress(ValueError):
        return ipaddress.ip_address(name).is_loopback
    return name == "localhost"
