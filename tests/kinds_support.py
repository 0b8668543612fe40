"""One address of every kind of file that the site sends, found in the release, the formats and the OpenAPI document themselves: a
kind that is added is tested without a word here, but for its media type.

`python -m tests.kinds_support RELEASE ADDRESS…` tells in JSON the fingerprints of what a site in that process answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import httpx

from dashboard import ASSETS
from dashboard.app import create_app
from dashboard.render.documents import DOCUMENTS
from dashboard.render.extracts import FORMATS as ASKED_FORMATS
from dashboard.render.files import FORMATS
from dashboard.render.tables import TABLE_FORMATS
from dashboard.render.tactile.offered import FORMATS as TACTILE
from etl.release import CATALOGUES, Release
from etl.release.analyses import FILE_TYPES

#: Nothing is taken compressed but where a test says so.
AS_IT_IS = {"Accept-Encoding": "identity"}
ENCODED = ({"Accept-Encoding": "identity"}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"})
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
LINKED = "application/ld+json"
#: The media type of a file, by how its address ends.
TYPES = {
    "": "application/json",
    "docx": FILE_TYPES["docx"],
    "css": "text/css; charset=utf-8",
    "brf": "text/plain; charset=us-ascii",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "jsonld": LINKED,
    "jsonl": "application/jsonl; charset=utf-8",
    "jsonstat": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "topojson": "application/json",
    "ttl": "text/turtle; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
#: A short table and a view, in every format; the latter also asked in another order than the site writes it in.
PICTURE = "/imagen/padron_edades"
TABLE, VIEW = "municipios", "/descargas/vista/padron_mapa.{}?indicador=mujeres&departamento=16"

#: What else is asked of tables: one page, and figures for statistical programs. How long the longest are nobody knows while they
#: are sent: `tests/test_filtered_api_is_bounded.py` asks for them.
ASKED = (
    "/api/v1/datasets/censo_2018_sexo/data.csv?limite=7",
    "/api/v1/datasets/censo_2018_sexo/data.jsonstat?lugar=1601",
    "/api/v1/pxweb/tables/censo_2018_sexo/data?valueCodes[codigo_municipio]=16*",
)
#: Operations that are told one by one, of which those are an example each.
OF_A_TABLE = re.compile(r"/api/v1/(datasets|pxweb/tables)/\w")


@dataclass(frozen=True)
class Kind:
    """A kind of file: an address of it, what is said of who may keep it, and whether it is open data, and `cited`; its media
    type, when how its address ends does not tell it.
    """

    address: str
    caching: str
    open_data: bool = True
    cited: bool = True
    media_type: str = ""

    @property
    def suffix(self) -> str:
        """How its address ends."""
        return PurePosixPath(self.address.partition("?")[0]).suffix.removeprefix(".")

    def is_of(self, answer: httpx.Response) -> bool:
        """Whether the media type of an answer is the one of the kind: JSON may say the encoding, which it has no other."""
        return answer.headers["content-type"].replace("json; charset=utf-8", "json") == (
            self.media_type or TYPES.get(self.suffix)
        )


def kinds_of(release: Release, openapi: dict[str, Any]) -> list[Kind]:
    """One of every kind that the site of a release sends."""
    stored = {PurePosixPath(item["nombre"]).suffix: item["nombre"] for item in release.manifest["archivos"]}
    names = [*stored.values(), *CATALOGUES, *(f"{TABLE}.{suffix}" for suffix in TABLE_FORMATS)]
    made = [f"/lugares/{release.id}.json", f"/vista-previa/{release.id}/1601.png"]
    views = [*(VIEW.format(suffix) for suffix in FORMATS), VIEW.format("csv") + "&excel=1"]
    plain = [path for path in openapi["paths"] if path.startswith("/api/") and "{" not in path]
    api = ["/api/v1/openapi.json", *(path for path in plain if not OF_A_TABLE.match(path))]
    asked = [f"/api/v1/datasets/{TABLE}/data.{suffix}?departamento=16" for suffix in ASKED_FORMATS]
    asked += ASKED
    drawn = [f"{PICTURE}.svg?lugar=0101", f"{PICTURE}.png?lugar=0101&escala=2", f"{PICTURE}/tarjeta.png?lugar=0101"]
    drawn += [f"/tacto/padron/13.{suffix}?indicador=mujeres" for suffix in TACTILE]
    documents = [f"/analisis/{name}?tarjetas=padron_edades~lugar~0101" for name in DOCUMENTS]
    own = {path.suffix: f"/assets/{path.name}" for path in sorted(ASSETS.iterdir()) if path.is_file()}
    return [
        *(Kind(f"/descargas/{release.id}/{name}", FOR_EVER) for name in names),
        *(Kind(address, FOR_EVER) for address in made),
        Kind(f"/descargas/{release.id}/{TABLE}.csv-metadata.json", FOR_EVER, media_type="application/csvm+json"),
        *(Kind(address, FOR_A_MINUTE) for address in ("/catalogo.jsonld", "/catalogo.ttl", "/data.json")),
        *(Kind(f"/croissant{of}.json", FOR_A_MINUTE, media_type=LINKED) for of in ("", "/territorio")),
        *(Kind(address, FOR_A_MINUTE) for address in (*views, *asked)),
        *(Kind(f"{address}&publicacion={release.id}", FOR_EVER) for address in (views[0], asked[0])),
        *(Kind(address, FOR_A_MINUTE) for address in drawn),
        *(Kind(f"{address}&publicacion={release.id}", FOR_EVER) for address in (drawn[0], documents[0])),
        *(
            Kind(address, FOR_A_MINUTE, media_type=item.media_type)
            for address, item in zip(documents, DOCUMENTS.values(), strict=True)
        ),
        *(Kind(address, FOR_A_MINUTE, cited=False) for address in api),
        *(Kind(address, FOR_A_MINUTE, open_data=False) for address in (*own.values(), "/robots.txt", "/sitemap.xml")),
    ]


@contextmanager
def faults(found: dict[str, str], address: str) -> Iterator[None]:
    """Note under an address what does not hold of it, and go on with the others."""
    try:
        yield
    except AssertionError as error:
        found[address] = str(error).partition("\n")[0] or repr(error.__traceback__ and error.__traceback__.tb_next)


def fingerprints(answers: Iterable[httpx.Response]) -> list[list[str]]:
    """The version of each answer and the SHA-256 of its content."""
    return [[answer.headers["etag"], hashlib.sha256(answer.content).hexdigest()] for answer in answers]


async def told_here(release: Path, addresses: Iterable[str]) -> dict[str, list[list[str]]]:
    """What a site of `release` in this process answers at some addresses, in every encoding."""
    transport = httpx.ASGITransport(create_app(release))
    async with httpx.AsyncClient(transport=transport, base_url="http://sitio") as client:
        return {
            address: fingerprints([await client.get(address, headers=told) for told in ENCODED])
            for address in addresses
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(told_here(Path(sys.argv[1]), sys.argv[2:]))))
