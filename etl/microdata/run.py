"""One whole job: open, count, account for every row, leave the cubes in a private folder. Used by the command line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from etl.cubes.declared import elections_of, folder_of
from etl.microdata import layout as layouts
from etl.microdata import output, record, sources
from etl.microdata.errors import MicrodataError
from etl.microdata.job import Account, Outcome, prepared
from etl.microdata.layout import Layout
from etl.model import Frames

Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What the person asked for; `folder` is where the cubes are left."""

    source: str
    cutoff: date
    folder: Path
    elections: tuple[str, ...] = ()
    layout: Path = layouts.DEFAULT
    table: str | None = None
    query: str | None = None
    maximum_rejected: float | None = None
    maximum_unknown: float | None = None
    threads: int | None = None


class Refused(MicrodataError):
    """Too many rows were rejected, or left without an answer; `lines` says why, as the report left in the folder does."""

    def __init__(self, message: str, lines: Sequence[str]):
        super().__init__(message)
        self.lines = lines


def run(order: Order, territory: Frames, say: Say = lambda words: None) -> Outcome:
    """Do it. MicrodataError when it cannot be done; when too much is wrong with the rows, only the report is left."""
    layout = layouts.load(order.layout)
    elections = tuple(dict.fromkeys(order.elections))
    for election in elections:
        if election not in layout.votes:
            known = ", ".join(layout.votes) or "ninguna"
            raise MicrodataError(f"el archivo de columnas no dice qué columna es el voto de {election}; hay: {known}")
    if unplaced := layout.unplaced(elections):
        raise MicrodataError(f"el archivo de columnas {layout.name} tiene problemas: {'; '.join(unplaced)}")
    reading = sources.opened(order.source, layout, elections, order.table, order.query, order.threads)
    with reading as opened, output.nothing_half_done(order.folder):
        task = prepared(opened, layout, order.cutoff, elections, territory, say)
        outcome = task.run()
        account = outcome.account
        made = output.unfinished(order.folder)
        if account.rejected:
            say("Anotando las filas rechazadas")
            if output.write_rejections(made, task.rejections()) != account.read - account.loaded:
                raise MicrodataError("la cuenta de filas no cierra: la fuente cambió mientras se leía")
        if sum(account.rejected.values()) + account.loaded != account.read:
            raise MicrodataError("la cuenta de filas no cierra: leídas no es cargadas más rechazadas")
        inputs = [{"archivo": name, "sha256": _sha256(path, say)} for name, path in opened.inputs]
        aged = {election: task.question.age_day(election) for election in elections}
        report = output.Report(order.cutoff, elections, inputs, opened.description, aged)
        if reason := _too_much(order, layout, account):
            report.write(made, account)
            output.place(made, order.folder.with_name(f"{order.folder.name}.rechazado"))
            raise Refused(reason, told(account, layout))
        return _left(order.folder, made, replace(outcome, told=tuple(told(account, layout))), report)


def _left(folder: Path, made: Path, outcome: Outcome, report: output.Report) -> Outcome:
    """Leave the cubes of the registry in `folder`, through `made`, and those of each election in its own."""
    output.set_apart(folder)
    places: dict[str | None, tuple[Path, Path]] = {None: (made, folder)}
    for election in report.elections:
        own = folder_of(folder, election)
        if outcome.of(election)[1] or own.exists():
            places[election] = (output.unfinished(own), own)
    cubes = {name: output.write_cubes(new, outcome, name) for name, (new, _) in places.items()}
    lost = (line for name, (_, old) in places.items() for line in output.replaced(cubes[name], old))
    notices = [*outcome.notices, *lost]
    others = [path.name for path in elections_of(folder) if path not in {old for _, old in places.values()}]
    if others:
        notices.append(f"siguen en su lugar los conteos anteriores de {', '.join(others)}")
    outcome = replace(outcome, notices=tuple(notices))
    for name, (new, old) in places.items():
        report.write(new, outcome.account, name, notices, cubes[name])
        output.place(new, old)
    return outcome


def _too_much(order: Order, layout: Layout, account: Account) -> str | None:
    """Why the count is not to be used, in words; None when it is."""
    limit = layout.maximum_rejected if order.maximum_rejected is None else order.maximum_rejected
    if account.loaded == 0 or account.share > limit:
        return f"se rechazó el {account.share:.2%} de las filas y lo más que se admite es {limit:.2%}"
    limit = layout.maximum_unknown if order.maximum_unknown is None else order.maximum_unknown
    over = {name: share for name in account.unknown if (share := account.unknown_share(name)) > limit}
    if over:
        shares = ", ".join(f"{name} ({share:.2%})" for name, share in over.items())
        return f"hay columnas con demasiados valores que nadie declaró: {shares}; lo más que se admite es {limit:.2%}"
    return None


def _sha256(path: Path, say: Say) -> str:
    say(f"Calculando la suma SHA-256 de {path.name}")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def told(account: Account, layout: Layout) -> list[str]:
    """Each reason with its rows, in words; what is counted as no answer; and the words that could be declared."""
    lines = []
    for reason, rows in account.rejected.items():
        line = f"{rows:,} filas: {record.REASONS[reason]}"
        if reason == "edad_invalida" and "fecha_nacimiento" in layout.columns:
            line += f" ({layout.date_format}; se cambia en [formato] fecha de {layout.name})"
        lines.append(line)
    for name, rows in account.unknown.items():
        lines.append(f"{rows:,} filas cargadas «sin dato» en {name}: {UNKNOWN.get(name, 'su valor no está declarado')}")
    for name in dict.fromkeys(item.column for item in account.words):
        words = ", ".join(f"«{item.word}» ({item.rows:,})" for item in account.words if item.column == name)
        section = name.split()[0]
        where = (
            f"declárelas en [valores.{section}] de {layout.name}" if section in record.VALUES else "no son del catálogo"
        )
        lines.append(f"en {name} se repiten palabras que no están declaradas: {words}; {where}")
    return lines


#: What is wrong with the value of a column that is not a word.
UNKNOWN = {
    "mesa": "el número de mesa no es un entero positivo",
    **dict.fromkeys(record.OF_ABROAD, "reside en el extranjero, y falta o no está en el catálogo"),
}
