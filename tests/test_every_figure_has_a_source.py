"""Promise: no figure is published without who says it, as of when and how sure it is, in any file of the release."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from etl.datasets import all_datasets
from etl.model import Confidence
from etl.release import Release

TABLES = [table.name for dataset in all_datasets() for table in dataset.tables]


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    """The release built from data/source."""
    return Release.open(release_path)


def test_every_file_says_its_cut_off_and_confidence(release: Release) -> None:
    for item in release.manifest["archivos"]:
        assert item["corte"] and item["confianza"] in list(Confidence), item["nombre"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_carries_its_sources_inside(name: str, release: Release) -> None:
    sources = json.loads(pq.read_schema(release.table(name)).metadata[b"fuentes"])
    assert sources
    for source in sources:
        assert all(source[fact] for fact in ("titulo", "editor", "url", "licencia", "corte", "confianza")), source


@pytest.mark.parametrize("name", TABLES)
def test_a_row_with_its_own_source_says_it(name: str, release: Release) -> None:
    """Tables gathered from many sources say it row by row; no row of them is without."""
    rows = pd.read_parquet(release.table(name))
    own = [column for column in ("confianza", "fuente", "cita") if column in rows]
    assert rows[own].notna().all(axis=None) and (rows[own] != "").all(axis=None)
