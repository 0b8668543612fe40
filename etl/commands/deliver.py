"""The command `fuente`: put a new delivery of a dataset in place, once it has passed every check of the whole pipeline."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import CUBES, DESTINATION, ORIGIN, Origin
from etl.commands.output import Exit, fail, say, stop_if_problems
from etl.commands.publish import run_or_stop
from etl.commands.runs import refresh_waiting
from etl.datasets import all_datasets
from etl.licenses import LICENSES
from etl.model import Confidence, Dataset
from etl.pipeline.clock import to_come
from etl.pipeline.deliveries import Delivered, NotDelivered, Told, input_of, named, with_delivery
from etl.pipeline.provenance import FILE, Document, as_toml, read
from etl.pipeline.reading.kinds import Kind, kind_of
from etl.pipeline.run import Result
from etl.release import reason
from etl.release.disk import replace_file

REFUSED = "La entrega no se aceptó; todo sigue como estaba."
OnlyTheFirst = "solo hace falta en la primera entrega, o si cambió"


def fuente(
    dataset: Annotated[str, typer.Argument(help="El dataset que se renueva, como padron_municipal.")],
    archivo: Annotated[list[Path], typer.Argument(help="Los archivos tal como los entregó la fuente.")],
    corte: Annotated[datetime, typer.Option(help="Fecha de corte de las cifras, AAAA-MM-DD.", formats=["%Y-%m-%d"])],
    url: Annotated[str, typer.Option(help="De dónde viene: la dirección donde se publicó, o quién lo entregó y cómo.")],
    total: Annotated[
        list[str] | None,
        typer.Option(help="Total oficial de ese corte, como empadronados=10030374 (uno por cada total declarado)."),
    ] = None,
    entrada: Annotated[
        list[str] | None,
        typer.Option(help="Qué entrada del dataset es cada archivo, en el mismo orden; si falta, se reconoce."),
    ] = None,
    reemplaza: Annotated[
        str | None, typer.Option(help="El archivo del dataset cuyo lugar toma el nuevo, para corregir una entrega.")
    ] = None,
    confianza: Annotated[
        Confidence | None,
        typer.Option(help="Cuánto se puede confiar en la entrega; si falta, lo mismo que en la anterior."),
    ] = None,
    nota: Annotated[str | None, typer.Option(help="Lo que un lector debe saber de esta entrega.")] = None,
    titulo: Annotated[str | None, typer.Option(help=f"Título de la obra: {OnlyTheFirst}.")] = None,
    editor: Annotated[str | None, typer.Option(help=f"Quién la publicó: {OnlyTheFirst}.")] = None,
    licencia: Annotated[str | None, typer.Option(help=f"Con qué licencia: {OnlyTheFirst}.")] = None,
    origen: Origin = ORIGIN,
) -> None:
    """Put a new delivery of a dataset in place, once everything has been checked with it; publish nothing."""
    chosen = _dataset(dataset)
    facts = {"url": url, "nota": nota, "titulo": titulo, "editor": editor, "licencia": licencia}
    facts["confianza"] = confianza.value if confianza else None
    if wrong := to_come(corte.date()):
        fail(f"--corte {corte:%Y-%m-%d}: {wrong}", Exit.USAGE)
    told = Told(corte.date(), _facts(facts), _totals(total or ()), reemplaza)
    try:
        accepted = _accepted(chosen, archivo, entrada or (), told, origen)
    except OSError as error:
        fail(f"No se pudo escribir en {error.filename or origen}: {reason(error)}. {REFUSED}")
    for file in accepted:
        say(f"Entrega aceptada: {dataset}, corte {told.cutoff}, SHA-256 {file.sha256}.")
    if origen == ORIGIN:
        refresh_waiting(DESTINATION, origen, CUBES)
    say("Vea qué cambiaría con «python -m etl diff» y publique con «python -m etl publish».")


def _accepted(
    dataset: Dataset, paths: Sequence[Path], entries: Sequence[str], told: Told, origin: Path
) -> list[Delivered]:
    """What was delivered, in its place, once the whole pipeline has passed with it."""
    contents, folder = [_content(path) for path in paths], origin / dataset.name
    if not any(item.parse for item in dataset.inputs):
        _stop_at_what_is_no_table(paths, contents)
    with _alone_in(folder):
        document = _current(folder)
        try:
            delivered = _delivered(dataset, paths, contents, entries, told)
            new = with_delivery(document, delivered, told)
        except NotDelivered as error:
            fail(str(error), Exit.USAGE)
        _try(dataset.name, new, delivered, origin)
        _place(folder, delivered, new)
    return delivered


def _place(folder: Path, delivered: Sequence[Delivered], new: Document) -> None:
    """Put the files and then what tells of them, or nothing: OSError leaves the folder as it was."""
    made = [path for file in delivered if not (path := folder / file.name).exists()]
    try:
        for file in delivered:
            _write(folder / file.name, file.content)
        _write(folder / FILE, as_toml(new).encode())
    except OSError:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _stop_at_what_is_no_table(paths: Sequence[Path], contents: Sequence[bytes]) -> None:
    """Name for what they are the files that are no table that can be read, and say how to save them."""
    told = []
    for path, content in zip(paths, contents, strict=True):
        kind, suffix = kind_of(content), path.suffix.lower()
        if isinstance(kind, str) and suffix != ".parquet":
            told.append(f"{path.name} {kind}.")
        elif kind is Kind.XLSX and suffix not in (".xlsx", ".csv"):
            told.append(f"{path.name} es un libro de Excel: cámbiele el nombre para que termine en .xlsx.")
        elif kind is Kind.TEXT and suffix not in (".csv", ".xlsx"):
            told.append(f"{path.name} es texto: si es una tabla, cámbiele el nombre para que termine en .csv.")
    if told:
        for line in told:
            say(line)
        fail(REFUSED)


def _facts(told: Mapping[str, str | None]) -> dict[str, str]:
    """What was said of the source, each as its option."""
    facts = {name: text for name, text in told.items() if text}
    if not facts.get("url", "").strip():
        fail("--url está vacía: diga de dónde viene el archivo", Exit.USAGE)
    if facts.get("licencia", next(iter(LICENSES))) not in LICENSES:
        fail(f"--licencia {facts['licencia']}: se esperaba una de: {', '.join(LICENSES)}", Exit.USAGE)
    return facts


def _dataset(name: str) -> Dataset:
    known = {item.name: item for item in all_datasets()}
    if name not in known:
        fail(f"no hay ningún dataset llamado {name}; existen: {', '.join(sorted(known))}", Exit.USAGE)
    return known[name]


def _totals(given: Iterable[str]) -> dict[str, int]:
    """The official totals by name, as the option writes them: «empadronados=10,030,374»."""
    values: dict[str, int] = {}
    for text in given:
        name, _, value = text.partition("=")
        digits = value.strip().replace(",", "")
        if not (digits.isascii() and digits.isdecimal()):
            fail(f"--total {text}: se esperaba nombre=número, como empadronados=10030374", Exit.USAGE)
        if name.strip() in values:
            fail(f"--total {name.strip()} está dos veces", Exit.USAGE)
        values[name.strip()] = int(digits)
    return values


def _content(path: Path) -> bytes:
    """What was delivered."""
    try:
        return path.read_bytes()
    except IsADirectoryError:
        fail(f"{path} es una carpeta: se esperaba un archivo", Exit.USAGE)
    except FileNotFoundError:
        fail(f"no se puede leer {path}: no existe", Exit.USAGE)
    except OSError:
        fail(f"no se puede leer {path}: falta permiso, o falla el disco", Exit.USAGE)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold `folder` for this delivery alone: of two operators at once, the second is told to repeat."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        fail(f"otra entrega de {folder.name} está en curso: espere a que termine y repita", Exit.LOCKED)
    finally:
        os.close(descriptor)


def _current(folder: Path) -> Document | None:
    """What `folder` says today of where its files come from; None when it has no file yet."""
    if not (folder / FILE).exists():
        return None
    document = read(folder)
    if isinstance(document, list):
        stop_if_problems(Result(loose=document), REFUSED)
        raise AssertionError("a document that cannot be read has problems")
    return document


def _delivered(
    dataset: Dataset, paths: Sequence[Path], contents: Sequence[bytes], entries: Sequence[str], told: Told
) -> list[Delivered]:
    """Each file with the input that it fills and the name it will have."""
    inputs = {item.name: item for item in dataset.inputs}
    if unknown := [name for name in entries if name not in inputs]:
        raise NotDelivered(f"{dataset.name} no tiene la entrada {unknown[0]}; tiene: {', '.join(inputs)}")
    if entries and len(entries) != len(paths):
        raise NotDelivered(f"hay {len(paths)} archivos y {len(entries)} --entrada: ponga una por archivo, en su orden")
    found = []
    with tempfile.TemporaryDirectory(prefix="padron-") as folder:
        for number, (path, content) in enumerate(zip(paths, contents, strict=True)):
            if entries:
                declared = inputs[entries[number]]
            else:
                (Path(folder) / path.name).write_bytes(content)
                declared = input_of(dataset, Path(folder), path.name)
            found.append(named(dataset, declared, told.cutoff, path, content))
    return found


def _try(dataset: str, new: Document, delivered: Sequence[Delivered], origin: Path) -> None:
    """Everything that `check` does, on a folder apart with the new delivery in it; exits if anything is wrong."""
    ours = {FILE, *(file.name for file in delivered)}
    with tempfile.TemporaryDirectory(prefix="padron-") as folder:
        tried = Path(folder)
        for path in origin.iterdir():
            if path.is_dir() and path.name != dataset:
                (tried / path.name).symlink_to(path.resolve())
        (tried / dataset).mkdir()
        for path in (origin / dataset).iterdir():
            if path.name not in ours:
                (tried / dataset / path.name).symlink_to(path.resolve())
        for file in delivered:
            _write(tried / dataset / file.name, file.content)
        _write(tried / dataset / FILE, as_toml(new).encode())
        run_or_stop(tried, CUBES, DESTINATION, REFUSED)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, even if the process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, content, path.parent / f".{path.name}.{os.getpid()}")
