"""One whole job: open, count, account for every row, leave the cubes in a private folder. Used by the command line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.microdata import layout as layouts
from etl.microdata import output, record, sources
from etl.microdata.errors import MicrodataError
from etl.microdata.job import Account, Outcome, prepared
from etl.model import Frames

Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What the person asked for; `folder` is where the cubes are left."""

    source: str
    cutoff: date
    folder: Path
    election: str | None = None
    layout: Path = layouts.DEFAULT
    table: str | None = None
    query: str | None = None
    maximum_rejected: float | None = None
    threads: int | None = None


class TooManyRejected(MicrodataError):
    """More rows were rejected than allowed; the report of why was left in the folder."""

    def __init__(self, message: str, account: Account):
        super().__init__(message)
        self.account = account


def run(order: Order, territory: Frames, say: Say = lambda words: None) -> Outcome:
    """Do it. MicrodataError when it cannot be done; with too many rejected rows only the report is left."""
    layout = layouts.load(order.layout)
    if order.election and order.election not in layout.votes:
        known = ", ".join(layout.votes) or "ninguna"
        raise MicrodataError(f"el archivo de columnas no dice qué columna es el voto de {order.election}; hay: {known}")
    limit = layout.maximum_rejected if order.maximum_rejected is None else order.maximum_rejected
    needed = layout.needed(order.election)
    reading = sources.opened(order.source, needed, order.table, order.query, order.threads)
    with reading as opened, output.nothing_half_done(order.folder):
        task = prepared(opened, layout, order.cutoff, order.election, territory, say)
        outcome = task.run()
        account = outcome.account
        made = output.unfinished(order.folder)
        if account.rejected:
            say("Anotando las filas rechazadas")
            if output.write_rejections(made, task.rejections()) != account.read - account.loaded:
                raise MicrodataError("la cuenta de filas no cierra: la fuente cambió mientras se leía")
        if sum(account.rejected.values()) + account.loaded != account.read:
            raise MicrodataError("la cuenta de filas no cierra: leídas no es cargadas más rechazadas")
        inputs = [{"archivo": path.name, "sha256": _sha256(path, say)} for path in opened.inputs]
        if account.loaded == 0 or account.share > limit:
            output.write_report(made, account, order.cutoff, order.election, inputs, opened.description)
            output.place(made, order.folder.with_name(f"{order.folder.name}.rechazado"))
            raise TooManyRejected(
                f"se rechazó el {account.share:.2%} de las filas y lo más que se admite es {limit:.2%}", account
            )
        output.write(made, outcome, order.cutoff, order.election, inputs, opened.description)
        output.place(made, order.folder)
    return outcome


def _sha256(path: Path, say: Say) -> str:
    say(f"Calculando la suma SHA-256 de {path.name}")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def reasons(account: Account) -> list[str]:
    """Each reason with its rows, in words."""
    return [f"{rows:,} filas: {record.REASONS[reason]}" for reason, rows in account.rejected.items()]
