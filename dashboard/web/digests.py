"""The digest that a file travels with (RFC 9530), from what its release says: nobody hashes anything to answer."""

from __future__ import annotations

import base64

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from etl.release import Release

REPR_DIGEST = "Repr-Digest"


def repr_digest(sha256: str) -> str:
    """The value of Repr-Digest for a file with that SHA-256, in hexadecimal; ValueError when it is not one."""
    digest = bytes.fromhex(sha256)
    if len(digest) != 32:
        raise ValueError(f"{sha256!r} is not a SHA-256")
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def digest_of(release: Release, name: str) -> dict[str, str]:
    """The header of a file of a release as it is on the disk; none when its SHA-256 is not known."""
    sha256 = release.files.sha256(name)
    return {REPR_DIGEST: repr_digest(sha256)} if sha256 else {}


class DigestsOfWhatIsSent:
    """ASGI middleware that takes Repr-Digest away from what was compressed on its way: it is of the file, and the coding is a
    part of the representation. To be put around whatever compresses.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_honest(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if any(name.lower() == b"content-encoding" for name, _ in headers):
                    kept = [pair for pair in headers if pair[0].lower() != REPR_DIGEST.lower().encode()]
                    message = {**message, "headers": kept}
            await send(message)

        await self.app(scope, receive, send_honest)
