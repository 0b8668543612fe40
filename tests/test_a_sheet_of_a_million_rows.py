"""Promise: a sheet formatted down to its last row is read in little memory: its blank rows are never kept."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.browser_support import ROOT
from tests.workbook_support import as_xlsx, real_rows

LAST_ROW, COLUMNS, MOST_MIB = 1_048_576, 44, 300
READ = """
import re, sys
from pathlib import Path
from etl.datasets import padron_municipal
from etl.model import SourceFile
from etl.pipeline.read import read_input
path = Path(sys.argv[1])
raw = read_input(path.parent, padron_municipal.DATASET.inputs[0], SourceFile("padron", path.name, "", None))
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])  # of this program alone
print(len(raw.frame), int(raw.frame["TOTAL"].astype("int64").sum()), peak // 1024)
"""


def formatted_to_the_end(path: Path, row: str) -> None:
    """The real padrón, with `row` (the XML of a blank one, «#» for its number) in every other row of the sheet."""
    base = as_xlsx(real_rows())
    with (
        zipfile.ZipFile(io.BytesIO(base)) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if not name.endswith("sheet1.xml"):
                new.writestr(name, old.read(name))
                continue
            start, end, rest = old.read(name).partition(b"</sheetData>")
            with new.open(name, "w", force_zip64=True) as part:
                part.write(start)
                for first in range(342, LAST_ROW + 1, 5000):
                    numbers = range(first, min(first + 5000, LAST_ROW + 1))
                    part.write("".join(row.replace("#", str(number)) for number in numbers).encode())
                part.write(end + rest)


def letters(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


ROWS = '<row r="#" spans="1:44" s="1" customFormat="1"/>'
CELLS = '<row r="#">' + "".join(f'<c r="{letters(column)}#" s="1"/>' for column in range(COLUMNS)) + "</row>"


@pytest.mark.parametrize(
    "row", [pytest.param(ROWS, id="rows"), pytest.param(CELLS, id="cells", marks=pytest.mark.largo)]
)
def test_it_is_read_in_little_memory(row: str, tmp_path: Path) -> None:
    path = tmp_path / "libro.xlsx"
    formatted_to_the_end(path, row)
    done = subprocess.run([sys.executable, "-c", READ, path], cwd=ROOT, capture_output=True, text=True, check=True)
    rows, total, mebibytes = map(int, done.stdout.split())
    assert (rows, total) == (340, 10_030_374)
    assert mebibytes <= MOST_MIB
