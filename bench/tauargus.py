"""The same tables given to pytauargus (Tau-Argus of Statistics Netherlands, with HiGHS), for a second opinion of them.

pytauargus is a development dependency: nobody who counts or publishes needs it, and where there is no wheel of it
nothing here may be asked (`here` says so). It is asked through two doors. A system of linked tables, of whatever shape,
is written as a file of cells and sums (the «JJ» format): from it come its audit and the choice that loses fewest people
(OPT). A single table with levels is written as a table with its hierarchies, for the modular method (MOD).
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import numpy as np

from bench import tauargus_alone as alone
from etl.disclosure.bounds import Floats
from etl.disclosure.tables import TOTAL, Axis, Bools, Ints, Tables

NAME = "pytauargus"
FAR = 2  # times the largest count: what a reader may suppose that no count is above
PRIMARY, SECONDARY, SHOWN, NEVER = "u", "m", "s", "z"  # as a file of cells and sums says them
UNSAFE, SAFE, ADDED = "U", "S", "M"  # as a table says them


class Failed(RuntimeError):
    """pytauargus ended without an answer: what it said, or the signal that stopped it."""


def here() -> bool:
    """Whether pytauargus is installed: there is no wheel of it for every machine."""
    return importlib.util.find_spec(NAME) is not None


def audited(tables: Tables, values: Ints, hidden: Bools, folder: Path) -> tuple[Floats, Floats]:
    """The lowest and the highest count that a reader can give to each cell, by the audit of pytauargus."""
    own = Path(mkdtemp(dir=folder))
    _write_system(own, tables, values, np.where(hidden, SECONDARY, SHOWN), np.zeros(tables.cells, dtype=np.int64))
    _alone("auditar", own)
    low, high = values.astype(float), values.astype(float)
    for row in json.loads((own / alone.INTERVALS).read_text(encoding="ascii")):
        low[row["cell"]], high[row["cell"]] = row["min"], row["max"]
    return low, high


def optimal(tables: Tables, values: Ints, primary: Bools, thresholds: Ints, folder: Path) -> Bools:
    """What OPT hides: the cells of fewest people in all with which each of `primary` can rise by its threshold.

    Empty cells are never hidden, as is usual in Tau-Argus. Failed when there is no such choice.
    """
    own = Path(mkdtemp(dir=folder))
    states = np.where(primary, PRIMARY, np.where(values == 0, NEVER, SHOWN))
    _write_system(own, tables, values, states, np.where(primary, thresholds, 0))
    _alone("opt", own)
    hidden = primary.copy()
    hidden[[int(line) for line in (own / alone.CHOSEN).read_text(encoding="ascii").split()]] = True
    return hidden


def modular(
    tables: Tables, values: Ints, primary: Bools, thresholds: Ints, folder: Path, limit: float
) -> tuple[Bools | None, float]:
    """What MOD hides of a table with every combination of its axes, and its seconds; None when it did not end in `limit`.

    Each cell of `primary` must be able to rise by its threshold. Failed when it finds no answer.
    """
    own = Path(mkdtemp(dir=folder))
    _write_table(own, tables, values, primary, thresholds)
    start = perf_counter()
    try:
        _alone("mod", own, limit)
    except subprocess.TimeoutExpired:
        return None, limit
    return _read_table(own, tables), perf_counter() - start


def _alone(what: str, folder: Path, limit: float | None = None) -> None:
    done = subprocess.run(
        [sys.executable, alone.__file__, what],
        cwd=folder,
        timeout=limit,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise Failed(f"{what}: {done.returncode} {(done.stderr.strip().splitlines() or [''])[-1]}".strip())


def _write_system(folder: Path, tables: Tables, values: Ints, states: np.ndarray, rise: Ints) -> None:
    """Cells (value, weight, state, limits and how far it must be able to fall, to rise and in all) and sums that are zero."""
    far = FAR * int(values.max(initial=1))
    lines = ["0", str(tables.cells)]
    for cell, (value, state, up) in enumerate(zip(values.tolist(), states.tolist(), rise.tolist(), strict=True)):
        lines.append(f"{cell} {value} {max(value, 1)} {state} 0 {far} 0 {up} 0")
    lines.append(str(tables.equations))
    terms = [f"{cell} ({sign})" for cell, sign in zip(tables.cell.tolist(), tables.sign.tolist(), strict=True)]
    starts = np.flatnonzero(np.diff(tables.equation, prepend=-1)).tolist()
    for start, end in zip(starts, [*starts[1:], len(terms)], strict=True):
        lines.append(f"0 {end - start} : {' '.join(terms[start:end])}")
    (folder / alone.SYSTEM).write_text("\n".join(lines) + "\n", encoding="ascii")


def _write_table(folder: Path, tables: Tables, values: Ints, primary: Bools, thresholds: Ints) -> None:
    """A row per cell, what its columns are, a file for each axis with levels, and the orders."""
    rows = []
    for cell in np.flatnonzero(values).tolist():
        codes = [axis.nodes[node] for axis, node in zip(tables.axes, tables.coordinates[cell].tolist(), strict=True)]
        state, rise = (UNSAFE, int(thresholds[cell])) if primary[cell] else (SAFE, 0)
        rows.append(";".join([*codes, str(values[cell]), str(values[cell]), state, "0", str(rise)]))
    said = ['<SEPARATOR> ";"', f'<SAFE> "{SAFE}"', f'<UNSAFE> "{UNSAFE}"']
    for axis in tables.axes:
        said.append(f'{axis.name}\n  <RECODEABLE>\n  <TOTCODE> "{TOTAL}"')
        if len(axis.children) > 1:
            file = folder / f"{axis.name}.hrc"
            file.write_text("\n".join(_branches(axis, 0, "")) + "\n", encoding="ascii")
            said.append(f'  <HIERARCHICAL>\n  <HIERCODELIST> "{file}"\n  <HIERLEADSTRING> "@"')
    said += ["cuenta\n  <NUMERIC>", "frecuencia\n  <FREQUENCY>", "estado\n  <STATUS>"]
    said += ["baja\n  <NUMERIC> <LOWERPL>", "sube\n  <NUMERIC> <UPPERPL>"]
    names = "".join(f'"{axis.name}"' for axis in tables.axes)
    orders = [f'<OPENTABLEDATA> "{folder / "tabla.tab"}"', f'<OPENMETADATA> "{folder / "tabla.rda"}"']
    orders += [f'<SPECIFYTABLE> {names}|"cuenta"||', "<SAFETYRULE>", "<READTABLE> 0", "<SUPPRESS> MOD(1,60,0,0,0)"]
    orders += [f'<WRITETABLE> (1,5,SO+,"{folder / "hecha.tab"}")']
    for name, lines in (("tabla.tab", rows), ("tabla.rda", said), (alone.ORDERS, orders)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="ascii")


def _branches(axis: Axis, node: int, lead: str) -> list[str]:
    """The lines of the file of an axis: each value after what it is part of, with a mark more for each level."""
    lines = []
    for child in axis.children.get(node, ()):
        lines += [lead + axis.nodes[child], *_branches(axis, int(child), lead + "@")]
    return lines


def _read_table(folder: Path, tables: Tables) -> Bools:
    """The cells that the table made says are hidden."""
    names = [axis.name for axis in tables.axes]
    made = import_module(f"{NAME}.result").parse_simple_tab(folder / "hecha.tab", names, "cuenta")
    marked = [row for row in made if row["status"] in (UNSAFE, ADDED)]
    hidden = np.zeros(tables.cells, dtype=bool)
    if marked:
        hidden[tables.find(_coordinates(tables.axes, marked))] = True
    return hidden


def _coordinates(axes: Sequence[Axis], rows: Sequence[Mapping[str, Any]]) -> Ints:
    """The node of each row on each axis: codes come padded with spaces, and without any for the total."""
    codes = [[str(row[axis.name]).strip() or TOTAL for axis in axes] for row in rows]
    return np.array([[axis.number[code] for axis, code in zip(axes, row, strict=True)] for row in codes])
