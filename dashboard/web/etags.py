"""Whether whoever asks has already what would be sent (RFC 9110, 13.1.2)."""

from __future__ import annotations


def lists(listed: str, etag: str) -> bool:
    """Whether an If-None-Match lists an ETag; what a proxy has marked as weak is the same to this end."""
    tags = [tag.strip().removeprefix("W/") for tag in listed.split(",")]
    return etag in tags or tags == ["*"]
