"""Addresses of our own static files: each carries its content's hash, so a browser may keep it for ever."""

from __future__ import annotations

import hashlib
from functools import cache

from dashboard import ASSETS


@cache
def asset_url(name: str) -> str:
    """The address of assets/`name`; FileNotFoundError when there is no such file."""
    digest = hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
    return f"/assets/{name}?v={digest}"
