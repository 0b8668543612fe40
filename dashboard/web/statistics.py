"""Tables of figures for statistical programs, as JSON-stat: whole and not too large, so they are made before they are sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from fastapi import Request as HttpRequest
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.figures.extracts import extracts_of
from dashboard.figures.queries import Data
from dashboard.render.jsonstat import JSONSTAT, MOST_CELLS, TooManyCells, document
from dashboard.web.api import Refused
from dashboard.web.extract_asked import AskedExtract
from dashboard.web.extract_stat import TOO_MANY, cube_of, sums_of
from dashboard.web.flowing import Flows
from dashboard.web.made_files import MadeFiles
from dashboard.web.not_modified import told_not_modified
from dashboard.web.sent_files import sent
from dashboard.web.serving import ServedReleases

Chosen = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Statistics:
    """What makes and keeps the documents of a process."""

    served: ServedReleases
    files: MadeFiles
    flows: Flows
    scratch: Path

    async def answer(self, http: HttpRequest, asked: AskedExtract, chosen: Chosen | None = None) -> Response:
        """The document with the figures that are asked, by dimensions with all that is in them or what was `chosen`."""
        if told := told_not_modified(http, asked):
            return told
        file = await run_in_threadpool(self.files.kept, asked.key())
        if file is None:
            content = await self._made(http, asked, chosen)
            file = await run_in_threadpool(self.files.keep, asked.key(), content, "")
        return await sent(http, self.files, file, JSONSTAT.media_type, asked.caching, asked.links(), asked.mark)

    async def _made(self, http: HttpRequest, asked: AskedExtract, chosen: Chosen | None) -> bytes:
        most = MOST_CELLS // len(sums_of(asked.extract, asked.offered))  # each row has as many cells as figures
        bounded = replace(asked.extract, limit=most + 1)
        tables = extracts_of(asked.release, self.scratch)
        rows = await run_in_threadpool(tables.rows, bounded, asked.offered)
        found = await self.flows.found(http, rows, rows.batches())
        if sum(batch.num_rows for batch in found) > most:
            raise Refused([TOO_MANY], ())
        data = (await run_in_threadpool(self.served.of, asked.release.id)).data
        return await run_in_threadpool(_written, asked, data, found, chosen)


def _written(asked: AskedExtract, data: Data, found: list[pa.RecordBatch], chosen: Chosen | None) -> bytes:
    rows = [row for batch in found for row in batch.to_pylist()]
    try:
        told = document(cube_of(asked, data, rows, chosen), rows)
    except TooManyCells:
        raise Refused([TOO_MANY], ()) from None
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
