"""What the job leaves on the tribunal's own disk: exact cubes waiting for protection, the account, the rejected rows.

The cubes of the registry are in a folder named after the cut-off, and those of each election in one of their own beside
it (`etl.cubes.declared.folder_of`). Nobody else can read them (0700): the cubes still have small counts. Each appears
whole, by one rename, or not at all.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from etl.cubes.declared import CUBES, EXACT, REPORT, folder_of
from etl.microdata import record
from etl.microdata.job import Account, Outcome

REJECTIONS = "rechazos.csv"
#: What a report says of each cube of its folder: how many cells, and the SHA-256 of its file.
Cubes = Mapping[str, Mapping[str, int | str]]


@dataclass(frozen=True)
class Report:
    """What a report says besides the account: where the records came from, when and how they were counted.

    `age_days` is the day on which the ages of each election were counted; None when it is the cut-off.
    """

    cutoff: date
    elections: tuple[str, ...]
    inputs: Sequence[Mapping[str, str]]
    description: str
    age_days: Mapping[str, date | None]

    def write(
        self,
        folder: Path,
        account: Account,
        election: str | None = None,
        notices: Sequence[str] = (),
        cubes: Cubes = MappingProxyType({}),
    ) -> None:
        """The account of every row, with reasons in words; `election` is the one of the cubes of this folder."""
        aged = self.age_days.get(election) if election else self.cutoff
        content = {
            "fuente": self.description,
            "corte": self.cutoff.isoformat(),
            "eleccion": election,
            "elecciones": list(self.elections),
            "edad_al": aged.isoformat() if aged else None,
            "entradas": list(self.inputs),
            "filas_leidas": account.read,
            "filas_cargadas": account.loaded,
            "filas_rechazadas": sum(account.rejected.values()),
            "motivos": [
                {"motivo": reason, "descripcion": record.REASONS[reason], "filas": rows}
                for reason, rows in account.rejected.items()
            ],
            "sin_dato_por_no_declarado": dict(account.unknown),
            "palabras_no_declaradas": [
                {"columna": item.column, "palabra": item.word, "filas": item.rows} for item in account.words
            ],
            "avisos": list(notices),
            "cubos": dict(cubes),
        }
        (folder / REPORT).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_cubes(folder: Path, outcome: Outcome, election: str | None) -> Cubes:
    """In `folder`, the cubes of one election, or those of none, as `<cubo>.exacto.parquet`; what the report says of them."""
    made: dict[str, dict[str, int | str]] = {}
    for name, frame in outcome.of(election)[1].items():
        path = folder / f"{name}{EXACT}"
        frame.to_parquet(path, index=False)
        made[name] = {"celdas": len(frame), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return made


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
    """What was being written beside `folder`, and for its elections, is removed if it does not come to an end: on a full
    disk it takes room.
    """
    try:
        yield
    except BaseException:
        for left in folder.parent.glob(f".{folder.name}*.{os.getpid()}"):
            shutil.rmtree(left, ignore_errors=True)
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


# --- What was there before --------------------------------------------------------------------------------------------


def replaced(made: Cubes, folder: Path) -> list[str]:
    """What `folder` had that will not be there when the cubes `made` take their place, in words."""
    before, now = _cubes_in(folder), {name: item["sha256"] for name, item in made.items()}
    return [
        f"{name}: ya se había contado para {folder.name} y "
        + (
            "daba otras cifras; queda el conteo nuevo"
            if name in now
            else "ahora no se hace; el conteo anterior se retira"
        )
        for name, sha256 in before.items()
        if now.get(name) != sha256
    ]


def _cubes_in(folder: Path) -> dict[str, str]:
    """The cubes that the report of a folder tells, with their SHA-256; none when it tells nothing."""
    try:
        content = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        return {str(name): str(item["sha256"]) for name, item in content["cubos"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def set_apart(folder: Path) -> None:
    """Move the cubes of an election out of a folder where an earlier version left them with those of the registry."""
    of_elections = {cube.name for cube in CUBES if cube.of_election} & set(_cubes_in(folder))
    content = json.loads((folder / REPORT).read_text(encoding="utf-8")) if of_elections else {}
    if not isinstance(content.get("eleccion"), str):
        return
    own = folder_of(folder, content["eleccion"])
    if own.exists():
        return
    made = unfinished(own)
    for name in sorted(of_elections):
        shutil.copy2(folder / f"{name}{EXACT}", made)
    cubes = {name: item for name, item in content["cubos"].items() if name in of_elections}
    (made / REPORT).write_text(
        json.dumps(content | {"cubos": cubes}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    place(made, own)
