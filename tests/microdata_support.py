"""Helpers of the microdata tests: small registries written by hand, and the real command run on them."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
from typer.testing import Result

from etl.cubes.declared import CUBES
from tests.etl_support import etl, tree

command = import_module("etl.commands.microdata")  # the package has a function of the same name

CORTE, ELECCION = "2026-07-12", "2023-1"
LATER = "2026-09-30"  # no published registry is of this cut-off
CUBOS = tuple(cube.name for cube in CUBES)
HEADER = (
    "CUI", "NOMBRES", "CODDEP", "CODMUN", "SEXO", "FECHA_NACIMIENTO", "ALFABETISMO", "PUEBLO", "COMUNIDAD_LINGUISTICA",
    "PAIS_RESIDENCIA", "ESTADO_RESIDENCIA", "CIUDAD_RESIDENCIA", "DEPARTAMENTO_ORIGEN", "MESA", "VOTO_2023_1",
)  # fmt: skip
# Antigua Guatemala is 2-1 for the TSE and 0301 for the INE; Huehuetenango is 13-1 and 1301.
PEOPLE = (
    ("1001", "ANA UNO", "2", "1", "F", "1990-05-04", "S", "Maya", "Kaqchikel", "", "", "", "", "10", "SI"),
    ("1002", "ANA DOS", "2", "1", "F", "1956-07-12", "N", "Maya", "K’iche’", "", "", "", "", "10", "NO"),
    ("1003", "LUIS TRES", "2", "1", "M", "1956-07-13", "S", "Ladino", "", "", "", "", "", "11", "SI"),
    ("1004", "LUIS CUATRO", "13", "1", "M", "2008-07-12", "S", "Ladino", "", "", "", "", "", "12", ""),
    ("1005", "EVA CINCO", "13", "01", "F", "2000-01-01", "", "", "", "", "", "", "", "12", "NO"),
    ("1006", "EVA SEIS", "25", "1", "F", "1985-02-28", "S", "Ladino", "", "EE. UU.", "California", "Los Ángeles",
     "Huehuetenango", "24430", "SI"),
    ("1007", "IAN SIETE", "25", "1", "M", "1985-02-28", "S", "Ladino", "", "Estados Unidos", "CA", "Fresno", "13", "", "NO"),
    ("1008", "IAN OCHO", "25", "2", "M", "1985-02-28", "S", "Ladino", "", "México", "Chiapas", "Tapachula", "San Marcos",
     "", "NO"),
)  # fmt: skip
#: Of those people, who lives at home and who abroad; and of those at home, how many were on the roll of ELECCION and how many
#: voted: one has no vote written.
AT_HOME, ABROAD = PEOPLE[:5], PEOPLE[5:]
ROLL_AT_HOME = (4, 2)
#: What of the layout that comes says which column is the vote in ELECCION.
VOTE = f'"{ELECCION}" = "VOTO_2023_1"'


def many(people: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Each of those people thirty times, as thirty people."""
    return [(f"{row[0]}{copy}", *row[1:]) for row in people for copy in range(30)]


MANY_PEOPLE = many(PEOPLE)


def write_csv(
    path: Path, rows: Sequence[Sequence[str]] = PEOPLE, header: Sequence[str] = HEADER, delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:  # fmt: skip
    """A CSV file with these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def changed(row: int, **cells: str) -> list[tuple[str, ...]]:
    """PEOPLE with some cells of one row (from 0) changed."""
    rows = [dict(zip(HEADER, item, strict=True)) for item in PEOPLE]
    rows[row] |= cells
    return [tuple(item.values()) for item in rows]


#: The catalogues are the same at every count of a process, and take longer to read than a small registry.
territory = cache(command.territory)


def count(source: Path | str, folder: Path, *options: str, election: str | None = ELECCION) -> Result:
    """The command on `source`, leaving its cubes under `folder`; other elections go among the options."""
    chosen = ["--eleccion", election] if election else []
    with patch.object(command, "territory", territory):
        return etl("microdata", str(source), "--corte", CORTE, *chosen, "--cubos", folder, *options)


def cubes(folder: Path, election: str = ELECCION) -> dict[str, pd.DataFrame]:
    """The cubes the command left under `folder`: those of the registry and those of an election."""
    paths = [path for name in (CORTE, f"{CORTE}.{election}") for path in (folder / name).glob("*.exacto.parquet")]
    return {path.name.split(".")[0]: pd.read_parquet(path) for path in paths}


def reports(folder: Path) -> dict[str, dict[str, Any]]:
    """The report of each folder that the command left under `folder`, by its name."""
    return {
        path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/informe.json"))
    }


def cube_files(folder: Path) -> dict[str, str]:
    """Hash of every cube under `folder`."""
    return {path: digest for path, digest in tree(folder).items() if path.endswith(".parquet")}


def cell(frame: pd.DataFrame, measure: str = "empadronados", **values: str) -> int:
    """The count of one cell; dimensions that are not given are totals."""
    columns = [name for name in frame.columns if name not in ("empadronados", "votantes")]
    chosen = frame
    for name in columns:
        chosen = chosen[chosen[name] == values.get(name, "total")]
    assert len(chosen) == 1, values
    return int(chosen[measure].iloc[0])


def rejections(folder: Path) -> list[tuple[str, int, str]]:
    """File, row and reason of the rows rejected, as the report under `folder` says."""
    with (folder / "rechazos.csv").open(encoding="utf-8") as file:
        return [(row["archivo"], int(row["fila"]), row["motivo"]) for row in csv.DictReader(file)]
