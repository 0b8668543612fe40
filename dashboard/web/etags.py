"""Whether whoever asks has already what would be sent, or wants it only if it is what they have (RFC 9110, 13.1)."""

from __future__ import annotations


def lists(listed: str, etag: str) -> bool:
    """Whether an If-None-Match lists an ETag; what a proxy has marked as weak is the same to this end."""
    tags = [tag.strip().removeprefix("W/") for tag in listed.split(",")]
    return etag in tags or tags == ["*"]


def wants_another(listed: str | None, etag: str) -> bool:
    """Whether an If-Match, if there is one, lists other versions and not this one: a part of it would be of no use."""
    if listed is None:
        return False
    tags = [tag.strip() for tag in listed.split(",")]
    return etag not in tags and tags != ["*"]
