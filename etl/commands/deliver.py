"""The command `fuente`: put a new delivery of a source in place, once it has passed every check of the whole pipeline."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import CUBES, DESTINATION, ORIGIN, Origin
from etl.commands.output import Exit, fail, say, stop_if_problems
from etl.commands.publish import run_or_stop
from etl.datasets import all_datasets
from etl.model import Confidence
from etl.pipeline.provenance import FILE, Document, FileFacts, TotalFacts, as_toml, read
from etl.pipeline.run import Result

SUFFIXES = (".csv", ".xlsx")
REFUSED = "La entrega no se aceptó; todo sigue como estaba."


def fuente(
    dataset: Annotated[str, typer.Argument(help="El dataset que se renueva, como padron_municipal.")],
    archivo: Annotated[Path, typer.Argument(help="El archivo tal como lo entregó la fuente (.csv o .xlsx).")],
    corte: Annotated[datetime, typer.Option(help="Fecha de corte de las cifras, AAAA-MM-DD.", formats=["%Y-%m-%d"])],
    url: Annotated[str, typer.Option(help="De dónde viene: la dirección donde se publicó, o quién lo entregó y cómo.")],
    total: Annotated[
        list[str] | None,
        typer.Option(help="Total oficial de ese corte, como empadronados=10030374 (uno por cada total declarado)."),
    ] = None,
    confianza: Annotated[
        Confidence | None,
        typer.Option(help="Cuánto se puede confiar en la entrega; si falta, lo mismo que en la vigente."),
    ] = None,
    nota: Annotated[str | None, typer.Option(help="Lo que un lector debe saber de esta entrega.")] = None,
    origen: Origin = ORIGIN,
) -> None:
    """Put a new delivery of a source in place, once everything has been checked with it; publish nothing."""
    renewed = {item.name: declared.name for item in all_datasets() for declared in item.inputs if declared.renewed}
    if dataset not in renewed:
        fail(f"{dataset} no se renueva con esta orden. Se renuevan así: {', '.join(renewed)}", Exit.USAGE)
    if not url.strip():
        fail("--url está vacía: diga de dónde viene el archivo", Exit.USAGE)
    content = _content(archivo)
    sha256, day = hashlib.sha256(content).hexdigest(), corte.date()
    document = _current(origen / dataset)
    before = _file_of(document, renewed[dataset])
    name = f"{dataset}_{day.isoformat()}_{sha256[:8]}{archivo.suffix.lower()}"
    source = document.fuentes[before.fuente]
    new = _renewed(
        document,
        before,
        {"archivo": name, "sha256": sha256},
        {
            "corte": day,
            "corte_texto": None,
            "url": url,
            "confianza": confianza.value if confianza else source.confianza,
            "nota": nota or None,
            "totales": _totals(total or (), source.totales, source.corte, day),
        },
    )
    _try(dataset, new, name, content, origen)
    _write(origen / dataset / name, content)
    _write(origen / dataset / FILE, as_toml(new).encode())
    say(f"Entrega aceptada: {dataset}, corte {day}, SHA-256 {sha256}.")
    say("Vea qué cambiaría con «python -m etl diff» y publique con «python -m etl publish».")


def _content(path: Path) -> bytes:
    """What was delivered."""
    if path.suffix.lower() not in SUFFIXES:
        fail(f"{path.name} no es .csv ni .xlsx: guárdelo en uno de esos formatos", Exit.USAGE)
    try:
        return path.read_bytes()
    except OSError as error:
        fail(f"no se puede leer {path}: {error.strerror}", Exit.USAGE)


def _current(folder: Path) -> Document:
    """What `folder` says today of where its files come from."""
    document = read(folder)
    if isinstance(document, list):
        stop_if_problems(Result(loose=document), REFUSED)
        raise AssertionError("a document that cannot be read has problems")
    return document


def _file_of(document: Document, entry: str) -> FileFacts:
    """The file that fills the input `entry` today, from a source of its own folder."""
    for file in document.archivos:
        if file.entrada == entry and file.fuente in document.fuentes:
            return file
    fail(f"en {FILE} ningún archivo es la entrada «{entry}» con una fuente de la misma carpeta")


def _renewed(
    document: Document, before: FileFacts, file: Mapping[str, object], source: Mapping[str, object]
) -> Document:
    """`document` with other facts for the file `before` and for its source."""
    return document.model_copy(
        update={
            "fuentes": document.fuentes
            | {before.fuente: document.fuentes[before.fuente].model_copy(update=dict(source))},
            "archivos": [item.model_copy(update=dict(file)) if item == before else item for item in document.archivos],
        }
    )


def _totals(
    given: Iterable[str], before: Mapping[str, TotalFacts], old_cutoff: date, cutoff: date
) -> dict[str, TotalFacts]:
    """The official totals of the new cut-off: the same ones as before, with their new values."""
    values: dict[str, int] = {}
    for text in given:
        name, _, value = text.partition("=")
        digits = value.strip().replace(",", "")
        if not digits.isdecimal():
            fail(f"--total {text}: se esperaba nombre=número, como empadronados=10030374", Exit.USAGE)
        values[name.strip()] = int(digits)
    if missing := [name for name in before if name not in values]:
        options = " ".join(f"--total {name}=…" for name in missing)
        fail(f"faltan totales oficiales del corte: agregue {options}", Exit.USAGE)
    if unknown := [name for name in values if name not in before]:
        fail(f"no hay ningún total llamado {', '.join(unknown)}; son: {', '.join(before)}", Exit.USAGE)
    # The words stay and the day changes: «TSE, empadronados activos en el país al 12-07-2026».
    old, new = (f"{day:%d-%m-%Y}" for day in (old_cutoff, cutoff))
    return {name: TotalFacts(valor=values[name], cita=total.cita.replace(old, new)) for name, total in before.items()}


def _try(dataset: str, new: Document, name: str, content: bytes, origin: Path) -> None:
    """Everything that `check` does, on a folder apart with the new delivery in it; exits if anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="padron-") as folder:
        tried = Path(folder)
        for path in origin.iterdir():
            if path.is_dir() and path.name != dataset:
                (tried / path.name).symlink_to(path.resolve())
        (tried / dataset).mkdir()
        for path in (origin / dataset).iterdir():
            if path.name not in (FILE, name):
                (tried / dataset / path.name).symlink_to(path.resolve())
        _write(tried / dataset / name, content)
        _write(tried / dataset / FILE, as_toml(new).encode())
        run_or_stop(tried, CUBES, DESTINATION, REFUSED)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, even if the process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.parent / f".{path.name}.{os.getpid()}"
    with spare.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(spare, path)
