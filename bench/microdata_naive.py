"""The same counts by hand, to measure beside: a DuckDB script, and pandas, as an analyst would write them.

    python -m bench.microdata_naive duckdb|pandas|duckdb-csv registro
    python -m bench.microdata_naive csv registro.parquet registro.csv

They count a clean file: no check, no total, no account of rows; pandas looks for repeated identifiers, DuckDB does not.
Only the finest cells of each declared cross.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date

import duckdb
import pandas as pd

from etl.microdata.record import birth_limits

CUTOFF = date(2026, 7, 12)
IN_COUNTRY = (
    ("SEXO", "TRAMO"),
    ("SEXO", "ALFABETISMO"),
    ("SEXO", "TRAMO", "PUEBLO"),
    ("SEXO", "COMUNIDAD_LINGUISTICA"),
)
VOTES = (("SEXO", "TRAMO"), ("SEXO", "ALFABETISMO"), ("SEXO", "PUEBLO"))
ABROAD = ("PAIS_RESIDENCIA", "ESTADO_RESIDENCIA", "CIUDAD_RESIDENCIA", "SEXO", "TRAMO", "DEPARTAMENTO_ORIGEN")
PLACE = ("CODDEP", "CODMUN")


def with_duckdb(source: str) -> int:
    """One GROUP BY for each cube, over the file; how many cells."""
    con = duckdb.connect()
    con.execute("SET memory_limit='1600MB'")
    limits = birth_limits(CUTOFF)
    cases = " ".join(f"WHEN FECHA_NACIMIENTO <= DATE '{limits[g]}' THEN '{g}'" for g in reversed(limits))
    # A file of text has dates in text; everything else is compared as it comes.
    con.execute(
        f"CREATE VIEW r AS SELECT * REPLACE (CAST(FECHA_NACIMIENTO AS DATE) AS FECHA_NACIMIENTO), CASE {cases} END AS TRAMO "
        f"FROM {source}"
    )

    def sets(crosses: Sequence[Sequence[str]]) -> str:
        return ", ".join(f"({', '.join((*PLACE, *cross))})" for cross in crosses)

    padron = sorted({name for cross in IN_COUNTRY for name in cross})
    votes = sorted({name for cross in VOTES for name in cross})
    voted = "count(*) FILTER (VOTO_2023_1 = 'SI')"
    cells = 0
    for query in (
        f"SELECT {', '.join((*PLACE, *padron))}, count(*) FROM r WHERE CODDEP <> '25' "
        f"GROUP BY GROUPING SETS ({sets(IN_COUNTRY)})",
        f"SELECT {', '.join((*PLACE, *votes))}, count(*), {voted} FROM r WHERE CODDEP <> '25' AND VOTO_2023_1 IS NOT NULL "
        f"GROUP BY GROUPING SETS ({sets(VOTES)})",
        f"SELECT {', '.join(ABROAD)}, count(*), {voted} FROM r WHERE CODDEP = '25' GROUP BY ALL",
    ):
        cells += len(con.sql(query).df())
    return cells


def with_pandas(path: str) -> int:
    """groupby for each cross, over the file in memory; how many cells."""
    frame = pd.read_parquet(path)
    if frame["CUI"].duplicated().any():
        raise SystemExit("identificadores repetidos")
    limits = birth_limits(CUTOFF)
    days = pd.to_datetime(frame["FECHA_NACIMIENTO"])
    edges = [pd.Timestamp("1900-01-01"), *(pd.Timestamp(day) for day in reversed(limits.values()))]
    frame["TRAMO"] = pd.cut(days, edges, labels=list(reversed(limits)))
    home, abroad = frame[frame["CODDEP"] != "25"], frame[frame["CODDEP"] == "25"]
    cells = sum(len(home.groupby([*PLACE, *cross], observed=True).size()) for cross in IN_COUNTRY)
    listed = home[home["VOTO_2023_1"].notna()].assign(VOTO=lambda rows: rows["VOTO_2023_1"] == "SI")
    cells += sum(len(listed.groupby([*PLACE, *cross], observed=True)["VOTO"].agg(["size", "sum"])) for cross in VOTES)
    return cells + len(abroad.groupby(list(ABROAD), observed=True).size())


def to_csv(registry: str, path: str) -> None:
    """The same records as text."""
    duckdb.sql(f"COPY (FROM '{registry}') TO '{path}' (HEADER)")


def main(arguments: Sequence[str]) -> None:
    """Do what is asked, and print how many cells came out."""
    match arguments:
        case ["csv", registry, path]:
            to_csv(registry, path)
        case ["pandas", path]:
            print(with_pandas(path))
        case ["duckdb", path]:
            print(with_duckdb(f"'{path}'"))
        case ["duckdb-csv", path]:
            print(with_duckdb(f"read_csv('{path}')"))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
