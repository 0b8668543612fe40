"""What the job leaves on the tribunal's own disk: exact cubes waiting for protection, the account, the rejected rows.

Nobody else can read the folder (0700): the cubes still have small counts. It appears whole, by one rename, or not at all.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from etl.cubes.declared import EXACT, REPORT
from etl.microdata import record
from etl.microdata.job import Account, Outcome

REJECTIONS = "rechazos.csv"


def write(
    folder: Path, outcome: Outcome, cutoff: date, election: str | None, inputs: list[dict[str, str]], description: str
) -> None:
    """Replace `folder` with this outcome: `<cubo>.exacto.parquet`, the report and the rejected rows already in it."""
    made: dict[str, dict[str, int | str]] = {}
    for name, frame in outcome.frames.items():
        path = folder / f"{name}{EXACT}"
        frame.to_parquet(path, index=False)
        made[name] = {"celdas": len(frame), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    write_report(folder, outcome.account, cutoff, election, inputs, description, outcome.notices, made)


def write_report(
    folder: Path,
    account: Account,
    cutoff: date,
    election: str | None,
    inputs: list[dict[str, str]],
    description: str,
    notices: Sequence[str] = (),
    cubes: Mapping[str, Mapping[str, int | str]] | None = None,
) -> None:
    """The account of every row, with reasons in words."""
    content = {
        "fuente": description,
        "corte": cutoff.isoformat(),
        "eleccion": election,
        "entradas": inputs,
        "filas_leidas": account.read,
        "filas_cargadas": account.loaded,
        "filas_rechazadas": sum(account.rejected.values()),
        "motivos": [
            {"motivo": reason, "descripcion": record.REASONS[reason], "filas": rows}
            for reason, rows in account.rejected.items()
        ],
        "avisos": list(notices),
        "cubos": dict(cubes or {}),
    }
    (folder / REPORT).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_rejections(folder: Path, rows: Iterable[tuple[str, int, str]]) -> int:
    """File, row and reason of each rejected row; how many there are."""
    count = 0
    with (folder / REJECTIONS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("archivo", "fila", "motivo", "descripcion"))
        for name, row, reason in rows:
            writer.writerow((name, row, reason, record.REASONS[reason]))
            count += 1
    return count


def unfinished(folder: Path) -> Path:
    """A private folder beside `folder` to write in; what a killed job left there before is removed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{folder.name}.*"):
        shutil.rmtree(left, ignore_errors=True)
    made = _private(folder)
    made.mkdir(mode=0o700)
    return made


@contextmanager
def nothing_half_done(folder: Path) -> Iterator[None]:
    """What was being written beside `folder` is removed if it does not come to an end: on a full disk it takes room."""
    try:
        yield
    except BaseException:
        shutil.rmtree(_private(folder), ignore_errors=True)
        raise


def _private(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.{os.getpid()}"


def place(made: Path, folder: Path) -> None:
    """`made` becomes `folder`; an older one is replaced."""
    old = made.with_name(f".{folder.name}.anterior")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.rename(folder, old)
    os.rename(made, folder)
    shutil.rmtree(old, ignore_errors=True)
