"""What a person would write in an afternoon: each source file read by pandas, saved as Parquet, nothing checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq


def convert(source: Path, target: Path) -> None:
    """Save one CSV, workbook or boundary file as Parquet; files of other kinds are left alone."""
    if source.suffix == ".csv":
        # A file with a preamble (the actas) is more than plain pandas understands: it reads the lines it can.
        pd.read_csv(source, on_bad_lines="skip").to_parquet(target)
    elif source.suffix == ".xlsx":
        pd.read_excel(source).to_parquet(target)
    elif source.suffix == ".parquet":
        shapes = b"geo" in (pq.read_schema(source).metadata or {})
        (gpd.read_parquet(source) if shapes else pd.read_parquet(source)).to_parquet(target)


def main(arguments: Sequence[str]) -> None:
    """Convert everything under the first folder into the second."""
    origin, folder = map(Path, arguments)
    folder.mkdir(parents=True)
    for source in sorted(origin.rglob("*.*")):
        convert(source, folder / f"{source.parent.name}-{source.stem}.parquet")


if __name__ == "__main__":
    main(sys.argv[1:])
