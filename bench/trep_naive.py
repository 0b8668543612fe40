"""The polling tables of a ZIP of the TREP's JSON as anybody would take them out: json.load and pandas, checking nothing."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd


def rows(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    """A row per polling table and ballot, with a column for each figure and organisation."""
    for name in archive.namelist():
        office = re.search(r"_tc(\d)", name)
        root = json.loads(archive.read(name))
        for place in root["divs"]:
            for centre in place["secciones"]:
                for table in centre["casillas"]:
                    votes = {key: cell.get("num") for key, cell in table["votosPA"].items()}
                    where = {"departamento": root["divNum"], "municipio": place["divNum"], "centro": centre["seccion"]}
                    yield {"papeleta": office and office[1], **where, "mesa": table["mesa"], **table["info"], **votes}


def main(arguments: Sequence[str]) -> None:
    """Take the first file, a ZIP, to the second, a Parquet with a row per polling table and ballot."""
    source, target = map(Path, arguments)
    with zipfile.ZipFile(source) as archive:
        frame = pd.DataFrame(rows(archive))
    frame.astype("str").to_parquet(target)


if __name__ == "__main__":
    main(sys.argv[1:])
