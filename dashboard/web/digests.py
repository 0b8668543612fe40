"""The digest that a file travels with (RFC 9530), from what its release says: nobody hashes anything to answer."""

from __future__ import annotations

import base64

REPR_DIGEST = "Repr-Digest"


def repr_digest(sha256: str) -> str:
    """The value of Repr-Digest for a file with that SHA-256, in hexadecimal; ValueError when it is not one."""
    digest = bytes.fromhex(sha256)
    if len(digest) != 32:
        raise ValueError(f"{sha256!r} is not a SHA-256")
    return f"sha-256=:{base64.b64encode(digest).decode()}:"
