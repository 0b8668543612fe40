"""The log for programs: one line of JSON for each request and for each fault.

A line says nothing of who asked: no address of a visitor, and no query, where people write what they look for.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

from dashboard.web.observed import Seen

#: Characters of a path that are written.
LONGEST_PATH = 200
ERRORS = 2
#: Made once: `json.dumps` would make another for each line.
ENCODED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write(seen: Seen) -> None:
    """Write the line of a request where errors are written, whole, in one piece."""
    os.write(ERRORS, line_of(seen).encode())


def line_of(seen: Seen) -> str:
    """The line of a request."""
    scope = seen.scope
    return _line(
        hora=_moment(datetime.now(UTC)),
        id=scope.get("padron.id", ""),
        metodo=scope["method"],
        ruta=scope["path"][:LONGEST_PATH],
        estado=seen.status,
        bytes=seen.size,
        ms=round(seen.seconds * 1000, 2),
        como=seen.how,
    )


class JsonLines(logging.Formatter):
    """Whatever else the site has to say, a fault with its trace among it, in one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "hora": _moment(datetime.fromtimestamp(record.created, UTC)),
            "nivel": record.levelname,
            "origen": record.name,
            "mensaje": record.getMessage(),
        }
        if record.exc_info:
            told["traza"] = self.formatException(record.exc_info)
        return _line(**told).rstrip("\n")


#: How the processes of the server write what they say, as `logging.config` takes it.
IN_JSON: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "dashboard.web.written.JsonLines"}},
    "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["json"], "level": "WARNING"},
}


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _line(**told: object) -> str:
    return ENCODED(told) + "\n"
