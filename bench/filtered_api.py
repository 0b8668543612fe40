"""A million rows asked by address: a filtered CSV, and sums by municipio and year, beside Datasette with the same table.

The table is that of the population by age with more years, all invented. Datasette has it in SQLite, with an index by municipio
and year, and no limit of its own in the way. Each server is a process of its own; they are asked one after the other and, then,
side by side by many readers at once (`bench.filtered_load`).
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from bench.downloads import Site, downloaded, serving
from bench.figures import Figure, log_file
from bench.filtered_load import measured
from bench.size import Size
from dashboard.render.tables import TABLE_FORMATS, PublishedTable
from etl.release import DATAPACKAGE, MANIFEST, Release
from tests.browser_support import free_port, stop
from tests.release_support import sealed

TABLE, FIRST_YEAR = "poblacion_2011_2015", 1901
#: Where Datasette is, if it is installed already: otherwise it is, in an environment of its own.
VARIABLE, WANTED = "DATASETTE", "datasette==0.65.*"
MOST_SECONDS, MOST_MIB = 0.3, 50
#: What the site takes of memory with all of the crowd there.
MOST_MIB_TOGETHER = 1_024
TIMES_STREAMED, TIMES_ASKED, TIMES_KEPT = 20, 2, 5
#: How many people download everything at once, at most.
CROWD = 50
#: How many questions of each kind are asked of each server.
QUESTIONS = 6
#: How many times the CSV is downloaded from here.
STREAMS = 3
PIECE, PATIENCE = 1 << 16, 1_200
WHERE = {"sexo": "mujeres,hombres"}
SQL = (
    "select codigo_municipio, anio, count(*) as filas, sum(poblacion) as poblacion "
    f"from {TABLE} where anio >= :anio group by 1, 2"
)


@dataclass(frozen=True)
class Download:
    """One answer: seconds until its first byte and until its last, its bytes and its lines."""

    first: float
    whole: float
    size: int
    lines: int


def measure(size: Size) -> list[Figure]:
    """Seconds until the first byte and until the last of a CSV, the memory that it takes, and milliseconds of each JSON."""
    release, rows = _longer(size)
    together = _together(size, release)
    with serving(release, "filtered_api") as site:
        _asked(site.address, f"/api/v1/datasets/{TABLE}/data.csv?limite=1")
        before = _resident_mib(site)
        ours = _median(lambda: _asked(site.address, f"/api/v1/datasets/{TABLE}/data.csv?{urlencode(WHERE)}"))
        grown = max(site.peak_mib() - before, 0.1)
        group = f"/api/v1/datasets/{TABLE}/data.json?agrupar=codigo_municipio,anio&sumar=poblacion&anio_desde="
        new = _milliseconds(site.address, lambda turn: f"{group}{FIRST_YEAR + turn}")
        kept = _milliseconds(site.address, lambda turn: f"{group}{FIRST_YEAR}")
    with _datasette(size, release) as theirs:
        streamed = _asked(theirs, f"/tabla/{TABLE}.csv?_stream=on&_size=max&{urlencode({'sexo__in': WHERE['sexo']})}")
        asked = _milliseconds(theirs, lambda turn: f"/tabla.json?{urlencode({'sql': SQL, 'anio': FIRST_YEAR + turn})}")
        with serving(release, "filtered_load") as site:
            under_load = measured(
                site.address, theirs, TABLE, Release.open(release).table(TABLE), size.folder, size.seconds
            )
    assert ours.lines == streamed.lines == rows + 1, (ours, streamed, rows)
    many = f"{rows:,} filas filtradas en CSV"
    beside = "Datasette 0.65"
    return [
        Figure(f"{many}: primer byte", ours.first, "s", MOST_SECONDS, beside, streamed.first),
        Figure(f"{many}: memoria que crece", grown, "MiB", MOST_MIB, note=f"antes, {before:.0f} MiB"),
        Figure(
            f"{many}: completo", ours.whole, "s", streamed.whole / TIMES_STREAMED, beside, streamed.whole, _size(ours)
        ),
        Figure("JSON por municipio y año, preguntas nuevas", new, "ms", asked / TIMES_ASKED, beside, asked),
        Figure("JSON por municipio y año, la misma pregunta", kept, "ms", asked / TIMES_KEPT, beside, asked),
        *under_load,
        *together,
    ]


def _together(size: Size, release: Path) -> list[Figure]:
    """Many people who download all the rows at the same moment, filtered: how many get other bytes than those of the table's own
    file, of all of them, and the most memory that the site takes.
    """
    many = min(CROWD, size.downloads)
    found = Release.open(release)
    item = next(one for one in found.manifest["archivos"] if one["tabla"] == TABLE and one["formato"] == "Parquet")
    reference = size.folder / "completa.csv"
    with reference.open("wb") as file:
        TABLE_FORMATS["csv"].write(PublishedTable(found.path(item["nombre"]), item, found.id), file)
    with serving(release, "filtered_together") as site:
        _asked(site.address, f"/api/v1/datasets/{TABLE}/data.csv?limite=1")
        path = f"/api/v1/datasets/{TABLE}/data.csv?{urlencode(WHERE)}"
        seen = downloaded(site, path, reference, many)
        peak = site.peak_mib()
    length, slowest = reference.stat().st_size / 1e6, max(seen.health_ms)
    note = f"{length:.0f} MB cada una, en {seen.seconds:.0f} s; /salud, hasta {slowest:.0f} ms"
    reference.unlink()
    title = f"{many} descargas a la vez de todas las filas, filtradas en CSV"
    return [
        Figure(f"{title}: incompletas o distintas, comparadas todas", many - seen.right, "archivos", 0, note=note),
        Figure(f"{title}: memoria del sitio en su punto más alto", peak, "MiB", MOST_MIB_TOGETHER),
    ]


def _median(ask: Callable[[], Download]) -> Download:
    """The download that takes neither the longest nor the least, of a few: of a second, any other work is a good part."""
    return sorted((ask() for _ in range(STREAMS)), key=lambda found: found.whole)[STREAMS // 2]


def _size(found: Download) -> str:
    return f"{found.size / 1e6:.0f} MB"


# --- The table -----------------------------------------------------------------------------------------------------------


def _longer(size: Size) -> tuple[Path, int]:
    """A release whose table of population has that many rows, all invented, and how many they are."""
    folder = size.folder / "filtrada"
    shutil.copytree(size.release.resolve(), folder)
    path = Release.open(size.release).table(TABLE)
    source = pq.read_table(path)
    year = source.filter(pa.compute.equal(source["anio"], source["anio"][0]))
    place = source.schema.get_field_index("anio")
    copies = -(-size.rows // len(year))
    many = [
        year.set_column(place, source.schema.field(place), pa.array([FIRST_YEAR + turn] * len(year), pa.int64()))
        for turn in range(copies)
    ]
    table = pa.concat_tables(many).slice(0, size.rows).sort_by("codigo_municipio")
    pq.write_table(table, folder / path.name, compression="zstd", row_group_size=8_192)
    _told(folder, path.name, len(table))
    return sealed(folder), len(table)


def _told(folder: Path, name: str, rows: int) -> None:
    """Write in the catalogues of a release what one of its files is now."""
    content = (folder / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    for catalogue, listed, called in ((MANIFEST, "archivos", "nombre"), (DATAPACKAGE, "resources", "path")):
        told = json.loads((folder / catalogue).read_text(encoding="utf-8"))
        item = next(item for item in told[listed] if item[called] == name)
        item["bytes"] = len(content)
        item |= {"sha256": digest, "filas": rows} if listed == "archivos" else {"hash": f"sha256:{digest}"}
        (folder / catalogue).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


# --- Datasette -----------------------------------------------------------------------------------------------------------


@contextmanager
def _datasette(size: Size, release: Path) -> Iterator[str]:
    """The address of a Datasette that serves the same table."""
    database = size.folder / "tabla.db"
    _written(release, database)
    port = free_port()
    command = [_installed(size), "serve", "-i", str(database), "-p", str(port)]
    for setting, value in (("max_csv_mb", 0), ("sql_time_limit_ms", 600_000), ("max_returned_rows", 100_000)):
        command += ["--setting", setting, str(value)]
    with log_file("datasette").open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(server, address)
            yield address
        finally:
            stop(server)


def _installed(size: Size) -> str:
    """The program, installed in an environment of its own if nobody says where it is."""
    if found := os.environ.get(VARIABLE):
        return found
    folder = size.folder / "entorno-datasette"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", WANTED]
    subprocess.run(pip, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return str(folder / "bin" / "datasette")


def _written(release: Path, database: Path) -> None:
    """The table in SQLite, with an index by what it is grouped by."""
    table = pq.read_table(Release.open(release).table(TABLE))
    kinds = {
        name: "INTEGER" if name == "anio" else "REAL" if name == "poblacion" else "TEXT" for name in table.schema.names
    }
    with sqlite3.connect(database) as made:
        made.execute(f"CREATE TABLE {TABLE} ({', '.join(f'{name} {kind}' for name, kind in kinds.items())})")
        marks = ", ".join("?" * len(kinds))
        for batch in table.to_batches(50_000):
            columns = [
                column.cast(pa.string()) if pa.types.is_date(column.type) else column for column in batch.columns
            ]
            rows = zip(*(column.to_pylist() for column in columns), strict=True)
            made.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", rows)
        made.execute(f"CREATE INDEX por_municipio ON {TABLE} (codigo_municipio, anio)")
    made.close()


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            _asked(address, "/-/versions.json")
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"datasette did not start: see {log_file('datasette')}")


# --- What is measured ----------------------------------------------------------------------------------------------------


def _asked(address: str, path: str) -> Download:
    """Ask for an answer and read it all."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
    start = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "identity"})
    answer = connection.getresponse()
    piece = answer.read(1)
    first = time.perf_counter() - start
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {answer.read(500)!r}")
    size = lines = 0
    while piece:
        size, lines = size + len(piece), lines + piece.count(b"\n")
        piece = answer.read(PIECE)
    whole = time.perf_counter() - start
    connection.close()
    return Download(first, whole, size, lines)


def _milliseconds(address: str, path: Callable[[int], str]) -> float:
    """The usual milliseconds of some answers, after a first one."""
    _asked(address, path(0))
    times: Sequence[float] = sorted(_asked(address, path(turn)).whole for turn in range(1, QUESTIONS + 1))
    return 1000 * times[len(times) // 2]


def _resident_mib(site: Site) -> float:
    for line in Path(f"/proc/{site.process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not tell the memory of a process")
