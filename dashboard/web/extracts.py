"""The filtered API: any rows, columns or sums of every table of the release, as files that are sent while they are found.

A long answer is streamed, whatever its length, and the one that ends soon is kept; whoever wants a part of it, or its size, or a
format that has to be made whole (Parquet, Excel) gets it from the disk. All of them have the ETag of what was asked.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, BinaryIO

import pyarrow as pa
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from fastapi import Path as PathParameter
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.address.named_release import OF_RELEASE
from dashboard.figures.extracts import Rows, Slow, extracts_of
from dashboard.pages.model import NothingHere
from dashboard.render.extracts import FORMATS, MOST_ROWS_OF, STREAMED, WHOLE, Told
from dashboard.render.jsonstat import JSONSTAT
from dashboard.web import pxweb, value_names
from dashboard.web.api import Refused, only_release, query_parameter, readable, to_latest
from dashboard.web.extract_asked import PATH, AskedExtract, asked_extract, offered_by
from dashboard.web.extract_stat import of_figures
from dashboard.web.extract_told import columns_told, tables_told
from dashboard.web.flowing import Flowing, Flows
from dashboard.web.kept import IDENTITY, encoding_for
from dashboard.web.made_files import LONG_CELLS, MadeFile, MadeFiles, Making, NotKept
from dashboard.web.not_modified import headers_before, told_not_modified
from dashboard.web.problems import problem
from dashboard.web.sent_files import COMPRESSED, ENCODINGS, sent, sent_at_once, while_there
from dashboard.web.serving import ServedReleases
from dashboard.web.shelf import Shelf
from dashboard.web.statistics import Statistics
from dashboard.web.value_names import one_of
from etl.release import Release

TABLE = Annotated[
    str,
    PathParameter(
        json_schema_extra=one_of(value_names.TABLE),
        description="La tabla, como la llama la lista",
        examples=["municipios"],
    ),
]

#: What the addresses that tell of tables take besides, and with which statuses they say that they cannot.
NAMES_A_RELEASE = {"parameters": [query_parameter(OF_RELEASE, one_of(value_names.NAMED_RELEASE))]}
TOLD_SO = (400, 404, 410, 503)

log = logging.getLogger(__name__)


#: Every format of an answer.
OFFERED = (*FORMATS, JSONSTAT.suffix)
#: Questions whose answer is looked for at once: more of them would only wait for each other.
AT_ONCE = 2
#: Bytes of answers that are kept on the disk.
ON_DISK = 512 << 20


def router(served: ServedReleases, workspace: Path) -> APIRouter:
    """The routes of the tables of `served`: what is made, and what is sorted meanwhile, is kept in folders of `workspace`."""
    routes, flows, scratch = APIRouter(), Flows(), workspace / "orden"
    turns = CapacityLimiter(AT_ONCE)
    files = MadeFiles(Shelf(workspace / "consultas", ON_DISK), workspace / "escritura")
    statistics = Statistics(served, files, flows, scratch)
    routes.include_router(pxweb.router(served, statistics))

    _tell(routes, served)

    @routes.api_route(f"{PATH}/{{tabla}}/data.{{formato}}", methods=["GET", "HEAD"], include_in_schema=False)
    async def data(http: HttpRequest, tabla: str, formato: str) -> Response:
        if formato not in OFFERED:
            raise NothingHere(f"No hay ese formato. Los que hay: {', '.join(OFFERED)}.")
        if away := to_latest(served, http):
            return away
        asked, answer = await to_thread.run_sync(_soon, http, served, tabla, formato, scratch, limiter=turns)
        if answer is not None:
            return answer
        try:
            if formato == JSONSTAT.suffix:
                return await statistics.answer(http, of_figures(asked))
            return await _answered(http, asked, files, flows, scratch)
        except Slow:
            return too_slow()

    return routes


def _tell(routes: APIRouter, served: ServedReleases) -> None:
    @readable(
        routes,
        PATH,
        kinds=["application/json"],
        problems=TOLD_SO,
        openapi_extra=NAMES_A_RELEASE,
        tags=["datasets"],
        summary="Las tablas que hay",
    )
    def tables(http: HttpRequest) -> Response:
        """Cada tabla de cifras de la publicación, con su dirección, sus formatos y cuántas filas tiene."""
        return to_latest(served, http) or JSONResponse(tables_told(*_named(served, http)))

    @readable(
        routes,
        f"{PATH}/{{tabla}}",
        kinds=["application/json"],
        problems=TOLD_SO,
        openapi_extra=NAMES_A_RELEASE,
        tags=["datasets"],
        summary="Las columnas de una tabla",
    )
    def columns(http: HttpRequest, tabla: TABLE) -> Response:
        """Qué es cada columna de la tabla, por cuáles se filtra, agrupa y suma, y qué valores toma cada parámetro."""
        if away := to_latest(served, http):
            return away
        release, named = _named(served, http)
        return JSONResponse(columns_told(release, *offered_by(release, tabla), named))


def _named(served: ServedReleases, http: HttpRequest) -> tuple[Release, str]:
    """The release that an address is of, and the name with which it says so, if it does."""
    named = only_release(http)
    return served.release_named(named), named


def too_slow() -> Response:
    """What is told to whoever asks what takes too long."""
    return problem(503, "La consulta tardó demasiado", "Pida menos filas, sin ordenar ni agrupar, o por páginas.")


def _soon(
    http: HttpRequest, served: ServedReleases, table: str, suffix: str, scratch: Path
) -> tuple[AskedExtract, Response | None]:
    """What is asked and, if it is known without waiting for the database nor the disk, its answer."""
    asked = asked_extract(served, table, suffix, http.query_params)
    if suffix not in FORMATS:
        return asked, None
    if told := told_not_modified(http, asked, FORMATS[suffix].media_type):
        return asked, told
    if suffix not in STREAMED or "range" in http.headers:
        return asked, None
    limit = asked.extract.limit
    one_more = replace(asked.extract, limit=limit and limit + 1)
    found = extracts_of(asked.release, scratch).few(one_more, asked.offered)
    if found is None:
        return asked, None
    more = limit is not None and sum(batch.num_rows for batch in found) > limit
    form, write = STREAMED[suffix]
    content = b"".join(write(asked.told(more), _first(found, limit) if limit else found))
    return asked, sent_at_once(
        http, content, _saved_as(asked), form.media_type, asked.caching, asked.links(more), asked.mark
    )


async def _answered(http: HttpRequest, asked: AskedExtract, files: MadeFiles, flows: Flows, scratch: Path) -> Response:
    if asked.extract.limit and asked.suffix in STREAMED:
        return await _page(http, asked, files, flows, scratch)
    file = await run_in_threadpool(_kept, files, asked.key())
    if file is None and http.method == "GET" and "range" not in http.headers and asked.suffix in STREAMED:
        rows = await run_in_threadpool(_rows, asked.release, asked, scratch)
        if not flows.many:
            return await _flowing(http, asked, files, flows, rows, asked.told(), rows.batches())
        rows.leave()
    if file is None:
        file = await while_there(http, files.made(asked.key(), partial(_making, asked, scratch)))
    return await _sent(http, files, file, asked)


async def _page(http: HttpRequest, asked: AskedExtract, files: MadeFiles, flows: Flows, scratch: Path) -> Response:
    """One page, which has to be found before it is known whether there is another after it."""
    limit = asked.extract.limit or 0
    for more in (False, True):
        if file := await run_in_threadpool(_kept, files, asked.key(more)):
            return await _sent(http, files, file, asked, more)
    one_more = replace(asked, extract=replace(asked.extract, limit=limit + 1))
    rows = await run_in_threadpool(_rows, asked.release, one_more, scratch)
    found = await flows.found(http, rows, rows.batches())
    more = sum(batch.num_rows for batch in found) > limit
    told = asked.told(more)
    return await _flowing(http, asked, files, flows, rows, told, _first(found, limit), more)


def _first(found: Iterable[pa.RecordBatch], limit: int) -> Iterator[pa.RecordBatch]:
    for batch in found:
        if limit > 0:
            yield batch.slice(0, limit)
        limit -= batch.num_rows


async def _flowing(
    http: HttpRequest,
    asked: AskedExtract,
    files: MadeFiles,
    flows: Flows,
    rows: Rows,
    told: Told,
    batches: Iterable[pa.RecordBatch],
    more: bool = False,
) -> Response:
    form, write = STREAMED[asked.suffix]
    flow = await flows.begun(http, rows, _closing(write(told, batches)), bool(asked.extract.limit))
    if flow.complete:
        flow.end()
        with suppress(NotKept):
            file = await run_in_threadpool(files.keep, asked.key(more), flow.first, _saved_as(asked))
            return await _sent(http, files, file, asked, more)
    encoding = encoding_for(http.headers.get("accept-encoding", "").encode("latin-1"))
    encoding = encoding if COMPRESSED.match(form.media_type) else IDENTITY
    headers = headers_before(asked, form.media_type, encoding) | asked.links(more)
    if name := _saved_as(asked):
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if encoding in ENCODINGS:
        headers["Content-Encoding"] = encoding

    def whole(content: bytes) -> None:
        with suppress(NotKept):
            files.keep(asked.key(more), content, _saved_as(asked))

    return Flowing(flow, encoding, whole, 200, headers, form.media_type)


def _closing(pieces: Iterator[bytes]) -> Generator[bytes]:
    """The same pieces, as what can be closed."""
    yield from pieces


async def _sent(
    http: HttpRequest, files: MadeFiles, file: MadeFile, asked: AskedExtract, more: bool = False
) -> Response:
    media_type = FORMATS[asked.suffix].media_type
    return await sent(http, files, file, media_type, asked.caching, asked.links(more), asked.mark)


def _saved_as(asked: AskedExtract) -> str:
    """The name it is saved as; JSON is shown where it is asked for."""
    return "" if asked.suffix.startswith("json") else asked.name


def _kept(files: MadeFiles, mark: str) -> MadeFile | None:
    try:
        return files.kept(mark)
    except NotKept as error:
        log.warning("no se puede leer lo guardado: %s", error)
        return None


def _rows(release: Release, asked: AskedExtract, scratch: Path) -> Rows:
    return extracts_of(release, scratch).rows(asked.extract, asked.offered)


# --- Files that are made whole -----------------------------------------------------------------------------------------


def _making(asked: AskedExtract, scratch: Path) -> Making:
    """How to make the file of an extract; Refused if a format cannot hold that many rows."""
    count = extracts_of(asked.release, scratch).count(asked.extract, asked.offered)
    most = MOST_ROWS_OF.get(asked.suffix)
    if most is not None and count > most:
        name = FORMATS[asked.suffix].name
        raise Refused([f"{name} toma hasta {most:,} filas y se piden {count:,}: pida CSV, o menos filas."], ())
    long = count * len(asked.offered.outcome(asked.extract)) >= LONG_CELLS
    write = partial(write_file, asked.release.root, asked, scratch)
    return Making(write, _saved_as(asked), long, apart=long and asked.suffix == "xlsx")


def write_file(root: Path, asked: AskedExtract, scratch: Path, file: BinaryIO) -> None:
    """Write the file of an extract, perhaps in a process of its own."""
    told = asked.told()
    with extracts_of(asked.release, scratch).rows(asked.extract, asked.offered) as rows:
        if asked.suffix in WHOLE:
            WHOLE[asked.suffix][1](told, rows.batches(), file)
            return
        for piece in chain(STREAMED[asked.suffix][1](told, rows.batches())):
            file.write(piece)
